//! Addresses in the answer of an app that does not know its public one.
//!
//! Tomcat makes the address of a redirect from its connector's settings. Without `scheme="https"`
//! there it sends browsers to plain HTTP, and some apps name their own port. Such addresses become
//! public ones; any other stays as the app wrote it, byte for byte: it need not be ASCII.

use std::iter::once;
use std::ops::Range;

use http::header::{CONTENT_LOCATION, HeaderMap, HeaderValue, LINK, LOCATION, REFRESH};

use crate::ForwardContext;

/// Changes each address that only the gateway could follow, or that leaves TLS, in the headers that
/// name one: `Location` and `Content-Location` (RFC 9110 §10.2.2, §8.7), `Link` (RFC 8288 §3) and
/// `Refresh`.
pub(crate) fn make_public(headers: &mut HeaderMap, upstream: &str, context: &ForwardContext<'_>) {
    for (name, value) in headers.iter_mut() {
        let places = match *name {
            LOCATION | CONTENT_LOCATION => once(0..value.len()).collect(),
            LINK => in_brackets(value.as_bytes()),
            REFRESH => behind_url(value.as_bytes()).into_iter().collect(),
            _ => continue,
        };
        if let Some(public) = rewritten(value.as_bytes(), places, upstream, context)
            && let Ok(public) = HeaderValue::from_bytes(&public)
        {
            *value = public;
        }
    }
}

/// The value with the addresses at `places` made public; none when all stay.
fn rewritten(
    value: &[u8],
    places: Vec<Range<usize>>,
    upstream: &str,
    context: &ForwardContext<'_>,
) -> Option<Vec<u8>> {
    let (mut written, mut done) = (Vec::new(), 0);
    for place in places {
        let Some(rest) = below_public(value.get(place.clone())?, upstream, context) else {
            continue;
        };
        written.extend_from_slice(&value[done..place.start]);
        written.extend_from_slice(context.scheme.as_bytes());
        written.extend_from_slice(b"://");
        written.extend_from_slice(context.host.as_bytes());
        written.extend_from_slice(rest);
        done = place.end;
    }
    written.extend_from_slice(&value[done..]);
    (done > 0).then_some(written)
}

/// What follows the authority of an address that is the app's own or the public one in plain HTTP.
fn below_public<'a>(
    address: &'a [u8],
    upstream: &str,
    context: &ForwardContext<'_>,
) -> Option<&'a [u8]> {
    let start = address.windows(2).position(|two| two == b"//")?;
    let (scheme, rest) = (&address[..start], &address[start + 2..]);
    let end = rest.iter().position(|byte| b"/?#".contains(byte)).unwrap_or(rest.len());
    let (authority, rest) = rest.split_at(end);
    let plain = scheme.eq_ignore_ascii_case(b"http:");
    let own_port: &[u8] = if plain { b":80" } else { b":443" };
    let authority = authority.strip_suffix(own_port).unwrap_or(authority);
    let known = if authority.eq_ignore_ascii_case(context.host.as_bytes()) {
        plain && context.scheme == "https"
    } else {
        let web = plain || scheme.is_empty() || scheme.eq_ignore_ascii_case(b"https:");
        web && authority.eq_ignore_ascii_case(upstream.as_bytes())
    };
    known.then_some(rest)
}

/// The addresses of `<address>; rel=next, <address>`.
fn in_brackets(value: &[u8]) -> Vec<Range<usize>> {
    let (mut places, mut start) = (Vec::new(), None);
    for (at, byte) in value.iter().enumerate() {
        match (byte, start) {
            (b'<', None) => start = Some(at + 1),
            (b'>', Some(from)) => {
                places.push(from..at);
                start = None;
            }
            _ => {}
        }
    }
    places
}

/// The address of `5; url=address`, in quotes or not (HTML, "shared declarative refresh steps").
fn behind_url(value: &[u8]) -> Option<Range<usize>> {
    let start = value.windows(4).position(|four| four.eq_ignore_ascii_case(b"url="))? + 4;
    match value.get(start) {
        Some(quote @ (b'"' | b'\'')) => {
            let rest = &value[start + 1..];
            let end = rest.iter().position(|byte| byte == quote).unwrap_or(rest.len());
            Some(start + 1..start + 1 + end)
        }
        _ => Some(start..value.len()),
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderName;

    use super::*;

    /// What becomes of a header of the app at `10.0.0.5:8080`, when it is changed.
    fn made_public_in(name: HeaderName, value: &[u8]) -> Option<Vec<u8>> {
        let context = ForwardContext {
            client: [192, 0, 2, 7].into(),
            scheme: "https",
            host: "jira.example.com",
            request_id: "1",
            is_own_cookie: |_| false,
            let_through: &[],
        };
        let mut headers = HeaderMap::new();
        headers.insert(&name, HeaderValue::from_bytes(value).unwrap());
        make_public(&mut headers, "10.0.0.5:8080", &context);
        let made = headers[name].as_bytes();
        (made != value).then(|| made.to_vec())
    }

    fn made_public(location: &str) -> Option<String> {
        made_public_in(LOCATION, location.as_bytes()).map(|made| String::from_utf8(made).unwrap())
    }

    #[test]
    fn the_app_s_own_address_and_plain_http_become_the_public_address() {
        for location in [
            "http://10.0.0.5:8080/secure/Dashboard.jspa?a=http://b/",
            "HTTP://10.0.0.5:8080/secure/Dashboard.jspa?a=http://b/",
            "//10.0.0.5:8080/secure/Dashboard.jspa?a=http://b/",
            "http://jira.example.com/secure/Dashboard.jspa?a=http://b/",
            "http://Jira.Example.com/secure/Dashboard.jspa?a=http://b/",
            "http://jira.example.com:80/secure/Dashboard.jspa?a=http://b/",
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
    fn an_address_with_bytes_outside_ascii_is_changed_and_keeps_them() {
        for rest in [&b"/d\xc3\xbcsseldorf"[..], b"/d\xfcsseldorf", b"/?q=\xff\x80&\xe2\x82\xac"] {
            let address = [b"http://10.0.0.5:8080", rest].concat();
            let public = [b"https://jira.example.com", rest].concat();
            assert_eq!(made_public_in(LOCATION, &address), Some(public.clone()));
            assert_eq!(made_public_in(CONTENT_LOCATION, &address), Some(public.clone()));
            let (told, made) = ([b"0; URL=", &address[..]], [b"0; URL=", &public[..]]);
            assert_eq!(made_public_in(REFRESH, &told.concat()), Some(made.concat()));
            let (told, made) = ([b"<", &address[..], b">"], [b"<", &public[..], b">"]);
            assert_eq!(made_public_in(LINK, &told.concat()), Some(made.concat()));
        }
    }

    #[test]
    fn every_header_that_names_an_address_names_the_public_one() {
        let text = |name: HeaderName, value: &str| {
            made_public_in(name, value.as_bytes()).map(|made| String::from_utf8(made).unwrap())
        };
        for (name, value, public) in [
            (CONTENT_LOCATION, "http://10.0.0.5:8080/x", "https://jira.example.com/x"),
            (REFRESH, "5;url=http://10.0.0.5:8080/x", "5;url=https://jira.example.com/x"),
            (REFRESH, "5; Url='http://10.0.0.5:8080/x'", "5; Url='https://jira.example.com/x'"),
            (REFRESH, "5, url=\"//10.0.0.5:8080/\" ", "5, url=\"https://jira.example.com/\" "),
            (
                LINK,
                "<http://10.0.0.5:8080/a>; rel=\"next\", </b>; rel=prev, <http://jira.example.com/c>",
                "<https://jira.example.com/a>; rel=\"next\", </b>; rel=prev, \
                 <https://jira.example.com/c>",
            ),
        ] {
            assert_eq!(text(name, value).as_deref(), Some(public), "{value}");
        }
        for (name, value) in [
            (REFRESH, "5"),
            (REFRESH, "5; url=/x"),
            (REFRESH, "5; url="),
            (REFRESH, "5; url='"),
            (LINK, "</a>; rel=next; title=\"http://10.0.0.5:8080/\""),
            (LINK, "<http://10.0.0.5:8080/"),
            (HeaderName::from_static("x-elsewhere"), "http://10.0.0.5:8080/"),
        ] {
            assert_eq!(text(name, value), None, "{value}");
        }
    }

    #[test]
    fn every_other_address_stays_as_the_app_wrote_it() {
        for location in [
            "/login.jsp",
            "login.jsp?os_destination=http://10.0.0.5:8080/",
            "/x//10.0.0.5:8080/",
            "https://jira.example.com/",
            "//jira.example.com/",
            "http://10.0.0.5:80801/",
            "http://10.0.0.5:8080@evil.example/",
            "http://jira.example.com.evil.example/",
            "http://jira.example.com:8080/",
            "ftp://10.0.0.5:8080/",
            "https://elsewhere.example/",
            "",
        ] {
            assert_eq!(made_public(location), None, "{location}");
        }
    }
}
