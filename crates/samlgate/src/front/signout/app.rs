//! The app's own log-out: where it is, and whether it has happened.

use std::time::Duration;

use gateway::Body;
use http::header::{COOKIE, SET_COOKIE, USER_AGENT};
use http::{HeaderMap, Method, Request};
use installation::cookies::cookies;
use installation::settings::{App, AppKind};
use serde_json::Value;

use crate::front::opener::who_am_i;
use crate::front::session;
use crate::front::told;
use crate::front::visit::Visit;

/// The app names its user within this time, or counts as logged out.
const PATIENCE: Duration = Duration::from_secs(5);
const LARGEST_ANSWER: usize = 64 * 1024;

/// Whether the request asks for one of the app's log-out addresses.
pub fn is_log_out(app: &App, request: &Request<Body>) -> bool {
    let below = app.below(request.uri().path());
    let below = below.split(';').next().unwrap_or_default();
    matches!(*request.method(), Method::GET | Method::POST)
        && is_log_out_path(app.settings.kind, below)
}

fn is_log_out_path(kind: AppKind, below: &str) -> bool {
    match kind {
        AppKind::Jira => {
            let secure = below.starts_with("/secure/Logout") && below.ends_with(".jspa");
            let portal = below.starts_with("/servicedesk/customer/") && below.ends_with("/logout");
            secure || portal || matches!(below, "/logout" | "/logoutconfirm.jsp")
        }
        AppKind::Confluence => matches!(below, "/logout.action"),
        AppKind::Bitbucket => matches!(below, "/j_atl_security_logout" | "/logout"),
        AppKind::Bamboo => matches!(below, "/userLogout.action" | "/userlogout.action"),
        AppKind::Other => matches!(below, "/logout" | "/logout.action"),
    }
}

/// Whether the app's session is over. A page that asks "do you really want to?" and a redirect to
/// it are no log-out, and look like one; so the app is asked who is signed in, with the browser's
/// cookies as the answer leaves them. An app that does not answer counts as logged out: ending a
/// session too early is the safe mistake.
pub async fn has_logged_out(visit: &Visit, answered: &HeaderMap) -> bool {
    let cookies = cookies_after(&visit.headers, answered);
    if cookies.is_empty() {
        return true;
    }
    let asked = tokio::time::timeout(PATIENCE, named(visit, &cookies)).await;
    !asked.unwrap_or(Some(false)).unwrap_or(false)
}

/// Whether the app names somebody; `None` when it does not answer.
async fn named(visit: &Visit, cookies: &str) -> Option<bool> {
    let app = &visit.app;
    let (_, path, field) = who_am_i(app.settings.kind);
    let request = Request::builder()
        .uri(format!("{}{path}", app.context_path))
        .header(USER_AGENT, concat!("Samlgate/", env!("CARGO_PKG_VERSION")))
        .header("accept", "application/json")
        .header(COOKIE, cookies);
    let mut request = request.body(gateway::empty()).ok()?;
    told::of_visit(visit).tell(request.headers_mut()).ok()?;
    let response = app.upstream.send(request).await.ok()?;
    let (head, body) = response.into_parts();
    let header = head.headers.get("x-ausername");
    if header.is_some_and(|name| !name.is_empty() && name != "anonymous") {
        return Some(true);
    }
    let body = gateway::collect(body, LARGEST_ANSWER).await.ok()?;
    let answer: Value = serde_json::from_slice(&body).unwrap_or_default();
    Some(answer.get(field).and_then(Value::as_str).is_some_and(|name| !name.is_empty()))
}

/// The app's cookies in the browser after `set` has arrived there.
fn cookies_after(sent: &HeaderMap, set: &HeaderMap) -> String {
    let own = cookies(sent).filter(|(name, _)| !session::is_ours(name));
    let mut cookies: Vec<(&str, &str)> = own.collect();
    for line in set.get_all(SET_COOKIE).iter().filter_map(|line| line.to_str().ok()) {
        let (pair, attributes) = line.split_once(';').unwrap_or((line, ""));
        let Some((name, value)) = pair.split_once('=') else { continue };
        let (name, value) = (name.trim(), value.trim());
        cookies.retain(|(known, _)| *known != name);
        if !session::is_ours(name) && !value.is_empty() && !is_over(attributes) {
            cookies.push((name, value));
        }
    }
    let pairs: Vec<_> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    pairs.join("; ")
}

/// Whether a Set-Cookie line with these attributes takes its cookie away (RFC 6265 §5.2).
fn is_over(attributes: &str) -> bool {
    attributes.split(';').filter_map(|attribute| attribute.split_once('=')).any(|(name, value)| {
        let name = name.trim();
        let past = name.eq_ignore_ascii_case("expires") && value.contains("1970");
        past || (name.eq_ignore_ascii_case("max-age") && matches!(value.trim(), "0" | "-1"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: http::HeaderName, lines: &[&'static str]) -> HeaderMap {
        lines.iter().map(|line| (name.clone(), line.parse().unwrap())).collect()
    }

    #[test]
    fn the_app_is_asked_with_the_cookies_that_its_answer_leaves() {
        let sent = headers(
            COOKIE,
            &["JSESSIONID=old; seraph.rememberme.cookie=1%3A2; __Host-samlgate_session=s; node=a"],
        );
        let set = headers(
            SET_COOKIE,
            &[
                "JSESSIONID=new; Path=/; HttpOnly",
                "seraph.rememberme.cookie=\"\"; Expires=Thu, 01-Jan-1970 00:00:10 GMT; Path=/",
                "samlgate_x=1",
            ],
        );
        assert_eq!(cookies_after(&sent, &set), "node=a; JSESSIONID=new");
        assert_eq!(cookies_after(&HeaderMap::new(), &HeaderMap::new()), "");
    }

    #[test]
    fn log_out_addresses_are_each_apps_own() {
        for (kind, path) in [
            (AppKind::Jira, "/logout"),
            (AppKind::Jira, "/secure/Logout!default.jspa"),
            (AppKind::Jira, "/secure/Logout.jspa"),
            (AppKind::Jira, "/logoutconfirm.jsp"),
            (AppKind::Jira, "/servicedesk/customer/user/logout"),
            (AppKind::Confluence, "/logout.action"),
            (AppKind::Bitbucket, "/j_atl_security_logout"),
            (AppKind::Bamboo, "/userLogout.action"),
        ] {
            assert!(is_log_out_path(kind, path), "{path}");
        }
        for (kind, path) in [
            (AppKind::Jira, "/browse/logout"),
            (AppKind::Jira, "/secure/LogoutTips.html"),
            (AppKind::Confluence, "/display/logout.action"),
        ] {
            assert!(!is_log_out_path(kind, path), "{path}");
        }
    }
}
