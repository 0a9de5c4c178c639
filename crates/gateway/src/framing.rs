//! Refuses requests whose end two readers could see at different places (RFC 9112 §6.3, §11.2).
//!
//! The HTTP library refuses most of this already; what it would resolve silently is refused here,
//! so that gateway and app can never disagree.

use http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};
use http::{Request, Version};

use crate::{Body, GatewayError};

/// Checks the framing headers of a request that came in.
pub(crate) fn check(request: &Request<Body>) -> Result<(), GatewayError> {
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
    let chunked = |value: &http::HeaderValue| value.as_bytes().eq_ignore_ascii_case(b"chunked");
    if encoding.is_some_and(|encoding| !chunked(encoding) || request.version() < Version::HTTP_11) {
        return Err(GatewayError::BadRequest("This transfer encoding does not fit."));
    }
    Ok(())
}
