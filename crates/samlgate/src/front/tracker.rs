//! The record of one sign-in: what happened, and why it was refused.
//!
//! The person sees a neutral page with the attempt's ID; the operator sees code, clause, hint and
//! every step.

mod keeping;

use std::borrow::Cow;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use directory::provision::Plan;
use installation::attempt::{Keep, Messages, Outcome, Step};
use installation::settings::{Asked, Idp};
use saml::{RawResponse, VerifiedAssertion};
use store::{LivingSession, SealedMessages};

use crate::front::refusal::{Advice, Ended, Refusal};
use crate::front::visit::Visit;

pub use keeping::{note, refuse, write};

/// One sign-in, from its start to success or refusal. What it leaves is written once, at its end;
/// each opening of the app, and each later post of the same answer, is an attempt of its own that
/// names the one it follows.
pub struct Attempt {
    record: store::AttemptRow,
    steps: Vec<Step>,
    messages: Messages,
    /// It answers a request that was given a number when it began.
    follows_request: bool,
    /// The IdP that the person is sent to by "Start again", once known.
    idp: Option<String>,
    /// Where the person wants to go, once known.
    return_to: Option<String>,
    origin: Origin,
}

/// A request of ours, as far as the record of its answer is concerned.
pub struct AskedFor<'a> {
    /// The number that it was given when it began.
    pub attempt: &'a str,
    /// The IdP that was asked.
    pub idp: &'a str,
    /// The page that is wanted.
    pub return_to: &'a str,
    /// The page that was wanted had no room.
    pub shortened: bool,
}

/// What came to the assertion consumer service, and what was asked for.
pub struct Exchange<'a> {
    /// Where it came.
    pub acs_url: &'a str,
    /// The IdP that it is to be verified with, when one is.
    pub idp: Option<&'a Idp>,
    /// The ID of the request that it must answer.
    pub request_id: Option<&'a str>,
    /// What was asked of the authentication.
    pub asked: &'a Asked,
    /// That request, as it was sent.
    pub request: Option<String>,
    /// The response.
    pub response: &'a RawResponse,
    /// Whether the browser's headers are kept too.
    pub with_headers: bool,
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

impl Attempt {
    /// An attempt that begins with this request.
    pub fn begin(visit: &Visit) -> Self {
        Attempt {
            record: store::AttemptRow {
                id: visit.installation().random.id(visit.now),
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
            follows_request: false,
            idp: None,
            return_to: None,
            origin: Origin::Unknown,
        }
    }

    /// The app's session is opened for a person who has signed in.
    pub fn opening(
        visit: &Visit,
        LivingSession { session, user }: &LivingSession,
        return_to: &str,
    ) -> Self {
        let mut attempt = Self::begin(visit);
        attempt.wants(Some(&session.idp), return_to);
        attempt.record.follows = Some(session.attempt_id.clone());
        attempt.record.idp = Some(session.idp.clone());
        attempt.record.user_name = Some(user.name.clone());
        attempt.origin = Origin::Claimed;
        attempt
    }

    /// The ID of its record.
    pub fn id(&self) -> &str {
        &self.record.id
    }

    /// The response answers this request; the attempt began when the person was sent to the IdP.
    pub fn answers(&mut self, asked: &AskedFor<'_>) {
        self.record.follows = Some(asked.attempt.to_owned());
        self.follows_request = true;
        self.wants(Some(asked.idp), asked.return_to);
        self.step("request", format!("return to {}", asked.return_to));
        if asked.shortened {
            let text = "the page that was wanted is not known: its address is too long, or the \
                        browser holds many sign-ins";
            self.step("request", text.to_owned());
        }
    }

    /// The IdP began it, without a request of ours.
    pub fn begins_at_idp(&mut self) {
        self.step("request", "none: the sign-in is IdP-initiated".to_owned());
    }

    /// What the person wants: the page, and at which IdP, where that is known.
    pub fn wants(&mut self, idp: Option<&str>, return_to: &str) {
        self.idp = idp.map(str::to_owned);
        self.return_to = Some(return_to.to_owned());
    }

    /// Good answers led to nothing; `last` is the attempt of the last of them.
    pub fn goes_round(&mut self, last: &str, living: Option<&LivingSession>) {
        self.record.follows = Some(last.to_owned());
        if let Some(LivingSession { session, user }) = living {
            self.record.idp = Some(session.idp.clone());
            self.record.user_name = Some(user.name.clone());
        }
    }

    /// A response came. Kept are, beside it, the request that it answers and, where somebody wants to
    /// see more, the browser's headers; while detailed logging is on, both and every check of the
    /// response are in the log.
    pub fn exchanged(&mut self, visit: &Visit, exchange: &Exchange<'_>) {
        self.record.idp = exchange.idp.map(|idp| idp.name.clone());
        let size = exchange.response.xml().len();
        if size > Messages::LARGEST {
            self.step("response", format!("{size} bytes came, too many to be kept"));
            return;
        }
        let since = visit.now.duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
        self.messages = Messages {
            request: exchange.request.clone(),
            request_id: exchange.request_id.map(str::to_owned),
            asked: exchange.asked.clone(),
            response: Some(exchange.response.xml().to_owned()),
            acs_url: exchange.acs_url.to_owned(),
            entity_id: visit.app.entity_id.clone(),
            received_at: u64::try_from(since.as_millis()).unwrap_or(u64::MAX),
            headers: Vec::new(),
        };
        let logs = visit.settings.console.is_detailed(visit.now);
        if logs || exchange.with_headers {
            self.messages.keep_headers(&visit.headers);
        }
        if logs {
            self.log(visit, exchange);
        }
    }

    fn log(&self, visit: &Visit, exchange: &Exchange<'_>) {
        let attempt_id = &self.record.id;
        let response = exchange.response.xml();
        tracing::info!(attempt.id = attempt_id, saml.response = response, "response received");
        let Some(idp) = exchange.idp else { return };
        for check in self.messages.checks(idp, &visit.settings.sp_keys) {
            let outcome = match &check.outcome {
                saml::Outcome::Passed => "holds".to_owned(),
                saml::Outcome::Failed(rejection) => format!("fails: {rejection}"),
                saml::Outcome::NotReached => "not reached".to_owned(),
            };
            tracing::info!(
                attempt.id = attempt_id,
                check.name = check.name,
                check.rule = check.rule,
                check.measured = check.measured,
                check.outcome = outcome,
                "response checked"
            );
        }
    }

    /// It is refused, and the IdP may have signed its assertion nevertheless.
    pub fn refused_although_signed(&mut self, idp: &Idp, assertion_id: Option<String>) {
        if let Some(assertion) = assertion_id {
            self.origin = Origin::Signed { idp: idp.name.clone(), assertion };
        }
    }

    /// Nobody used the assertion before.
    pub fn claimed(&mut self) {
        self.origin = Origin::Claimed;
    }

    /// The response was accepted.
    pub fn verified(&mut self, idp: &str, assertion: &VerifiedAssertion) {
        self.origin = Origin::Signed { idp: idp.to_owned(), assertion: assertion.id().to_owned() };
        let signed = assertion.signed();
        let mut text = format!(
            "assertion {}, signed: {signed:?}, key {}",
            assertion.id(),
            assertion.key_sha256()
        );
        match assertion.unread_attributes() {
            0 => {}
            1 => text.push_str("; one attribute is encrypted for another key and is not known"),
            many => {
                text.push_str(&format!(
                    "; {many} attributes are encrypted for another key and are not known"
                ));
            }
        }
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
        self.finish(Outcome::SignedIn, now)
    }

    /// The record when the app's session is open.
    pub fn opened(&mut self, now: SystemTime) -> store::AttemptRow {
        self.finish(Outcome::Opened, now)
    }

    /// The record of a test sign-in, which lets nobody in: `refusal` is what a true one would have
    /// ended with.
    pub fn tested(&mut self, refusal: Option<&Refusal>, now: SystemTime) -> store::AttemptRow {
        if let Some(refusal) = refusal {
            self.fails_with(refusal);
        }
        self.finish(if refusal.is_some() { Outcome::TestFailed } else { Outcome::Tested }, now)
    }

    /// The messages, sealed and with their time to be kept, if any are to be kept; `let_in`: those
    /// of a sign-in that succeeded.
    pub fn sealed(&self, visit: &Visit, let_in: bool) -> Option<SealedMessages> {
        let days = visit.settings.console.settings.keep_messages_days;
        if days == 0 {
            return None;
        }
        let until = visit.now + Duration::from_secs(u64::from(days) * 86_400);
        let installation = visit.installation();
        let keep = Keep { attempt_id: self.id(), let_in, until };
        self.messages.seal(keep, &installation.secrets, installation.random)
    }

    /// What is told of it under this number.
    fn ended(&self, number: &str, advice: Advice) -> Ended {
        Ended {
            number: number.to_owned(),
            told: advice.name().to_owned(),
            idp: self.idp.clone(),
            return_to: self.return_to.clone(),
            person: self.record.user_name.clone().filter(|_| advice == Advice::AskedAgain),
            unless_signed_in: false,
        }
    }

    fn refused(&mut self, refusal: &Refusal, now: SystemTime) -> store::AttemptRow {
        self.fails_with(refusal);
        self.finish(if self.opens() { Outcome::OpenFailed } else { Outcome::Refused }, now)
    }

    /// Whether it follows a sign-in, and no request.
    fn opens(&self) -> bool {
        self.record.follows.is_some() && !self.follows_request
    }

    fn fails_with(&mut self, refusal: &Refusal) {
        self.record.code = refusal.code.to_owned();
        self.record.rule = refusal.rule.to_owned();
        self.record.hint = refusal.hint.clone().into_owned();
        self.record.detail.clone_from(&refusal.detail);
        self.record.told = refusal.advice.name().to_owned();
    }

    fn finish(&mut self, outcome: Outcome, now: SystemTime) -> store::AttemptRow {
        self.record.outcome = outcome.name().to_owned();
        self.record.updated_at = now;
        self.record.timeline = serde_json::to_string(&self.steps).unwrap_or_default();
        self.record.clone()
    }

    fn step(&mut self, step: &'static str, text: String) {
        self.steps.push(Step { step: Cow::Borrowed(step), text });
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use installation::secrets::Secrets;
    use serde_json::json;

    use super::*;
    use crate::front::visit::tests::visit;

    /// What is kept of an attempt of this visit whose response is this text.
    async fn kept(visit: &Visit, response: &str) -> (String, Option<String>) {
        let raw = RawResponse::from_post_value(&STANDARD.encode(response)).unwrap();
        let mut attempt = Attempt::begin(visit);
        let exchange = Exchange {
            acs_url: &visit.app.acs_url,
            idp: None,
            request_id: None,
            asked: &Asked::default(),
            request: None,
            response: &raw,
            with_headers: false,
        };
        attempt.exchanged(visit, &exchange);
        let store = &visit.installation().store;
        if let Some(messages) = attempt.sealed(visit, true) {
            store.keep_messages(&messages).await.unwrap();
        }
        (attempt.id().to_owned(), store.messages(attempt.id()).await.unwrap())
    }

    #[tokio::test]
    async fn a_recorded_response_is_sealed_for_its_attempt_and_this_key() {
        let (visit, _folder) = visit(json!({}), "").await;
        let (id, sealed) = kept(&visit, "<Response>camilla</Response>").await;
        let sealed = sealed.unwrap();
        assert!(!sealed.contains("camilla"), "not readable in the database");
        let (store, secrets) = (&visit.installation().store, &visit.installation().secrets);
        let read = Messages::of(store, secrets, &id).await.unwrap().unwrap();
        assert_eq!(read.response.as_deref(), Some("<Response>camilla</Response>"));
        let other = Secrets::from_key(&[2; 32]);
        assert_eq!(Messages::of(store, &other, &id).await.unwrap(), None, "another key");
        let moved = secrets.unseal("attempt messages another", &sealed);
        assert_eq!(moved, None, "another attempt");
    }

    #[tokio::test]
    async fn a_response_beyond_the_limit_is_not_kept() {
        for (length, is_kept) in [(256 * 1024, true), (256 * 1024 + 1, false)] {
            let response = format!("<R>{}</R>", "x".repeat(length - 7));
            let (visit, _folder) = visit(json!({}), "").await;
            assert_eq!(kept(&visit, &response).await.1.is_some(), is_kept, "{length} bytes");
        }
    }
}
