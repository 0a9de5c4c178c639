//! Whether a client takes the answers that it asked for.
//!
//! A client of HTTP/2 says for each stream how much it takes, and may say nothing: the answer, and
//! with it a connection to the app, would wait for ever. A stream that waits too long is reset.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};

use super::{Running, Traffic};
use crate::patience::Progress;
use crate::{Body, BoxError};

tokio::task_local! {
    /// That of the stream whose task runs.
    static TAKING: Arc<Taking>;
}

/// Runs the streams of one connection.
#[derive(Clone)]
pub(super) struct Streams {
    pub(super) traffic: Arc<Traffic>,
    /// How long the client may take nothing.
    pub(super) patience: Duration,
}

impl<F: Future<Output = ()> + Send + 'static> hyper::rt::Executor<F> for Streams {
    fn execute(&self, stream: F) {
        let Streams { traffic, patience } = self.clone();
        tokio::spawn(async move {
            let taking = Arc::new(Taking::new());
            tokio::select! {
                () = TAKING.scope(taking.clone(), stream) => {}
                // Dropping the stream resets it, and lets go of the app's connection.
                () = taking.given_up(&traffic, patience) => {}
            }
        });
    }
}

/// What became of the answer of one stream.
struct Taking {
    /// When the client last took a piece.
    taken: Progress,
    /// Another piece waits for it.
    waits: AtomicBool,
}

impl Taking {
    fn new() -> Self {
        Taking { taken: Progress::new(), waits: AtomicBool::new(false) }
    }

    /// Done when the client takes nothing any more. A stream may wait longer while others of its
    /// connection move on: over a slow line each has to wait for its turn.
    async fn given_up(&self, traffic: &Traffic, patience: Duration) {
        let mut wait = patience;
        loop {
            tokio::time::sleep(wait).await;
            let age = self.taken.age();
            let waits = self.waits.load(Ordering::Relaxed);
            let quiet = age.min(traffic.taken.age()) >= patience || age >= patience * TURNS;
            if waits && quiet {
                return;
            }
            wait = patience.saturating_sub(age).max(patience / 8);
        }
    }
}

/// The body of an answer, in pieces that a slow client takes one by one.
pub(super) struct Taken {
    body: Body,
    /// What is left of a piece that came.
    rest: Bytes,
    running: Running,
    taking: Option<Arc<Taking>>,
}

impl Taken {
    /// Made in the task of its stream.
    pub(super) fn new(body: Body, running: Running) -> Self {
        let taking = TAKING.try_with(Arc::clone).ok();
        Taken { body, rest: Bytes::new(), running, taking }
    }

    fn next(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        if self.rest.is_empty() {
            match Pin::new(&mut self.body).poll_frame(context) {
                Poll::Ready(Some(Ok(frame))) => match frame.into_data() {
                    Ok(data) if data.len() > PIECE => self.rest = data,
                    Ok(data) => return Poll::Ready(Some(Ok(Frame::data(data)))),
                    Err(other) => return Poll::Ready(Some(Ok(other))),
                },
                other => return other,
            }
        }
        let piece = self.rest.split_to(self.rest.len().min(PIECE));
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }
}

impl HttpBody for Taken {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let next = self.next(context);
        if let Some(taking) = &self.taking {
            taking.taken.note();
            // The library asks for a piece when the one before has found room.
            if taking.waits.swap(next.is_ready(), Ordering::Relaxed) {
                self.running.0.taken.note();
            }
        }
        next
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let (left, mut hint) = (self.rest.len() as u64, self.body.size_hint());
        match hint.exact() {
            Some(exact) => SizeHint::with_exact(exact + left),
            None => {
                if let Some(upper) = hint.upper() {
                    hint.set_upper(upper + left);
                }
                hint.set_lower(hint.lower() + left);
                hint
            }
        }
    }
}

/// Pieces are not larger than this.
const PIECE: usize = 32 * 1024;

/// A stream waits so many times longer while others move on.
const TURNS: u32 = 5;
