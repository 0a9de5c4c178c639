//! For tests only: SAML messages as an IdP or a forger would make them, a signer, and both ends of
//! HTTP as bytes, none of which shares code with the product.
//!
//! It depends on no crate of the product, so a mistake there cannot repeat itself here. It checks
//! nothing and verifies nothing: whoever builds a message says what should be wrong with it.

mod encryption;
pub mod http;
pub mod imports;
mod key;
mod logout;
mod metadata;
mod outline;
mod python;
mod query;
pub mod refusals;
mod response;
mod signature;
mod signer;

pub use encryption::{Encryption, Hash, KeyPlace, encrypt_in_place};
pub use key::Key;
pub use logout::Logout;
pub use metadata::{metadata, metadata_with};
pub use outline::{outline_by_quick_xml, outline_by_roxmltree, without_line_ends};
pub use python::{Canonicalizer, sign_with_signxml};
pub use query::{encoded, signed_query, unsigned_query};
pub use response::{Confirmation, Prefixes, Response};
pub use signature::Signature;
pub use signer::{Place, Scheme, sign, sign_again, verifies};
