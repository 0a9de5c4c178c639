//! Whom we trust: the keys of one IdP, and nothing of how they came here.

use super::TrustedKey;

/// An IdP as its stored metadata describes it.
#[derive(Debug)]
pub struct TrustedIdp {
    /// Its entity ID, compared letter by letter.
    pub entity_id: String,
    /// Its signing keys, any number at once. Nothing else ever verifies.
    pub keys: Vec<TrustedKey>,
    /// Its signatures may use SHA-1.
    pub allow_sha1: bool,
}
