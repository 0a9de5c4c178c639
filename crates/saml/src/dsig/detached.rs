//! A signature over octets, beside them: how queries of redirects are signed (saml-bindings
//! §3.4.4.1).

use crate::Rejection;
use crate::key::{SignatureAlgorithm, TrustedIdp};

/// Verifies that one of the IdP's keys signed `octets`.
///
/// # Errors
/// When none did, or the algorithm is not allowed.
pub(crate) fn verify_octets(
    octets: &[u8],
    algorithm: &str,
    signature: &[u8],
    idp: &TrustedIdp,
) -> Result<(), Rejection> {
    let algorithm = SignatureAlgorithm::from_uri(algorithm)
        .ok_or_else(|| Rejection::AlgorithmNotAllowed { uri: algorithm.to_owned() })?;
    if algorithm.is_legacy() && !idp.allow_sha1 {
        return Err(Rejection::Sha1NotAllowed);
    }
    let mut tried = 0;
    for key in &idp.keys {
        match key.verifies(algorithm, octets, signature) {
            Some(true) => return Ok(()),
            Some(false) => tried += 1,
            None => {}
        }
    }
    match tried {
        0 => Err(Rejection::NoKeyForAlgorithm { keys: idp.keys.len() }),
        _ => Err(Rejection::SignatureInvalid { tried }),
    }
}
