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

/// A path of the console itself; anything else is its first page. Each byte must be one that a path or
/// query is written with (RFC 3986 §3.3, §3.4): what browsers take out or take for a slash is none.
pub(super) fn own_path(path: &str) -> &str {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~%!$&'()*+,;=:@/?".contains(&byte);
    let way = path.split('?').next().unwrap_or_default();
    let is_own = way.starts_with('/') && !way.contains("//") && path.bytes().all(fits);
    if is_own { path } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_back_holds_no_byte_that_a_browser_reads_otherwise() {
        for own in ["/", "/apps", "/attempts?outcome=refused&user=a%2Fb", "/users/z%C3%B6e?q=//x"] {
            assert_eq!(own_path(own), own);
        }
        for byte in 0..=255_u8 {
            let path = format!("/{}/evil.example/", char::from(byte));
            let is_letter = byte.is_ascii_alphanumeric() || b"-._~%!$&'()*+,;=:@?".contains(&byte);
            assert_eq!(own_path(&path) == path, is_letter, "{byte:#x}");
        }
        for other in
            ["", "apps", "//evil.example", "/a//evil.example", "https://evil.example/", "?/"]
        {
            assert_eq!(own_path(other), "/", "{other}");
        }
    }
}
