//! The body of an app's answer, which drives the connection that it comes on and brings it home.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body as HttpBody, Frame, Incoming, SizeHint};

use crate::link::Link;
use crate::patience::Patience;
use crate::pool::Pool;
use crate::turns::Turn;
use crate::{BoxError, Timeouts};

/// The body of an app's answer.
pub(crate) struct Answer {
    incoming: Incoming,
    patience: Patience,
    /// The connection, when no task of its own drives it, and where it goes afterwards.
    link: Option<(Box<Link>, Arc<Pool>, Duration)>,
    /// Told at the next asking, so that a server first sends what it holds.
    broken: Option<BoxError>,
    /// Its request's turn, which is over with it.
    turn: Option<Turn>,
}

impl Answer {
    /// A body whose connection is driven by reading it.
    pub(crate) fn driving(
        incoming: Incoming,
        timeouts: &Timeouts,
        link: Option<Box<Link>>,
        pool: Arc<Pool>,
        keep: Duration,
    ) -> Self {
        let mut answer = Self::watching(incoming, timeouts);
        answer.link = link.map(|link| (link, pool, keep));
        answer
    }

    /// A body whose connection has a task of its own.
    pub(crate) fn watching(incoming: Incoming, timeouts: &Timeouts) -> Self {
        let patience = Patience::new(timeouts.response_idle);
        Answer { incoming, patience, link: None, broken: None, turn: None }
    }

    /// The turn of its request lasts as long as it.
    pub(crate) fn holding(mut self, turn: Option<Turn>) -> Self {
        self.turn = turn;
        self
    }

    fn next(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let mut next = Pin::new(&mut self.incoming).poll_frame(context);
        if let (Poll::Pending, Some((link, ..))) = (&next, &mut self.link) {
            if link.drive(context) {
                self.link = None;
            }
            next = Pin::new(&mut self.incoming).poll_frame(context);
        }
        if next.is_pending() {
            return self.patience.wait(context).map(|error| Some(Err(error.into())));
        }
        self.patience.rest();
        next.map_err(Into::into)
    }

    fn bring_home(&mut self) {
        if let Some((link, pool, keep)) = self.link.take() {
            pool.put(link, keep);
        }
    }
}

impl HttpBody for Answer {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        if let Some(error) = self.broken.take() {
            return Poll::Ready(Some(Err(error)));
        }
        match self.next(context) {
            Poll::Ready(None) => {
                self.bring_home();
                Poll::Ready(None)
            }
            Poll::Ready(Some(Err(error))) => {
                (self.link, self.broken) = (None, Some(error));
                context.waker().wake_by_ref();
                Poll::Pending
            }
            next => next,
        }
    }

    fn is_end_stream(&self) -> bool {
        self.incoming.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.incoming.size_hint()
    }
}

impl Drop for Answer {
    /// A server does not ask for the end of a body whose length it knows. A connection whose
    /// answer was not read to its end is closed: that is how the app learns of it.
    fn drop(&mut self) {
        if self.incoming.is_end_stream() {
            self.bring_home();
        }
    }
}
