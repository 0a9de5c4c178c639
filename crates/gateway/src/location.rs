//! Redirects of an app that does not know its public address.
//!
//! Tomcat makes the address of a redirect from its connector's settings. Without `scheme="https"`
//! there it sends browsers to plain HTTP, and some apps name their own port. Such addresses become
//! public ones; any other stays as the app wrote it.

use http::header::{HeaderMap, HeaderValue, LOCATION};

use crate::ForwardContext;

/// Changes a `Location` that only the gateway could follow, or that leaves TLS.
pub(crate) fn make_public(headers: &mut HeaderMap, upstream: &str, context: &ForwardContext<'_>) {
    let Some(location) = headers.get(LOCATION).and_then(|value| value.to_str().ok()) else {
        return;
    };
    let Some(public) = public(location, upstream, context) else { return };
    if let Ok(public) = HeaderValue::from_str(&public) {
        headers.insert(LOCATION, public);
    }
}

fn public(location: &str, upstream: &str, context: &ForwardContext<'_>) -> Option<String> {
    let (scheme, rest) = location.split_once("://")?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, rest) = rest.split_at(end);
    let plain = scheme.eq_ignore_ascii_case("http");
    let known = if authority.eq_ignore_ascii_case(context.host) {
        plain && context.scheme == "https"
    } else {
        authority.eq_ignore_ascii_case(upstream) && (plain || scheme.eq_ignore_ascii_case("https"))
    };
    known.then(|| format!("{}://{}{rest}", context.scheme, context.host))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made_public(location: &str) -> Option<String> {
        let context = ForwardContext {
            client: [192, 0, 2, 7].into(),
            scheme: "https",
            host: "jira.example.com",
            request_id: "1",
            is_own_cookie: |_| false,
        };
        public(location, "10.0.0.5:8080", &context)
    }

    #[test]
    fn the_app_s_own_address_and_plain_http_become_the_public_address() {
        for location in [
            "http://10.0.0.5:8080/secure/Dashboard.jspa?a=http://b/",
            "HTTP://10.0.0.5:8080/secure/Dashboard.jspa?a=http://b/",
            "http://jira.example.com/secure/Dashboard.jspa?a=http://b/",
            "http://Jira.Example.com/secure/Dashboard.jspa?a=http://b/",
        ] {
            let expected = "https://jira.example.com/secure/Dashboard.jspa?a=http://b/";
            assert_eq!(made_public(location).as_deref(), Some(expected));
        }
        assert_eq!(
            made_public("http://10.0.0.5:8080").as_deref(),
            Some("https://jira.example.com")
        );
        assert_eq!(
            made_public("http://10.0.0.5:8080?x#y").as_deref(),
            Some("https://jira.example.com?x#y")
        );
    }

    #[test]
    fn every_other_address_stays_as_the_app_wrote_it() {
        for location in [
            "/login.jsp",
            "login.jsp?os_destination=http://10.0.0.5:8080/",
            "https://jira.example.com/",
            "http://10.0.0.5:80801/",
            "http://10.0.0.5:8080@evil.example/",
            "http://jira.example.com.evil.example/",
            "http://jira.example.com:8080/",
            "//10.0.0.5:8080/",
            "ftp://10.0.0.5:8080/",
            "https://elsewhere.example/",
            "",
        ] {
            assert_eq!(made_public(location), None, "{location}");
        }
    }
}
