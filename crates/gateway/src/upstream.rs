//! The way to one app: connections that are kept, and limits for each phase of a request.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::Bytes;
use http::header::UPGRADE;
use http::uri::PathAndQuery;
use http::{Request, Response, Uri, Version};
use http_body_util::BodyExt as _;
use hyper::body::Body as _;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use rustls::ClientConfig;
use tower::ServiceExt as _;

use crate::answer::Answer;
use crate::body::{boxed, full};
use crate::link::{Link, not_whole};
use crate::patience::Sending;
use crate::pool::Pool;
use crate::{Body, GatewayError, Phase};

/// Limits of the phases of a request. There is none on the whole: it would cut uploads, downloads
/// and long polls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// To reach the app, TLS included.
    pub connect: Duration,
    /// Between two pieces of a request's body.
    pub request_idle: Duration,
    /// From the end of the request to the head of the answer; apps think long.
    pub response_head: Duration,
    /// Between two pieces of an answer's body.
    pub response_idle: Duration,
    /// Without a byte either way, a tunnel (WebSocket) ends after this time.
    pub tunnel_idle: Duration,
    /// An unused connection is kept this long, or less when the app says so (`Keep-Alive`).
    pub keep: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Timeouts {
            connect: Duration::from_secs(10),
            request_idle: Duration::from_secs(60),
            response_head: Duration::from_secs(600),
            response_idle: Duration::from_secs(600),
            tunnel_idle: Duration::from_secs(3600),
            // Below Tomcat's 20 s, so that no request meets a connection that is just closing.
            keep: Duration::from_secs(15),
        }
    }
}

/// The way to one app. A clone shares its connections.
#[derive(Clone)]
pub struct Upstream {
    base: Uri,
    connector: HttpsConnector<HttpConnector>,
    pool: Arc<Pool>,
    pub(crate) timeouts: Timeouts,
}

impl Upstream {
    /// The way to `base` (scheme and authority; its path is not used), trusting the system's
    /// authorities unless `tls` says otherwise. Opens nothing yet.
    pub fn new(base: Uri, tls: Option<Arc<ClientConfig>>, timeouts: Timeouts) -> Self {
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        tcp.set_keepalive(Some(Duration::from_secs(60)));
        let tls = match tls {
            Some(config) => config,
            None if base.scheme_str() == Some("https") => system_trust(),
            None => trusting(rustls::RootCertStore::empty()),
        };
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config((*tls).clone())
            .https_or_http()
            .enable_http1()
            .wrap_connector(tcp);
        Upstream { base, connector, pool: Pool::new(timeouts.keep), timeouts }
    }

    /// The same app, trusting `tls`, over connections of its own.
    #[must_use]
    pub fn trusting(&self, tls: Arc<ClientConfig>) -> Self {
        Self::new(self.base.clone(), Some(tls), self.timeouts)
    }

    /// The app's own `host[:port]`.
    pub(crate) fn authority(&self) -> &str {
        self.base.authority().map_or("", |authority| authority.as_str())
    }

    /// Sends a request whose target is a path and gives the answer as it comes; no header is
    /// added, changed or taken away.
    ///
    /// # Errors
    /// [`GatewayError::Unreachable`], [`GatewayError::Timeout`], or [`GatewayError::BadRequest`]
    /// when the request's own body did not come whole.
    pub async fn send(&self, request: Request<Body>) -> Result<Response<Body>, GatewayError> {
        self.exchange(request).await.map(|response| response.map(boxed))
    }

    pub(crate) async fn exchange(
        &self,
        mut request: Request<Body>,
    ) -> Result<Response<Answer>, GatewayError> {
        if request.uri().authority().is_some() {
            let path = request.uri().path_and_query().cloned();
            *request.uri_mut() = path.unwrap_or_else(|| PathAndQuery::from_static("/")).into();
        }
        *request.version_mut() = Version::HTTP_11;
        let Some(kept) = self.pool.take().await else { return self.exchange_anew(request).await };
        // The app may close a kept connection in the very moment in which it gets a request.
        let heard = kept.heard.clone();
        let (request, again) = self.twice(request).await?;
        match (kept.exchange(request, &self.timeouts, &self.pool).await, again) {
            (Err(GatewayError::Unreachable(_)), Some(again)) if !heard.anything() => {
                self.exchange_anew(again).await
            }
            (answered, _) => answered,
        }
    }

    /// The request, and the same once more if asking twice is as good as asking once (RFC 9110
    /// §9.2.2) and its body is small.
    async fn twice(
        &self,
        request: Request<Body>,
    ) -> Result<(Request<Body>, Option<Request<Body>>), GatewayError> {
        let small = request.body().size_hint().exact().is_some_and(|length| length <= SMALL);
        let upgrades = request.headers().contains_key(UPGRADE);
        if !request.method().is_idempotent() || !small || upgrades {
            return Ok((request, None));
        }
        let (head, body) = request.into_parts();
        let body = if body.is_end_stream() {
            Bytes::new()
        } else {
            // Boxed, since most requests have none.
            let whole = Box::pin(Sending::new(body, self.timeouts.request_idle, None).collect());
            whole.await.map_err(|_| not_whole())?.to_bytes()
        };
        let mut again = Request::new(full(body.clone()));
        *again.method_mut() = head.method.clone();
        *again.uri_mut() = head.uri.clone();
        *again.version_mut() = head.version;
        *again.headers_mut() = head.headers.clone();
        Ok((Request::from_parts(head, full(body)), Some(again)))
    }

    /// On a fresh connection. Rare and large: its state is not carried by every request.
    async fn exchange_anew(
        &self,
        request: Request<Body>,
    ) -> Result<Response<Answer>, GatewayError> {
        let link = Box::pin(self.connect()).await?;
        Box::pin(link.exchange(request, &self.timeouts, &self.pool)).await
    }

    async fn connect(&self) -> Result<Box<Link>, GatewayError> {
        let connecting = self.connector.clone().oneshot(self.base.clone());
        match tokio::time::timeout(self.timeouts.connect, connecting).await {
            Err(_) => Err(GatewayError::Timeout(Phase::Connect)),
            Ok(Err(error)) => Err(GatewayError::Unreachable(format!(
                "{}: {}",
                self.authority(),
                crate::link::causes(&*error)
            ))),
            Ok(Ok(wire)) => Link::open(wire).await,
        }
    }
}

/// So much of a request's body is kept until the app has answered, in bytes.
const SMALL: u64 = 16 * 1024;

/// The system's certificate authorities, read once and only when an app is reached by TLS.
fn system_trust() -> Arc<ClientConfig> {
    static SYSTEM: OnceLock<Arc<ClientConfig>> = OnceLock::new();
    let read = || {
        let mut roots = rustls::RootCertStore::empty();
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        trusting(roots)
    };
    SYSTEM.get_or_init(read).clone()
}

fn trusting(roots: rustls::RootCertStore) -> Arc<ClientConfig> {
    Arc::new(ClientConfig::builder().with_root_certificates(roots).with_no_client_auth())
}
