//! One app's REST API, asked politely: one request at a time with a pause between two, and a longer
//! one when the app asks for it. It follows no redirect, since that could take the password along.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, bail};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, RETRY_AFTER, USER_AGENT};
use http::{HeaderValue, Method, Request, StatusCode};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use installation::fetch;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::de::DeserializeOwned;

/// With what the app lets us in. Neither ever stands on a command line.
pub(super) enum Credentials {
    Password { user: String, password: String },
    Token(String),
}

pub(super) struct Client {
    base: String,
    authorization: HeaderValue,
    http: hyper_util::client::legacy::Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    pause: Duration,
}

/// An answer has at most this many bytes; a page of 1,000 users has some 500 kB.
const LARGEST: usize = 32 << 20;
/// One answer takes at most this long.
const PATIENCE: Duration = Duration::from_secs(60);
/// So often a busy app is asked again, and at most this long it is waited for.
const TRIES: u32 = 6;
const LONGEST_WAIT: Duration = Duration::from_secs(60);

impl Client {
    pub(super) fn new(
        url: &str,
        credentials: Credentials,
        authorities: Option<&Path>,
        pause: Duration,
    ) -> anyhow::Result<Self> {
        fetch::checked(url)?;
        let text = match credentials {
            Credentials::Password { user, password } => {
                format!("Basic {}", STANDARD.encode(format!("{user}:{password}")))
            }
            Credentials::Token(token) => format!("Bearer {token}"),
        };
        let mut authorization =
            HeaderValue::from_str(&text).context("the token holds characters that none has")?;
        authorization.set_sensitive(true);
        let builder = hyper_util::client::legacy::Client::builder(TokioExecutor::new());
        let http = builder.build(fetch::connector(authorities)?);
        Ok(Client { base: url.trim_end_matches('/').to_owned(), authorization, http, pause })
    }

    /// Reads a resource.
    ///
    /// # Errors
    /// In words that name the address and the cure.
    pub(super) async fn get<T: DeserializeOwned>(&mut self, path: &str) -> anyhow::Result<T> {
        let (status, body) = self.ask(Method::GET, path, None).await?;
        self.understood(path, status, &body)
    }

    /// Calls a procedure; nothing when the app does not have it, or not for us.
    ///
    /// # Errors
    /// When the app does not answer.
    pub(super) async fn call<T: DeserializeOwned>(
        &mut self,
        path: &str,
        arguments: &serde_json::Value,
    ) -> anyhow::Result<Option<T>> {
        let (status, body) = self.ask(Method::POST, path, Some(arguments.to_string())).await?;
        Ok(Some(body)
            .filter(|_| status == StatusCode::OK)
            .and_then(|body| serde_json::from_slice(&body).ok()))
    }

    fn understood<T: DeserializeOwned>(
        &self,
        path: &str,
        status: StatusCode,
        body: &[u8],
    ) -> anyhow::Result<T> {
        let address = format!("{}{path}", self.base);
        match status {
            StatusCode::OK => serde_json::from_slice(body).with_context(|| {
                let html = body.trim_ascii_start().starts_with(b"<");
                let found = if html { "a page" } else { "something else" };
                format!("{address} answers {found}, not what this app's REST API answers")
            }),
            StatusCode::UNAUTHORIZED => bail!(
                "{address} does not take the account or token; a Jira from 11 on takes passwords \
                 only when basic authentication is switched on: use --token-file"
            ),
            StatusCode::FORBIDDEN => bail!(
                "{address} refuses: the account may not see users, or the app asks for a CAPTCHA \
                 after failed log-ins"
            ),
            status if status.is_redirection() => bail!(
                "{address} leads elsewhere (HTTP {status}); give --url as the app's base URL says, \
                 or past a log-in page"
            ),
            status => bail!("{address} answers HTTP {status}; is the address right?"),
        }
    }

    async fn ask(
        &mut self,
        method: Method,
        path: &str,
        body: Option<String>,
    ) -> anyhow::Result<(StatusCode, Bytes)> {
        let address = format!("{}{path}", self.base);
        let mut wait = self.pause;
        for _ in 0..TRIES {
            tokio::time::sleep(wait).await;
            let request = Request::builder()
                .method(&method)
                .uri(&address)
                .header(USER_AGENT, concat!("samlgate/", env!("CARGO_PKG_VERSION")))
                .header(ACCEPT, "application/json")
                .header(CONTENT_TYPE, "application/json")
                .header("x-atlassian-token", "no-check")
                .header(AUTHORIZATION, self.authorization.clone())
                .body(Full::new(Bytes::from(body.clone().unwrap_or_default())))?;
            let host = request.uri().authority().map(ToString::to_string).unwrap_or_default();
            let answered = tokio::time::timeout(PATIENCE, self.http.request(request)).await;
            let response = answered.with_context(|| format!("{address} does not answer"))?;
            let response = response.map_err(|error| fetch::failed(&host, &error))?;
            let status = response.status();
            if matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE) {
                wait = asked_wait(response.headers().get(RETRY_AFTER)).min(LONGEST_WAIT);
                continue;
            }
            let body = tokio::time::timeout(
                PATIENCE,
                Limited::new(response.into_body(), LARGEST).collect(),
            );
            let body = body.await.with_context(|| format!("{address} breaks off"))?;
            let body = body.map_err(|error| anyhow::anyhow!("{address} breaks off: {error}"))?;
            return Ok((status, body.to_bytes()));
        }
        bail!("{address} was busy {TRIES} times; try again later, with a longer --pause-ms")
    }
}

fn asked_wait(header: Option<&HeaderValue>) -> Duration {
    let seconds = header.and_then(|value| value.to_str().ok()?.trim().parse().ok());
    Duration::from_secs(seconds.unwrap_or(5))
}

/// Text as a part of a path or query.
pub(super) fn encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}
