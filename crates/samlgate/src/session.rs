//! Samlgate's own session: a cookie of the app's origin, whose hash is one row in the database.

use http::HeaderMap;
use http::header::COOKIE;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use store::{Session, StoreError};

use crate::runtime::token_hash;
use crate::settings::App;
use crate::visit::Visit;

/// Every cookie of Samlgate on an app's origin begins so. None of them ever reaches the app, and
/// an app's own cookie of such a name is dropped.
pub const COOKIE_PREFIX: &str = "samlgate_";

/// The session cookie: host-only, since without a domain, and bound to https by its name.
const SESSION_COOKIE: &str = "__Host-samlgate_session";

/// Takes the session cookie from the browser.
pub const CLEARING_COOKIE: &str =
    "__Host-samlgate_session=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax";

const IN_QUERY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.');

/// Whether a cookie of this name is Samlgate's. Names are compared without case, as a lenient app
/// might.
pub fn is_ours(name: &str) -> bool {
    let name = name.strip_prefix("__Host-").unwrap_or(name);
    name.get(..COOKIE_PREFIX.len()).is_some_and(|start| start.eq_ignore_ascii_case(COOKIE_PREFIX))
}

/// Names and values of all cookies that the browser sent.
pub fn cookies(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (name.trim(), value.trim()))
}

/// The session token that the browser sent, unchecked.
pub fn token(headers: &HeaderMap) -> Option<&str> {
    cookies(headers).find(|(name, _)| *name == SESSION_COOKIE).map(|(_, value)| value)
}

/// The living session of this browser and its user, if its IdP still serves the app.
///
/// # Errors
/// When the database is away.
pub async fn current(visit: &Visit) -> Result<Option<(Session, directory::User)>, StoreError> {
    let Some(token) = token(&visit.headers) else {
        return Ok(None);
    };
    let found = visit.server.store.session(&token_hash(token), visit.now).await?;
    Ok(found.filter(|(session, user)| {
        let idp = visit.settings.idps.get(&session.idp);
        user.active && idp.is_some_and(|idp| idp.serves(&visit.app.name))
    }))
}

/// The cookie that gives the browser its session: until the browser closes, never cross-site.
pub fn cookie(token: &str) -> String {
    format!("{SESSION_COOKIE}={token}; Path=/; Secure; HttpOnly; SameSite=Lax")
}

/// Where the app's own session is opened, and the page to go to afterwards.
pub fn open_address(app: &App, return_to: Option<&str>) -> String {
    match return_to {
        Some(path) => {
            let path = utf8_percent_encode(path, IN_QUERY);
            format!("{}/open?os_destination={path}", app.prefix)
        }
        None => format!("{}/open", app.prefix),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_its_own_cookies_by_name() {
        for name in ["samlgate_request_1", "__Host-samlgate_session", "SAMLGATE_session"] {
            assert!(is_ours(name), "{name}");
        }
        for name in ["JSESSIONID", "samlgate", "xsamlgate_a", "__Host-"] {
            assert!(!is_ours(name), "{name}");
        }
    }

    #[test]
    fn reads_cookies_from_several_lines() {
        let mut headers = HeaderMap::new();
        headers.append(COOKIE, "a=1; b=x=y".parse().unwrap());
        headers.append(COOKIE, "c=3;broken; d=".parse().unwrap());
        let all: Vec<_> = cookies(&headers).collect();
        assert_eq!(all, [("a", "1"), ("b", "x=y"), ("c", "3"), ("d", "")]);
    }
}
