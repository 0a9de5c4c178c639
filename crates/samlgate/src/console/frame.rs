//! What all pages of the console have in common: frame, stylesheet, headers, and the page for
//! whoever is outside.

use axum::extract::Request;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, HeaderValue, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse as _, Response};
use maud::{Markup, html};
use store::StoreError;

use crate::page;

pub(super) const STYLE_PATH: &str = "/style.css";

/// A page for an administrator who is inside.
pub(super) fn inside(title: &str, body: Markup) -> Response {
    let body = html! {
        nav class="actions" aria-label="Console" {
            a href="/" { "Sign-ins" }
            form method="post" action="/leave" { button class="button" { "Leave the console" } }
        }
        (body)
    };
    whole(StatusCode::OK, title, body)
}

/// The page for whoever has no session. It tells nothing about the installation.
pub(super) fn outside() -> Response {
    let body = html! {
        p { "This is the console of Samlgate. You need a link to enter it." }
        p {
            code { "samlgate serve" } " prints one when it starts. A link works once, within one hour; "
            "restart the server to get another."
        }
    };
    whole(StatusCode::UNAUTHORIZED, "Please use your link", body)
}

/// Nothing is at this address.
pub(super) async fn not_found() -> Response {
    missing("There is no page at this address.")
}

/// Something asked for is not there.
pub(super) fn missing(text: &str) -> Response {
    let body = html! { p { (text) } p { a href="/" { "All sign-ins" } } };
    whole(StatusCode::NOT_FOUND, "Not found", body)
}

/// The database does not answer; the log says more.
pub(super) fn database_away(error: &StoreError) -> Response {
    tracing::error!(%error, "the console cannot read the database");
    let body = html! { p { "The database does not answer at the moment. Please try again soon." } };
    let mut response = whole(StatusCode::SERVICE_UNAVAILABLE, "Please try again in a moment", body);
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("10"));
    response
}

/// The stylesheet of all pages.
pub(super) async fn style() -> Response {
    ([(CONTENT_TYPE, "text/css; charset=utf-8")], page::STYLE).into_response()
}

/// Sets the headers that keep other sites, frames and caches out of every answer.
pub(super) async fn harden(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

fn whole(status: StatusCode, title: &str, body: Markup) -> Response {
    (status, Html(page::layout(title, STYLE_PATH, body).into_string())).into_response()
}

const HEADERS: [(HeaderName, &str); 5] = [
    (
        CONTENT_SECURITY_POLICY,
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src \
         'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    ),
    (X_FRAME_OPTIONS, "DENY"),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (REFERRER_POLICY, "no-referrer"),
    (CACHE_CONTROL, "no-store"),
];
