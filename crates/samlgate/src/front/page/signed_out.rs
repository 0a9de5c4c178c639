//! What a person sees after logging out.

use gateway::Body;
use http::header::{HeaderValue, RETRY_AFTER};
use http::{Response, StatusCode};
use maud::html;

use super::{layout, style_of};
use crate::front::answer;
use crate::front::visit::Visit;

/// How far a log-out went. The session here is over in each case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignedOut {
    /// Here, at the IdP and at all other services.
    Everywhere,
    /// Here and at the IdP; some other service was not reached.
    Partly,
    /// Here only: the IdP did not confirm, or cannot be asked.
    HereOnly,
}

/// The page after a log-out.
pub fn signed_out(visit: &Visit, how: SignedOut) -> Response<Body> {
    let name = &visit.app.name;
    let (title, text) = match how {
        SignedOut::Everywhere => (
            "You are signed out",
            format!("You are signed out of {name} and of your company account."),
        ),
        SignedOut::Partly => (
            "You are signed out",
            format!(
                "You are signed out of {name} and of your company account. Other applications may \
                 still know you: close the browser to be sure."
            ),
        ),
        SignedOut::HereOnly => (
            "You are signed out of this app",
            format!(
                "You are signed out of {name}. Your company account may still be signed in: on a \
                 shared computer, close the browser."
            ),
        ),
    };
    let body = html! {
        p { (text) }
        p class="actions" {
            a class="button" href=(format!("{}/", visit.app.context_path)) { "Back to " (name) }
        }
    };
    answer::html(StatusCode::OK, layout(title, &style_of(&visit.app), body))
}

/// A message at the log-out endpoint that was not accepted. Nothing happened.
pub fn log_out_refused(visit: &Visit, status: StatusCode) -> Response<Body> {
    let name = &visit.app.name;
    let body = html! {
        p { "Nothing was changed. To sign out, please use the log-out of " (name) " itself." }
        p class="actions" {
            a class="button" href=(format!("{}/", visit.app.context_path)) { "Back to " (name) }
        }
        p class="quiet" {
            "If you ask for help, give this number: " code { (visit.request_id) }
        }
    };
    let page = layout("Signing out did not work", &style_of(&visit.app), body);
    let mut response = answer::html(status, page);
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("10"));
    }
    response
}
