//! One node: opens the listeners, serves them, and stops in good order.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Context as _;
use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::config::Config;
use crate::console::{self, Entrance};
use crate::listen::{self, Limits, TlsFiles};
use crate::server::Server;
use crate::{access, gate, jobs, operations, rest, ticket};

/// A node whose listeners are open and not yet served.
pub struct Node {
    server: Arc<Server>,
    tls: Option<TlsFiles>,
    public: TcpListener,
    console: TcpListener,
    crowd: TcpListener,
    operations: Option<TcpListener>,
}

impl Node {
    /// Opens all listeners, so that a port that is taken ends the start and not the first request.
    ///
    /// # Errors
    /// When an address cannot be opened or a certificate cannot be read.
    pub async fn open(server: Arc<Server>, config: &Config) -> anyhow::Result<Self> {
        let at = &config.listen;
        let operations = match at.operations {
            Some(address) => Some(bind("operations", address).await?),
            None => None,
        };
        let tls = match &config.tls.identity {
            Some(files) => Some(TlsFiles::open(&files.certificate_file, &files.key_file)?),
            None => None,
        };
        Ok(Node {
            server,
            tls,
            public: bind("public", at.public).await?,
            console: bind("console", at.console).await?,
            crowd: bind("crowd", at.crowd).await?,
            operations,
        })
    }

    /// Mints the console's link: it works once, within an hour.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn link(&self) -> anyhow::Result<String> {
        let address = self.console.local_addr()?;
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        let token = ticket::mint(&self.server, ticket::ADMINISTRATOR, ticket::LINK).await?;
        Ok(format!("{scheme}://{address}/enter?token={token}"))
    }

    /// Serves until `stop` is done; then lets running requests end.
    ///
    /// # Errors
    /// When a listener fails for good.
    pub async fn serve(
        self,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> anyhow::Result<()> {
        let (stopping, stopped) = watch::channel(false);
        tokio::spawn(async move {
            stop.await;
            let _ = stopping.send(true);
        });
        tokio::spawn(jobs::run(self.server.clone()));
        let limits = Limits::default();
        let server = self.server.clone();
        let public = listen::serve(self.public, self.tls.clone(), limits, stopped.clone(), {
            move |request, peer| gate::pass(server.clone(), request, peer)
        });
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        let entrance = Entrance {
            secure: self.tls.is_some(),
            crowd_url: format!("{scheme}://{}", self.crowd.local_addr()?),
        };
        let router = logged("console", console::router(self.server.clone(), entrance));
        let console =
            listen::serve_router(self.console, self.tls.clone(), limits, stopped.clone(), router);
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        let base = format!("{scheme}://{}/rest/usermanagement/1", self.crowd.local_addr()?);
        let router = logged("crowd", rest::router_at(self.server.clone(), &base));
        let crowd = listen::serve_router(self.crowd, self.tls, limits, stopped.clone(), router);
        let operations = async {
            if let Some(listener) = self.operations {
                let router = logged("operations", operations::router(self.server.clone()));
                listen::serve_router(listener, None, limits, stopped, router).await;
            }
        };
        tokio::join!(public, console, crowd, operations);
        Ok(())
    }
}

/// A router with a line in the access log for each request.
fn logged(listener: &'static str, router: Router) -> Router {
    router.layer(axum::middleware::from_fn_with_state(listener, access::around))
}

async fn bind(what: &str, address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| {
        format!("cannot listen at {address} (listen.{what}): is another program there, or an old Samlgate?")
    })
}
