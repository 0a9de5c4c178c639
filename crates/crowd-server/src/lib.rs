//! The Crowd REST server: the app asks back who its users are and whether a password is right.
//!
//! It offers what a directory of kind "Atlassian Crowd" needs for its connection test, its full
//! synchronisation, its password checks and its reads. It does not keep SSO sessions, does not
//! record events (so clients synchronise fully) and takes no writes: a client that asks is told so.
//! It never decides who a person is; that is the front door's.
//!
//! The order of a request, in [`Rest::serve`]: declared size, application, body, resource. An
//! unknown resource is told apart from a wrong log-in, since clients probe servers that way.

mod addresses;
mod answer;
mod application;
mod authentication;
mod call;
mod config;
mod groups;
mod list;
mod memberships;
mod password;
mod presence;
mod search;
mod users;
mod wire;

#[cfg(test)]
mod tests;

use std::net::IpAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_LENGTH};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode};
use axum::response::Response;
use crowd::MAX_BODY_BYTES;
use crowd::entity::link::Links;
use installation::Installation;
use installation::config::Listener;
use installation::presence::Sign;
use installation::proxies::{self, Peer};

use answer::Refusal;
use application::Applications;
use call::{Call, Depth};
use presence::Book;

/// The application that asked, in the extensions of its answer.
#[derive(Clone)]
pub struct Caller(pub String);

/// The Crowd REST server whose links begin with `base`, such as
/// `https://sso.example.test/crowd/rest/usermanagement/1`. Clients do not follow links; they are
/// never built from a request's `Host`.
pub fn router(installation: Arc<Installation>, base: &str) -> Router {
    let applications = Applications::new(installation.random);
    let rest = Arc::new(Rest {
        installation,
        applications,
        links: Links::new(base),
        book: Book::default(),
    });
    Router::new().fallback(answer).with_state(rest)
}

/// What the resources share.
struct Rest {
    installation: Arc<Installation>,
    applications: Applications,
    links: Links,
    book: Book,
}

/// Every answer, refusals included, has the header without which Atlassian's client does not take
/// this for a Crowd server at all.
async fn answer(State(rest): State<Arc<Rest>>, request: Request) -> Response {
    let format = call::answer_format(&request);
    let mut caller = None;
    let mut response = match rest.serve(request, &mut caller).await {
        Ok(response) => response,
        Err(refusal) => refusal.into_response(format),
    };
    if let Some(caller) = caller {
        response.extensions_mut().insert(caller);
    }
    let headers = response.headers_mut();
    headers.insert(EMBEDDED_CROWD_VERSION, HeaderValue::from_static(VERSION));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

impl Rest {
    async fn serve(
        &self,
        request: Request,
        caller: &mut Option<Caller>,
    ) -> Result<Response, Refusal> {
        let (parts, body) = request.into_parts();
        let declared = parts.headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok());
        if declared
            .is_some_and(|length| length.parse().is_ok_and(|n: u64| n > MAX_BODY_BYTES as u64))
        {
            return Err(too_large());
        }
        let client = self.client(&parts);
        let application =
            self.applications.admit(&self.installation, &parts.headers, client).await?;
        *caller = Some(Caller(application.name.clone()));
        self.book.note(&self.installation, &application.name, Sign::Seen);
        let body = axum::body::to_bytes(body, MAX_BODY_BYTES).await.map_err(|_| too_large())?;
        let call = Call::read(&parts, body, application)?;
        self.dispatch(&call).await
    }

    /// The sender's address, if it is certain; without a connection it is nobody's.
    fn client(&self, parts: &Parts) -> Option<IpAddr> {
        let peer = parts.extensions.get::<Peer>()?;
        let trusted = self.installation.proxies.before(Listener::Crowd);
        proxies::client_of(trusted, &parts.headers, *peer).certain
    }

    async fn dispatch(&self, call: &Call) -> Result<Response, Refusal> {
        let path: Vec<&str> = call.path.iter().map(String::as_str).collect();
        let reads = matches!(call.method, Method::GET | Method::HEAD);
        match path.as_slice() {
            ["authentication"] if call.method == Method::POST => {
                authentication::check(self, call).await
            }
            ["authentication", "notify"] if call.method == Method::POST => {
                authentication::notify(self, call).await
            }
            ["search"] if reads || call.method == Method::POST => search::search(self, call).await,
            ["config", "cookie"] if reads => Ok(config::cookie(call)),
            ["user" | "group", ..] if !reads => Err(Refusal::read_only()),
            ["user"] => users::user(self, call).await,
            ["user", "attribute"] => users::attributes(self, call).await,
            ["user", "group", depth] => users::groups(self, call, Depth::parse(depth)?).await,
            ["group"] => groups::group(self, call).await,
            ["group", "attribute"] => groups::attributes(self, call).await,
            ["group", "membership"] => {
                self.book.note(&self.installation, &call.application.name, Sign::Synchronised);
                memberships::all(self).await
            }
            ["group", "user", depth] => groups::users(self, call, Depth::parse(depth)?).await,
            ["group", "child-group", depth] => {
                groups::children(self, call, Depth::parse(depth)?).await
            }
            ["group", "parent-group", depth] => {
                groups::parents(self, call, Depth::parse(depth)?).await
            }
            ["authentication"]
            | ["authentication", "notify"]
            | ["search"]
            | ["config", "cookie"] => Err(Refusal::text(
                StatusCode::METHOD_NOT_ALLOWED,
                "This resource does not know that method.",
            )),
            ["session", ..] => Err(Refusal::no_sessions()),
            _ => Err(Refusal::unknown_resource()),
        }
    }
}

fn too_large() -> Refusal {
    Refusal::text(StatusCode::PAYLOAD_TOO_LARGE, "The body is larger than 1 MiB, or it broke off.")
}

const EMBEDDED_CROWD_VERSION: HeaderName = HeaderName::from_static("x-embedded-crowd-version");
const VERSION: &str = concat!("Samlgate/", env!("CARGO_PKG_VERSION"));
