//! The record of one sign-in: what happened, and why it was refused.
//!
//! The person sees a neutral page with the attempt's ID; the operator sees code, clause, hint and
//! every step.

mod messages;
mod refusal;
mod status;

use std::borrow::Cow;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use directory::provision::Plan;
use gateway::Body;
use http::Response;
use saml::{Check, RawResponse, VerifiedAssertion};
use serde::{Deserialize, Serialize};
use store::{SealedMessages, StoreError};

use crate::access::Person;
use crate::answer;
use crate::page;
use crate::settings::Idp;
use crate::signin::PendingRequest;
use crate::visit::Visit;

pub use messages::Messages;
pub use refusal::{Advice, Refusal};

/// One sign-in, from its start to success or refusal.
pub struct Attempt {
    record: store::Attempt,
    steps: Vec<Step>,
    messages: Messages,
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
    pub fn all(record: &store::Attempt) -> Vec<Step> {
        serde_json::from_str(&record.timeline).unwrap_or_default()
    }
}

impl Attempt {
    /// An attempt that begins with this request.
    pub fn begin(visit: &Visit) -> Self {
        Attempt {
            record: store::Attempt {
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
            },
            steps: Vec::new(),
            messages: Messages::default(),
        }
    }

    /// The attempt goes on with the app's session, after the sign-in that `record` shows.
    pub fn resume(visit: &Visit, record: Option<store::Attempt>) -> Self {
        let mut attempt = Self::begin(visit);
        if let Some(record) = record.filter(|record| record.outcome == SIGNED_IN) {
            attempt.steps = Step::all(&record);
            attempt.record = record;
        }
        attempt
    }

    /// The ID that person and operator can name.
    pub fn id(&self) -> &str {
        &self.record.id
    }

    /// The attempt began when the person was sent to the IdP.
    pub fn belongs_to(&mut self, pending: Option<&PendingRequest>) {
        match pending {
            Some(pending) => {
                self.record.id.clone_from(&pending.attempt);
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

    /// The response was accepted.
    pub fn verified(&mut self, assertion: &VerifiedAssertion) {
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
    pub fn signed_in(&mut self, now: SystemTime) -> store::Attempt {
        self.finish(SIGNED_IN, now)
    }

    /// The record when the app's session is open.
    pub fn opened(&mut self, now: SystemTime) -> store::Attempt {
        self.finish(OPENED, now)
    }

    /// The record of a test sign-in, which lets nobody in: `rejection` is what a true one would have
    /// ended with.
    pub fn tested(
        &mut self,
        rejection: Option<&saml::Rejection>,
        now: SystemTime,
    ) -> store::Attempt {
        if let Some(rejection) = rejection {
            self.fails_with(&Refusal::from(rejection.clone()));
        }
        self.finish(if rejection.is_some() { "test_failed" } else { "tested" }, now)
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

    fn refused(&mut self, refusal: &Refusal, now: SystemTime) -> store::Attempt {
        self.fails_with(refusal);
        let signed_in = self.record.outcome == SIGNED_IN;
        self.finish(if signed_in { "open_failed" } else { "refused" }, now)
    }

    fn fails_with(&mut self, refusal: &Refusal) {
        self.record.code = refusal.code.to_owned();
        self.record.rule = refusal.rule.to_owned();
        self.record.hint = refusal.hint.to_owned();
        self.record.detail.clone_from(&refusal.detail);
    }

    fn finish(&mut self, outcome: &str, now: SystemTime) -> store::Attempt {
        self.record.outcome = outcome.to_owned();
        self.record.updated_at = now;
        self.record.timeline = serde_json::to_string(&self.steps).unwrap_or_default();
        self.record.clone()
    }

    fn step(&mut self, step: &'static str, text: String) {
        self.steps.push(Step { step: Cow::Borrowed(step), text });
    }
}

/// Ends an attempt: records it with code, clause and hint, and answers with a neutral page.
pub async fn refuse(visit: &Visit, mut attempt: Attempt, refusal: Refusal) -> Response<Body> {
    let record = attempt.refused(&refusal, visit.server.clock.now());
    note(visit, &record);
    if let Err(error) = write(visit, &attempt, &record).await {
        tracing::error!(error = %error, attempt.id = record.id, "the attempt could not be recorded");
        if matches!(error, StoreError::Unavailable(_)) {
            return page::database_away(visit);
        }
    }
    let mut response = match refusal.advice {
        Advice::LogInAtApp => {
            let path = visit.app.settings.kind.login_page();
            answer::see_other(&format!("{}{path}?nosso", visit.app.context_path))
        }
        _ => page::refused(visit, &record.id, &refusal),
    };
    if let Some(name) = record.user_name {
        response.extensions_mut().insert(Person(name));
    }
    response
}

/// Says in the log what came of an attempt.
pub fn note(visit: &Visit, record: &store::Attempt) {
    macro_rules! say {
        ($level:ident, $message:literal) => {
            tracing::$level!(
                attempt.id = record.id,
                attempt.outcome = record.outcome,
                attempt.code = Some(&record.code).filter(|code| !code.is_empty()),
                attempt.detail = Some(&record.detail).filter(|detail| !detail.is_empty()),
                request.id = visit.request_id,
                client = %visit.client,
                app = record.app,
                idp = record.idp,
                user.name = record.user_name,
                $message
            )
        };
    }
    match record.outcome.as_str() {
        SIGNED_IN => say!(info, "signed in"),
        OPENED => say!(info, "the app's session is open"),
        _ => say!(warn, "sign-in refused"),
    }
}

/// Writes a record that nobody was let in with, and its messages.
///
/// # Errors
/// When the database is away.
pub async fn write(
    visit: &Visit,
    attempt: &Attempt,
    record: &store::Attempt,
) -> Result<(), StoreError> {
    let store = &visit.server.store;
    store.record_attempt(record).await?;
    match attempt.sealed(visit, false) {
        Some(messages) => store.keep_messages(&messages).await,
        None => Ok(()),
    }
}

const SIGNED_IN: &str = "signed_in";
const OPENED: &str = "opened";
