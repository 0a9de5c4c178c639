//! The SAML 2.0 service provider, pure: bytes in, verified assertion out.
//!
//! It opens no socket, reads no file and no clock, keeps no state and writes no log. Time, keys
//! and IDs are arguments. What it verifies it hands out as an owned value that holds nothing but
//! what was signed; there is no other way to such a value.
//!
//! The flow: a posted field becomes a [`RawResponse`], [`accept`] makes a [`VerifiedAssertion`] of
//! it or a [`Rejection`]. [`AuthnRequest`] begins a sign-in; [`IdpMetadata`] says whom to trust.
//! A [`LogoutMessage`] becomes a [`VerifiedLogoutRequest`] or a [`VerifiedLogoutResponse`];
//! [`LogoutRequest`] and [`LogoutResponse`] are ours.
//!
//! Inside, each module uses those before it only: `moment`, `base64`, `xml`, `c14n`, `rejection`,
//! `key`, `dsig`, `enc`, `binding`, `message`, `metadata`, `sp`. `tests/module_order.rs` holds that.
#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)
)]

mod base64;
mod binding;
mod c14n;
pub mod dsig;
mod enc;
#[cfg(any(test, fuzzing))]
pub mod fuzzing;
mod key;
mod message;
mod metadata;
mod moment;
mod rejection;
mod sp;
mod xml;

pub use binding::{LogoutMessage, MessageKind, Outgoing, PostForm, RawResponse, Signer};
pub use key::{Certificate, DecryptionKey, KeyError, TrustedIdp, TrustedKey};
pub use message::{
    Attribute, AuthnRequest, LogoutRequest, LogoutResponse, NameId, Signed, VerifiedAssertion,
};
pub use metadata::{
    Endpoint, IdpKey, IdpMetadata, IdpSummary, MetadataDocument, MetadataError, OfferedAttribute,
    SpContact, SpKeyUse, SpMetadata, sp_metadata,
};
pub use rejection::{LogoutRejection, Rejection};
pub use sp::{
    Check, Expected, LogoutOutcome, LogoutParties, Outcome, Refused, ServiceProvider,
    UnverifiedEnvelope, UnverifiedIssuer, VerifiedLogoutRequest, VerifiedLogoutResponse, accept,
    accept_logout_request, accept_logout_response, explain, judge, peek_envelope, peek_issuer,
    peek_logout_issuer,
};
pub use xml::XmlError;
