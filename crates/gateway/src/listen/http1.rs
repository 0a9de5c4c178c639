//! HTTP/1.1 on one connection.

use std::convert::Infallible;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http::header::{CONNECTION, HeaderValue};
use http::{Request, Response, StatusCode};
use http_body::{Body as _, Frame, SizeHint};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::oneshot;
use tokio::time::timeout_at;

use super::connection::broken;
use super::wire::{Left, Wire};
use super::{Limits, Peer, Stop};
use crate::{Body, BoxError};

/// Serves a connection to its end, that of a tunnel included.
pub(super) async fn serve<T, S, F>(
    stream: T,
    peer: Peer,
    limits: &Limits,
    mut stop: Stop,
    service: S,
) where
    T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    S: Fn(Request<Body>, Peer) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Response<Body>> + Send + 'static,
{
    let tunnel = Arc::new(AtomicBool::new(false));
    let (wire, left) = Wire::http1(stream, limits.write, tunnel.clone());
    let becomes_tunnel = tunnel.clone();
    let service = service_fn(move |request: Request<Incoming>| {
        let (request, whole) = watched(request);
        let answer = service(request, peer);
        let tunnel = becomes_tunnel.clone();
        async move {
            let mut answer = answer.await;
            if answer.status() == StatusCode::SWITCHING_PROTOCOLS {
                tunnel.store(true, Ordering::Relaxed);
            } else if !whole.load(Ordering::Relaxed) {
                // The rest of the body would have to be read before another request could be, so
                // the connection ends with this answer, and says so (RFC 9112 §9.6).
                answer.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
            }
            Ok::<_, Infallible>(answer)
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head)
        .max_header_size(limits.head_bytes)
        .max_buf_size(limits.head_bytes.max(SMALLEST_BUFFER))
        .serve_connection(TokioIo::new(wire), service)
        .with_upgrades();
    {
        let mut connection = pin!(connection);
        let ended = tokio::select! {
            ended = connection.as_mut() => ended,
            deadline = stop.told() => {
                connection.as_mut().graceful_shutdown();
                // Whatever is cut off here is not ended as if it were whole.
                let Ok(ended) = timeout_at(deadline, connection).await else { return };
                ended
            }
        };
        broken(ended, peer);
    }
    close(left, &mut stop, tunnel.load(Ordering::Relaxed)).await;
}

/// Closes what is left, when it is; a process that stops does not wait for tunnels.
async fn close<T>(left: oneshot::Receiver<Left<T>>, stop: &mut Stop, tunnel: bool)
where
    T: AsyncRead + AsyncWrite + Unpin,
{
    let left = tokio::select! {
        left = left => left,
        _ = stop.told(), if tunnel => return,
    };
    if let Ok(Left { stream, coming: true }) = left {
        stop.linger().over(stream).await;
    }
}

/// The request, and whether its body has come whole.
fn watched(request: Request<Incoming>) -> (Request<Body>, Arc<AtomicBool>) {
    let whole = Arc::new(AtomicBool::new(request.body().is_end_stream()));
    let request = request.map(|body| {
        if body.is_end_stream() {
            return crate::boxed(body);
        }
        crate::boxed(Watched { body, whole: whole.clone() })
    });
    (request, whole)
}

/// The body of a request, which notes when it has come whole.
struct Watched {
    body: Incoming,
    whole: Arc<AtomicBool>,
}

impl http_body::Body for Watched {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let next = ready!(Pin::new(&mut self.body).poll_frame(context));
        // Trailers are the last that comes.
        let trailers = matches!(&next, Some(Ok(frame)) if frame.is_trailers());
        if next.is_none() || trailers || self.body.is_end_stream() {
            self.whole.store(true, Ordering::Relaxed);
        }
        Poll::Ready(next.map(|next| next.map_err(Into::into)))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// The HTTP library takes no smaller buffer.
const SMALLEST_BUFFER: usize = 8192;
