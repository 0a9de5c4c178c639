//! Listening on a socket until told to stop. It knows nothing of what is served.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context as _;
use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// Some servers that stop together: when told to, or when this value is dropped.
#[derive(Debug)]
pub(crate) struct Serving {
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
}

/// How long open connections may take to end, once told to stop.
const FAREWELL: Duration = Duration::from_millis(500);

impl Serving {
    pub(crate) fn new() -> Self {
        Serving { stop: watch::Sender::new(false), tasks: Vec::new() }
    }

    /// Binds `listen` (port 0: any free one) and serves; the answer is the address in use.
    pub(crate) async fn add(
        &mut self,
        listen: SocketAddr,
        router: Router,
    ) -> anyhow::Result<SocketAddr> {
        let listener = TcpListener::bind(listen)
            .await
            .with_context(|| format!("cannot listen on {listen}"))?;
        let address = listener.local_addr()?;
        let told = self.told();
        self.tasks.push(tokio::spawn(async move {
            let serving = axum::serve(listener, router).with_graceful_shutdown(told);
            // Accepting never fails for good; the loop only ends when told to.
            let _ = serving.await;
        }));
        Ok(address)
    }

    /// Runs a task beside the servers; it is cut off when they stop.
    pub(crate) fn beside(&mut self, task: impl Future<Output = ()> + Send + 'static) {
        let told = self.told();
        self.tasks.push(tokio::spawn(async move {
            tokio::select! { () = task => {}, () = told => {} }
        }));
    }

    /// Stops listening, lets running requests end for a moment, then cuts them off.
    pub(crate) async fn stop(self) {
        self.stop.send_replace(true);
        for mut task in self.tasks {
            if tokio::time::timeout(FAREWELL, &mut task).await.is_err() {
                task.abort();
            }
        }
    }

    fn told(&self) -> impl Future<Output = ()> + Send + 'static {
        let mut stop = self.stop.subscribe();
        async move {
            // A sender that is gone has stopped as well.
            let _ = stop.wait_for(|stop| *stop).await;
        }
    }
}
