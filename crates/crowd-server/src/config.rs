//! `GET /config/cookie`: the SSO cookie. There are no SSO sessions yet, so no domain shares one.

use axum::response::Response;
use crowd::entity::cookie::CookieConfig;

use super::answer;
use super::call::Call;

/// The name that applications expect, for the host alone.
pub(super) fn cookie(call: &Call) -> Response {
    let cookie = CookieConfig { domain: None, secure: true, name: "crowd.token_key".to_owned() };
    answer::entity(&cookie, call.format)
}
