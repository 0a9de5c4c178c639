//! The bytes of one connection: strict framing when they are HTTP/1.1, and no endless waits.

use std::future::Future as _;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep};

use super::framing::{Framing, Refused};
use super::target;

/// After an answer that ends the connection, what still comes is read for so long: a client that is
/// sending would otherwise lose the answer to a connection reset.
pub(super) const LINGER: Duration = Duration::from_secs(3);

/// A connection between the HTTP library and the system.
pub(super) struct Wire<S> {
    stream: S,
    /// HTTP/1.1 only; HTTP/2 has one framing.
    framing: Option<Framing>,
    /// Nothing of the stream is read any more.
    refused: bool,
    /// What is read in its place, before the end.
    instead: Option<&'static [u8]>,
    /// Set when the connection has become a tunnel, whose bytes are not ours to judge.
    tunnel: Arc<AtomicBool>,
    /// A write may wait so long for the other end to take something.
    patience: Duration,
    timer: Option<Pin<Box<Sleep>>>,
    waiting: Waiting,
}

/// What the timer runs for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Waiting {
    Nothing,
    Write,
    Linger,
}

impl<S> Wire<S> {
    /// A connection on which HTTP/1.1 is spoken.
    pub(super) fn http1(stream: S, patience: Duration, tunnel: Arc<AtomicBool>) -> Self {
        Wire { framing: Some(Framing::new()), tunnel, ..Self::http2(stream, patience) }
    }

    /// A connection on which HTTP/2 is spoken.
    pub(super) fn http2(stream: S, patience: Duration) -> Self {
        Wire {
            stream,
            framing: None,
            refused: false,
            instead: None,
            tunnel: Arc::default(),
            patience,
            timer: None,
            waiting: Waiting::Nothing,
        }
    }

    /// Ready when this wait has been too long.
    fn wait(&mut self, what: Waiting, limit: Duration, context: &mut Context<'_>) -> Poll<()> {
        let deadline = Instant::now() + limit;
        let timer = self.timer.get_or_insert_with(|| Box::pin(tokio::time::sleep_until(deadline)));
        if self.waiting != what {
            timer.as_mut().reset(deadline);
            self.waiting = what;
        }
        timer.as_mut().poll(context)
    }

    fn written(
        &mut self,
        outcome: Poll<io::Result<usize>>,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<usize>> {
        if outcome.is_ready() {
            self.waiting = Waiting::Nothing;
            return outcome;
        }
        let late = || io::Error::new(io::ErrorKind::TimedOut, "the client takes nothing");
        self.wait(Waiting::Write, self.patience, context).map(|()| Err(late()))
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
        let before = buffer.filled().len();
        ready!(Pin::new(&mut this.stream).poll_read(context, buffer))?;
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

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Wire<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.written(outcome, context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.stream).poll_write_vectored(context, pieces);
        self.written(outcome, context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        ready!(Pin::new(&mut this.stream).poll_shutdown(context))?;
        let mid_request = this.framing.as_ref().is_some_and(|framing| !framing.between_requests());
        if !this.refused && !mid_request || this.tunnel.load(Ordering::Relaxed) {
            return Poll::Ready(Ok(()));
        }
        let mut scratch = [0; 4096];
        loop {
            if this.wait(Waiting::Linger, LINGER, context).is_ready() {
                return Poll::Ready(Ok(()));
            }
            let mut buffer = ReadBuf::new(&mut scratch);
            let read = ready!(Pin::new(&mut this.stream).poll_read(context, &mut buffer));
            if read.is_err() || buffer.filled().is_empty() {
                return Poll::Ready(Ok(()));
            }
        }
    }
}
