//! `SignatureMethod`, and the one algorithm that takes parameters: RSASSA-PSS (RFC 9231 §2.3.9).

use super::DS;
use super::algorithm::{DigestAlgorithm, SignatureAlgorithm};
use super::shape::algorithm_of;
use crate::Rejection;
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

/// PSS with its parameters written out. Taken are those that the short names stand for: mask and
/// salt follow the digest. Others are `None`: nobody uses them, and some are weak.
fn with_parameters(method: Element<'_>) -> Option<SignatureAlgorithm> {
    let mut children = method.children();
    let parameters = children.next().filter(|child| child.is(MORE, "RSAPSSParams"))?;
    let (mut digest, mut mask, mut salt) = (None, None, None);
    for child in parameters.children() {
        match child.name() {
            "DigestMethod" if child.is(DS, "DigestMethod") => digest = Some(digest_of(child)?),
            "MaskGenerationFunction" if child.is(MORE, "MaskGenerationFunction") => {
                if algorithm_of(child) != MGF1 {
                    return None;
                }
                let method = child.only(DS, "DigestMethod").ok()?;
                mask = Some(method.map_or(Some(DigestAlgorithm::Sha256), digest_of)?);
            }
            "SaltLength" if child.is(MORE, "SaltLength") => salt = Some(number(child)?),
            "TrailerField" if child.is(MORE, "TrailerField") && number(child) == Some(1) => {}
            _ => return None,
        }
    }
    let digest = digest.unwrap_or(DigestAlgorithm::Sha256);
    let (algorithm, length) = match digest {
        DigestAlgorithm::Sha1 => return None,
        DigestAlgorithm::Sha256 => (SignatureAlgorithm::RsaPssSha256, 32),
        DigestAlgorithm::Sha384 => (SignatureAlgorithm::RsaPssSha384, 48),
        DigestAlgorithm::Sha512 => (SignatureAlgorithm::RsaPssSha512, 64),
    };
    let is_usual = mask.unwrap_or(digest) == digest && salt.unwrap_or(length) == length;
    (is_usual && children.next().is_none()).then_some(algorithm)
}

fn digest_of(method: Element<'_>) -> Option<DigestAlgorithm> {
    DigestAlgorithm::from_uri(&algorithm_of(method))
}

fn number(element: Element<'_>) -> Option<usize> {
    element.text().ok()?.trim().parse().ok()
}
