//! Answers: an entity, a refusal with a reason, or plain text where clients show it to a person.
//!
//! A refused person is never 401 or 403: by these clients understand that the *application* was
//! refused, and do not read the body.

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use crowd::entity::error::ErrorBody;
use crowd::{BodyError, Entity, Format, Reason, encode};
use store::StoreError;

/// An entity with status 200.
pub(super) fn entity(entity: &impl Entity, format: Format) -> Response {
    body(StatusCode::OK, format.content_type(), Body::from(encode(entity, format)))
}

/// A body of any kind.
pub(super) fn body(status: StatusCode, content_type: &'static str, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

/// Why a request gets no entity.
pub(super) enum Refusal {
    /// With a reason for the client's program.
    Reason { status: StatusCode, reason: Reason, message: String },
    /// With one sentence for the administrator who reads it in the application.
    Text { status: StatusCode, text: String },
    /// The store did not answer: try again. A synchronisation that meets this aborts without harm.
    Store(StoreError),
}

impl Refusal {
    pub(super) fn text(status: StatusCode, text: impl Into<String>) -> Self {
        Self::Text { status, text: text.into() }
    }

    pub(super) fn reason(status: StatusCode, reason: Reason, message: impl Into<String>) -> Self {
        Self::Reason { status, reason, message: message.into() }
    }

    pub(super) fn illegal_argument(message: impl Into<String>) -> Self {
        Self::reason(StatusCode::BAD_REQUEST, Reason::IllegalArgument, message)
    }

    pub(super) fn no_such_user(status: StatusCode, name: &str) -> Self {
        Self::reason(status, Reason::UserNotFound, format!("User <{name}> does not exist"))
    }

    pub(super) fn no_such_group(name: &str) -> Self {
        let message = format!("Group <{name}> does not exist");
        Self::reason(StatusCode::NOT_FOUND, Reason::GroupNotFound, message)
    }

    pub(super) fn no_such_membership(child: &str, parent: &str) -> Self {
        let message = format!("<{child}> is not a member of group <{parent}>");
        Self::reason(StatusCode::NOT_FOUND, Reason::MembershipNotFound, message)
    }

    pub(super) fn unknown_resource() -> Self {
        Self::text(StatusCode::NOT_FOUND, "This server does not offer that resource.")
    }

    /// Applications that use SSO tokens ask for these.
    pub(super) fn no_sessions() -> Self {
        let text = "This server keeps no SSO sessions yet: let the application check passwords \
                    (POST /authentication).";
        Self::text(StatusCode::NOT_FOUND, text)
    }

    pub(super) fn read_only() -> Self {
        Self::text(StatusCode::FORBIDDEN, "This directory is read-only")
    }

    /// Too many passwords wait to be looked at.
    pub(super) fn busy() -> Self {
        let text = "Samlgate looks at too many passwords at once. Try again in a moment.";
        Self::text(StatusCode::SERVICE_UNAVAILABLE, text)
    }

    pub(super) fn into_response(self, format: Format) -> Response {
        match self {
            Self::Reason { status, reason, message } => {
                let error = encode(&ErrorBody { reason, message }, format);
                body(status, format.content_type(), Body::from(error))
            }
            Self::Text { status, text } => {
                let mut response = plain(status, text);
                if status == StatusCode::UNAUTHORIZED {
                    let challenge = HeaderValue::from_static("BASIC realm=\"Samlgate Crowd API\"");
                    response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
                } else if status == StatusCode::SERVICE_UNAVAILABLE {
                    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("5"));
                }
                response
            }
            Self::Store(error @ (StoreError::Conflict(_) | StoreError::Corrupt(_))) => {
                tracing::error!(error = %error, "a Crowd request failed");
                plain(StatusCode::INTERNAL_SERVER_ERROR, "Samlgate's log says what failed.".into())
            }
            Self::Store(error) => {
                tracing::error!(error = %error, "a Crowd request failed: no database");
                let text = "Samlgate's database is not available. Try again in a moment.";
                Self::text(StatusCode::SERVICE_UNAVAILABLE, text).into_response(format)
            }
        }
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<BodyError> for Refusal {
    /// The message of such an error quotes nothing of the body, which may hold a password.
    fn from(error: BodyError) -> Self {
        Self::illegal_argument(error.to_string())
    }
}

fn plain(status: StatusCode, text: String) -> Response {
    body(status, "text/plain; charset=utf-8", Body::from(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_that_is_away_is_a_503_that_says_when_to_try_again() {
        let away = Refusal::from(StoreError::Unavailable("no route to 192.0.2.1".to_owned()));
        let response = away.into_response(Format::Xml);
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(response.headers()[RETRY_AFTER], "5");
        let damaged = Refusal::from(StoreError::Corrupt("row 7".to_owned()));
        let response = damaged.into_response(Format::Xml);
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    }
}
