//! The cookies that a browser sends, and the name of Samlgate's own.

use http::HeaderMap;
use http::header::COOKIE;

use crate::runtime::token_hash;

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

/// The name of the session cookie of apps with the host's own entity ID, or with `another`.
pub fn session_cookie(another: Option<&str>) -> String {
    match another {
        None => SESSION_COOKIE.to_owned(),
        Some(entity_id) => format!("{SESSION_COOKIE}_{}", &token_hash(entity_id)[..16]),
    }
}

/// The session cookie: host-only, since without a domain, and bound to https by its name.
const SESSION_COOKIE: &str = "__Host-samlgate_session";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_cookies_from_several_lines() {
        let mut headers = HeaderMap::new();
        headers.append(COOKIE, "a=1; b=x=y".parse().unwrap());
        headers.append(COOKIE, "c=3;broken; d=".parse().unwrap());
        let all: Vec<_> = cookies(&headers).collect();
        assert_eq!(all, [("a", "1"), ("b", "x=y"), ("c", "3"), ("d", "")]);
    }
}
