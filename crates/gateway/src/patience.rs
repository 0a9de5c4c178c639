//! Bodies that may be slow but not silent: a limit on each wait, none on the whole.

use std::future::Future as _;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use bytes::Bytes;
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use tokio::time::Sleep;

use crate::body::boxed;
use crate::noted::Reads;
use crate::room::ROOM;
use crate::{Body, BoxError};

/// Counts one wait at a time; a timer exists only once there was something to wait for.
pub(crate) struct Patience {
    limit: Duration,
    timer: Option<Pin<Box<Sleep>>>,
    waiting: bool,
}

impl Patience {
    /// Each wait may take `limit`.
    pub(crate) fn new(limit: Duration) -> Self {
        Patience { limit, timer: None, waiting: false }
    }

    /// The wait is over.
    pub(crate) fn rest(&mut self) {
        self.waiting = false;
    }

    /// Goes on waiting; ready when it has been too long.
    pub(crate) fn wait(&mut self, context: &mut Context<'_>) -> Poll<io::Error> {
        let timer = match &mut self.timer {
            Some(timer) => {
                if !self.waiting {
                    timer.as_mut().reset(tokio::time::Instant::now() + self.limit);
                }
                timer
            }
            none => none.insert(Box::pin(tokio::time::sleep(self.limit))),
        };
        self.waiting = true;
        timer.as_mut().poll(context).map(|()| {
            io::Error::new(io::ErrorKind::TimedOut, format!("nothing came for {:?}", self.limit))
        })
    }
}

/// When something last moved; shared by who moves it and who waits for it.
#[derive(Debug)]
pub(crate) struct Progress {
    start: Instant,
    last_milliseconds: AtomicU64,
}

impl Progress {
    /// Something moved just now.
    pub(crate) fn new() -> Self {
        Progress { start: Instant::now(), last_milliseconds: AtomicU64::new(0) }
    }

    /// Something moved.
    pub(crate) fn note(&self) {
        let now = u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.last_milliseconds.store(now, Ordering::Relaxed);
    }

    /// How long ago that was.
    pub(crate) fn age(&self) -> Duration {
        let last = Duration::from_millis(self.last_milliseconds.load(Ordering::Relaxed));
        self.start.elapsed().saturating_sub(last)
    }
}

impl Reads for Arc<Progress> {
    fn came(&self, _bytes: usize) {
        self.note();
    }
}

/// The body of a request on its way to the app, with a limit on each wait for its next piece.
pub(crate) struct Sending {
    body: Body,
    patience: Patience,
    progress: Option<Arc<Progress>>,
}

/// A body that Samlgate reads whole: it breaks off when its next piece takes longer than `limit`, or
/// when it has to make room for others.
pub fn patient(body: Body, limit: Duration) -> Body {
    if body.is_end_stream() {
        return body;
    }
    ROOM.counting(boxed(Sending::new(body, limit, None)))
}

/// Why the body of a request did not come whole.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct NotWhole(BoxError);

impl Sending {
    /// Waits at most `limit` for each piece and notes in `progress` when one has gone on.
    pub(crate) fn new(body: Body, limit: Duration, progress: Option<Arc<Progress>>) -> Self {
        Sending { body, patience: Patience::new(limit), progress }
    }
}

impl HttpBody for Sending {
    type Data = Bytes;
    type Error = NotWhole;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, NotWhole>>> {
        let this = &mut *self;
        match Pin::new(&mut this.body).poll_frame(context) {
            Poll::Ready(next) => {
                this.patience.rest();
                if let Some(progress) = &this.progress {
                    progress.note();
                }
                Poll::Ready(next.map(|next| next.map_err(NotWhole)))
            }
            Poll::Pending => {
                this.patience.wait(context).map(|error| Some(Err(NotWhole(error.into()))))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
