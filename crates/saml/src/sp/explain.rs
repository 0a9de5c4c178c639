//! Every check of [`accept`](super::accept::accept) with its clause and what was measured, for the
//! person who must find out why a sign-in failed.
//!
//! It calls the same check functions and goes on after a failure, so one look shows all that is
//! wrong. What it gives is text: no verified value can be made of it, and nothing it quotes has
//! been believed by anybody.

mod questions;

use std::time::{Duration, SystemTime};

use questions::{
    ANSWERS, ASSERTION, ASSERTION_ISSUER, ASSERTION_SIGNATURE, AUDIENCE, AUTHENTICATION,
    CONFIRMATION, CONTENT, DESTINATION, DOCUMENT, ENCRYPTION, List, RESPONSE, RESPONSE_ISSUER,
    RESPONSE_SIGNATURE, SESSION, SIGNED, STATUS, VALIDITY,
};

use super::accept::{check_address, check_issuer, read};
use super::authn::{self, RequiredAuthn};
use super::expected::{Answers, Expected, ServiceProvider, check_in_response_to};
use super::origin::decrypt;
use super::shape::Found;
use super::times::Times;
use super::{conditions, shape, subject};
use crate::binding::RawResponse;
use crate::dsig;
use crate::key::TrustedIdp;
use crate::message::{AssertionText, classes_of};
use crate::moment;
use crate::rejection::Rejection;
use crate::xml::{Document, Element, Limits, SAML, SAMLP};

/// One check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// What is asked, in a few words.
    pub name: &'static str,
    /// The clause that asks it.
    pub rule: &'static str,
    /// What stands in the message, or was computed from it.
    pub measured: String,
    /// What came of it.
    pub outcome: Outcome,
}

/// What came of a check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It holds.
    Passed,
    /// It does not.
    Failed(Rejection),
    /// An earlier failure left nothing to look at.
    NotReached,
}

impl Check {
    /// The rejection, when the check failed.
    pub fn rejection(&self) -> Option<&Rejection> {
        match &self.outcome {
            Outcome::Failed(rejection) => Some(rejection),
            Outcome::Passed | Outcome::NotReached => None,
        }
    }
}

/// All checks in the order of [`judge`](super::accept::judge), with the same arguments. The first
/// that failed is what `judge` refuses with; when none did, it accepts.
pub fn explain(
    raw: &RawResponse,
    idp: &TrustedIdp,
    sp: &ServiceProvider<'_>,
    expected: Expected<'_>,
    required: RequiredAuthn<'_>,
    now: SystemTime,
    skew: Duration,
) -> Vec<Check> {
    let mut list = List::new();
    let size = format!("{} bytes", raw.xml().len());
    if let Some(document) =
        list.add(DOCUMENT, size, Document::parse(raw.xml(), Limits::MESSAGE).map_err(Into::into))
    {
        let times = Times { now, skew };
        look_at(&mut list, &document, idp, sp, expected, required, times);
    }
    list.finish()
}

fn look_at(
    list: &mut List,
    document: &Document<'_>,
    idp: &TrustedIdp,
    sp: &ServiceProvider<'_>,
    expected: Expected<'_>,
    required: RequiredAuthn<'_>,
    times: Times,
) {
    let response = document.root();
    let shape = shape::check_response(response);
    if list.add(RESPONSE, format!("ID {}", value(response, "ID")), shape).is_none() {
        return;
    }
    list.add(STATUS, status(response), shape::check_status(response));
    let count = shape::assertions(document).1;
    let found =
        list.add(ASSERTION, format!("{count} in the message"), shape::the_assertion(response));
    list.add(DESTINATION, value(response, "Destination"), check_address(response, sp));
    let answers = check_in_response_to("the response", response, expected, false);
    list.add(ANSWERS, value(response, "InResponseTo"), answers);
    list.add(RESPONSE_ISSUER, issuer(response), check_issuer("the response", response, idp, false));
    let Some(found) = found else { return };

    let of_response = dsig::verify(response, idp);
    // A signature that fails is there all the same, and fails in a line of its own.
    let mut signed = !matches!(of_response, Ok(None));
    let signed_response = of_response.as_ref().ok().and_then(Option::as_ref);
    let answers = Answers::of(expected, signed_response.map(|signed| signed.element()));
    list.add(RESPONSE_SIGNATURE, signature(&of_response), of_response.map(drop));
    let decrypted = match found {
        Found::Plain(_) => list.add(ENCRYPTION, "not encrypted".to_owned(), Ok(None)),
        Found::Encrypted(it) => {
            list.add(ENCRYPTION, "encrypted".to_owned(), decrypt(it, response, idp, sp).map(Some))
        }
    };
    let Some(decrypted) = decrypted else { return };
    let assertion = found.assertion(decrypted.as_ref());
    let of_assertion = dsig::verify(assertion, idp);
    signed |= !matches!(of_assertion, Ok(None));
    list.add(ASSERTION_SIGNATURE, signature(&of_assertion), of_assertion.map(drop));
    let any = if signed { Ok(()) } else { Err(Rejection::Unsigned) };
    list.add(SIGNED, if signed { "yes" } else { "no" }.to_owned(), any);

    list.add(
        ASSERTION_ISSUER,
        issuer(assertion),
        check_issuer("the assertion", assertion, idp, true),
    );
    list.add(CONFIRMATION, recipient(assertion), subject::confirm(assertion, sp, answers, times));
    list.add(VALIDITY, validity(assertion, times.now), conditions::check_times(assertion, times));
    list.add(AUDIENCE, audiences(assertion), conditions::check_audiences(assertion, sp));
    list.add(SESSION, session(assertion), conditions::check_session(assertion, times));
    let as_asked = authn::check(assertion, required, times);
    list.add(AUTHENTICATION, authentication(assertion, required), as_asked);
    let text = read(assertion, sp);
    let unread = text.as_ref().map_or(0, AssertionText::unread_attributes);
    list.add(CONTENT, attributes(assertion, unread), text.map(drop));
}

fn value(element: Element<'_>, name: &str) -> String {
    element.attribute(name).map_or_else(|| "not there".to_owned(), |value| excerpt(&value))
}

fn issuer(element: Element<'_>) -> String {
    let found = element.children_named(SAML, "Issuer").next();
    let text = found.and_then(|issuer| issuer.text().ok());
    text.map_or_else(|| "not there".to_owned(), |text| excerpt(text.trim()))
}

fn status(response: Element<'_>) -> String {
    let status = response.children_named(SAMLP, "Status").next();
    let code = status.and_then(|status| status.children_named(SAMLP, "StatusCode").next());
    code.map_or_else(|| "not there".to_owned(), |code| value(code, "Value"))
}

fn signature(verified: &Result<Option<dsig::Signed<'_, '_>>, Rejection>) -> String {
    match verified {
        Ok(Some(signed)) => format!("key {}", signed.key().sha256()),
        Ok(None) => "not signed".to_owned(),
        Err(_) => "a signature that fails".to_owned(),
    }
}

fn recipient(assertion: Element<'_>) -> String {
    let subject = assertion.children_named(SAML, "Subject").next();
    let confirmation = subject.and_then(|s| s.children_named(SAML, "SubjectConfirmation").next());
    let data = confirmation.and_then(|c| c.children_named(SAML, "SubjectConfirmationData").next());
    let Some(data) = data else { return "not there".to_owned() };
    let [to, answers, until] =
        ["Recipient", "InResponseTo", "NotOnOrAfter"].map(|name| value(data, name));
    format!("Recipient {to}, InResponseTo {answers}, NotOnOrAfter {until}")
}

/// The times, and how far the IdP's clock is from ours as far as the message shows.
fn validity(assertion: Element<'_>, now: SystemTime) -> String {
    let conditions = assertion.children_named(SAML, "Conditions").next();
    let part = |name| conditions.map_or_else(|| "not there".to_owned(), |c| value(c, name));
    let issued = assertion.attribute("IssueInstant").and_then(|text| moment::parse(&text));
    let clock = issued.map_or_else(String::new, |issued| match now.duration_since(issued) {
        Ok(ago) => format!("; issued {:.1} s before it came", ago.as_secs_f64()),
        Err(ahead) => format!(
            "; issued {:.1} s in the future: the IdP's clock is ahead",
            ahead.duration().as_secs_f64()
        ),
    });
    format!("NotBefore {}, NotOnOrAfter {}{clock}", part("NotBefore"), part("NotOnOrAfter"))
}

fn audiences(assertion: Element<'_>) -> String {
    let conditions = assertion.children_named(SAML, "Conditions").next();
    let restrictions =
        conditions.into_iter().flat_map(|c| c.children_named(SAML, "AudienceRestriction"));
    let all: Vec<_> = restrictions
        .flat_map(|restriction| restriction.children_named(SAML, "Audience"))
        .filter_map(|audience| audience.text().ok())
        .take(10)
        .map(|text| excerpt(text.trim()))
        .collect();
    if all.is_empty() { "not there".to_owned() } else { all.join(", ") }
}

fn session(assertion: Element<'_>) -> String {
    let Some(statement) = assertion.children_named(SAML, "AuthnStatement").next() else {
        return "not there".to_owned();
    };
    let [at, until] = ["AuthnInstant", "SessionNotOnOrAfter"].map(|name| value(statement, name));
    format!("AuthnInstant {at}, SessionNotOnOrAfter {until}")
}

fn authentication(assertion: Element<'_>, required: RequiredAuthn<'_>) -> String {
    let statement = assertion.children_named(SAML, "AuthnStatement").next();
    let class = statement.and_then(|statement| classes_of(statement).find_map(Result::ok));
    let class = class.map_or_else(|| "no class".to_owned(), |class| excerpt(&class));
    let mut asked = Vec::new();
    if let Some(max_age) = required.max_age {
        asked.push(format!("at most {} minutes ago", max_age.as_secs() / 60));
    }
    if !required.classes.is_empty() {
        asked.push(format!("one of {}", required.classes.join(", ")));
    }
    let asked = if asked.is_empty() { "nothing".to_owned() } else { asked.join(", ") };
    format!("{class}; asked: {asked}")
}

fn attributes(assertion: Element<'_>, unread: usize) -> String {
    let statements = assertion.children_named(SAML, "AttributeStatement");
    let count = statements.flat_map(|s| s.children()).count();
    match unread {
        0 => format!("{count} attributes"),
        _ => {
            format!("{count} attributes, {unread} of them encrypted for another key and not known")
        }
    }
}

/// Enough of a value to see what it is.
fn excerpt(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// Characters of a quoted value.
const LONGEST: usize = 300;
