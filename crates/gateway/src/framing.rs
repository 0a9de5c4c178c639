//! How long a body is said to be (RFC 9112 §6.3): one way of saying it, both ways through.
//!
//! What came over the wire is checked where it is read; this is the second line, for requests from
//! any source, and it keeps an answer from saying two lengths.

use http::header::{CONTENT_LENGTH, HeaderValue, TRANSFER_ENCODING};
use http::{Method, Request, Response, Version};
use hyper::body::Body as _;

use crate::{Body, GatewayError};

/// Checks the framing headers of a request that came in.
pub(crate) fn check(request: &Request<Body>) -> Result<(), GatewayError> {
    if *request.method() == Method::CONNECT {
        return Err(GatewayError::BadRequest("This is no proxy to other places."));
    }
    let headers = request.headers();
    let mut lengths = headers.get_all(CONTENT_LENGTH).iter();
    let mut encodings = headers.get_all(TRANSFER_ENCODING).iter();
    let (length, encoding) = (lengths.next(), encodings.next());
    if lengths.next().is_some() || encodings.next().is_some() {
        return Err(GatewayError::BadRequest("The length of the request is given twice."));
    }
    if length.is_some() && encoding.is_some() {
        return Err(GatewayError::BadRequest("The length of the request is given in two ways."));
    }
    if length.is_some_and(|length| !length.as_bytes().iter().all(u8::is_ascii_digit)) {
        return Err(GatewayError::BadRequest("The length of the request is not a number."));
    }
    let chunked = |value: &HeaderValue| value.as_bytes().eq_ignore_ascii_case(b"chunked");
    if encoding.is_some_and(|encoding| !chunked(encoding) || request.version() < Version::HTTP_11) {
        return Err(GatewayError::BadRequest("This transfer encoding does not fit."));
    }
    Ok(())
}

/// Says how the request's body is sent on. Without this the library would take a GET whose length
/// is not known for one without a body, and lose it.
pub(crate) fn announce(request: &mut Request<Body>) {
    let known = request.body().is_end_stream() || request.headers().contains_key(CONTENT_LENGTH);
    if !known && request.body().size_hint().exact().is_none() {
        request.headers_mut().insert(TRANSFER_ENCODING, HeaderValue::from_static("chunked"));
    }
}

/// An answer in chunks has no other length (RFC 9112 §6.3 rule 3).
pub(crate) fn one_length<B>(response: &mut Response<B>) {
    if response.headers().contains_key(TRANSFER_ENCODING) {
        response.headers_mut().remove(CONTENT_LENGTH);
    }
}
