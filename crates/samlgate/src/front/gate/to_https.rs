//! From plain HTTP to the apps' public URLs, and how browsers learn to go there by themselves.
//!
//! What was sent in clear has been read by others, so nothing is passed on: a page is led to its https
//! address, and whatever else came is refused.

use std::sync::Arc;

use gateway::Body;
use http::header::{ALLOW, CACHE_CONTROL, HeaderValue, LOCATION, STRICT_TRANSPORT_SECURITY};
use http::{Method, Request, Response, StatusCode};
use installation::proxies::Peer;
use installation::settings::{self, App, Snapshot, host_of};

use super::no_app::NoApp;
use super::sender::Sender;
use crate::front::Front;
use crate::front::access::{self, Line};
use crate::front::answer;

/// Answers one request at the listener that leads to https.
pub async fn lead_to_https(
    front: Arc<Front>,
    request: Request<Body>,
    peer: Peer,
) -> Response<Body> {
    let installation = &front.installation;
    let request_id = access::new_id(installation.random);
    let settings = installation.settings.current();
    let sender = match Sender::of(installation, &settings, &request, peer, request_id) {
        Ok(sender) => sender,
        Err(reason) => return answer::text(StatusCode::BAD_REQUEST, reason),
    };
    let line = Line::begin("redirect", &request, Some(sender.client), &sender.request_id);
    let response = match app_of(&settings, &sender.authority, request.uri().path()) {
        Some(app) => led(app, &request),
        None => {
            let unknown = NoApp::Unknown(settings::NoApp::UnknownHost);
            unknown.answer(&sender, &settings, &front.no_app, installation.clock.now())
        }
    };
    match line {
        Some(line) => line.end(response),
        None => response,
    }
}

/// "The same at this address, with the same method" (RFC 9110 §15.4.9). It is not kept by caches:
/// a public URL may change.
fn led(app: &App, request: &Request<Body>) -> Response<Body> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let text = "This port leads to https:// and passes nothing on. What was sent here has been \
                    sent in clear.";
        let mut response = answer::text(StatusCode::METHOD_NOT_ALLOWED, text);
        response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
        return response;
    }
    let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
    let Ok(location) = HeaderValue::from_str(&format!("{}{target}", app.origin())) else {
        return answer::text(StatusCode::BAD_REQUEST, "The address cannot be written down.");
    };
    let mut response = Response::new(gateway::empty());
    *response.status_mut() = StatusCode::PERMANENT_REDIRECT;
    response.headers_mut().insert(LOCATION, location);
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// The https app of this host name, whatever its port; of several, the one that has the path.
fn app_of<'s>(settings: &'s Snapshot, authority: &str, path: &str) -> Option<&'s Arc<App>> {
    let host = host_of(authority).to_ascii_lowercase();
    let at_host = |app: &&Arc<App>| app.scheme == "https" && host_of(&app.authority) == host;
    settings
        .apps
        .values()
        .filter(at_host)
        .max_by_key(|app| (app.holds(path), app.authority == host, app.context_path.len()))
}

/// Adds what the app's settings tell browsers about https (RFC 6797 §6.1), in place of what the app
/// says itself. An app at an http address has nothing to tell (§7.2).
pub(super) fn only(app: &App, mut response: Response<Body>) -> Response<Body> {
    if let (Some(seconds), "https") = (app.settings.hsts_seconds, app.scheme.as_str())
        && let Ok(value) = HeaderValue::from_str(&format!("max-age={seconds}"))
    {
        response.headers_mut().insert(STRICT_TRANSPORT_SECURITY, value);
    }
    response
}
