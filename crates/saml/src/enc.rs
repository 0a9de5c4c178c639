//! XML Encryption on a fixed profile: one `EncryptedData` whose content key is wrapped with
//! RSA-OAEP for us, AES in GCM or CBC, algorithms of an allow-list.
//!
//! Nothing is fetched and nothing is looked up outside the encrypted element. Whatever is wrong
//! with key or content ends in one error, after the same work (CBC padding oracles, Bleichenbacher).
//! What comes out is not trusted: it is a document that its caller must verify.

mod algorithm;
mod decrypt;
mod shape;

pub(crate) use decrypt::{Decrypted, decrypt};

/// The namespace of XML Encryption 1.0.
pub(crate) const XENC: &str = "http://www.w3.org/2001/04/xmlenc#";
/// The namespace of what version 1.1 added.
const XENC11: &str = "http://www.w3.org/2009/xmlenc11#";
