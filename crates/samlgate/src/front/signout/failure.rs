//! Why a log-out message changed nothing: for the operator in the log, for the person a calm page.

use gateway::Body;
use http::{Response, StatusCode};
use saml::LogoutRejection;
use saml::dsig::SignError;
use store::StoreError;
use thiserror::Error;

use crate::front::form::FormError;
use crate::front::page;
use crate::front::refusal::Refusal;
use crate::front::visit::Visit;

/// Why a log-out message changed nothing.
#[derive(Debug, Error)]
pub(super) enum Failure {
    /// It breaks a rule.
    #[error(transparent)]
    Rejected(#[from] LogoutRejection),
    /// It breaks a rule that all messages share, and newer keys of the IdP are no help; or it was
    /// not looked at, since too many wait.
    #[error("{}", .0.detail)]
    Refused(Box<Refusal>),
    /// It is no form.
    #[error(transparent)]
    Form(#[from] FormError),
    /// It is no form of a log-out message.
    #[error("{0}")]
    Fields(&'static str),
    /// No IdP of this name serves the app.
    #[error("no IdP named {0:?} serves this app")]
    IdpUnknown(String),
    /// An answer to a request that this browser did not send.
    #[error("this browser waits for no answer to a log-out")]
    NothingPending,
    /// The database is away.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The answer could not be signed.
    #[error(transparent)]
    Sign(#[from] SignError),
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Failure::Refused(Box::new(refusal))
    }
}

impl Failure {
    /// Logs it and shows that nothing was changed.
    pub(super) fn answer(&self, visit: &Visit) -> Response<Body> {
        self.log(visit);
        let status = match self {
            Failure::Rejected(_) => StatusCode::FORBIDDEN,
            Failure::Refused(refusal) => refusal.status,
            Failure::Form(error) => error.status(),
            Failure::Fields(_) | Failure::IdpUnknown(_) | Failure::NothingPending => {
                StatusCode::BAD_REQUEST
            }
            Failure::Store(_) => StatusCode::SERVICE_UNAVAILABLE,
            Failure::Sign(_) => StatusCode::INTERNAL_SERVER_ERROR,
        };
        page::log_out_refused(visit, status)
    }

    /// Logs it, with rule and hint.
    pub(super) fn log(&self, visit: &Visit) {
        let (code, rule, hint) = self.words();
        // What an unauthenticated message brings fills no log.
        let detail: String = self.to_string().chars().take(300).collect();
        tracing::warn!(
            request.id = visit.request_id,
            app = visit.app.name,
            code,
            rule,
            hint,
            detail,
            "log-out message refused"
        );
    }

    /// Code, rule and hint.
    fn words(&self) -> (&'static str, &'static str, &str) {
        match self {
            Failure::Rejected(rejection) => (rejection.code(), rejection.rule(), rejection.hint()),
            Failure::Refused(refusal) => (refusal.code, refusal.rule, refusal.hint.as_ref()),
            Failure::Form(_) | Failure::Fields(_) => (
                "logout_form",
                "saml-bindings §3.5.4",
                "This is the address for the IdP's log-out messages; people use the app's own log-out. \
                 If the IdP posts here, let it send SAMLRequest or SAMLResponse in a form.",
            ),
            Failure::IdpUnknown(_) => (
                "logout_idp",
                "saml-profiles §4.4.4.1",
                "If this is another name of an IdP here: `idp set NAME --issuer-alias ID`.",
            ),
            Failure::NothingPending => (
                "logout_unknown",
                "Samlgate: an answer is taken only from the browser that asked",
                "Usually a reload or a bookmark of the IdP's page: nothing needs to be done. If it comes \
                 with each log-out, see whether cookies of the app's host are blocked.",
            ),
            Failure::Store(_) => (
                "database",
                "Samlgate: a log-out ends its sessions whole or not at all",
                "See the log; `samlgate check` tells whether the database can be reached.",
            ),
            Failure::Sign(_) => (
                "cannot_sign",
                "Samlgate: requests are signed with the SP's own key",
                "See `samlgate check`; `samlgate sp-key` makes and activates a new key.",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use http::Method;
    use http::header::{CONTENT_TYPE, HeaderValue};
    use saml::MessageKind;
    use serde_json::json;

    use super::*;
    use crate::front::signout::{asked, confirmed, message};
    use crate::front::visit::tests::visit;

    #[test]
    fn the_manual_says_of_each_failure_what_is_said_here() {
        let every = [
            Failure::Fields("x"),
            Failure::IdpUnknown("x".to_owned()),
            Failure::NothingPending,
            Failure::Store(StoreError::Unavailable(String::new())),
            Failure::Sign(SignError::TooLong),
        ];
        let words = every.iter().map(Failure::words).map(|(code, _, hint)| (code, hint));
        testkit::refusals::assert_in_manual(words);
    }

    /// Why what came to the log-out address changed nothing.
    async fn refused(method: Method, query: &str, body: &str) -> &'static str {
        let (mut visit, _folder) = visit(json!({}), "").await;
        visit.uri = format!("/?{query}").parse().unwrap();
        let form = "application/x-www-form-urlencoded";
        visit.headers.insert(CONTENT_TYPE, HeaderValue::from_static(form));
        let message = message::read(&visit, &method, gateway::full(body.to_owned())).await;
        let answered = match message {
            Err(failure) => return failure.words().0,
            Ok(message) if message.kind() == MessageKind::Request => {
                asked::answer(&visit, &message).await
            }
            Ok(message) => confirmed::answer(&visit, &message).await,
        };
        answered.unwrap_err().words().0
    }

    #[tokio::test]
    async fn what_changes_nothing_at_the_log_out_address_has_a_code() {
        let slo_url = "https://jira.example.com/plugins/servlet/saml/logout";
        let posted = |name: &str, xml: String| {
            url::form_urlencoded::Serializer::new(String::new())
                .append_pair(name, &STANDARD.encode(xml))
                .finish()
        };
        let request = testkit::Logout::request("https://nobody.example.com/", slo_url).xml();
        let answer = testkit::Logout::response("https://idp.example.com/", slo_url, "_a").xml();
        for (method, body, code) in [
            (Method::GET, String::new(), "logout_parameters"),
            (Method::POST, "a=b".to_owned(), "logout_form"),
            (Method::POST, posted("SAMLRequest", request), "logout_idp"),
            (Method::POST, posted("SAMLResponse", answer), "logout_unknown"),
        ] {
            assert_eq!(refused(method, "", &body).await, code, "{body}");
        }
    }
}
