//! What the pages of both apps have in common: how they are sent, redirects, return addresses, and
//! the end of a log-in by form.

use axum::response::{IntoResponse as _, Response};
use http::header::{LOCATION, SET_COOKIE};
use http::{HeaderName, HeaderValue, StatusCode};
use maud::Markup;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

use super::App;
use super::decoration::{WholePage, user_header};
use super::log_in::{LogIn, LoginReason};
use super::visitor::Visitor;

/// The fields of a log-in form, as the stock forms name them [C].
#[derive(Deserialize)]
pub(crate) struct Credentials {
    #[serde(default)]
    pub(crate) os_username: String,
    #[serde(default)]
    pub(crate) os_password: String,
    #[serde(default)]
    pub(crate) os_destination: Option<String>,
}

/// The query of a log-in page.
#[derive(Default, Deserialize)]
pub(crate) struct Destination {
    #[serde(default)]
    pub(crate) os_destination: Option<String>,
}

/// A page, sent in chunks and compressed when asked for.
pub(crate) fn page(markup: Markup) -> Response {
    let mut response = StatusCode::OK.into_response();
    response.extensions_mut().insert(WholePage(markup.into_string()));
    response
}

/// The same with another status.
pub(crate) fn page_with(status: StatusCode, markup: Markup) -> Response {
    let mut response = page(markup);
    *response.status_mut() = status;
    response
}

impl App {
    /// A redirect whose address is absolute, built from the connector.
    pub(crate) fn redirect(&self, path: &str) -> Response {
        let location = HeaderValue::from_str(&self.url(path)).ok();
        let location = location.unwrap_or(HeaderValue::from_static("/"));
        (StatusCode::FOUND, [(LOCATION, location)]).into_response()
    }

    /// To the log-in page, as a protected page sends a stranger there.
    pub(crate) fn ask_to_log_in(&self, wanted: &str) -> Response {
        let wanted = utf8_percent_encode(wanted, NON_ALPHANUMERIC);
        // The order of the two in Confluence is [I].
        self.redirect(&if self.is_jira() {
            format!("/login.jsp?permissionViolation=true&os_destination={wanted}")
        } else {
            format!("/login.action?os_destination={wanted}&permissionViolation=true")
        })
    }

    /// Where to go after a log-in: a path below the context, or the front page.
    pub(crate) fn destination(&self, wanted: Option<&str>) -> String {
        let wanted = wanted.filter(|path| path.starts_with('/') && !path.starts_with("//"));
        wanted.unwrap_or("/").to_owned()
    }

    /// What a good log-in adds to an answer: a new session in place of the old one.
    pub(crate) fn logged_in(&self, visitor: &Visitor, log_in: &LogIn, response: &mut Response) {
        self.leave(visitor);
        let (_, cookies) = self.open_session(log_in.user.as_deref());
        let headers = response.headers_mut();
        for value in cookies {
            headers.append(SET_COOKIE, value);
        }
        headers.extend(self.seraph_headers(log_in));
        let name = HeaderName::from_static("x-ausername");
        headers.insert(name, user_header(log_in.user.as_deref()));
    }

    /// What a log-out adds to an answer.
    pub(crate) fn logged_out(&self, visitor: &Visitor, response: &mut Response) {
        self.leave(visitor);
        let out = LogIn { reason: LoginReason::Out, user: None };
        let headers = response.headers_mut();
        for value in self.open_session(None).1 {
            headers.append(SET_COOKIE, value);
        }
        headers.extend(self.seraph_headers(&out));
        headers.insert(HeaderName::from_static("x-ausername"), user_header(None));
    }

    fn leave(&self, visitor: &Visitor) {
        if let Some(session) = &visitor.session {
            self.sessions.lock().end(session);
        }
    }
}

/// What the log-in page says after a refusal; `None`: nothing was refused.
pub(crate) fn refusal_text(reason: LoginReason) -> Option<&'static str> {
    match reason {
        LoginReason::Ok | LoginReason::Out => None,
        LoginReason::AuthenticatedFailed => {
            Some("Your name and password do not belong together. Try again.")
        }
        LoginReason::AuthenticationDenied => Some(
            "Too many log-ins failed. Solve the CAPTCHA below, or ask an administrator to reset \
             the count.",
        ),
        LoginReason::AuthorisationFailed => {
            Some("You have an account, but no permission to use this application.")
        }
    }
}
