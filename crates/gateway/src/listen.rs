//! The accept loop of every listener: TCP, TLS when there is a certificate, HTTP/1.1 or, when TLS
//! agrees on it, HTTP/2.
//!
//! A slow or oversized head is refused, since it costs a connection. A body may be slow, since
//! uploads are, but not silent. An answer that nobody takes is given up; one that is taken slowly never
//! is. What does not frame its messages exactly gets a 400, and so does plain HTTP on a TLS port and
//! TLS on a plain one. Requests that run when the process stops may end within [`Limits::stop`].

mod complaints;
mod connection;
mod ending;
mod framing;
mod http1;
mod http2;
mod opening;
mod places;
mod seldom;
mod target;
mod tls;
mod wire;

use std::fmt;
use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use http::{Request, Response};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

use crate::Body;
use complaints::Complaints;
use ending::{Linger, SILENCE};
use places::Places;
use seldom::Seldom;

pub use tls::{TlsError, TlsFiles};

/// The other end of a connection.
#[derive(Clone, Copy, Debug)]
pub struct Peer {
    /// Its address and port.
    pub address: SocketAddr,
    /// Whether it speaks TLS with us.
    pub tls: bool,
}

/// What a connection may cost, and how many there may be.
#[derive(Clone, Debug)]
pub struct Limits {
    /// The first byte of a connection and then the head of each request must be there within this
    /// time; an idle connection ends after it.
    pub head: Duration,
    /// The head of a request has at most this many bytes; a larger one gets a 431.
    pub head_bytes: usize,
    /// Between two pieces of a request's body, where Samlgate itself reads it.
    pub body: Duration,
    /// The other end must take some of an answer within this time.
    pub write: Duration,
    /// Connections at once; more wait in the system's queue.
    pub connections: usize,
    /// Of these, one client may have so many; more are closed.
    pub from_one: usize,
    /// Whose connections many share.
    pub proxies: Proxies,
    /// Running requests may take this long when the process stops.
    pub stop: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            head: Duration::from_secs(30),
            head_bytes: 64 * 1024,
            body: Duration::from_secs(30),
            write: Duration::from_secs(60),
            connections: 10_000,
            from_one: 2_500,
            proxies: Proxies::default(),
            stop: Duration::from_secs(10),
        }
    }
}

/// Addresses through which many clients come, so that no limit on one of them fits.
#[derive(Clone)]
pub struct Proxies(Arc<dyn Fn(IpAddr) -> bool + Send + Sync>);

impl Proxies {
    /// Those of which `is_one` says so.
    pub fn new(is_one: impl Fn(IpAddr) -> bool + Send + Sync + 'static) -> Self {
        Proxies(Arc::new(is_one))
    }

    fn has(&self, address: IpAddr) -> bool {
        (self.0)(address.to_canonical())
    }
}

impl Default for Proxies {
    /// None.
    fn default() -> Self {
        Proxies::new(|_| false)
    }
}

impl fmt::Debug for Proxies {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Proxies")
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
    let service = move |request: Request<Body>, peer: Peer| {
        let answer = match target::refusal(&request) {
            None => Ok(service(request, peer)),
            Some(refusal) => Err(refusal),
        };
        async move {
            match answer {
                Ok(answer) => answer.await,
                Err(refusal) => refusal,
            }
        }
    };
    let limits = Arc::new(limits);
    let places = Places::new(limits.clone());
    let not_accepted = Seldom::default();
    let complaints = Arc::new(Complaints::default());
    let (stopping, stop) = watch::channel(None);
    loop {
        let accepting = async {
            places.wait().await;
            listener.accept().await
        };
        let accepted = tokio::select! {
            accepted = accepting => accepted,
            _ = stopped.wait_for(|stopped| *stopped) => break,
        };
        let (stream, address) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Out of file descriptors, or the client has gone: others may still come.
                if let Some(connections) = not_accepted.count() {
                    tracing::warn!(connections, error = %error, "a connection was not accepted");
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
                continue;
            }
        };
        let Some(place) = places.take(address.ip()) else { continue };
        let peer = Peer { address, tls: tls.is_some() };
        let (tls, stop) = (tls.clone(), Stop(stop.clone()));
        let (service, complaints, limits) = (service.clone(), complaints.clone(), limits.clone());
        tokio::spawn(async move {
            let _place = place;
            connection::run(stream, peer, tls, &limits, stop, &complaints, service).await;
        });
    }
    drop(listener);
    let deadline = Instant::now() + limits.stop;
    let _ = stopping.send(Some(deadline));
    places.empty(deadline + SILENCE * 2).await;
}

/// Hears that the process stops, and when requests must have ended.
#[derive(Clone)]
struct Stop(watch::Receiver<Option<Instant>>);

impl Stop {
    /// Done when the process is to stop; gives the end of its patience.
    async fn told(&mut self) -> Instant {
        let told = self.0.wait_for(Option::is_some).await;
        told.ok().and_then(|deadline| *deadline).unwrap_or_else(Instant::now)
    }

    /// Done when that patience has ended.
    async fn over(&mut self) {
        sleep_until(self.told().await).await;
    }

    /// How a connection is closed now.
    fn linger(&self) -> Linger {
        self.0.borrow().map_or_else(Linger::here, Linger::stopping)
    }
}
