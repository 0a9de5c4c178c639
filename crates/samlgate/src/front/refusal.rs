//! Why a sign-in ended early: for the operator in full, for the person what can be said safely.

mod advice;
mod form;
mod keys;
mod status;

use std::borrow::Cow;
use std::time::Duration;

use http::StatusCode;
use installation::moment;
use installation::settings::Idp;
use installation::trust::{self, Expired, StaleKeys};
use store::StoreError;

use crate::front::verifier::Busy;

pub use advice::{Advice, Ended};

/// The end of an attempt. One place makes each kind, so codes stay stable.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// The HTTP status of the page.
    pub status: StatusCode,
    /// A stable name of the rule, for filters and statistics.
    pub code: &'static str,
    /// The clause of a standard, or of Samlgate's own rules.
    pub rule: &'static str,
    /// What the operator should do.
    pub hint: Cow<'static, str>,
    /// The measured values.
    pub detail: String,
    /// What the person is told.
    pub advice: Advice,
}

/// The rule that a sign-in broke.
struct Rule {
    /// Its stable name.
    code: &'static str,
    /// Where it is written.
    clause: &'static str,
}

/// Why a sign-in goes round and round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Round {
    /// The browser does not keep the session's cookie.
    CookieLost,
    /// Each session is over at once.
    SessionOver,
    /// The app asks again although there is a session.
    AskedAgain,
}

/// The code of a message that was not looked at, since too many wait.
pub const BUSY: &str = "busy";

/// Characters of [`Refusal::detail`] that are kept.
const DETAIL: usize = 2000;

impl Refusal {
    fn new(
        status: StatusCode,
        advice: Advice,
        Rule { code, clause }: Rule,
        hint: impl Into<Cow<'static, str>>,
        mut detail: String,
    ) -> Self {
        // Values of a message stand in it, and anybody may send one of a mebibyte.
        let end = detail.char_indices().nth(DETAIL).map_or(detail.len(), |(end, _)| end);
        detail.truncate(end);
        Refusal { status, code, rule: clause, hint: hint.into(), detail, advice }
    }

    /// The response answers a request that this browser does not hold.
    pub fn no_request_cookie() -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            Advice::NoCookie,
            Rule {
                code: "request_unknown",
                clause: "saml-profiles §4.1.4.3; Samlgate: an answer is taken only from the browser that asked",
            },
            "Usually a bookmark of the IdP's page, or blocked cookies; if everybody is concerned, check \
             that the public URL is https and the browser's own address.",
            "the response answers no request of a samlgate_request cookie that was sealed for this \
             browser"
                .to_owned(),
        )
    }

    /// The person took too long, twice.
    pub fn request_expired(lifetime: Duration) -> Self {
        let minutes = lifetime.as_secs() / 60;
        Self::new(
            StatusCode::BAD_REQUEST,
            Advice::StartAgain,
            Rule {
                code: "request_expired",
                clause: "Samlgate: a request is answered within 8 hours, within 10 minutes where \
                         people must sign in anew",
            },
            "The person stayed at the IdP for too long, or this node's clock moved.",
            format!("the request is older than {minutes} minutes"),
        )
    }

    /// The IdP answers in the address, by redirect or artifact.
    pub fn response_by_get(parameter: &str) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            Advice::Administrator,
            Rule { code: "response_by_get", clause: "saml-profiles §4.1.2" },
            "Set the IdP's response binding to HTTP-POST.",
            format!("the IdP answers in the address ({parameter}) and not in a form"),
        )
    }

    /// Three good answers within a minute led to nothing.
    pub fn going_round(round: Round) -> Self {
        let (advice, hint, detail) = match round {
            Round::CookieLost => (
                Advice::CookieLost,
                "The browser, or a proxy before Samlgate, drops the session's cookie: look at the \
                 Set-Cookie lines and cookies in the browser's developer tools.",
                "the session's cookie did not come back",
            ),
            Round::SessionOver => (
                Advice::SessionOver,
                "Each session was over at once: somebody or something ends it (log-out by the IdP, a \
                 clock that differs, an IdP that no longer serves this app).",
                "the session's cookie came back, but its session was over",
            ),
            Round::AskedAgain => (
                Advice::AskedAgain,
                "The app asks for a log-in although its session was opened: the browser or a proxy drops \
                 the app's cookie, or this user may not see the page (see the app's permissions).",
                "the app asked for a log-in again after its session was opened",
            ),
        };
        Self::new(
            StatusCode::FORBIDDEN,
            advice,
            Rule {
                code: "going_round",
                clause: "Samlgate: the third round within a minute is stopped",
            },
            hint,
            format!("three sign-ins within a minute ended in another one: {detail}"),
        )
    }

    /// Whether it stops endless rounds.
    pub fn goes_round(&self) -> bool {
        matches!(self.advice, Advice::CookieLost | Advice::SessionOver | Advice::AskedAgain)
    }

    /// Whether it may concern somebody who is signed in already: an answer from before that the browser
    /// posted again.
    pub fn may_be_from_before(&self) -> bool {
        matches!(self.code, "request_unknown" | "replay")
    }

    /// An unsolicited response, and no IdP for which that is allowed.
    pub fn unsolicited() -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            Advice::StartAgain,
            Rule { code: "unsolicited", clause: "saml-profiles §4.1.5" },
            "The IdP sent a response without a request. Start at the app, or set \
             `idp set NAME --allow-unsolicited` if people come from the IdP's portal.",
            "the response answers no request, and no IdP of that Issuer may begin a sign-in"
                .to_owned(),
        )
    }

    /// A link of the console that is not ours, for another app, or too old.
    pub fn old_link() -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            Advice::StartAgain,
            Rule {
                code: "guided_link",
                clause: "Samlgate: a link of the console leads to one app for some hours",
            },
            "Make a new link in the console.",
            "the link is too old, cut off, or of another app".to_owned(),
        )
    }

    /// The IdP named by the request or the address is not there any more.
    pub fn idp_gone(name: &str) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            Advice::StartAgain,
            Rule { code: "idp_unknown", clause: "Samlgate: an IdP is known by its name" },
            "The IdP was removed or renamed, or does not serve this app: see `samlgate idp list`.",
            format!("no IdP named {name:?} serves this app"),
        )
    }

    /// The IdP's metadata may not be used any more.
    pub fn metadata_expired(idp: &Idp, Expired { end, reason }: &Expired) -> Self {
        let (name, renewal) = (&idp.name, trust::renewal(&idp.name, &idp.settings.metadata));
        let (hint, why) = match reason {
            None => (
                format!(
                    "The IdP's metadata came as a file and has passed its validUntil: {renewal}."
                ),
                String::new(),
            ),
            Some(reason) => (
                format!(
                    "The IdP's metadata has passed its validUntil; once that is mended, {renewal}."
                ),
                format!("; {reason}"),
            ),
        };
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            Advice::Administrator,
            Rule { code: "metadata_expired", clause: "saml-metadata §2.2" },
            hint,
            format!("the metadata of {name:?} was valid until {}{why}", moment::seconds(*end)),
        )
    }

    /// Nothing to sign in with.
    pub fn no_idp() -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            Advice::Administrator,
            Rule { code: "idp_missing", clause: "Samlgate: an app needs an IdP" },
            "Add one with `samlgate idp add NAME --metadata URL`.",
            "no IdP serves this app".to_owned(),
        )
    }

    /// The same assertion, or the same request's answer, a second time.
    pub fn replayed(assertion_id: &str) -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            Advice::StartAgain,
            Rule { code: "replay", clause: "saml-profiles §4.1.4.5" },
            "The browser posted the same response twice (back button, reload), or somebody replays \
             it: compare the addresses of both attempts.",
            format!("assertion {assertion_id} or its request was used before"),
        )
    }

    /// `os_destination` leads elsewhere.
    pub fn return_path(destination: &str) -> Self {
        let shown: String = destination.chars().take(200).collect();
        Self::new(
            StatusCode::BAD_REQUEST,
            Advice::BadLink,
            Rule {
                code: "return_address",
                clause: "Samlgate: return addresses are paths within the app",
            },
            "The link's os_destination must be a path of the app, such as /browse/KEY-1.",
            format!("os_destination is {shown:?}"),
        )
    }

    /// The form is not a SAML response's.
    pub fn bad_form(detail: impl Into<String>) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            Advice::StartAgain,
            Rule { code: "bad_form", clause: "saml-bindings §3.5.4" },
            "Only the IdP's own page should post here; a proxy in between may have cut the form.",
            detail.into(),
        )
    }

    /// The request could not be signed.
    pub fn cannot_sign(error: &saml::dsig::SignError) -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            Advice::Administrator,
            Rule {
                code: "cannot_sign",
                clause: "Samlgate: requests are signed with the SP's own key",
            },
            "See `samlgate check`; `samlgate sp-key` makes and activates a new key.",
            error.to_string(),
        )
    }

    /// A refusal of the opener.
    pub fn opener(
        status: StatusCode,
        advice: Advice,
        code: &'static str,
        hint: impl Into<Cow<'static, str>>,
        detail: String,
    ) -> Self {
        Self::new(
            status,
            advice,
            Rule { code, clause: "Samlgate: the app's own session" },
            hint,
            detail,
        )
    }
}

impl From<Busy> for Refusal {
    fn from(Busy: Busy) -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            Advice::TryLater,
            Rule { code: BUSY, clause: "Samlgate: work for strangers is bounded" },
            "More messages came at once than this machine can verify. If nobody floods it, give it \
             more cores.",
            "the queue before verification is full".to_owned(),
        )
    }
}

impl From<saml::Rejection> for Refusal {
    fn from(rejection: saml::Rejection) -> Self {
        let explained = match &rejection {
            saml::Rejection::Status { code, subcode, message } => {
                status::explain(code, subcode, message)
            }
            _ => None,
        };
        Self::new(
            StatusCode::FORBIDDEN,
            explained.map_or(Advice::StartAgain, |status| status.advice),
            Rule { code: rejection.code(), clause: rejection.rule() },
            explained.map_or(rejection.hint(), |status| status.hint),
            rejection.to_string(),
        )
    }
}

impl From<StaleKeys> for Refusal {
    fn from(StaleKeys { rejection, found }: StaleKeys) -> Self {
        let mut refusal = Self::from(rejection);
        if let Some(found) = &found {
            refusal.detail = format!("{}; {found}", refusal.detail);
        }
        if let Some(hint) = found.as_ref().and_then(keys::hint) {
            refusal.hint = hint.into();
        }
        refusal
    }
}

impl From<directory::provision::Refusal> for Refusal {
    fn from(refusal: directory::provision::Refusal) -> Self {
        use directory::provision::Refusal as Reason;
        let advice = match refusal {
            Reason::UserNotFound { .. } => Advice::UserNotFound,
            Reason::Inactive { .. } => Advice::Inactive,
            _ => Advice::Administrator,
        };
        Self::new(
            StatusCode::FORBIDDEN,
            advice,
            Rule { code: refusal.code(), clause: refusal.rule() },
            refusal.hint(),
            refusal.to_string(),
        )
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            Advice::TryLater,
            Rule { code: "database", clause: "Samlgate: a sign-in is stored whole or not at all" },
            "See the log; `samlgate check` tells whether the database can be reached.",
            error.to_string(),
        )
    }
}

#[cfg(test)]
mod tests;
