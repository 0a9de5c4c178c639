//! Who made a message: its shape, then every signature that is there. [`accept`](super::accept)
//! goes on from here; [`signed_assertion_id`] ends here.
//!
//! Nothing of what the message says is judged: not its status, times, audience, destination,
//! issuer or which request it answers.

use super::shape::{self, Found};
use super::{ServiceProvider, TrustedIdp};
use crate::binding::RawResponse;
use crate::dsig;
use crate::enc::{self, Decrypted};
use crate::key::TrustedKey;
use crate::message::Signed;
use crate::rejection::Rejection;
use crate::xml::{Document, Element, Limits};

/// The ID of the assertion of a message that the IdP made, whatever else is wrong with it.
///
/// It gives the ID when the message has a response's shape with one assertion, at least one of the
/// two is signed, and every signature that is there verifies with a key of `idp`: the very steps of
/// [`accept`](super::accept()). An encrypted assertion is decrypted for that.
///
/// It proves the origin and nothing else: the message may be years old, meant for somebody else, or
/// seen before. Nobody may sign in by it. It is for telling a genuine message that was refused from
/// what anybody can post.
pub fn signed_assertion_id(
    raw: &RawResponse,
    idp: &TrustedIdp,
    sp: &ServiceProvider<'_>,
) -> Option<String> {
    let id = with_signed(
        raw,
        idp,
        sp,
        |_, found| found,
        |assertion, _, _| Ok(assertion.attribute("ID").unwrap_or_default().into_owned()),
    );
    id.ok()
}

/// The only way to a signed assertion: shape, then signatures, then what `inside` makes of it.
///
/// `outside` sees the response and its assertion before any cryptography and may refuse them.
pub(super) fn with_signed<T>(
    raw: &RawResponse,
    idp: &TrustedIdp,
    sp: &ServiceProvider<'_>,
    outside: impl for<'d> FnOnce(
        Element<'d>,
        Result<Found<'d>, Rejection>,
    ) -> Result<Found<'d>, Rejection>,
    inside: impl FnOnce(Element<'_>, Signed, &TrustedKey) -> Result<T, Rejection>,
) -> Result<T, Rejection> {
    let document = Document::parse(raw.xml(), Limits::MESSAGE)?;
    let response = document.root();
    shape::check_response(response)?;
    let found = outside(response, shape::the_assertion(response))?;

    let signed_response = dsig::verify(response, idp)?;
    let decrypted = match found {
        Found::Plain(_) => None,
        Found::Encrypted(encrypted) => Some(decrypt(encrypted, response, idp, sp)?),
    };
    let assertion = found.assertion(decrypted.as_ref());
    let signed_assertion = dsig::verify(assertion, idp)?;
    let (signed, key) = match (&signed_response, &signed_assertion) {
        (Some(_), Some(assertion)) => (Signed::Both, assertion.key()),
        (None, Some(assertion)) => (Signed::Assertion, assertion.key()),
        (Some(response), None) => (Signed::Response, response.key()),
        (None, None) => return Err(Rejection::Unsigned),
    };
    // The signed response contains the assertion as a child, in the clear or encrypted, so both
    // ways lead to signed bytes.
    let assertion = signed_assertion.map_or(assertion, |signed| signed.element());
    inside(assertion, signed, key)
}

/// The assertion inside an EncryptedAssertion, of the right shape. Verified it is not.
pub(super) fn decrypt(
    encrypted: Element<'_>,
    response: Element<'_>,
    idp: &TrustedIdp,
    sp: &ServiceProvider<'_>,
) -> Result<Decrypted, Rejection> {
    let decrypted = enc::decrypt(encrypted, sp.decryption_keys, sp.entity_id, "Assertion");
    let decrypted = decrypted.inspect_err(|rejection| {
        // What can be read is verified next. What cannot takes as long.
        if *rejection == Rejection::Decryption {
            // Half of the ciphertext's text is about what a signature covers of the plaintext.
            let text = encrypted.source().as_bytes();
            dsig::waste(idp, text.get(..text.len() / 2).unwrap_or_default());
        }
    })?;
    shape::check_decrypted(response, decrypted.element())?;
    Ok(decrypted)
}
