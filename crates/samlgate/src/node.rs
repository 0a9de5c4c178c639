//! One node: opens the listeners, serves them, and stops in good order.

mod files;
mod operations;

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use console::Entrance;
use gateway::listen::{self, Limits, Peer, Proxies, TlsError, TlsFiles};
use gateway::{Body, Turns};
use http::Request;
use installation::Installation;
use installation::config::{Config, Listener};
use installation::ticket;
use store::StoreError;
use thiserror::Error;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tower::ServiceExt as _;

use crate::front::Front;
use crate::front::access::{self, Served};
use crate::front::gate;
use crate::jobs;
use files::Shares;

/// Why a node does not start.
#[derive(Debug, Error)]
pub enum NodeError {
    /// Its certificate or key.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// An address that cannot be had.
    #[error(
        "cannot listen at {address} (listen.{key}): is another program there, or an old Samlgate?"
    )]
    Taken {
        /// The address.
        address: SocketAddr,
        /// Its key in the start-up file, below `listen`.
        key: &'static str,
        /// What the system says.
        #[source]
        reason: std::io::Error,
    },
    /// The system does not say which port it gave.
    #[error(transparent)]
    Unnamed(std::io::Error),
}

/// A node whose listeners are open and not yet served.
pub struct Node {
    installation: Arc<Installation>,
    shares: Shares,
    public: Door,
    console: Option<Door>,
    crowd: Option<Door>,
    operations: Option<Door>,
    redirect: Option<Door>,
    console_names: Vec<String>,
}

/// One open listener.
struct Door {
    what: Listener,
    listener: TcpListener,
    /// The certificate, when it speaks TLS.
    tls: Option<TlsFiles>,
    /// As a person enters it.
    url: String,
}

impl Node {
    /// Opens all listeners, so that a port that is taken ends the start and not the first request.
    ///
    /// # Errors
    /// When an address cannot be opened or a certificate cannot be read.
    pub async fn open(installation: Arc<Installation>, config: &Config) -> Result<Self, NodeError> {
        let tls = match &config.tls.identity {
            Some(files) => Some(TlsFiles::open(&files.certificate_file, &files.key_file)?),
            None => None,
        };
        let files = files::raise_limit();
        let shares = Shares::of(files);
        tracing::info!(
            "of {files} open files {} are for connections of browsers, {} for requests at the apps, \
             {} for the Crowd API and {} for the console",
            shares.public,
            shares.upstream * 2,
            shares.crowd,
            shares.console
        );
        let at = &config.listen;
        let open = async |what, address: Option<SocketAddr>| match address {
            Some(address) => Door::open(what, address, config, tls.as_ref()).await.map(Some),
            None => Ok(None),
        };
        Ok(Node {
            installation,
            shares,
            public: Door::open(Listener::Public, at.public, config, tls.as_ref()).await?,
            console: open(Listener::Console, at.console).await?,
            crowd: open(Listener::Crowd, at.crowd).await?,
            operations: open(Listener::Operations, at.operations).await?,
            redirect: open(Listener::Redirect, at.redirect).await?,
            console_names: at.console_names(),
        })
    }

    /// Each open listener with its URL, as a person enters it.
    pub fn urls(&self) -> impl Iterator<Item = (Listener, &str)> {
        let others = [&self.console, &self.crowd, &self.operations, &self.redirect];
        let doors = std::iter::once(&self.public).chain(others.into_iter().flatten());
        doors.map(|door| (door.what, door.url.as_str()))
    }

    /// Mints the console's link: it works once, within an hour. There is none when the console is off.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn link(&self) -> Result<Option<String>, StoreError> {
        let Some(console) = &self.console else { return Ok(None) };
        Ok(Some(ticket::link(&self.installation, &console.url).await?))
    }

    /// Serves until `stop` is done; then lets running requests end.
    pub async fn serve(self, stop: impl Future<Output = ()> + Send + 'static) {
        let (stopping, stopped) = watch::channel(false);
        tokio::spawn(async move {
            stop.await;
            let _ = stopping.send(true);
        });
        let Node {
            installation,
            shares,
            public,
            console,
            crowd,
            operations,
            redirect,
            console_names,
        } = self;
        let turns = Turns::new(shares.upstream);
        let front = Arc::new(Front { turns, ..Front::new(installation.clone()) });
        tokio::spawn(jobs::run(front.clone()));
        let secure = console.as_ref().is_some_and(|door| door.tls.is_some());
        let entrance = Entrance { secure, names: console_names };
        let console = console.map(|door| (door, console::router(installation.clone(), entrance)));
        let crowd = crowd.map(|door| {
            let base = format!("{}/rest/usermanagement/1", door.url);
            (door, crowd_server::router(installation.clone(), &base))
        });
        let operations = operations.map(|door| (door, operations::router(installation.clone())));
        let inner = async |served: Option<(Door, Router)>| {
            if let Some((door, router)) = served {
                let served = Served { listener: door.what, installation: installation.clone() };
                let router = logged(served, router);
                let limits = limits_of(door.what, shares, &installation);
                let stopped = stopped.clone();
                serve_router(door, limits, stopped, router).await;
            }
        };
        let leading = front.clone();
        let pass = move |request, peer| gate::pass(front.clone(), request, peer);
        let limits = limits_of(public.what, shares, &installation);
        let public = listen::serve(public.listener, public.tls, limits, stopped.clone(), pass);
        let redirecting = async {
            if let Some(door) = redirect {
                let limits = limits_of(door.what, shares, &installation);
                let lead = move |request, peer| gate::lead_to_https(leading.clone(), request, peer);
                listen::serve(door.listener, None, limits, stopped.clone(), lead).await;
            }
        };
        tokio::join!(public, inner(console), inner(crowd), inner(operations), redirecting);
    }
}

impl Door {
    async fn open(
        what: Listener,
        address: SocketAddr,
        config: &Config,
        tls: Option<&TlsFiles>,
    ) -> Result<Self, NodeError> {
        let taken = |reason| NodeError::Taken { address, key: what.key(), reason };
        let listener = TcpListener::bind(address).await.map_err(taken)?;
        // Port 0 is another one now.
        let address = listener.local_addr().map_err(NodeError::Unnamed)?;
        let tls = tls.filter(|_| config.speaks_tls(what, address)).cloned();
        Ok(Door { what, listener, tls, url: config.url(what, address) })
    }
}

/// What a listener may cost. Of one client: a part that an office behind one address can live with, and
/// that leaves room for others; at the inner listeners only a few know each other.
fn limits_of(what: Listener, shares: Shares, installation: &Arc<Installation>) -> Limits {
    let (connections, parts) = match what {
        Listener::Public => (shares.public, 4),
        Listener::Console => (shares.console, 2),
        Listener::Crowd => (shares.crowd, 2),
        Listener::Operations => (shares.operations, 2),
        Listener::Redirect => (shares.redirect, 4),
    };
    let known = installation.clone();
    let proxies = Proxies::new(move |address| {
        known.proxies.before(what).iter().any(|range| range.contains(address))
    });
    let from_one = connections.div_ceil(parts);
    Limits { connections, from_one, proxies, ..Limits::default() }
}

/// A router with a line in the access log for each request.
fn logged(served: Served, router: Router) -> Router {
    router.layer(axum::middleware::from_fn_with_state(served, access::around))
}

/// Serves a router; the peer is an extension of each request.
async fn serve_router(door: Door, limits: Limits, stopped: watch::Receiver<bool>, router: Router) {
    let patience = limits.body;
    let answer = move |mut request: Request<Body>, peer: Peer| {
        request.extensions_mut().insert(peer);
        let router = router.clone();
        async move {
            let patient = |body| axum::body::Body::new(gateway::patient(body, patience));
            match router.oneshot(request.map(patient)).await {
                Ok(response) => response.map(gateway::boxed),
                Err(never) => match never {},
            }
        }
    };
    listen::serve(door.listener, door.tls, limits, stopped, answer).await;
}
