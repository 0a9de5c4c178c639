//! Unpacks a page that comes compressed although nobody asked for it (RFC 9110 §8.4.1).
//!
//! A little at a time and never ahead of its reader: a few bytes may become very many.

use std::io::{self, Read};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};

use brotli_decompressor::Decompressor;
use bytes::{Buf as _, Bytes, BytesMut};
use flate2::read::{DeflateDecoder, GzDecoder, ZlibDecoder};
use hyper::body::Frame;

use super::{Obstacle, Report};
use crate::{Body, BoxError};

/// A body as it was before it was compressed.
pub(super) struct Unpacked {
    inner: Body,
    source: Source,
    /// Until it has given everything; what follows then is passed over, as browsers do.
    decoder: Option<Box<dyn Read + Send>>,
    given: usize,
    trailers: Option<Frame<Bytes>>,
    report: Report,
}

impl Unpacked {
    /// Unpacks `inner`; gives it back when nobody knows how.
    pub(super) fn new(inner: Body, coding: &str, report: Report) -> Result<Self, Body> {
        let source = Source::default();
        let decoder: Box<dyn Read + Send> = match coding {
            "gzip" | "x-gzip" => Box::new(GzDecoder::new(source.clone())),
            "deflate" => Box::new(Deflate { source: source.clone(), chosen: None }),
            "br" => Box::new(Decompressor::new(source.clone(), PIECE)),
            _ => return Err(inner),
        };
        Ok(Unpacked { inner, source, decoder: Some(decoder), given: 0, trailers: None, report })
    }

    /// The next piece; `None` when more must come first.
    fn piece(&mut self) -> io::Result<Option<Bytes>> {
        let Some(decoder) = &mut self.decoder else { return Ok(None) };
        let mut piece = [0; PIECE];
        match decoder.read(&mut piece) {
            Ok(0) => {
                self.decoder = None;
                Ok(None)
            }
            Ok(length) => {
                self.given += length;
                if self.given > LARGEST {
                    return Err(io::Error::other("it grows beyond what any log-in page has"));
                }
                Ok(Some(Bytes::copy_from_slice(&piece[..length])))
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(None),
            Err(error) => Err(error),
        }
    }
}

impl http_body::Body for Unpacked {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let this = &mut *self;
        loop {
            match this.piece() {
                Ok(Some(piece)) => return Poll::Ready(Some(Ok(Frame::data(piece)))),
                Ok(None) => {}
                Err(error) => {
                    this.decoder = None;
                    (this.report)(Obstacle::Broken);
                    return Poll::Ready(Some(Err(error.into())));
                }
            }
            if this.source.has_ended() {
                return Poll::Ready(this.trailers.take().map(Ok));
            }
            match ready!(Pin::new(&mut this.inner).poll_frame(context)?).map(Frame::into_data) {
                Some(Ok(piece)) if this.decoder.is_some() => this.source.add(piece),
                Some(Ok(_)) => {}
                Some(Err(trailers)) => this.trailers = Some(trailers),
                None => this.source.end(),
            }
        }
    }
}

/// What has come and is not unpacked yet.
#[derive(Clone, Default)]
struct Source(Arc<Mutex<Come>>);

#[derive(Default)]
struct Come {
    bytes: Bytes,
    ended: bool,
}

impl Source {
    fn add(&self, piece: Bytes) {
        let mut come = self.lock();
        come.bytes = match come.bytes.is_empty() {
            true => piece,
            false => BytesMut::from_iter(come.bytes.iter().chain(&piece)).freeze(),
        };
    }

    fn end(&self) {
        self.lock().ended = true;
    }

    fn has_ended(&self) -> bool {
        self.lock().ended
    }

    fn lock(&self) -> MutexGuard<'_, Come> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Read for Source {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let mut come = self.lock();
        if come.bytes.is_empty() && !come.ended {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        let length = come.bytes.len().min(into.len());
        come.bytes.copy_to_slice(&mut into[..length]);
        Ok(length)
    }
}

/// `deflate` means the format of zlib (RFC 9110 §8.4.1.2), and some servers send it without.
struct Deflate {
    source: Source,
    chosen: Option<Box<dyn Read + Send>>,
}

impl Deflate {
    fn choose(&self) -> Option<Box<dyn Read + Send>> {
        let come = self.source.lock();
        let is_zlib = match come.bytes[..] {
            // RFC 1950 §2.2.
            [method, flags, ..] => {
                method & 0x8f == 0x08 && u16::from_be_bytes([method, flags]).is_multiple_of(31)
            }
            _ if come.ended => false,
            _ => return None,
        };
        let source = self.source.clone();
        Some(match is_zlib {
            true => Box::new(ZlibDecoder::new(source)),
            false => Box::new(DeflateDecoder::new(source)),
        })
    }
}

impl Read for Deflate {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.chosen.is_none() {
            self.chosen = self.choose();
        }
        match &mut self.chosen {
            Some(decoder) => decoder.read(into),
            None => Err(io::ErrorKind::WouldBlock.into()),
        }
    }
}

/// Unpacked at a time.
const PIECE: usize = 16 * 1024;
/// A page that becomes larger breaks off: it is no log-in page.
const LARGEST: usize = 32 * 1024 * 1024;
