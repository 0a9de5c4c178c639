//! The bytes of one connection: strict framing when they are HTTP/1.1, and no endless waits.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::oneshot;

use super::framing::{Framing, Refused};
use super::target;
use crate::patience::Patience;

/// A connection between the HTTP library and the system.
///
/// When the library lets go of it, it comes home to whoever made it: closing is not left to chance.
pub(super) struct Wire<S> {
    /// There until it goes home.
    stream: Option<S>,
    home: Option<oneshot::Sender<Left<S>>>,
    /// HTTP/1.1 only; HTTP/2 has one framing.
    framing: Option<Framing>,
    /// Nothing of the stream is read any more.
    refused: bool,
    /// What is read in its place, before the end.
    instead: Option<&'static [u8]>,
    /// The other end has said that nothing more comes.
    ended: bool,
    /// Set when the connection has become a tunnel, whose bytes are not ours to judge.
    tunnel: Arc<AtomicBool>,
    /// A write may wait so long for the other end to take something.
    patience: Patience,
}

/// A connection over which HTTP is spoken no more.
pub(super) struct Left<S> {
    /// The connection.
    pub(super) stream: S,
    /// Whether something may still come, to which closing would answer with a reset.
    pub(super) coming: bool,
}

impl<S> Wire<S> {
    /// A connection on which HTTP/1.1 is spoken, and where it is to be had afterwards.
    pub(super) fn http1(
        stream: S,
        patience: Duration,
        tunnel: Arc<AtomicBool>,
    ) -> (Self, oneshot::Receiver<Left<S>>) {
        Self::new(stream, patience, Some(Framing::new()), tunnel)
    }

    /// A connection on which HTTP/2 is spoken, and where it is to be had afterwards.
    pub(super) fn http2(stream: S, patience: Duration) -> (Self, oneshot::Receiver<Left<S>>) {
        Self::new(stream, patience, None, Arc::default())
    }

    fn new(
        stream: S,
        patience: Duration,
        framing: Option<Framing>,
        tunnel: Arc<AtomicBool>,
    ) -> (Self, oneshot::Receiver<Left<S>>) {
        let (home, left) = oneshot::channel();
        let wire = Wire {
            stream: Some(stream),
            home: Some(home),
            framing,
            refused: false,
            instead: None,
            ended: false,
            tunnel,
            patience: Patience::new(patience),
        };
        (wire, left)
    }

    /// Whether something may still come that is part of what was begun. A client of HTTP/2 speaks
    /// also about what it has got.
    fn coming(&self) -> bool {
        let mid_request = self.framing.as_ref().is_none_or(|framing| !framing.between_requests());
        !self.ended && (self.refused || mid_request) && !self.tunnel.load(Ordering::Relaxed)
    }

    /// The outcome of giving something to the other end, or the end of our patience.
    fn given<T>(
        &mut self,
        outcome: Poll<io::Result<T>>,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<T>> {
        if outcome.is_ready() {
            self.patience.rest();
            return outcome;
        }
        let late = |_| Err(io::Error::new(io::ErrorKind::TimedOut, "the client takes nothing"));
        self.patience.wait(context).map(late)
    }
}

impl<S> Drop for Wire<S> {
    fn drop(&mut self) {
        let coming = self.coming();
        if let (Some(home), Some(stream)) = (self.home.take(), self.stream.take()) {
            // Nobody waits for it where nothing is left to do.
            let _ = home.send(Left { stream, coming });
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Wire<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        if this.refused {
            let Some(instead) = this.instead else { return Poll::Ready(Ok(())) };
            if instead.is_empty() {
                // An end here would mean that nobody waits for the answer any more.
                return Poll::Pending;
            }
            let (now, later) = instead.split_at(instead.len().min(buffer.remaining()));
            buffer.put_slice(now);
            this.instead = Some(later);
            return Poll::Ready(Ok(()));
        }
        let Some(stream) = &mut this.stream else { return gone() };
        let before = buffer.filled().len();
        let room = buffer.remaining() > 0;
        ready!(Pin::new(stream).poll_read(context, buffer))?;
        this.ended = room && buffer.filled().len() == before;
        let Some(framing) = &mut this.framing else { return Poll::Ready(Ok(())) };
        if this.tunnel.load(Ordering::Relaxed) {
            return Poll::Ready(Ok(()));
        }
        let Err(refused) = framing.follow(&buffer.filled()[before..]) else {
            return Poll::Ready(Ok(()));
        };
        this.refused = true;
        match refused {
            Refused::Framing(at) => {
                // A zero byte fits nowhere in a head, so the library itself says 400, in its turn.
                buffer.filled_mut()[before + at] = 0;
                buffer.set_filled(before + at + 1);
                Poll::Ready(Ok(()))
            }
            Refused::Target(at) => {
                this.instead = Some(target::REST_OF_REFUSED);
                buffer.set_filled(before + at);
                Pin::new(this).poll_read(context, buffer)
            }
        }
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Wire<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let Some(stream) = &mut self.stream else { return gone() };
        let outcome = Pin::new(stream).poll_write(context, bytes);
        self.given(outcome, context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let Some(stream) = &mut self.stream else { return gone() };
        let outcome = Pin::new(stream).poll_write_vectored(context, pieces);
        self.given(outcome, context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.as_ref().is_some_and(AsyncWrite::is_write_vectored)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Some(stream) = &mut self.stream else { return gone() };
        let outcome = Pin::new(stream).poll_flush(context);
        self.given(outcome, context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Some(stream) = &mut self.stream else { return gone() };
        let outcome = Pin::new(stream).poll_shutdown(context);
        self.given(outcome, context)
    }
}

fn gone<T>() -> Poll<io::Result<T>> {
    Poll::Ready(Err(io::ErrorKind::NotConnected.into()))
}
