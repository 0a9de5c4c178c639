//! A form that a page posts with a message of SAML in it (saml-bindings §3.5.4).

use std::borrow::Cow;

use bytes::Bytes;
use gateway::{Body, GatewayError};
use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};
use thiserror::Error;

impl FormError {
    /// The status that says so.
    pub fn status(&self) -> StatusCode {
        match self {
            FormError::Body(GatewayError::TooLarge(_)) => StatusCode::PAYLOAD_TOO_LARGE,
            FormError::Body(GatewayError::BodySlow(_)) => StatusCode::REQUEST_TIMEOUT,
            FormError::Body(GatewayError::Busy) => StatusCode::SERVICE_UNAVAILABLE,
            FormError::ContentType(_) | FormError::Body(_) => StatusCode::BAD_REQUEST,
        }
    }
}

/// What a browser posted, as `application/x-www-form-urlencoded`.
pub struct PostedForm(Bytes);

/// Why it is no form.
#[derive(Debug, Error)]
pub enum FormError {
    /// It says that it is something else.
    #[error("the content type is {0:?}, not that of a form")]
    ContentType(String),
    /// It has more bytes than fit, took too long, or broke off.
    #[error("the form could not be read: {0}")]
    Body(#[from] GatewayError),
}

impl PostedForm {
    /// Reads a form of at most `limit` bytes.
    ///
    /// # Errors
    /// When it is none, or too large.
    pub async fn read(headers: &HeaderMap, body: Body, limit: usize) -> Result<Self, FormError> {
        let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let essence = content_type.and_then(|text| text.split(';').next()).unwrap_or_default();
        if !essence.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            return Err(FormError::ContentType(essence.trim().to_owned()));
        }
        Ok(PostedForm(gateway::collect(body, limit).await?))
    }

    /// Names and values in their order, decoded as the URL standard says.
    pub fn fields(&self) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
        url::form_urlencoded::parse(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn refuses_what_is_no_form() {
        let body = || gateway::full("a=b");
        let mut headers = HeaderMap::new();
        let read = PostedForm::read(&headers, body(), 10).await;
        assert!(matches!(read, Err(FormError::ContentType(said)) if said.is_empty()));
        let form = "Application/X-WWW-form-urlencoded ; charset=UTF-8".parse().unwrap();
        headers.insert(CONTENT_TYPE, form);
        assert!(PostedForm::read(&headers, body(), 10).await.is_ok());
        let read = PostedForm::read(&headers, body(), 2).await;
        assert!(matches!(read, Err(FormError::Body(GatewayError::TooLarge(2)))));
    }
}
