//! The subject's confirmation: the bearer of this message is the subject (saml-profiles §3.3,
//! §4.1.4.2).

use std::time::SystemTime;

use super::expected::{Answers, ServiceProvider};
use super::times::{Times, moment};
use crate::Rejection;
use crate::xml::{Element, SAML};

const BEARER: &str = "urn:oasis:names:tc:SAML:2.0:cm:bearer";

/// Confirmations of one subject that are looked at.
const CONFIRMATIONS: usize = 16;

/// One bearer confirmation must satisfy everything by itself (CVE-2020-5268). Gives the moment
/// until which any of those that do can be used.
pub(super) fn confirm(
    assertion: Element<'_>,
    sp: &ServiceProvider<'_>,
    answers: Answers<'_>,
    times: Times,
) -> Result<SystemTime, Rejection> {
    let subject = subject_of(assertion)?;
    let mut until: Option<SystemTime> = None;
    let mut failure = refuse("there is none");
    for confirmation in subject.children_named(SAML, "SubjectConfirmation").take(CONFIRMATIONS) {
        match check(confirmation, sp, answers, times) {
            // The latest: replay is remembered for as long as any of them fits.
            Ok(end) => until = Some(until.map_or(end, |until| until.max(end))),
            Err(rejection) => failure = rejection,
        }
    }
    until.ok_or(failure)
}

/// The subject's name, when it is encrypted: it is then the only name.
pub(super) fn encrypted_name<'d>(assertion: Element<'d>) -> Result<Option<Element<'d>>, Rejection> {
    let several = Rejection::Malformed { what: "the subject has more than one name" };
    let subject = subject_of(assertion)?;
    let Ok(encrypted) = subject.only(SAML, "EncryptedID") else { return Err(several) };
    let named = encrypted.is_some() && subject.children_named(SAML, "NameID").next().is_some();
    if named { Err(several) } else { Ok(encrypted) }
}

fn subject_of<'d>(assertion: Element<'d>) -> Result<Element<'d>, Rejection> {
    let malformed = || Rejection::Malformed { what: "Subject is missing or repeated" };
    assertion.only(SAML, "Subject").map_err(|_| malformed())?.ok_or_else(malformed)
}

fn check(
    confirmation: Element<'_>,
    sp: &ServiceProvider<'_>,
    answers: Answers<'_>,
    times: Times,
) -> Result<SystemTime, Rejection> {
    if confirmation.attribute("Method").as_deref() != Some(BEARER) {
        return Err(refuse("its method is not bearer"));
    }
    let data = confirmation.only(SAML, "SubjectConfirmationData").ok().flatten();
    let data = data.ok_or_else(|| refuse("it has no SubjectConfirmationData"))?;
    let recipient = data.attribute("Recipient").unwrap_or_default();
    if recipient != sp.acs_url {
        return Err(Rejection::Recipient {
            recipient: recipient.into_owned(),
            expected: sp.acs_url.to_owned(),
        });
    }
    answers.check(data)?;
    if data.attribute("NotBefore").is_some() {
        return Err(refuse("it has NotBefore, which a bearer confirmation must not"));
    }
    let end = moment(data, "NotOnOrAfter")?.ok_or_else(|| refuse("it has no NotOnOrAfter"))?;
    times.not_on_or_after("the subject's confirmation", end)?;
    Ok(end)
}

fn refuse(reason: &str) -> Rejection {
    Rejection::SubjectConfirmation { reason: reason.into() }
}
