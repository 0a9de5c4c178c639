//! What the checks ask, and where that is written. Each is named where it is answered, so that no
//! answer can slip to another question.

use super::{Check, Outcome};
use crate::rejection::Rejection;

/// What a check asks, and where that is written.
pub(super) struct Question {
    name: &'static str,
    rule: &'static str,
}

pub(super) const DOCUMENT: Question = Question {
    name: "The message is one XML document without a DTD",
    rule: "XML 1.0; implementation profile IIP-G03",
};
pub(super) const RESPONSE: Question = Question {
    name: "It is a SAML 2.0 Response with unique IDs",
    rule: "saml-core §3.2.2, §1.3.4",
};
pub(super) const STATUS: Question =
    Question { name: "The IdP reports success", rule: "saml-core §3.2.2.2" };
pub(super) const ASSERTION: Question = Question {
    name: "It holds exactly one assertion, in its place",
    rule: "saml-profiles §4.1.4.2",
};
pub(super) const DESTINATION: Question =
    Question { name: "Destination is this app's Reply URL", rule: "saml-bindings §3.5.5.2" };
pub(super) const ANSWERS: Question = Question {
    name: "The response answers the request of this browser",
    rule: "saml-profiles §4.1.4.3",
};
pub(super) const RESPONSE_ISSUER: Question = Question {
    name: "The response was issued by the IdP that was asked",
    rule: "saml-profiles §4.1.4.2",
};
pub(super) const RESPONSE_SIGNATURE: Question = Question {
    name: "The response's signature, if it has one, verifies",
    rule: "saml-core §5.4; xmldsig-core §3.2",
};
pub(super) const ENCRYPTION: Question = Question {
    name: "The assertion, if it is encrypted, is encrypted for us",
    rule: "saml-core §2.3.4; xmlenc-core1 §4.4",
};
pub(super) const ASSERTION_SIGNATURE: Question = Question {
    name: "The assertion's signature, if it has one, verifies",
    rule: "saml-core §5.4; xmldsig-core §3.2",
};
pub(super) const SIGNED: Question =
    Question { name: "At least one of them is signed", rule: "saml-profiles §4.1.4.2" };
pub(super) const ASSERTION_ISSUER: Question = Question {
    name: "The assertion was issued by the IdP that was asked",
    rule: "saml-profiles §4.1.4.2",
};
pub(super) const CONFIRMATION: Question = Question {
    name: "The bearer confirmation is for this app and this request",
    rule: "saml-profiles §4.1.4.3",
};
pub(super) const VALIDITY: Question =
    Question { name: "The assertion is valid now", rule: "saml-core §2.5.1.2" };
pub(super) const AUDIENCE: Question =
    Question { name: "The audience is this app's Identifier", rule: "saml-core §2.5.1.4" };
pub(super) const SESSION: Question =
    Question { name: "The session at the IdP has not ended", rule: "saml-core §2.7.2" };
pub(super) const AUTHENTICATION: Question = Question {
    name: "The person was authenticated as was asked",
    rule: "saml-core §3.4.1, §3.3.2.2.1",
};
pub(super) const CONTENT: Question =
    Question { name: "Subject and attributes can be read", rule: "saml-core §2.2.3, §2.7.3" };

/// All of them, in the order in which they are told: that of [`judge`](super::super::accept::judge).
const QUESTIONS: [Question; 18] = [
    DOCUMENT,
    RESPONSE,
    STATUS,
    ASSERTION,
    DESTINATION,
    ANSWERS,
    RESPONSE_ISSUER,
    RESPONSE_SIGNATURE,
    ENCRYPTION,
    ASSERTION_SIGNATURE,
    SIGNED,
    ASSERTION_ISSUER,
    CONFIRMATION,
    VALIDITY,
    AUDIENCE,
    SESSION,
    AUTHENTICATION,
    CONTENT,
];

/// The checks that were made.
pub(super) struct List(Vec<Check>);

impl List {
    pub(super) fn new() -> Self {
        List(Vec::with_capacity(QUESTIONS.len()))
    }

    /// Answers a question; gives what the check gave.
    pub(super) fn add<T>(
        &mut self,
        Question { name, rule }: Question,
        measured: String,
        result: Result<T, Rejection>,
    ) -> Option<T> {
        let (outcome, found) = match result {
            Ok(found) => (Outcome::Passed, Some(found)),
            Err(rejection) => (Outcome::Failed(rejection), None),
        };
        self.0.push(Check { name, rule, measured, outcome });
        found
    }

    /// Every question in its place, those that nobody came to among them.
    pub(super) fn finish(mut self) -> Vec<Check> {
        let answered = |Question { name, rule }| {
            let made = self.0.iter().position(|check| check.name == name);
            made.map(|made| self.0.swap_remove(made)).unwrap_or(Check {
                name,
                rule,
                measured: String::new(),
                outcome: Outcome::NotReached,
            })
        };
        let all = QUESTIONS.map(answered).into();
        debug_assert!(self.0.is_empty(), "a question is not among all: {:?}", self.0);
        all
    }
}
