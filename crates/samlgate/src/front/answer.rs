//! Small answers of Samlgate's own: redirects, pages, files.

use bytes::Bytes;
use gateway::Body;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue, LOCATION, REFERRER_POLICY,
    RETRY_AFTER, SET_COOKIE, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use http::{Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use maud::Markup;
use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};

/// Nothing but our own stylesheet and script; forms go to our own pages only.
const PAGE_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' \
                           data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// A page of ours.
pub fn html(status: StatusCode, markup: Markup) -> Response<Body> {
    let mut response = whole(status, "text/html; charset=utf-8", markup.into_string());
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(PAGE_POLICY));
    headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// A line of plain text.
pub fn text(status: StatusCode, text: &str) -> Response<Body> {
    whole(status, "text/plain; charset=utf-8", format!("{text}\n"))
}

/// The same for a script: JSON with a `message`, never kept by a cache.
pub fn message(status: StatusCode, text: &str) -> Response<Body> {
    let json = serde_json::json!({ "message": text }).to_string();
    let mut response = whole(status, "application/json", json);
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// "Not now" in a line of plain text (RFC 9110 §15.6.4).
pub fn try_again(reason: &str) -> Response<Body> {
    let mut response = text(StatusCode::SERVICE_UNAVAILABLE, reason);
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("10"));
    response
}

/// A file that is part of the program; it changes with the program only.
pub fn file(content_type: &'static str, content: &'static str) -> Response<Body> {
    let mut response = whole(StatusCode::OK, content_type, content);
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=3600"));
    response
}

/// An answer whose body is known.
pub fn whole(
    status: StatusCode,
    content_type: &'static str,
    content: impl Into<Bytes>,
) -> Response<Body> {
    let mut response = Response::new(body(content));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// "Go there with GET" (RFC 9110 §15.4.4), never kept by a cache.
pub fn see_other(location: &str) -> Response<Body> {
    let mut response = Response::new(body(Bytes::new()));
    *response.status_mut() = StatusCode::SEE_OTHER;
    if let Ok(location) = HeaderValue::from_str(&ascii_url(location)) {
        response.headers_mut().insert(LOCATION, location);
    }
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Adds a Set-Cookie line.
pub fn add_cookie(response: &mut Response<Body>, cookie: &str) {
    if let Ok(cookie) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
}

/// The address with everything outside ASCII percent-encoded, as a Location header needs it.
pub fn ascii_url(address: &str) -> String {
    utf8_percent_encode(address, CONTROLS).to_string().replace(' ', "%20")
}

/// `address` with one more parameter.
pub fn with(mut address: String, name: &str, value: &str) -> String {
    address.push(if address.contains('?') { '&' } else { '?' });
    address.push_str(name);
    address.push('=');
    address.extend(utf8_percent_encode(value, IN_QUERY));
    address
}

/// What needs no encoding in a query, so that addresses can be read.
const IN_QUERY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.');

fn body(content: impl Into<Bytes>) -> Body {
    Full::new(content.into()).map_err(|never| match never {}).boxed_unsync()
}
