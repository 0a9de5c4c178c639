//! One connection from its TLS handshake to its end.

use std::convert::Infallible;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use http::{Request, Response, StatusCode};
use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::Instant;

use super::complaints::{Cause, Complaints};
use super::opening::{self, Opening};
use super::wire::Wire;
use super::{Limits, Peer, TlsFiles, told};
use crate::Body;

/// Serves one connection until it ends, or until `stopped` says true and its requests have ended.
pub(super) async fn run<S, F>(
    stream: TcpStream,
    peer: Peer,
    tls: Option<TlsFiles>,
    limits: Limits,
    mut stopped: watch::Receiver<bool>,
    complaints: &Complaints,
    service: S,
) where
    S: Fn(Request<Body>, Peer) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Response<Body>> + Send + 'static,
{
    let late = Instant::now() + limits.head;
    let opening = tokio::select! {
        opening = tokio::time::timeout_at(late, Opening::of(&stream)) => opening,
        () = told(&mut stopped) => return,
    };
    let Ok(Ok(opening)) = opening else {
        return tracing::debug!(client = %peer.address, "a connection without a byte");
    };
    let listener = stream.local_addr().ok();
    let Some(tls) = tls else {
        if opening == Opening::Tls {
            complaints.about(Cause::TlsAtText, peer.address, listener);
            return opening::refuse_tls(stream).await;
        }
        return over_http1(stream, peer, limits, stopped, service).await;
    };
    if opening == Opening::Text {
        complaints.about(Cause::TextAtTls, peer.address, listener);
        return opening::refuse_text(stream).await;
    }
    match tokio::time::timeout_at(late, tls.acceptor().accept(stream)).await {
        Ok(Ok(stream)) if stream.get_ref().1.alpn_protocol() == Some(b"h2") => {
            over_http2(stream, peer, limits, stopped, service).await;
        }
        Ok(Ok(stream)) => over_http1(stream, peer, limits, stopped, service).await,
        Ok(Err(error)) if refuses_certificate(&error) => {
            complaints.about(Cause::Certificate, peer.address, listener);
        }
        Ok(Err(_)) | Err(_) => tracing::debug!(client = %peer.address, "no TLS handshake"),
    }
}

/// Whether the other end gave up because of our certificate (RFC 8446 §6.2).
fn refuses_certificate(error: &std::io::Error) -> bool {
    use rustls::AlertDescription as Alert;
    let error = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    matches!(
        error,
        Some(rustls::Error::AlertReceived(
            Alert::BadCertificate
                | Alert::UnsupportedCertificate
                | Alert::CertificateRevoked
                | Alert::CertificateExpired
                | Alert::CertificateUnknown
                | Alert::UnknownCA
        ))
    )
}

async fn over_http1<T, S, F>(
    stream: T,
    peer: Peer,
    limits: Limits,
    mut stopped: watch::Receiver<bool>,
    service: S,
) where
    T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    S: Fn(Request<Body>, Peer) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Response<Body>> + Send + 'static,
{
    let tunnel = Arc::new(AtomicBool::new(false));
    let wire = Wire::http1(stream, limits.write, tunnel.clone());
    let service = service_fn(move |request: Request<Incoming>| {
        let answer = service(request.map(crate::boxed), peer);
        let tunnel = tunnel.clone();
        async move {
            let answer = answer.await;
            if answer.status() == StatusCode::SWITCHING_PROTOCOLS {
                tunnel.store(true, Ordering::Relaxed);
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
    let mut connection = pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = told(&mut stopped) => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    broken(ended, peer);
}

async fn over_http2<T, S, F>(
    stream: T,
    peer: Peer,
    limits: Limits,
    mut stopped: watch::Receiver<bool>,
    service: S,
) where
    T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    S: Fn(Request<Body>, Peer) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Response<Body>> + Send + 'static,
{
    let traffic = Arc::new(Traffic::default());
    let counting = traffic.clone();
    let service = service_fn(move |request: Request<Incoming>| {
        let running = Running::of(&counting);
        let answer = service(request.map(crate::boxed), peer);
        async move {
            let answer = answer.await;
            Ok::<_, Infallible>(answer.map(|body| crate::boxed(Counted { body, running })))
        }
    });
    let connection = http2::Builder::new(TokioExecutor::new())
        .timer(TokioTimer::new())
        .max_header_list_size(u32::try_from(limits.head_bytes).unwrap_or(u32::MAX))
        .max_concurrent_streams(200)
        .keep_alive_interval(limits.head)
        .keep_alive_timeout(limits.head)
        .serve_connection(TokioIo::new(Wire::http2(stream, limits.write)), service);
    let mut connection = pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = traffic.idle(limits.head) => {
            connection.as_mut().graceful_shutdown();
            // Who does not even answer that is cut off.
            tokio::time::timeout(limits.head, connection).await.unwrap_or(Ok(()))
        }
        () = told(&mut stopped) => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    broken(ended, peer);
}

fn broken(ended: hyper::Result<()>, peer: Peer) {
    if let Err(error) = ended {
        tracing::debug!(error = %error, client = %peer.address, "a connection broke off");
    }
}

/// The requests of one HTTP/2 connection: it has no limit of its own on being idle, and its pings
/// keep even a useless one alive.
#[derive(Default)]
struct Traffic {
    begun: AtomicUsize,
    running: AtomicUsize,
}

impl Traffic {
    /// Done when no request has run for `limit`.
    async fn idle(&self, limit: Duration) {
        loop {
            let begun = self.begun.load(Ordering::Relaxed);
            tokio::time::sleep(limit).await;
            let quiet = begun == self.begun.load(Ordering::Relaxed);
            if quiet && self.running.load(Ordering::Relaxed) == 0 {
                return;
            }
        }
    }
}

/// A request from its head to the end of its answer.
struct Running(Arc<Traffic>);

impl Running {
    fn of(traffic: &Arc<Traffic>) -> Self {
        traffic.begun.fetch_add(1, Ordering::Relaxed);
        traffic.running.fetch_add(1, Ordering::Relaxed);
        Running(traffic.clone())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.running.fetch_sub(1, Ordering::Relaxed);
    }
}

/// An answer whose request runs until it has been sent.
struct Counted {
    body: Body,
    #[expect(dead_code, reason = "held for its end")]
    running: Running,
}

impl http_body::Body for Counted {
    type Data = bytes::Bytes;
    type Error = crate::BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<bytes::Bytes>, crate::BoxError>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> http_body::SizeHint {
        self.body.size_hint()
    }
}

/// The HTTP library takes no smaller buffer.
const SMALLEST_BUFFER: usize = 8192;
