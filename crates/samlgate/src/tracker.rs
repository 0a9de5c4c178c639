//! The record of one sign-in: what happened, and why it was refused.
//!
//! The person sees a neutral page with the attempt's ID; the operator sees code, clause, hint and
//! every step.

mod refusal;

use std::borrow::Cow;
use std::time::SystemTime;

use directory::provision::Plan;
use gateway::Body;
use http::Response;
use saml::VerifiedAssertion;
use serde::{Deserialize, Serialize};
use store::StoreError;

use crate::gate::Visit;
use crate::page;
use crate::signin::PendingRequest;

pub use refusal::{Advice, Refusal};

/// One sign-in, from its start to success or refusal.
pub struct Attempt {
    record: store::Attempt,
    steps: Vec<Step>,
}

#[derive(Serialize, Deserialize)]
struct Step {
    step: Cow<'static, str>,
    text: String,
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
        }
    }

    /// The attempt goes on with the app's session, after the sign-in that `record` shows.
    pub fn resume(visit: &Visit, record: Option<store::Attempt>) -> Self {
        let mut attempt = Self::begin(visit);
        if let Some(record) = record.filter(|record| record.outcome == SIGNED_IN) {
            attempt.steps = serde_json::from_str(&record.timeline).unwrap_or_default();
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
        self.finish("opened", now)
    }

    fn refused(&mut self, refusal: &Refusal, now: SystemTime) -> store::Attempt {
        self.record.code = refusal.code.to_owned();
        self.record.rule = refusal.rule.to_owned();
        self.record.hint = refusal.hint.to_owned();
        self.record.detail.clone_from(&refusal.detail);
        let signed_in = self.record.outcome == SIGNED_IN;
        self.finish(if signed_in { "open_failed" } else { "refused" }, now)
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
    tracing::warn!(
        attempt.id = record.id,
        attempt.code = record.code,
        attempt.detail = record.detail,
        app = record.app,
        idp = record.idp,
        user.name = record.user_name,
        "sign-in refused"
    );
    if let Err(error) = visit.server.store.record_attempt(&record).await {
        tracing::error!(error = %error, attempt.id = record.id, "the attempt could not be recorded");
        if matches!(error, StoreError::Unavailable(_)) {
            return page::database_away(visit);
        }
    }
    page::refused(visit, &record.id, &refusal)
}

const SIGNED_IN: &str = "signed_in";
