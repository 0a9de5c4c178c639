//! By which names the console is reached. A page of another site whose name is made to lead here
//! (DNS rebinding) has the browser send that name, which is none of these.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::HOST;
use axum::http::uri::Authority;
use axum::middleware::Next;
use axum::response::Response;
use installation::address::is_loopback_name;
use maud::html;

use super::{Console, frame};

/// Lets a request through that names the console, and no other.
pub(super) async fn check(
    State(console): State<Arc<Console>>,
    request: Request,
    next: Next,
) -> Response {
    match host(&request) {
        Some(host) if is_known(&console, &host) => next.run(request).await,
        _ => unknown(),
    }
}

/// The one host that a request names, without its port: a tunnel to the console has another.
fn host(request: &Request) -> Option<String> {
    let mut lines = request.headers().get_all(HOST).iter();
    let authority = match (request.uri().authority(), lines.next(), lines.next()) {
        (Some(authority), _, None) => authority.clone(),
        (None, Some(line), None) => Authority::try_from(line.as_bytes()).ok()?,
        _ => return None,
    };
    let is_bare = !authority.as_str().contains('@');
    is_bare.then(|| authority.host().to_ascii_lowercase())
}

fn is_known(console: &Console, host: &str) -> bool {
    let settings = console.installation.settings.current();
    let url = settings.console.settings.public_url.as_deref();
    let url = url.and_then(|url| url::Url::parse(url).ok());
    let public = url.as_ref().and_then(url::Url::host_str);
    is_loopback_name(host)
        || public.is_some_and(|name| name.eq_ignore_ascii_case(host))
        || console.entrance.names.iter().any(|name| bare(name).eq_ignore_ascii_case(bare(host)))
}

/// An IPv6 address stands in brackets in a Host header, and may not in the start-up file.
fn bare(name: &str) -> &str {
    name.trim_start_matches('[').trim_end_matches(']')
}

fn unknown() -> Response {
    let body = html! {
        p {
            "The console is not known by the name in the address bar. It answers at loopback "
            "addresses, at its address in the settings, and at the names in "
            code { "listen.console_names" } " of the start-up file."
        }
    };
    frame::plain(StatusCode::MISDIRECTED_REQUEST, "Not at this address", body)
}
