//! What every answer of a double carries besides its page: the user's name, request ids, the
//! anonymous session's cookies, compression.

use std::convert::Infallible;
use std::io::Write as _;

use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use futures_util::stream;
use http::header::{
    ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, SET_COOKIE, VARY,
};
use http::{HeaderName, HeaderValue, Method};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::App;
use super::visitor::Visitor;
use crate::process;

/// What the end must know about the request.
pub(crate) struct Asked {
    gzip: bool,
    /// Whether a browser wants a page: only those get a session without a log-in.
    page: bool,
}

/// A page held whole until it is sent, so that it can be cut and compressed here.
#[derive(Clone)]
pub(crate) struct WholePage(pub(crate) String);

/// Left as they are in `X-AUSERNAME`; everything else is percent-encoded [I].
const IN_A_NAME: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_');

/// A container's buffer: bigger pages leave in several chunks without a length.
const CHUNK: usize = 1024;

impl Asked {
    pub(crate) fn of(request: &Request) -> Self {
        let accepted = request.headers().get_all(ACCEPT_ENCODING).iter();
        let gzip = accepted
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .any(|coding| coding.trim().eq_ignore_ascii_case("gzip"));
        let page = request.method() == Method::GET && !request.uri().path().starts_with("/rest/");
        Asked { gzip, page }
    }
}

/// The answer as it leaves.
pub(crate) fn finish(
    app: &App,
    asked: &Asked,
    visitor: &Visitor,
    mut response: Response,
) -> Response {
    let page = response.extensions_mut().remove::<WholePage>();
    let is_page = page.is_some();
    if let Some(WholePage(text)) = page {
        response = send(response, text, asked.gzip && app.modes.lock().gzip);
    }
    let headers = response.headers_mut();
    for (name, value) in &visitor.headers {
        headers.append(name, value.clone());
    }
    // A log-in in this very answer has named its user already.
    headers
        .entry(HeaderName::from_static("x-ausername"))
        .or_insert_with(|| user_header(visitor.user.as_deref()));
    if let Ok(id) = HeaderValue::from_str(&process::token()[..16]) {
        headers.insert(HeaderName::from_static("x-arequestid"), id);
    }
    headers
        .insert(HeaderName::from_static("x-frame-options"), HeaderValue::from_static("SAMEORIGIN"));
    headers.insert(
        HeaderName::from_static("content-security-policy"),
        HeaderValue::from_static("frame-ancestors 'self'"),
    );
    if let Some(policy) = app.behaviour.reported_policy.filter(|_| is_page) {
        headers.insert(
            HeaderName::from_static("content-security-policy-report-only"),
            HeaderValue::from_static(policy),
        );
    }
    if asked.page && is_page && visitor.session.is_none() && !headers.contains_key(SET_COOKIE) {
        for value in app.open_session(None).1 {
            headers.append(SET_COOKIE, value);
        }
    }
    response
}

/// The value of `X-AUSERNAME`, which every answer carries: `anonymous` without a user [C].
pub(crate) fn user_header(user: Option<&str>) -> HeaderValue {
    let name = user.map(|user| utf8_percent_encode(user, IN_A_NAME).to_string());
    let name = name.unwrap_or_else(|| "anonymous".to_owned());
    HeaderValue::from_str(&name).unwrap_or(HeaderValue::from_static("anonymous"))
}

fn send(response: Response, text: String, gzip: bool) -> Response {
    let (mut head, _) = response.into_parts();
    let mut body = text.into_bytes();
    head.headers.insert(VARY, HeaderValue::from_static("User-Agent, Accept-Encoding"));
    if gzip && let Ok(compressed) = compress(&body) {
        head.headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        body = compressed;
    }
    head.headers.remove(CONTENT_LENGTH);
    head.headers.entry(CONTENT_TYPE).or_insert(HeaderValue::from_static("text/html;charset=UTF-8"));
    let chunks: Vec<Result<Bytes, Infallible>> =
        body.chunks(CHUNK).map(|chunk| Ok(Bytes::copy_from_slice(chunk))).collect();
    Response::from_parts(head, Body::from_stream(stream::iter(chunks)))
}

fn compress(body: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(body)?;
    encoder.finish()
}
