//! The acceptance of a Response: every check, in order, none of them optional.
//!
//! 1. one parse; the response's shape: one assertion, unique IDs, signatures only where they may be
//! 2. status, destination, the request it answers, its issuer
//! 3. every signature that is there verifies, and there is at least one; an encrypted assertion is
//!    decrypted behind the response's signature and before its own
//! 4. from here on only the signed assertion is read: issuer, subject, conditions, session, and
//!    whether the person was authenticated as was asked
//!
//! Steps 1 and 3 are [`origin`]'s, which has no other way through.

use std::time::{Duration, SystemTime};

use super::authn::{self, RequiredAuthn};
use super::expected::{Answers, Expected, ServiceProvider, check_in_response_to};
use super::origin::{self, Refused};
use super::shape::Found;
use super::times::Times;
use super::{conditions, shape, subject};
use crate::binding::RawResponse;
use crate::dsig;
use crate::enc::{self, Decrypted};
use crate::key::TrustedIdp;
use crate::message::{AssertionText, VerifiedAssertion};
use crate::rejection::Rejection;
use crate::xml::{Document, Element, Limits, SAML};

/// Accepts a response of which nothing more was asked than that somebody is signed in, or says which
/// rule it breaks.
///
/// `now` is compared with every time in the message, `skew` allowed on either side.
///
/// # Errors
/// The first rule that is broken; nothing of the message may be used then.
pub fn accept(
    raw: &RawResponse,
    idp: &TrustedIdp,
    sp: &ServiceProvider<'_>,
    expected: Expected<'_>,
    now: SystemTime,
    skew: Duration,
) -> Result<VerifiedAssertion, Rejection> {
    let nothing = RequiredAuthn::default();
    judge(raw, idp, sp, expected, nothing, now, skew).map_err(|refused| refused.rejection)
}

/// The same for a response whose authentication must be as `required`; of one that is refused it also
/// says whether the IdP made it.
///
/// # Errors
/// As [`accept`].
pub fn judge(
    raw: &RawResponse,
    idp: &TrustedIdp,
    sp: &ServiceProvider<'_>,
    expected: Expected<'_>,
    required: RequiredAuthn<'_>,
    now: SystemTime,
    skew: Duration,
) -> Result<VerifiedAssertion, Refused> {
    origin::with_signed(
        raw,
        idp,
        sp,
        |response, found| {
            // Before any signature, because an IdP that reports a failure often signs nothing, and
            // its reason is what the operator needs. Forged it can only refuse.
            shape::check_status(response)?;
            // Not before the status: a failure comes without an assertion.
            let found = found?;
            // None of this is proven when the response is not signed: it refuses early what was
            // sent astray. What admits is asked again of the signed assertion below.
            check_address(response, sp)?;
            check_in_response_to("the response", response, expected, false)?;
            check_issuer("the response", response, idp, false)?;
            Ok(found)
        },
        |proven| {
            let assertion = proven.assertion;
            // The signature proves whose key it was; only this proves that the key's owner says it
            // in its own name.
            check_issuer("the assertion", assertion, idp, true)?;
            let times = Times { now, skew };
            let answers = Answers::of(expected, proven.response);
            let confirmed = subject::confirm(assertion, sp, answers, times)?;
            let ends = conditions::check(assertion, sp, times)?;
            let session_ends = conditions::check_session(assertion, times)?;
            authn::check(assertion, required, times)?;
            let mut text = read(assertion, sp)?;
            // Ours and not the message's: what was just compared, without a second reading.
            text.set_in_response_to(expected.id());
            // The later of the two: replay is remembered until then, and longer harms nobody.
            let valid_until = ends.map_or(confirmed, |ends| ends.max(confirmed));
            Ok(text.verified(valid_until, session_ends, proven.signed, proven.key.sha256()))
        },
    )
}

/// What the assertion says, the subject's name decrypted if need be.
pub(super) fn read(
    assertion: Element<'_>,
    sp: &ServiceProvider<'_>,
) -> Result<AssertionText, Rejection> {
    let name = subject::encrypted_name(assertion)?
        .map(|name| enc::decrypt(name, sp.decryption_keys, sp.entity_id, "NameID"))
        .transpose()?;
    let attributes = decrypted_attributes(assertion, sp);
    let attributes = attributes.iter().map(|it| it.as_ref().map(Decrypted::element)).collect();
    AssertionText::read(assertion, name.as_ref().map(Decrypted::element), attributes)
}

/// The attributes that are encrypted one by one, in order; `None` is one that cannot be read.
fn decrypted_attributes(
    assertion: Element<'_>,
    sp: &ServiceProvider<'_>,
) -> Vec<Option<Decrypted>> {
    let statements = assertion.children_named(SAML, "AttributeStatement");
    let encrypted = statements.flat_map(|it| it.children_named(SAML, "EncryptedAttribute"));
    let encrypted = encrypted.take(ENCRYPTED_ATTRIBUTES);
    encrypted
        .map(|it| enc::decrypt(it, sp.decryption_keys, sp.entity_id, "Attribute").ok())
        .collect()
}

/// Encrypted attributes that are decrypted: each costs an operation with our private keys.
const ENCRYPTED_ATTRIBUTES: usize = 16;

/// The issuer that an unsolicited response claims to have: enough to find the IdP whose keys must
/// then verify it, and nothing else.
#[derive(Clone, Debug)]
pub struct UnverifiedIssuer(String);

impl UnverifiedIssuer {
    pub(super) fn new(issuer: &str) -> Self {
        UnverifiedIssuer(issuer.to_owned())
    }

    /// The claimed entity ID.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Reads the Issuer of a response, or of its assertion when the response has none.
///
/// # Errors
/// When the message is no response or names nobody.
pub fn peek_issuer(raw: &RawResponse) -> Result<UnverifiedIssuer, Rejection> {
    let document = Document::parse(raw.xml(), Limits::MESSAGE)?;
    let response = document.root();
    shape::check_response(response)?;
    let own = response.children().next().filter(|child| child.is(SAML, "Issuer"));
    let issuer = match own {
        Some(issuer) => Some(issuer),
        None => match shape::the_assertion(response)? {
            Found::Plain(assertion) => assertion.children().next(),
            Found::Encrypted(_) => None,
        }
        .filter(|child| child.is(SAML, "Issuer")),
    };
    let missing = Rejection::Malformed { what: "nobody is named as issuer" };
    let text = issuer.and_then(|issuer| issuer.text().ok()).ok_or(missing)?;
    Ok(UnverifiedIssuer(text.trim_ascii().to_owned()))
}

/// saml-bindings §3.5.5.2: a signed response says where it is meant to go.
pub(super) fn check_address(
    response: Element<'_>,
    sp: &ServiceProvider<'_>,
) -> Result<(), Rejection> {
    let destination = response.attribute("Destination");
    let signed = response.children_named(dsig::DS, "Signature").next().is_some();
    match destination.as_deref() {
        Some(destination) if destination == sp.acs_url => Ok(()),
        None if !signed => Ok(()),
        other => Err(Rejection::Destination {
            destination: other.unwrap_or_default().to_owned(),
            expected: sp.acs_url.to_owned(),
        }),
    }
}

/// saml-profiles §4.1.4.2: the issuer is the IdP that was asked; Format says so or nothing.
pub(super) fn check_issuer(
    what: &'static str,
    element: Element<'_>,
    idp: &TrustedIdp,
    required: bool,
) -> Result<(), Rejection> {
    let malformed =
        || Rejection::Malformed { what: "Issuer is missing, repeated or not in its place" };
    let Some(issuer) = element.only(SAML, "Issuer").map_err(|_| malformed())? else {
        return if required { Err(malformed()) } else { Ok(()) };
    };
    if element.children().next() != Some(issuer) {
        return Err(malformed());
    }
    let text = issuer.text().map_err(|_| malformed())?;
    let format = issuer.attribute("Format");
    let entity = "urn:oasis:names:tc:SAML:2.0:nameid-format:entity";
    if text.trim_ascii() != idp.entity_id || format.is_some_and(|format| format != entity) {
        return Err(Rejection::Issuer { element: what, issuer: text.into_owned() });
    }
    Ok(())
}
