//! The app's own client of a Crowd server, as the Java client behaves on the wire.
//!
//! It shares no code with Samlgate's side of that wire, does no SSO and writes nothing: the
//! directory is used read-only.

mod answer;
mod element;
mod failure;
mod question;

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::Context as _;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderValue, Method, Request, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde::{Deserialize, Serialize};
use url::form_urlencoded;

use super::profile::TestSearch;
use answer::Answer;
pub(crate) use answer::{Everything, Membership, RemoteGroup, RemoteUser};
pub(crate) use failure::CrowdFailure;

/// The format that the client asks for and sends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum WireFormat {
    /// As the Java client of the stock apps.
    #[default]
    Xml,
    /// As many other clients.
    Json,
}

/// One Crowd server and the application's log-in there.
#[derive(Debug)]
pub(crate) struct CrowdClient {
    base: String,
    authorization: HeaderValue,
    format: WireFormat,
    http: Client<HttpConnector, Full<Bytes>>,
    /// How many questions were asked, and how many of them were about a password.
    requests: AtomicU64,
    password_checks: AtomicU64,
}

/// The Java client waits so long for a connection [S].
const CONNECT: Duration = Duration::from_secs(5);
/// And so long for an answer [S].
const READ: Duration = Duration::from_secs(600);

impl CrowdClient {
    /// A client of the server at `url`, whose trailing slash is dropped [S].
    pub(crate) fn new(
        url: &str,
        application: &str,
        password: &str,
        format: WireFormat,
    ) -> anyhow::Result<Self> {
        let login = STANDARD.encode(format!("{application}:{password}"));
        let mut authorization = HeaderValue::from_str(&format!("Basic {login}"))?;
        authorization.set_sensitive(true);
        let base = format!("{}/rest/usermanagement/1", url.strip_suffix('/').unwrap_or(url));
        base.parse::<http::Uri>().with_context(|| format!("{url} is no address"))?;
        let mut connector = HttpConnector::new();
        connector.set_connect_timeout(Some(CONNECT));
        Ok(CrowdClient {
            base,
            authorization,
            format,
            http: Client::builder(TokioExecutor::new()).build(connector),
            requests: AtomicU64::new(0),
            password_checks: AtomicU64::new(0),
        })
    }

    /// "Test Connection": one cheap search.
    pub(crate) async fn test(&self, search: TestSearch) -> Result<(), CrowdFailure> {
        let query = [
            ("entity-type", "user"),
            ("start-index", "0"),
            ("max-results", "1"),
            ("expand", "user"),
        ];
        let body = question::search(self.format, search);
        self.ask(Method::POST, "/search", &query, Some(body)).await?.users()?;
        Ok(())
    }

    /// Asks whether the password is right.
    pub(crate) async fn authenticate(
        &self,
        name: &str,
        password: &str,
    ) -> Result<RemoteUser, CrowdFailure> {
        self.password_checks.fetch_add(1, Ordering::Relaxed);
        let body = question::password(self.format, password);
        self.ask(Method::POST, "/authentication", &[("username", name)], Some(body)).await?.user()
    }

    /// The names of the groups that hold the user directly.
    pub(crate) async fn groups_of(&self, name: &str) -> Result<Vec<String>, CrowdFailure> {
        let query = [("username", name), ("start-index", "0"), ("max-results", "-1")];
        let answer = self.ask(Method::GET, "/user/group/direct", &query, None).await?;
        answer.group_names()
    }

    /// One group in full.
    pub(crate) async fn group(&self, name: &str) -> Result<RemoteGroup, CrowdFailure> {
        let query = [("groupname", name), ("expand", "attributes")];
        self.ask(Method::GET, "/group", &query, None).await?.group()
    }

    /// What a full synchronisation asks for, in the order in which the apps ask [S].
    pub(crate) async fn everything(&self) -> Result<Everything, CrowdFailure> {
        // An event token for later; a server without events is well enough.
        let _ = self.ask(Method::GET, "/event", &[], None).await;
        let users = self.search("user").await?.users()?;
        let groups = self.search("group").await?.groups()?;
        let memberships = match self.ask(Method::GET, "/group/membership", &[], None).await {
            Ok(answer) => answer.memberships()?,
            Err(CrowdFailure::Missing(_)) => self.memberships_one_by_one(&groups).await?,
            Err(failure) => return Err(failure),
        };
        let _ = self.ask(Method::GET, "/event", &[], None).await;
        Ok(Everything { users, groups, memberships })
    }

    /// How many requests were sent, and how many of them asked about a password.
    pub(crate) fn counted(&self) -> (u64, u64) {
        (self.requests.load(Ordering::Relaxed), self.password_checks.load(Ordering::Relaxed))
    }

    async fn search(&self, entity: &str) -> Result<Answer, CrowdFailure> {
        let query = [
            ("entity-type", entity),
            ("start-index", "0"),
            ("max-results", "-1"),
            ("expand", entity),
        ];
        let body = question::search(self.format, TestSearch::Everything);
        self.ask(Method::POST, "/search", &query, Some(body)).await
    }

    /// For servers older than the membership resource [S].
    async fn memberships_one_by_one(
        &self,
        groups: &[RemoteGroup],
    ) -> Result<Vec<Membership>, CrowdFailure> {
        let mut memberships = Vec::new();
        for group in groups {
            let query =
                [("groupname", group.name.as_str()), ("start-index", "0"), ("max-results", "-1")];
            let users = self.ask(Method::GET, "/group/user/direct", &query, None).await?;
            let children = self.ask(Method::GET, "/group/child-group/direct", &query, None).await?;
            memberships.push(Membership {
                group: group.name.clone(),
                users: users.user_names()?,
                groups: children.group_names()?,
            });
        }
        Ok(memberships)
    }

    async fn ask(
        &self,
        method: Method,
        path: &str,
        query: &[(&str, &str)],
        body: Option<String>,
    ) -> Result<Answer, CrowdFailure> {
        self.requests.fetch_add(1, Ordering::Relaxed);
        let mut address = format!("{}{path}", self.base);
        if !query.is_empty() {
            let query =
                form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
            address = format!("{address}?{query}");
        }
        let media_type = match self.format {
            WireFormat::Xml => "application/xml",
            WireFormat::Json => "application/json",
        };
        let mut request = Request::builder()
            .method(method)
            .uri(&address)
            .header(AUTHORIZATION, &self.authorization)
            .header(ACCEPT, media_type)
            .header("X-Atlassian-Token", "no-check");
        if body.is_some() {
            request = request.header(CONTENT_TYPE, format!("{media_type}; charset=UTF-8"));
        }
        let unreachable = |error: &dyn std::fmt::Display| {
            CrowdFailure::Unreachable(format!("{address}: {error}"))
        };
        let request = request
            .body(Full::new(Bytes::from(body.unwrap_or_default())))
            .map_err(|error| unreachable(&error))?;
        let exchange = async {
            let response = self.http.request(request).await.map_err(|error| unreachable(&error))?;
            let (head, body) = response.into_parts();
            let body = body.collect().await.map_err(|error| unreachable(&error))?.to_bytes();
            Ok::<_, CrowdFailure>((head, body))
        };
        let answered = tokio::time::timeout(READ, exchange).await;
        let (head, body) = answered.map_err(|_| unreachable(&"no answer in time"))??;
        understand(&head, body)
    }
}

/// What every answer is asked first, whatever its status.
fn understand(head: &http::response::Parts, body: Bytes) -> Result<Answer, CrowdFailure> {
    // Without this header the answer comes from something that is no Crowd server [S].
    let version = head.headers.get("X-Embedded-Crowd-Version");
    if version.is_none_or(|value| value.is_empty()) {
        return Err(CrowdFailure::NoCrowd(head.status));
    }
    let text = || String::from_utf8_lossy(&body).trim().to_owned();
    match head.status {
        // Both mean that the application was refused, never the user; the text is for people [S].
        StatusCode::UNAUTHORIZED => Err(CrowdFailure::ApplicationRefused(text())),
        StatusCode::FORBIDDEN => Err(CrowdFailure::NotPermitted(text())),
        status if status.is_success() => Answer::read(head, body),
        status => Err(answer::refusal(head, &body).unwrap_or(match status {
            StatusCode::NOT_FOUND => CrowdFailure::Missing(text()),
            status => CrowdFailure::Failed(status),
        })),
    }
}
