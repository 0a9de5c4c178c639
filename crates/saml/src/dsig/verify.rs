//! Verification, in the order that costs an unauthenticated sender's victim least: shape,
//! `SignedInfo`, public key, and only then the digest of what is signed.

use super::DS;
use super::shape::{self, Shape};
use crate::Rejection;
use crate::c14n::{TooLong, canonicalize};
use crate::key::{Digest, TrustedIdp, TrustedKey, same_bytes};
use crate::xml::Element;

/// An element whose signature was verified. [`verify`] is the only way to one.
pub(crate) struct Signed<'d, 'k> {
    element: Element<'d>,
    key: &'k TrustedKey,
}

impl<'d, 'k> Signed<'d, 'k> {
    /// What was signed.
    pub(crate) fn element(&self) -> Element<'d> {
        self.element
    }

    /// The key that verified it.
    pub(crate) fn key(&self) -> &'k TrustedKey {
        self.key
    }
}

/// Verifies the signature of `element`, if it has one: the child right behind the Issuer.
///
/// # Errors
/// When there is a signature and anything about it is wrong.
pub(crate) fn verify<'d, 'k>(
    element: Element<'d>,
    idp: &'k TrustedIdp,
) -> Result<Option<Signed<'d, 'k>>, Rejection> {
    let signature = element.only(DS, "Signature").map_err(|_| Rejection::SignatureMalformed {
        what: "an element holds more than one Signature",
    })?;
    let Some(signature) = signature else { return Ok(None) };
    // saml-core §2.3.3, §3.2.2: Signature follows Issuer.
    if element.children().nth(1) != Some(signature) {
        return Err(Rejection::SignatureMalformed { what: "Signature does not follow Issuer" });
    }
    let id = element.attribute("ID").unwrap_or_default();
    let shape = shape::read(signature, &id)?;
    if !idp.allow_sha1 && (shape.algorithm.is_legacy() || shape.digest.is_legacy()) {
        return Err(Rejection::Sha1NotAllowed);
    }
    // The digest that is compared was read from the same nodes whose canonical form the key signed:
    // no second parser and no second look could see another one (CVE-2025-25291, CVE-2025-25292).
    let key = signer(&shape, &idp.keys)?;
    check_digest(element, signature, &shape)?;
    Ok(Some(Signed { element, key }))
}

/// Does what verifying `bytes` would have cost, and nothing else: a failed decryption is followed
/// by it, so that time does not tell how far the decryption came.
pub(crate) fn waste(idp: &TrustedIdp, bytes: &[u8]) {
    if let Some(key) = idp.keys.first() {
        std::hint::black_box(key.waste(bytes));
    }
}

/// Verifies the signature of a metadata document's root, its first child (saml-metadata §3.1),
/// with one of `keys`. SHA-1 is refused: there is no old signer to be kind to.
///
/// # Errors
/// When there is no signature, or anything about it is wrong.
pub(crate) fn verify_metadata(root: Element<'_>, keys: &[TrustedKey]) -> Result<(), Rejection> {
    let signature = root.only(DS, "Signature").map_err(|_| Rejection::SignatureMalformed {
        what: "the document holds more than one Signature",
    })?;
    let signature = signature.filter(|signature| root.children().next() == Some(*signature));
    let signature = signature.ok_or(Rejection::Unsigned)?;
    let shape = shape::read(signature, &root.attribute("ID").unwrap_or_default())?;
    if shape.algorithm.is_legacy() || shape.digest.is_legacy() {
        return Err(Rejection::Sha1NotAllowed);
    }
    signer(&shape, keys)?;
    check_digest(root, signature, &shape)
}

/// The trusted key that signed `SignedInfo`.
fn signer<'k>(shape: &Shape<'_>, keys: &'k [TrustedKey]) -> Result<&'k TrustedKey, Rejection> {
    let mut message = Vec::with_capacity(1024);
    canonicalize(shape.signed_info, None, &shape.info_method, &mut |bytes| {
        message.extend_from_slice(bytes);
    })
    .map_err(too_long)?;
    let mut tried = 0;
    for key in keys {
        match key.verifies(shape.algorithm, &message, &shape.value) {
            Some(true) => return Ok(key),
            Some(false) => tried += 1,
            None => {}
        }
    }
    match tried {
        0 => Err(Rejection::NoKeyForAlgorithm { keys: keys.len() }),
        _ => Err(Rejection::SignatureInvalid { tried }),
    }
}

/// Compares the digest of the element, without its signature, with the signed one.
fn check_digest(
    element: Element<'_>,
    signature: Element<'_>,
    shape: &Shape<'_>,
) -> Result<(), Rejection> {
    let mut digest = Digest::new(shape.digest);
    canonicalize(element, Some(signature.index()), &shape.method, &mut |bytes| {
        digest.update(bytes);
    })
    .map_err(too_long)?;
    let (digest, length) = digest.finish();
    // An empty canonical form would sign nothing (CVE-2025-66568).
    if length == 0 || !same_bytes(digest.as_ref(), &shape.digest_value) {
        return Err(Rejection::DigestMismatch);
    }
    Ok(())
}

fn too_long(TooLong: TooLong) -> Rejection {
    Rejection::SignatureMalformed {
        what: "the canonical form is more than four times as long as what is signed",
    }
}
