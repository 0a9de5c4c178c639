//! The accept loop of every listener: TCP, TLS when there is a certificate, HTTP/1.1 or HTTP/2.
//!
//! A slow or oversized head is refused, since it costs a connection; a slow body is not, since
//! uploads are. Requests that run when the process stops may end within [`Limits::stop`].

mod tls;

use std::convert::Infallible;
use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use gateway::Body;
use http::{Request, Response};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tower::ServiceExt as _;

pub use tls::TlsFiles;

/// The other end of a connection.
#[derive(Clone, Copy, Debug)]
pub struct Peer {
    /// Its address and port.
    pub address: SocketAddr,
    /// Whether it speaks TLS with us.
    pub tls: bool,
}

/// What a connection may cost.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The head of a request must be there within this time; an idle connection ends after it.
    pub head: Duration,
    /// The head of a request has at most this many bytes.
    pub head_bytes: usize,
    /// Connections at once; more wait in the system's queue.
    pub connections: usize,
    /// Running requests may take this long when the process stops.
    pub stop: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            head: Duration::from_secs(30),
            head_bytes: 64 * 1024,
            connections: 10_000,
            stop: Duration::from_secs(10),
        }
    }
}

/// Serves `listener` until `stopped` says true.
pub async fn serve<S, F>(
    listener: TcpListener,
    tls: Option<TlsFiles>,
    limits: Limits,
    mut stopped: watch::Receiver<bool>,
    service: S,
) where
    S: Fn(Request<Body>, Peer) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Response<Body>> + Send + 'static,
{
    let http = http(limits);
    let running = GracefulShutdown::new();
    let free = Arc::new(Semaphore::new(limits.connections));
    loop {
        let Ok(permit) = free.clone().acquire_owned().await else { break };
        let (stream, address) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    // Out of file descriptors, or the client has gone: others may still come.
                    tracing::warn!(error = %error, "a connection was not accepted");
                    tokio::time::sleep(Duration::from_millis(20)).await;
                    continue;
                }
            },
            _ = stopped.wait_for(|stopped| *stopped) => break,
        };
        let _ = stream.set_nodelay(true);
        let (http, service, tls) = (http.clone(), service.clone(), tls.clone());
        let watcher = running.watcher();
        tokio::spawn(async move {
            let _permit = permit;
            let peer = Peer { address, tls: tls.is_some() };
            let service = service_fn(move |request: Request<Incoming>| {
                let answer = service(request.map(gateway::boxed), peer);
                async move { Ok::<_, Infallible>(answer.await) }
            });
            match open(stream, tls, limits.head).await {
                Some(stream) => {
                    let connection = http.serve_connection_with_upgrades(stream, service);
                    if let Err(error) = watcher.watch(connection.into_owned()).await {
                        tracing::debug!(error, client = %address, "a connection broke off");
                    }
                }
                None => tracing::debug!(client = %address, "no TLS handshake"),
            }
        });
    }
    drop(listener);
    let _ = tokio::time::timeout(limits.stop, running.shutdown()).await;
}

/// Serves a router; the peer is an extension of each request.
pub async fn serve_router(
    listener: TcpListener,
    tls: Option<TlsFiles>,
    limits: Limits,
    stopped: watch::Receiver<bool>,
    router: Router,
) {
    serve(listener, tls, limits, stopped, move |mut request: Request<Body>, peer: Peer| {
        request.extensions_mut().insert(peer);
        let router = router.clone();
        async move {
            match router.oneshot(request.map(axum::body::Body::new)).await {
                Ok(response) => response.map(gateway::boxed),
                Err(never) => match never {},
            }
        }
    })
    .await;
}

fn http(limits: Limits) -> Builder<TokioExecutor> {
    let mut http = Builder::new(TokioExecutor::new());
    http.http1()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head)
        .max_buf_size(limits.head_bytes)
        .max_headers(200)
        .half_close(false)
        .pipeline_flush(true);
    http.http2()
        .timer(TokioTimer::new())
        .max_header_list_size(u32::try_from(limits.head_bytes).unwrap_or(u32::MAX))
        .max_concurrent_streams(200)
        .keep_alive_interval(Duration::from_secs(30))
        .keep_alive_timeout(limits.head);
    http
}

/// Either kind of connection behind one type.
trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

/// The TLS handshake, if there is to be one; it must end within `limit`.
async fn open(
    stream: TcpStream,
    tls: Option<TlsFiles>,
    limit: Duration,
) -> Option<TokioIo<Box<dyn Stream>>> {
    let stream: Box<dyn Stream> = match tls {
        None => Box::new(stream),
        Some(tls) => {
            let handshake = tokio::time::timeout(limit, tls.acceptor().accept(stream)).await;
            Box::new(handshake.ok()?.ok()?)
        }
    };
    Some(TokioIo::new(stream))
}
