//! The page for whoever is outside: it asks for the password.

use axum::http::StatusCode;
use axum::response::Response;
use maud::html;

use crate::form::{Errors, Field, Fields};
use crate::frame;

/// The page for whoever has no session. It tells nothing about the installation.
pub(super) fn outside() -> Response {
    sign_in(StatusCode::UNAUTHORIZED, &Errors::default(), &Fields::default())
}

/// The same, and back to a page afterwards.
pub(super) fn outside_from(path: &str) -> Response {
    let fields = Fields::of(&[("then", path)]);
    sign_in(StatusCode::UNAUTHORIZED, &Errors::default(), &fields)
}

/// The page that asks for the password.
pub(super) fn sign_in(status: StatusCode, errors: &Errors, fields: &Fields) -> Response {
    let then = own_path(fields.text("then"));
    let body = html! {
        p class="quiet" { "This is the console of Samlgate." }
        form method="post" action="/sign-in" {
            @if then != "/" { input type="hidden" name="then" value=(then); }
            (Field::new("password", "Password").secret("current-password").render(errors))
            p class="actions" { button class="button" { "Sign in" } }
        }
        details {
            summary { "No password yet, or forgotten?" }
            p {
                "On the server, " code { "samlgate console-link" } " prints a link. It works once, within "
                "one hour."
            }
        }
    };
    frame::plain(status, "Sign in", body)
}

/// A path of the console itself; anything else is its first page.
pub(super) fn own_path(path: &str) -> &str {
    let fits =
        path.starts_with('/') && !path.starts_with("//") && !path.contains(['\\', '\r', '\n']);
    if fits && path.is_ascii() { path } else { "/" }
}
