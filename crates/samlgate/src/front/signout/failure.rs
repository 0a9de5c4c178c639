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
        let (code, rule, hint) = match self {
            Failure::Rejected(rejection) => (rejection.code(), rejection.rule(), rejection.hint()),
            Failure::Refused(refusal) => (refusal.code, refusal.rule, refusal.hint.as_ref()),
            Failure::Form(_) | Failure::Fields(_) => (
                "logout_form",
                "saml-bindings §3.5.4",
                "This is the address for the IdP's log-out messages; people use the app's own \
                 log-out.",
            ),
            Failure::IdpUnknown(_) => (
                "logout_idp",
                "saml-profiles §4.4.4.1",
                "If this is another name of an IdP here: `idp set NAME --issuer-alias ID`.",
            ),
            Failure::NothingPending => (
                "logout_unknown",
                "Samlgate: an answer is taken only from the browser that asked",
                "Usually a reload or a bookmark of the IdP's page.",
            ),
            Failure::Store(_) => ("database", "", "See `samlgate check`."),
            Failure::Sign(_) => ("cannot_sign", "", "See `samlgate check` and `samlgate sp-key`."),
        };
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
}
