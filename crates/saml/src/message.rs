//! The messages of saml-core, as far as they are read or written here.

mod assertion;
mod authn_request;
mod logout;
mod write;

pub use assertion::{Attribute, NameId, Signed, VerifiedAssertion};
pub use authn_request::{AuthnRequest, RequestedAuthnContext};
pub use logout::{LogoutRequest, LogoutResponse, LogoutStatus};

pub(crate) use assertion::{AssertionText, classes_of};
