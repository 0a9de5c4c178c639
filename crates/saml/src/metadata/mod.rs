//! Metadata (saml-metadata 2.0): reading an IdP's, writing ours.

mod read;
mod write;

pub use read::{Endpoint, IdpMetadata, MetadataError};
pub use write::{SpMetadata, sp_metadata};

/// The namespace of metadata.
pub(crate) const MD: &str = "urn:oasis:names:tc:SAML:2.0:metadata";
