//! The messages of saml-core, as far as they are read or written here.

mod assertion;
mod authn_request;

pub use assertion::{Attribute, NameId, Signed, VerifiedAssertion};
pub use authn_request::AuthnRequest;

pub(crate) use assertion::AssertionText;
