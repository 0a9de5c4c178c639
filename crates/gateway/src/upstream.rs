//! The way to one app: a pool of connections with limits for each phase.

use std::sync::Arc;
use std::time::Duration;

use http::uri::{Authority, PathAndQuery, Scheme};
use http::{Request, Response, Uri};
use hyper::body::Incoming;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::ClientConfig;

use crate::body::boxed;
use crate::{Body, GatewayError, Phase};

/// Limits of the phases of a request. There is none on the whole: it would cut uploads, downloads
/// and long polls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// To reach the app.
    pub connect: Duration,
    /// From the end of the request to the head of the answer; apps think long.
    pub response_head: Duration,
    /// An unused connection is kept this long.
    pub keep: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Timeouts {
            connect: Duration::from_secs(10),
            response_head: Duration::from_secs(600),
            // Below Tomcat's 20 s, so that no request meets a connection that is just closing.
            keep: Duration::from_secs(15),
        }
    }
}

/// The way to one app. A clone shares its connections.
#[derive(Clone)]
pub struct Upstream {
    scheme: Scheme,
    authority: Authority,
    client: Client<HttpsConnector<HttpConnector>, Body>,
    timeouts: Timeouts,
}

impl Upstream {
    /// The way to `base` (scheme and authority; its path is not used), trusting the system's
    /// authorities unless `tls` says otherwise.
    pub fn new(base: Uri, tls: Option<Arc<ClientConfig>>, timeouts: Timeouts) -> Self {
        let parts = base.into_parts();
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        tcp.set_connect_timeout(Some(timeouts.connect));
        let builder = HttpsConnectorBuilder::new();
        let scheme = parts.scheme.unwrap_or(Scheme::HTTP);
        let connector = match tls {
            Some(config) => builder.with_tls_config((*config).clone()),
            None => builder.with_tls_config(system_trust(&scheme)),
        };
        let connector = connector.https_or_http().enable_http1().wrap_connector(tcp);
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(timeouts.keep)
            .pool_max_idle_per_host(64)
            .http1_preserve_header_case(false)
            .set_host(false)
            .build(connector);
        let authority = parts.authority.unwrap_or_else(|| Authority::from_static("invalid"));
        Upstream { scheme, authority, client, timeouts }
    }

    /// Sends a request whose target is a path and gives the answer as it comes; no header is
    /// added, changed or taken away.
    ///
    /// # Errors
    /// [`GatewayError::Unreachable`] or [`GatewayError::Timeout`].
    pub async fn send(&self, request: Request<Body>) -> Result<Response<Body>, GatewayError> {
        self.exchange(request).await.map(|response| response.map(boxed))
    }

    pub(crate) async fn exchange(
        &self,
        mut request: Request<Body>,
    ) -> Result<Response<Incoming>, GatewayError> {
        let path = request.uri().path_and_query().cloned();
        let mut parts = http::uri::Parts::default();
        parts.scheme = Some(self.scheme.clone());
        parts.authority = Some(self.authority.clone());
        parts.path_and_query = Some(path.unwrap_or_else(|| PathAndQuery::from_static("/")));
        *request.uri_mut() =
            Uri::from_parts(parts).map_err(|error| GatewayError::Unreachable(error.to_string()))?;
        *request.version_mut() = http::Version::HTTP_11;
        let answered =
            tokio::time::timeout(self.timeouts.response_head, self.client.request(request));
        match answered.await {
            Err(_) => Err(GatewayError::Timeout(Phase::ResponseHead)),
            Ok(Err(error)) if error.is_connect() => {
                Err(GatewayError::Unreachable(format!("{}: {}", self.authority, causes(&error))))
            }
            Ok(Err(error)) => Err(GatewayError::Unreachable(causes(&error))),
            Ok(Ok(response)) => Ok(response),
        }
    }
}

/// The system's certificate authorities; read only when the app is reached by TLS.
fn system_trust(scheme: &Scheme) -> ClientConfig {
    let mut roots = rustls::RootCertStore::empty();
    if *scheme == Scheme::HTTPS {
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    }
    ClientConfig::builder().with_root_certificates(roots).with_no_client_auth()
}

/// An error with its causes, each said once.
fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let said = cause.to_string();
        if !text.contains(&said) {
            text = format!("{text}: {said}");
        }
        next = cause.source();
    }
    text
}
