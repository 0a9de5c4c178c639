//! The record of one sign-in: what happened, and why it was refused.
//!
//! The person sees a neutral page with the attempt's ID; the operator sees code, clause, hint and
//! every step.

mod keeping;
mod messages;
mod refusal;
mod status;
mod unrecognised;

use std::borrow::Cow;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use directory::provision::Plan;
use saml::{Check, RawResponse, VerifiedAssertion};
use serde::{Deserialize, Serialize};
use store::{SealedMessages, Session};

use crate::settings::Idp;
use crate::signin::PendingRequest;
use crate::visit::Visit;

pub use keeping::{note, refuse, write};
pub use messages::Messages;
pub use refusal::{Advice, Refusal};
pub use unrecognised::{Count, Unrecognised};

/// One sign-in, from its start to success or refusal. What it leaves is written once, at its end;
/// each opening of the app, and each later post of the same answer, is an attempt of its own that
/// names the one it follows.
pub struct Attempt {
    record: store::AttemptRow,
    steps: Vec<Step>,
    messages: Messages,
    /// Where the person goes, once it is known which sealed request is answered.
    return_to: Option<String>,
    origin: Origin,
}

/// What is proven of where a response comes from. It decides where its refusal is kept, nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Origin {
    /// Anybody may have made it.
    Unknown,
    /// The IdP signed the assertion of this ID.
    Signed { idp: String, assertion: String },
    /// The IdP signed it, and this attempt was the first to use it.
    Claimed,
}

/// One step of an attempt, as the tracker shows it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Step {
    /// Which part of the sign-in: `request`, `verified`, `plan`, `opener`...
    pub step: Cow<'static, str>,
    /// What happened.
    pub text: String,
}

impl Step {
    /// The steps of a record.
    pub fn all(record: &store::AttemptRow) -> Vec<Step> {
        serde_json::from_str(&record.timeline).unwrap_or_default()
    }
}

impl Attempt {
    /// An attempt that begins with this request.
    pub fn begin(visit: &Visit) -> Self {
        Attempt {
            record: store::AttemptRow {
                id: visit.server.random.id(visit.now),
                started_at: visit.now,
                updated_at: visit.now,
                app: visit.app.name.clone(),
                idp: None,
                user_name: None,
                outcome: String::new(),
                code: String::new(),
                rule: String::new(),
                hint: String::new(),
                detail: String::new(),
                address: visit.client.to_string(),
                timeline: String::new(),
                told: String::new(),
                follows: None,
            },
            steps: Vec::new(),
            messages: Messages::default(),
            return_to: None,
            origin: Origin::Unknown,
        }
    }

    /// The app's session is opened for a person who has signed in.
    pub fn opening(visit: &Visit, session: &Session, user: &str) -> Self {
        let mut attempt = Self::begin(visit);
        attempt.record.follows = Some(session.attempt_id.clone());
        attempt.record.idp = Some(session.idp.clone());
        attempt.record.user_name = Some(user.to_owned());
        attempt.origin = Origin::Claimed;
        attempt
    }

    /// The ID of its record.
    pub fn id(&self) -> &str {
        &self.record.id
    }

    /// The attempt began when the person was sent to the IdP.
    pub fn belongs_to(&mut self, pending: Option<&PendingRequest>) {
        match pending {
            Some(pending) => {
                self.record.follows = Some(pending.attempt.clone());
                self.return_to = Some(pending.return_to.clone());
                self.step("request", format!("return to {}", pending.return_to));
            }
            None => self.step("request", "none: the response came unasked".to_owned()),
        }
    }

    /// The response came, as the answer to the request of `request_id`, if to any.
    pub fn received(
        &mut self,
        visit: &Visit,
        (acs_url, request_id): (&str, Option<&str>),
        raw: &RawResponse,
    ) {
        let size = raw.xml().len();
        if size > messages::LARGEST {
            self.step("response", format!("{size} bytes came, too many to be kept"));
            return;
        }
        let since = visit.now.duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
        self.messages = Messages {
            request: None,
            request_id: request_id.map(str::to_owned),
            response: Some(raw.xml().to_owned()),
            acs_url: acs_url.to_owned(),
            entity_id: visit.app.entity_id.clone(),
            received_at: u64::try_from(since.as_millis()).unwrap_or(u64::MAX),
            headers: std::mem::take(&mut self.messages.headers),
        };
        if visit.settings.console.is_detailed(visit.now) {
            self.messages.keep_headers(&visit.headers);
            tracing::info!(
                attempt.id = self.record.id,
                saml.response = raw.xml(),
                "response received"
            );
        }
    }

    /// Every check of the response in the log, while detailed logging is on.
    pub fn log_checks(&self, visit: &Visit, idp: &Idp) {
        if !visit.settings.console.is_detailed(visit.now) {
            return;
        }
        for check in self.checks(visit, idp) {
            let outcome = match &check.outcome {
                saml::Outcome::Passed => "holds".to_owned(),
                saml::Outcome::Failed(rejection) => format!("fails: {rejection}"),
                saml::Outcome::NotReached => "not reached".to_owned(),
            };
            tracing::info!(
                attempt.id = self.record.id,
                check.name = check.name,
                check.rule = check.rule,
                check.measured = check.measured,
                check.outcome = outcome,
                "response checked"
            );
        }
    }

    /// The attempt is recorded in detail: with the browser's headers.
    pub fn detailed(&mut self, visit: &Visit) {
        self.messages.keep_headers(&visit.headers);
    }

    /// Every check of the response that came.
    pub fn checks(&self, visit: &Visit, idp: &Idp) -> Vec<Check> {
        self.messages.checks(idp, &visit.settings.sp_keys)
    }

    /// The request, as it was sent.
    pub fn asked(&mut self, request: Option<String>) {
        self.messages.request = request;
    }

    /// The IdP is known.
    pub fn idp(&mut self, name: &str) {
        self.record.idp = Some(name.to_owned());
    }

    /// Although it is refused, the IdP signed the assertion of this ID.
    pub fn signed(&mut self, idp: &str, assertion: String) {
        self.origin = Origin::Signed { idp: idp.to_owned(), assertion };
    }

    /// Nobody used the assertion before.
    pub fn claimed(&mut self) {
        self.origin = Origin::Claimed;
    }

    /// The response was accepted.
    pub fn verified(&mut self, idp: &str, assertion: &VerifiedAssertion) {
        self.signed(idp, assertion.id().to_owned());
        let signed = assertion.signed();
        let text = format!(
            "assertion {}, signed: {signed:?}, key {}",
            assertion.id(),
            assertion.key_sha256()
        );
        self.step("verified", text);
    }

    /// The user is known, at first in the IdP's spelling.
    pub fn user(&mut self, name: &str) {
        self.record.user_name = Some(name.to_owned());
    }

    /// What the sign-in changes, with a reason for every line.
    pub fn planned(&mut self, plan: &Plan) {
        for line in &plan.lines {
            self.step("plan", format!("{}: {}", line.what, line.reason));
        }
    }

    /// What the sign-in would change, were it not for shadow mode.
    pub fn would(&mut self, plan: &Plan) {
        for line in &plan.lines {
            self.step("shadow", format!("{}: {}", line.what, line.reason));
        }
    }

    /// A step of the opener's dialogue with the app.
    pub fn opener(&mut self, text: String) {
        self.step("opener", text);
    }

    /// The record at the end of Samlgate's own part.
    pub fn signed_in(&mut self, now: SystemTime) -> store::AttemptRow {
        self.finish(SIGNED_IN, now)
    }

    /// The record when the app's session is open.
    pub fn opened(&mut self, now: SystemTime) -> store::AttemptRow {
        self.finish(OPENED, now)
    }

    /// The record of a test sign-in, which lets nobody in: `refusal` is what a true one would have
    /// ended with.
    pub fn tested(&mut self, refusal: Option<&Refusal>, now: SystemTime) -> store::AttemptRow {
        if let Some(refusal) = refusal {
            self.fails_with(refusal);
        }
        self.finish(if refusal.is_some() { TEST_FAILED } else { TESTED }, now)
    }

    /// The messages, sealed and with their time to be kept, if any are to be kept; `let_in`: those
    /// of a sign-in that succeeded.
    pub fn sealed(&self, visit: &Visit, let_in: bool) -> Option<SealedMessages> {
        let days = visit.settings.console.settings.keep_messages_days;
        if days == 0 {
            return None;
        }
        let until = visit.now + Duration::from_secs(u64::from(days) * 86_400);
        let server = &visit.server;
        self.messages.seal(self.id(), (let_in, until), &server.secrets, server.random)
    }

    fn refused(&mut self, refusal: &Refusal, now: SystemTime) -> store::AttemptRow {
        self.fails_with(refusal);
        self.finish(if self.opens() { "open_failed" } else { "refused" }, now)
    }

    /// Whether it follows a sign-in, and no request.
    fn opens(&self) -> bool {
        self.record.follows.is_some() && self.return_to.is_none()
    }

    fn fails_with(&mut self, refusal: &Refusal) {
        self.record.code = refusal.code.to_owned();
        self.record.rule = refusal.rule.to_owned();
        self.record.hint = refusal.hint.clone().into_owned();
        self.record.detail.clone_from(&refusal.detail);
        self.record.told = refusal.advice.name().to_owned();
    }

    fn finish(&mut self, outcome: &str, now: SystemTime) -> store::AttemptRow {
        self.record.outcome = outcome.to_owned();
        self.record.updated_at = now;
        self.record.timeline = serde_json::to_string(&self.steps).unwrap_or_default();
        self.record.clone()
    }

    fn step(&mut self, step: &'static str, text: String) {
        self.steps.push(Step { step: Cow::Borrowed(step), text });
    }
}

const SIGNED_IN: &str = "signed_in";
const OPENED: &str = "opened";
const TESTED: &str = "tested";
const TEST_FAILED: &str = "test_failed";
