//! One request, passed on: what an intermediary must change (RFC 9110 §7.6), and nothing else.

use http::header::{
    CONNECTION, COOKIE, EXPECT, HeaderName, HeaderValue, SET_COOKIE, TE, TRAILER,
    TRANSFER_ENCODING, UPGRADE,
};
use http::{HeaderMap, Request, Response, StatusCode, Version};

use crate::body::boxed;
use crate::{Body, ForwardContext, GatewayError, Turns, Upstream, framing, location, upgrade};

/// Passes `request` on and gives the app's answer, both streamed. A WebSocket becomes a tunnel of
/// bytes; any other upgrade is not asked for.
///
/// # Errors
/// [`GatewayError::BadRequest`] for CONNECT and for ambiguous framing, [`GatewayError::Busy`] when the
/// client's turn does not come, else when the app does not answer.
pub async fn forward(
    upstream: &Upstream,
    mut request: Request<Body>,
    context: &ForwardContext<'_>,
    turns: &Turns,
) -> Result<Response<Body>, GatewayError> {
    framing::check(&request)?;
    let waiting = upgrade::asked_for(&mut request);
    strip_hop_by_hop(request.headers_mut(), waiting.is_some());
    context.tell(request.headers_mut())?;
    if request.version() == Version::HTTP_2 {
        join_cookies(request.headers_mut());
    }
    filter_cookies(request.headers_mut(), context.is_own_cookie);
    // Who reads the body has said "100 Continue" already (RFC 9110 §10.1.1).
    request.headers_mut().remove(EXPECT);
    framing::announce(&mut request);
    let turn = turns.take(context.client).await.ok_or(GatewayError::Busy)?;
    let mut response = upstream.exchange(request).await?;
    let switched = response.status() == StatusCode::SWITCHING_PROTOCOLS;
    let turn = match waiting {
        Some(client) if switched => {
            upgrade::tunnel(client, &mut response, upstream.timeouts.tunnel_idle, turn.of_tunnel());
            None
        }
        None if switched => {
            let reason = "it changed the protocol without being asked";
            return Err(GatewayError::Unreachable(reason.to_owned()));
        }
        _ => Some(turn),
    };
    // Each side speaks a version of its own (RFC 9110 §6.2), whatever the app spoke to us.
    *response.version_mut() = Version::HTTP_11;
    framing::one_length(&mut response);
    strip_hop_by_hop(response.headers_mut(), switched);
    filter_set_cookies(response.headers_mut(), context.is_own_cookie);
    location::make_public(response.headers_mut(), upstream.authority(), context);
    Ok(response.map(|body| boxed(body.holding(turn))))
}

/// Headers that belong to one connection; those that `Connection` names too. An upgrade keeps the
/// two that ask for it.
fn strip_hop_by_hop(headers: &mut HeaderMap, upgrades: bool) {
    let mut named: Vec<HeaderName> = Vec::new();
    for line in headers.get_all(CONNECTION).iter().filter_map(|value| value.to_str().ok()) {
        let plain = |name: &&str| !name.eq_ignore_ascii_case("keep-alive") && *name != "close";
        named.extend(line.split(',').map(str::trim).filter(plain).filter_map(|n| n.parse().ok()));
    }
    for name in named.iter().filter(|name| !(upgrades && **name == UPGRADE)) {
        headers.remove(name);
    }
    for name in HOP_BY_HOP {
        headers.remove(name);
    }
    if upgrades {
        headers.insert(CONNECTION, HeaderValue::from_static("upgrade"));
    } else {
        headers.remove(CONNECTION);
        headers.remove(UPGRADE);
    }
}

/// HTTP/2 may send each cookie as a line of its own; HTTP/1.1 has one (RFC 9113 §8.2.3).
fn join_cookies(headers: &mut HeaderMap) {
    let lines: Vec<&[u8]> = headers.get_all(COOKIE).iter().map(HeaderValue::as_bytes).collect();
    if lines.len() < 2 {
        return;
    }
    if let Ok(joined) = HeaderValue::from_bytes(&lines.join(&b"; "[..])) {
        headers.insert(COOKIE, joined);
    }
}

/// Takes the gateway's own cookies out; the other pairs stay as they were written.
fn filter_cookies(headers: &mut HeaderMap, is_own: fn(&str) -> bool) {
    let own = |pair: &[u8]| {
        let name = pair.split(|byte| *byte == b'=').next().unwrap_or_default();
        std::str::from_utf8(name).is_ok_and(|name| is_own(name.trim()))
    };
    let split = |line: &HeaderValue| line.as_bytes().split(|byte| *byte == b';').any(own);
    if !headers.get_all(COOKIE).iter().any(split) {
        return;
    }
    let lines: Vec<HeaderValue> = headers.get_all(COOKIE).iter().cloned().collect();
    headers.remove(COOKIE);
    for line in lines {
        let kept: Vec<&[u8]> =
            line.as_bytes().split(|byte| *byte == b';').filter(|pair| !own(pair)).collect();
        let joined = kept.join(&b';');
        let trimmed = joined.trim_ascii();
        if let (false, Ok(line)) = (trimmed.is_empty(), HeaderValue::from_bytes(trimmed)) {
            headers.append(COOKIE, line);
        }
    }
}

/// Drops cookies of the app that would pass for the gateway's.
fn filter_set_cookies(headers: &mut HeaderMap, is_own: fn(&str) -> bool) {
    let own = |line: &HeaderValue| {
        let name = line.as_bytes().split(|byte| *byte == b'=').next().unwrap_or_default();
        std::str::from_utf8(name).is_ok_and(|name| is_own(name.trim()))
    };
    if !headers.get_all(SET_COOKIE).iter().any(own) {
        return;
    }
    let lines: Vec<HeaderValue> = headers.get_all(SET_COOKIE).iter().cloned().collect();
    headers.remove(SET_COOKIE);
    for line in lines.into_iter().filter(|line| !own(line)) {
        headers.append(SET_COOKIE, line);
    }
}

const HOP_BY_HOP: [HeaderName; 7] = [
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-authenticate"),
    HeaderName::from_static("proxy-authorization"),
    HeaderName::from_static("proxy-connection"),
    TE,
    TRAILER,
    TRANSFER_ENCODING,
];

#[cfg(test)]
mod tests {
    use super::*;

    fn own(name: &str) -> bool {
        name.starts_with("gate_")
    }

    #[test]
    fn own_cookies_are_taken_out_and_the_others_stay_as_written() {
        let mut headers = HeaderMap::new();
        headers.append(COOKIE, HeaderValue::from_static("a=\"x y\"; gate_s=1;b = 2"));
        headers.append(COOKIE, HeaderValue::from_static("gate_t=3"));
        headers.append(COOKIE, HeaderValue::from_static("c=3;  d=4"));
        filter_cookies(&mut headers, own);
        let lines: Vec<_> = headers.get_all(COOKIE).iter().map(|l| l.to_str().unwrap()).collect();
        assert_eq!(lines, ["a=\"x y\";b = 2", "c=3;  d=4"]);
    }

    #[test]
    fn cookies_that_http_2_sent_one_by_one_become_one_line() {
        let mut headers = HeaderMap::new();
        headers.append(COOKIE, HeaderValue::from_static("a=1"));
        headers.append(COOKIE, HeaderValue::from_static("gate_s=2"));
        headers.append(COOKIE, HeaderValue::from_static("b=3"));
        join_cookies(&mut headers);
        filter_cookies(&mut headers, own);
        assert_eq!(headers.get_all(COOKIE).iter().collect::<Vec<_>>(), ["a=1; b=3"]);
    }

    #[test]
    fn a_cookie_of_the_app_that_would_pass_for_ours_is_dropped() {
        let mut headers = HeaderMap::new();
        headers.append(SET_COOKIE, HeaderValue::from_static("JSESSIONID=1; Path=/"));
        headers.append(SET_COOKIE, HeaderValue::from_static("gate_s=evil; Path=/"));
        filter_set_cookies(&mut headers, own);
        let lines: Vec<_> = headers.get_all(SET_COOKIE).iter().collect();
        assert_eq!(lines, ["JSESSIONID=1; Path=/"]);
    }

    #[test]
    fn headers_of_one_connection_go_and_those_that_connection_names() {
        let mut headers = HeaderMap::new();
        headers.append(CONNECTION, HeaderValue::from_static("keep-alive, X-Private"));
        headers.append("x-private", HeaderValue::from_static("1"));
        headers.append("keep-alive", HeaderValue::from_static("timeout=5"));
        headers.append("te", HeaderValue::from_static("trailers"));
        headers.append("x-other", HeaderValue::from_static("stays"));
        strip_hop_by_hop(&mut headers, false);
        let names: Vec<_> = headers.keys().map(HeaderName::as_str).collect();
        assert_eq!(names, ["x-other"]);
    }
}
