//! The service provider's part: whom it trusts, and which response it accepts.

mod accept;
mod conditions;
mod envelope;
mod explain;
mod logout;
mod origin;
mod shape;
mod subject;

pub use accept::{
    Expected, ServiceProvider, TrustedIdp, UnverifiedIssuer, accept, judge, peek_issuer,
};
pub use envelope::{UnverifiedEnvelope, peek_envelope};
pub use explain::{Check, Outcome, explain};
pub use logout::{
    LogoutOutcome, LogoutParties, LogoutRejection, VerifiedLogoutRequest, VerifiedLogoutResponse,
    accept_logout_request, accept_logout_response, peek_logout_issuer,
};
pub use origin::Refused;

/// The namespace of assertions.
pub(crate) const SAML: &str = "urn:oasis:names:tc:SAML:2.0:assertion";
/// The namespace of protocol messages.
pub(crate) const SAMLP: &str = "urn:oasis:names:tc:SAML:2.0:protocol";
