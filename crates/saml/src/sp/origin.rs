//! Who made a message: its shape, then every signature that is there.
//!
//! What the message says is judged by [`accept`](super::accept) before and behind that. What is
//! refused nevertheless keeps its origin: [`Refused`].

use super::ServiceProvider;
use super::shape::{self, Found};
use crate::binding::RawResponse;
use crate::dsig;
use crate::enc::{self, Decrypted};
use crate::key::{TrustedIdp, TrustedKey};
use crate::message::Signed;
use crate::rejection::Rejection;
use crate::xml::{Document, Element, Limits};

/// A message that is refused, and whether the IdP made it all the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The first rule that it breaks.
    pub rejection: Rejection,
    /// The ID of the assertion of a message that the IdP made, whatever else is wrong with it: the
    /// message has a response's shape with one assertion, at least one of the two is signed, and
    /// every signature that is there verifies with a key of the IdP's. An encrypted assertion was
    /// decrypted for that.
    ///
    /// It proves the origin and nothing else: the message may be years old, meant for somebody else,
    /// or seen before. Nobody may sign in by it. It is for telling a genuine message that was
    /// refused from what anybody can post.
    pub signed_assertion_id: Option<String>,
}

impl From<Rejection> for Refused {
    fn from(rejection: Rejection) -> Self {
        Refused { rejection, signed_assertion_id: None }
    }
}

/// What the signatures prove.
#[derive(Clone, Copy)]
pub(super) struct Proven<'d> {
    /// The response, when it is signed itself.
    pub(super) response: Option<Element<'d>>,
    /// The assertion, as it was signed.
    pub(super) assertion: Element<'d>,
    pub(super) signed: Signed,
    /// The key of the innermost signature.
    pub(super) key: &'d TrustedKey,
}

/// The only way to a signed assertion: shape, then signatures, then what `inside` makes of it.
///
/// `outside` sees the response and its assertion before any cryptography and may refuse them. The
/// signatures are verified then, too: once, whatever is asked of the message.
pub(super) fn with_signed<T>(
    raw: &RawResponse,
    idp: &TrustedIdp,
    sp: &ServiceProvider<'_>,
    outside: impl for<'d> FnOnce(
        Element<'d>,
        Result<Found<'d>, Rejection>,
    ) -> Result<Found<'d>, Rejection>,
    inside: impl FnOnce(Proven<'_>) -> Result<T, Rejection>,
) -> Result<T, Refused> {
    let document = Document::parse(raw.xml(), Limits::MESSAGE).map_err(Rejection::from)?;
    let response = document.root();
    shape::check_response(response)?;
    let found = shape::the_assertion(response);
    let of_shape = found.as_ref().ok().copied();
    match outside(response, found) {
        Ok(found) => signed(response, found, idp, sp, |proven| {
            let assertion = proven.assertion;
            inside(proven).map_err(|rejection| {
                let signed_assertion_id = Some(id_of(assertion));
                Refused { rejection, signed_assertion_id }
            })
        }),
        Err(rejection) => {
            // Refused already; the signatures are verified all the same, since a genuine message
            // that is refused must not look like what anybody can post.
            let of_signed = |proven: Proven<'_>| Ok::<_, Refused>(id_of(proven.assertion));
            let id = of_shape.map(|found| signed(response, found, idp, sp, of_signed));
            let signed_assertion_id = id.and_then(Result::ok);
            Err(Refused { rejection, signed_assertion_id })
        }
    }
}

/// The signatures, and what `inside` makes of the assertion that they prove.
fn signed<T>(
    response: Element<'_>,
    found: Found<'_>,
    idp: &TrustedIdp,
    sp: &ServiceProvider<'_>,
    inside: impl FnOnce(Proven<'_>) -> Result<T, Refused>,
) -> Result<T, Refused> {
    // Before our key touches anything encrypted: in a response that is signed nobody but the IdP
    // chose the ciphertext.
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
        (None, None) => return Err(Rejection::Unsigned.into()),
    };
    // The signed response contains the assertion as a child, in the clear or encrypted, so both
    // ways lead to signed bytes. An assertion with a signature of its own is taken out of that
    // signature and never looked up again: what is read is what was hashed (signature wrapping).
    let assertion = signed_assertion.map_or(assertion, |signed| signed.element());
    let response = signed_response.as_ref().map(|signed| signed.element());
    inside(Proven { response, assertion, signed, key })
}

fn id_of(assertion: Element<'_>) -> String {
    assertion.attribute("ID").unwrap_or_default().into_owned()
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
