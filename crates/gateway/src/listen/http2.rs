//! HTTP/2 on one connection.
//!
//! No pings ask whether the client still lives: they wait behind what it has not read yet, so a slow
//! client would be taken for a dead one. That it takes what it is given is the sign of life, and
//! whether its machine is there at all, TCP finds out.

mod heard_out;
mod taking;

use std::convert::Infallible;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http2;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::{Instant, timeout_at};

use super::connection::broken;
use super::wire::{Left, Wire};
use super::{Limits, Peer, Stop};
use crate::Body;
use crate::patience::Progress;
use heard_out::HeardOut;
use taking::{Streams, Taken};

/// Serves a connection to its end.
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
    let traffic = Arc::new(Traffic::new());
    let counting = traffic.clone();
    let service = service_fn(move |request: Request<Incoming>| {
        let running = Running::of(&counting);
        let answer = service(request.map(|body| crate::boxed(HeardOut::new(body))), peer);
        async move {
            let answer = answer.await;
            Ok::<_, Infallible>(answer.map(|body| crate::boxed(Taken::new(body, running))))
        }
    });
    // A client that reads and is slow gives room in large steps.
    let streams = Streams { traffic: traffic.clone(), patience: limits.write * 2 };
    let (wire, left) = Wire::http2(stream, limits.write);
    let connection = http2::Builder::new(streams)
        .max_header_list_size(u32::try_from(limits.head_bytes).unwrap_or(u32::MAX))
        .max_concurrent_streams(STREAMS)
        .initial_stream_window_size(STREAM_WINDOW)
        .initial_connection_window_size(STREAMS * STREAM_WINDOW)
        .max_send_buf_size(SEND_BUFFER)
        .serve_connection(TokioIo::new(wire), service);
    {
        let mut connection = pin!(connection);
        let until = tokio::select! {
            ended = connection.as_mut() => {
                broken(ended, peer);
                None
            }
            () = traffic.idle(limits.head) => Some(Instant::now() + traffic.rest(limits)),
            deadline = stop.told() => Some(deadline),
        };
        if let Some(until) = until {
            connection.as_mut().graceful_shutdown();
            tokio::select! {
                ended = timeout_at(until, connection) => broken(ended.unwrap_or(Ok(())), peer),
                () = stop.over() => {}
            }
        }
    }
    if let Ok(Left { stream, coming: true }) = left.await {
        stop.linger().over(stream).await;
    }
}

/// The requests of one connection.
struct Traffic {
    begun: AtomicUsize,
    running: AtomicUsize,
    /// When the client last took a piece of an answer.
    taken: Progress,
}

impl Traffic {
    fn new() -> Self {
        Traffic { begun: AtomicUsize::new(0), running: AtomicUsize::new(0), taken: Progress::new() }
    }

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

    /// How long an idle client may take to hear that the connection ends: first it reads what it
    /// got before, which at 60 kB/s is some megabytes in buffers of both systems.
    fn rest(&self, limits: &Limits) -> Duration {
        let asked = self.begun.load(Ordering::Relaxed) > 0;
        if asked { limits.write * 10 } else { limits.head }
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

/// Requests at once on one connection; RFC 9113 §6.5.2 recommends no fewer.
const STREAMS: u32 = 100;

/// So much of a body may come before an app takes it. The connection has room for that many of every
/// stream, so that uploads which an app does not take hold up nobody else's. What one client can
/// fill so is bounded by how many of its requests run at once ([`crate::Turns`]).
const STREAM_WINDOW: u32 = 256 * 1024;

/// So much of an answer waits for the connection, for each stream.
const SEND_BUFFER: usize = 64 * 1024;
