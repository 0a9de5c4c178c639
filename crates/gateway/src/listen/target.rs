//! Targets with a byte that cannot stand there, over HTTP/1.1: answered in words, since a person may
//! have written the link. Where the byte is, the wire ends the request in its own words, so that it
//! comes through the library in its turn.
//!
//! Over HTTP/2 the library judges by itself: it resets a stream with a quote or an angle bracket in its
//! path, and cuts off what follows a `#`.

use http::header::{CONTENT_TYPE, HeaderName, HeaderValue, X_CONTENT_TYPE_OPTIONS};
use http::{Request, Response, StatusCode};

use crate::{Body, full};

/// What the wire reads in place of the byte and all that follows. A client that sends the header by
/// itself is refused, too.
pub(super) const REST_OF_REFUSED: &[u8] =
    b" HTTP/1.1\r\nconnection: close\r\nsamlgate-refused-target: 1\r\n\r\n";

const MARK: HeaderName = HeaderName::from_static("samlgate-refused-target");

/// The answer to a request whose target was refused.
pub(super) fn refusal(request: &Request<Body>) -> Option<Response<Body>> {
    if !request.headers().contains_key(MARK) {
        return None;
    }
    let mut response = Response::new(full(
        "The address holds one of the characters \" # < > as it is. Write %22, %23, %3C or %3E.\n",
    ));
    *response.status_mut() = StatusCode::BAD_REQUEST;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    Some(response)
}
