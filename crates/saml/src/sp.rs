//! The service provider's part: whom it trusts, and which response it accepts.

mod accept;
mod authn;
mod conditions;
mod envelope;
mod expected;
mod explain;
mod logout;
mod origin;
mod shape;
mod subject;
mod times;

pub use accept::{UnverifiedIssuer, accept, judge, peek_issuer};
pub use authn::RequiredAuthn;
pub use envelope::{UnverifiedEnvelope, peek_envelope};
pub use expected::{Expected, ServiceProvider};
pub use explain::{Check, Outcome, explain};
pub use logout::{
    LogoutOutcome, LogoutParties, VerifiedLogoutRequest, VerifiedLogoutResponse,
    accept_logout_request, accept_logout_response, peek_logout_issuer,
};
pub use origin::Refused;
