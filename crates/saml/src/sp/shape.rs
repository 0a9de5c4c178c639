//! The shape of a response: what must be there before anything is believed, and nothing twice.

use super::times::moment;
use crate::Rejection;
use crate::dsig::DS;
use crate::enc::Decrypted;
use crate::xml::{Document, Element, SAML, SAMLP, is_id};

const SUCCESS: &str = "urn:oasis:names:tc:SAML:2.0:status:Success";

/// IDs in one message; real ones have two.
const IDS: usize = 64;

/// Root element, version, IDs and the places of signatures.
pub(super) fn check_response(response: Element<'_>) -> Result<(), Rejection> {
    if !response.is(SAMLP, "Response") {
        return Err(Rejection::NotAResponse { name: response.name().to_owned() });
    }
    check_version("the response", response)?;
    check_id("the response", response)?;
    check_instant(response)?;
    check_ids(&[response.document()])
}

/// The assertion of a response, as it stands there.
#[derive(Clone, Copy)]
pub(super) enum Found<'d> {
    Plain(Element<'d>),
    Encrypted(Element<'d>),
}

impl<'d> Found<'d> {
    /// The assertion: this one, or what came out of it.
    pub(super) fn assertion(self, decrypted: Option<&'d Decrypted>) -> Element<'d> {
        let (Found::Plain(here) | Found::Encrypted(here)) = self;
        decrypted.map_or(here, Decrypted::element)
    }
}

/// The one assertion of the whole document, encrypted or not, which must be the response's child.
pub(super) fn the_assertion<'d>(response: Element<'d>) -> Result<Found<'d>, Rejection> {
    let (first, count) = assertions(response.document());
    let assertion = first.filter(|assertion| count == 1 && assertion.parent() == Some(response));
    let Some(assertion) = assertion else { return Err(Rejection::AssertionCount { count }) };
    if assertion.is(SAML, "EncryptedAssertion") {
        check_signature_places(response.document(), [response, response])?;
        return Ok(Found::Encrypted(assertion));
    }
    check_version("the assertion", assertion)?;
    check_id("the assertion", assertion)?;
    check_instant(assertion)?;
    check_signature_places(response.document(), [response, assertion])?;
    Ok(Found::Plain(assertion))
}

/// The same rules for an assertion that came out of `response` decrypted: it is alone in its
/// document, and its IDs are no IDs of the response.
pub(super) fn check_decrypted(
    response: Element<'_>,
    assertion: Element<'_>,
) -> Result<(), Rejection> {
    let (_, count) = assertions(assertion.document());
    if count != 1 {
        return Err(Rejection::AssertionCount { count });
    }
    check_version("the assertion", assertion)?;
    check_id("the assertion", assertion)?;
    check_instant(assertion)?;
    check_signature_places(assertion.document(), [assertion, assertion])?;
    check_ids(&[response.document(), assertion.document()])
}

/// The first assertion of a document and how many there are, encrypted ones too.
pub(super) fn assertions<'d>(document: &'d Document<'_>) -> (Option<Element<'d>>, usize) {
    let mut plain = document.elements_named(SAML, "Assertion");
    let mut encrypted = document.elements_named(SAML, "EncryptedAssertion");
    // Which of two is the first does not matter: neither is taken then.
    let (first, other) = (plain.next(), encrypted.next());
    let more = plain.count() + encrypted.count();
    let count = usize::from(first.is_some()) + usize::from(other.is_some()) + more;
    (first.or(other), count)
}

/// saml-core §3.2.2.2: the top-level code is Success, exactly.
pub(super) fn check_status(response: Element<'_>) -> Result<(), Rejection> {
    let malformed = || Rejection::Malformed { what: "Status is missing or repeated" };
    let status = response.only(SAMLP, "Status").map_err(|_| malformed())?.ok_or_else(malformed)?;
    let code = status.only(SAMLP, "StatusCode").map_err(|_| malformed())?.ok_or_else(malformed)?;
    let value = code.attribute("Value").unwrap_or_default();
    if value == SUCCESS {
        return Ok(());
    }
    let subcode = code.only(SAMLP, "StatusCode").ok().flatten();
    let subcode = subcode.and_then(|code| code.attribute("Value")).unwrap_or_default();
    let message = status.only(SAMLP, "StatusMessage").ok().flatten();
    let message = message.and_then(|message| message.text().ok()).unwrap_or_default();
    Err(Rejection::Status {
        code: value.into_owned(),
        subcode: subcode.into_owned(),
        message: message.chars().take(500).collect(),
    })
}

pub(super) fn check_version(what: &'static str, element: Element<'_>) -> Result<(), Rejection> {
    let version = element.attribute("Version").unwrap_or_default();
    if version == "2.0" {
        return Ok(());
    }
    Err(Rejection::Version { element: what, version: version.into_owned() })
}

/// saml-core §2.3.3, §3.2.2: IssueInstant is there and a moment. Nothing depends on when it was.
fn check_instant(element: Element<'_>) -> Result<(), Rejection> {
    let missing = Rejection::Malformed { what: "IssueInstant is missing" };
    moment(element, "IssueInstant")?.map(|_| ()).ok_or(missing)
}

pub(super) fn check_id(what: &'static str, element: Element<'_>) -> Result<(), Rejection> {
    let id = element.attribute("ID").unwrap_or_default();
    if is_id(&id) {
        return Ok(());
    }
    Err(Rejection::IdMalformed { element: what, id: id.into_owned() })
}

/// No ID stands there twice (saml-core §1.3.4). Only the attribute `ID` without a prefix is one.
pub(super) fn check_ids(documents: &[&Document<'_>]) -> Result<(), Rejection> {
    let mut ids = Vec::with_capacity(8);
    for id in documents.iter().flat_map(|document| document.values_of("ID")) {
        if ids.contains(&id) || ids.len() >= IDS {
            return Err(Rejection::IdRepeated { id: id.into_owned() });
        }
        ids.push(id);
    }
    Ok(())
}

/// Signatures stand in the response and in its assertion, and nowhere else (attack class: a
/// signature lent by another element).
fn check_signature_places(
    document: &Document<'_>,
    places: [Element<'_>; 2],
) -> Result<(), Rejection> {
    let elsewhere = document
        .elements_named(DS, "Signature")
        .any(|signature| signature.parent().is_none_or(|parent| !places.contains(&parent)));
    if elsewhere { Err(Rejection::SignatureElsewhere) } else { Ok(()) }
}
