//! The exact shape that a signature must have, before any cryptography.
//!
//! Everything is found by position from the signature downwards; nothing is searched.

use super::pss::{self, algorithm_of};
use super::{DS, EXC_C14N};
use crate::c14n::Method;
use crate::key::{DigestAlgorithm, SignatureAlgorithm};
use crate::xml::Element;
use crate::{Rejection, base64};

/// A signature of the right shape.
pub(super) struct Shape<'d> {
    pub(super) signed_info: Element<'d>,
    /// How `SignedInfo` is canonicalized.
    pub(super) info_method: Method,
    pub(super) algorithm: SignatureAlgorithm,
    /// How the parent is canonicalized.
    pub(super) method: Method,
    pub(super) digest: DigestAlgorithm,
    pub(super) digest_value: Vec<u8>,
    pub(super) value: Vec<u8>,
}

const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
const EXC_C14N_COMMENTS: &str = "http://www.w3.org/2001/10/xml-exc-c14n#WithComments";
const INCLUSIVE_C14N: &str = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";
const PREFIXES: usize = 32;
const TRANSFORMS: usize = 2;
/// Bytes of SignedInfo; real ones have about a thousand. It is hashed for each trusted key before
/// anybody has vouched for it.
const SIGNED_INFO: usize = 8 * 1024;

/// Reads the signature that is a child of `parent`, whose ID is `id`.
pub(super) fn read<'d>(signature: Element<'d>, id: &str) -> Result<Shape<'d>, Rejection> {
    let malformed = |what: &'static str| Rejection::SignatureMalformed { what };
    if !signature.holds_only_elements() {
        return Err(malformed("Signature holds text or comments"));
    }
    let mut children = signature.children();
    let (signed_info, value, key_info) = (children.next(), children.next(), children.next());
    let signed_info = signed_info
        .filter(|child| child.is(DS, "SignedInfo"))
        .ok_or_else(|| malformed("its first child is not SignedInfo"))?;
    let value = value
        .filter(|child| child.is(DS, "SignatureValue"))
        .ok_or_else(|| malformed("its second child is not SignatureValue"))?;
    if key_info.is_some_and(|child| !child.is(DS, "KeyInfo")) || children.next().is_some() {
        return Err(malformed("something else than KeyInfo follows SignatureValue"));
    }
    if signed_info.source().len() > SIGNED_INFO {
        return Err(malformed("SignedInfo is too long"));
    }
    if !signed_info.holds_only_elements() {
        return Err(malformed("SignedInfo holds text or comments"));
    }
    let mut children = signed_info.children();
    let mut child = |name: &'static str| {
        children
            .next()
            .filter(|child| child.is(DS, name))
            .ok_or_else(|| malformed("SignedInfo is not made of its three parts"))
    };
    let canonicalization = child("CanonicalizationMethod")?;
    let signature_method = child("SignatureMethod")?;
    let reference = child("Reference")?;
    if children.next().is_some() {
        return Err(malformed("SignedInfo has more than one Reference"));
    }
    let algorithm = pss::signature_algorithm(signature_method)?;
    let (method, digest, digest_value) = read_reference(reference, id)?;
    Ok(Shape {
        signed_info,
        info_method: canonical_method(canonicalization)?,
        algorithm,
        method,
        digest,
        digest_value,
        value: base64_of(value)?,
    })
}

fn read_reference(
    reference: Element<'_>,
    id: &str,
) -> Result<(Method, DigestAlgorithm, Vec<u8>), Rejection> {
    let malformed = |what: &'static str| Rejection::SignatureMalformed { what };
    let uri = reference.attribute("URI").unwrap_or_default();
    if uri.strip_prefix('#') != Some(id) {
        return Err(Rejection::ReferenceElsewhere { uri: uri.into_owned() });
    }
    if !reference.holds_only_elements() {
        return Err(malformed("Reference holds text or comments"));
    }
    let mut children = reference.children();
    let mut child = |name: &'static str| {
        children
            .next()
            .filter(|child| child.is(DS, name))
            .ok_or_else(|| malformed("Reference is not made of its three parts"))
    };
    let transforms = child("Transforms")?;
    let digest_method = child("DigestMethod")?;
    let digest_value = child("DigestValue")?;
    if children.next().is_some() {
        return Err(malformed("something follows DigestValue"));
    }
    let transforms: Vec<_> = transforms.children().take(TRANSFORMS + 1).collect();
    let (enveloped, canonical) = match transforms.as_slice() {
        [enveloped, canonical] => (enveloped, canonical),
        // Without another one inclusive canonicalization follows (xmldsig-core §4.4.3.2).
        [only] if is_enveloped(*only) => {
            return Err(Rejection::TransformNotAllowed { uri: INCLUSIVE_C14N.to_owned() });
        }
        _ => return Err(malformed("Transforms are not enveloped-signature and exclusive C14N")),
    };
    if !is_enveloped(*enveloped) || !canonical.is(DS, "Transform") {
        let uri = algorithm_of(*enveloped).into_owned();
        return Err(Rejection::TransformNotAllowed { uri });
    }
    let uri = algorithm_of(digest_method);
    let digest = DigestAlgorithm::from_uri(&uri)
        .filter(|_| digest_method.children().next().is_none())
        .ok_or_else(|| Rejection::AlgorithmNotAllowed { uri: uri.into_owned() })?;
    // A reference to an ID leaves comments out, whatever the transform says (xmldsig-core §4.4.3.3).
    let method = Method { comments: false, ..canonical_method(*canonical)? };
    Ok((method, digest, base64_of(digest_value)?))
}

fn is_enveloped(transform: Element<'_>) -> bool {
    transform.is(DS, "Transform")
        && algorithm_of(transform) == ENVELOPED
        && transform.children().next().is_none()
}

/// Exclusive canonicalization with its optional list of prefixes (exc-c14n §4).
fn canonical_method(element: Element<'_>) -> Result<Method, Rejection> {
    let uri = algorithm_of(element);
    let comments = match &*uri {
        EXC_C14N => false,
        EXC_C14N_COMMENTS => true,
        _ => return Err(Rejection::TransformNotAllowed { uri: uri.into_owned() }),
    };
    let mut inclusive_prefixes = Vec::new();
    let mut children = element.children();
    if let Some(child) = children.next() {
        let malformed = Rejection::SignatureMalformed { what: "InclusiveNamespaces is malformed" };
        // It is empty (exc-c14n §4): each element in it would be asked for every prefix of it.
        let is_empty = child.holds_only_elements() && child.children().next().is_none();
        if !child.is(EXC_C14N, "InclusiveNamespaces") || !is_empty || children.next().is_some() {
            return Err(malformed);
        }
        let list = child.attribute("PrefixList").unwrap_or_default();
        let prefixes = list.split_ascii_whitespace().map(|prefix| match prefix {
            "#default" => String::new(),
            prefix => prefix.to_owned(),
        });
        inclusive_prefixes.extend(prefixes.take(PREFIXES + 1));
        if inclusive_prefixes.len() > PREFIXES {
            return Err(malformed);
        }
    }
    Ok(Method { comments, inclusive_prefixes })
}

/// base64 with line breaks; text only, not even a comment may stand in it (CVE-2025-29775).
pub(crate) fn base64_of(element: Element<'_>) -> Result<Vec<u8>, Rejection> {
    let malformed = || Rejection::SignatureMalformed { what: "a value is not plain base64" };
    if !element.holds_only_text() || element.attribute("Algorithm").is_some() {
        return Err(malformed());
    }
    let text = element.text().map_err(|_| malformed())?;
    base64::decode(&text).ok_or_else(malformed)
}
