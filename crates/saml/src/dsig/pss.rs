//! `SignatureMethod`, and the one algorithm that takes parameters: RSASSA-PSS (RFC 9231 §2.3.9).

use std::borrow::Cow;

use super::DS;
use crate::Rejection;
use crate::key::{DigestAlgorithm, SignatureAlgorithm};
use crate::xml::Element;

const PSS: &str = "http://www.w3.org/2007/05/xmldsig-more#rsa-pss";
const MGF1: &str = "http://www.w3.org/2007/05/xmldsig-more#MGF1";
const MORE: &str = "http://www.w3.org/2007/05/xmldsig-more#";

/// The algorithm that a `SignatureMethod` names.
pub(super) fn signature_algorithm(method: Element<'_>) -> Result<SignatureAlgorithm, Rejection> {
    let uri = algorithm_of(method);
    let algorithm = if uri == PSS {
        with_parameters(method)
    } else {
        // Parameters like HMACOutputLength have no place in the other algorithms.
        SignatureAlgorithm::from_uri(&uri).filter(|_| method.children().next().is_none())
    };
    algorithm.ok_or_else(|| Rejection::AlgorithmNotAllowed { uri: uri.into_owned() })
}

/// The URI that an element of XML Signature names its algorithm by.
pub(super) fn algorithm_of(element: Element<'_>) -> Cow<'_, str> {
    element.attribute("Algorithm").unwrap_or_default()
}

/// PSS by the name that takes parameters. Taken are those that the short names stand for: mask and
/// salt follow the digest. Others are `None`: nobody uses them, and some are weak. Without any they
/// are the defaults: SHA-256, a mask by it, 32 bytes of salt.
fn with_parameters(method: Element<'_>) -> Option<SignatureAlgorithm> {
    let mut children = method.children();
    let Some(parameters) = children.next() else { return Some(SignatureAlgorithm::RsaPssSha256) };
    if !parameters.is(MORE, "RSAPSSParams") {
        return None;
    }
    let (mut digest, mut mask, mut salt, mut trailer) = (None, None, None, None);
    for child in parameters.children() {
        // Each stands there once: what is signed stays short.
        let again = match child.name() {
            "DigestMethod" if child.is(DS, "DigestMethod") => {
                digest.replace(digest_of(child)?).is_some()
            }
            "MaskGenerationFunction" if child.is(MORE, "MaskGenerationFunction") => {
                mask.replace(mask_of(child)?).is_some()
            }
            "SaltLength" if child.is(MORE, "SaltLength") => salt.replace(number(child)?).is_some(),
            "TrailerField" if child.is(MORE, "TrailerField") => {
                trailer.replace(number(child)?).is_some()
            }
            _ => true,
        };
        if again {
            return None;
        }
    }
    let digest = digest.unwrap_or(DigestAlgorithm::Sha256);
    let (algorithm, length) = match digest {
        DigestAlgorithm::Sha1 => return None,
        DigestAlgorithm::Sha256 => (SignatureAlgorithm::RsaPssSha256, 32),
        DigestAlgorithm::Sha384 => (SignatureAlgorithm::RsaPssSha384, 48),
        DigestAlgorithm::Sha512 => (SignatureAlgorithm::RsaPssSha512, 64),
    };
    let is_usual = mask.unwrap_or(digest) == digest
        && salt.unwrap_or(length) == length
        && trailer.unwrap_or(1) == 1;
    (is_usual && children.next().is_none()).then_some(algorithm)
}

fn mask_of(function: Element<'_>) -> Option<DigestAlgorithm> {
    let mut children = function.children();
    let digest = match children.next() {
        None => Some(DigestAlgorithm::Sha256),
        Some(method) => digest_of(method).filter(|_| method.is(DS, "DigestMethod")),
    };
    digest.filter(|_| algorithm_of(function) == MGF1 && children.next().is_none())
}

fn digest_of(method: Element<'_>) -> Option<DigestAlgorithm> {
    let digest = DigestAlgorithm::from_uri(&algorithm_of(method));
    digest.filter(|_| method.children().next().is_none())
}

fn number(element: Element<'_>) -> Option<usize> {
    element.text().ok()?.trim().parse().ok()
}
