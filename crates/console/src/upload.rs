//! Posted forms, also those that bring a file: each part becomes a field.

use axum::RequestExt as _;
use axum::extract::{Form, FromRequest, Multipart, Request};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};
use maud::html;

use super::carried::text_of;
use super::form::Fields;
use super::frame;

/// The fields of a form in either of the two encodings that browsers use. A file counts as text.
pub(super) struct Posted(pub(super) Fields);

impl<S: Send + Sync> FromRequest<S> for Posted {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        if !kind.is_some_and(|kind| kind.starts_with("multipart/form-data")) {
            let form = Form::<Fields>::from_request(request, state).await;
            let Form(form) = form.map_err(|error| error.into_response())?;
            let mut fields = Fields::default();
            for (name, text) in form.pairs() {
                fields.push(name.to_owned(), text_of(text.as_bytes()));
            }
            return Ok(Posted(fields));
        }
        let parts = request.with_limited_body();
        let mut parts = Multipart::from_request(parts, state).await.map_err(|_| unread())?;
        let mut fields = Fields::default();
        while let Some(part) = parts.next_field().await.map_err(|_| unread())? {
            let name = part.name().unwrap_or_default().to_owned();
            let content = part.bytes().await.map_err(|_| unread())?;
            fields.push(name, text_of(&content));
        }
        Ok(Posted(fields))
    }
}

/// Beyond the limit of a body, cut off, or no form: what was typed cannot be shown again.
pub(super) fn unread() -> Response {
    let body = html! {
        p { "It is larger than 4 MB, or it was cut off. Nothing was saved." }
        p { "Metadata of a whole federation is read by its address: write that under Metadata URL." }
        p { a href="/idps" { "To the identity providers" } }
    };
    frame::plain(StatusCode::PAYLOAD_TOO_LARGE, "The form could not be read", body)
}

/// Bytes of a posted form at most, its file included.
pub(super) const LARGEST: usize = 4 << 20;
