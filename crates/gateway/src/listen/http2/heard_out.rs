//! Bodies of requests, which are heard out.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use tokio::time::timeout;

use crate::BoxError;
use crate::listen::ending::{LONGEST, SILENCE};

/// The body of a request. When nobody reads it any more, what still comes is dropped for a while: the
/// library would reset the stream (RFC 9113 §8.1), and some clients then report the reset and not
/// the answer.
pub(super) struct HeardOut(Option<Incoming>);

impl HeardOut {
    pub(super) fn new(body: Incoming) -> Self {
        HeardOut(Some(body))
    }
}

impl HttpBody for HeardOut {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let Some(body) = &mut self.0 else { return Poll::Ready(None) };
        Pin::new(body).poll_frame(context).map(|next| next.map(|next| next.map_err(Into::into)))
    }

    fn is_end_stream(&self) -> bool {
        self.0.as_ref().is_none_or(HttpBody::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.0.as_ref().map(HttpBody::size_hint).unwrap_or_default()
    }
}

impl Drop for HeardOut {
    fn drop(&mut self) {
        let rest = self.0.take().filter(|body| !body.is_end_stream());
        // Outside the runtime nobody sends any more; this is so when the process stops.
        if let (Some(rest), Ok(runtime)) = (rest, tokio::runtime::Handle::try_current()) {
            runtime.spawn(timeout(LONGEST, hear_out(rest)));
        }
    }
}

async fn hear_out(mut body: Incoming) {
    while let Ok(Some(Ok(_))) = timeout(SILENCE, body.frame()).await {}
}
