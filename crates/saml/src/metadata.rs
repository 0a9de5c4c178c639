//! Metadata (saml-metadata 2.0): reading an IdP's, writing ours.
//!
//! A document is read whole or refused in words that say what was found instead. It is trusted
//! because an administrator named its source; a pinned key can be asked for beside that.

mod chains;
mod declared;
mod describe;
mod document;
mod entity;
mod error;
mod given_keys;
mod instead;
mod keys;
mod lifetime;
mod spki;
mod write;

pub use describe::IdpSummary;
pub use document::MetadataDocument;
pub use entity::{Endpoint, IdpMetadata, OfferedAttribute};
pub use error::MetadataError;
pub use given_keys::GivenKeys;
pub use instead::Instead;
pub use keys::IdpKey;
pub use write::{SpContact, SpKeyUse, SpMetadata, sp_metadata};

/// The namespace of metadata.
pub(crate) const MD: &str = "urn:oasis:names:tc:SAML:2.0:metadata";
/// The namespace of its user interface extension (sstc-saml-metadata-ui §2.1).
pub(crate) const MDUI: &str = "urn:oasis:names:tc:SAML:metadata:ui";
