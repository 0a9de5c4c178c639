//! XML Signature on a fixed profile: one enveloped signature, one reference to the element that
//! holds it, exclusive canonicalization, algorithms of an allow-list.
//!
//! Keys come from stored metadata only; `KeyInfo` is never read. Nothing is looked up by ID: the
//! reference must name its own parent.

mod detached;
mod pss;
mod shape;
mod sign;
mod verify;

pub(crate) use detached::verify_octets;
pub(crate) use shape::base64_of;
pub(crate) use sign::RSA_SHA256;
pub(crate) use verify::{Signed, verify, verify_metadata, waste};

pub use crate::key::SigningKey;
pub use sign::{SignError, sign_enveloped};

/// The namespace of XML Signature.
pub(crate) const DS: &str = "http://www.w3.org/2000/09/xmldsig#";
/// The namespace of exclusive canonicalization.
pub(crate) const EXC_C14N: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
