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
//! ```
//! use std::time::{Duration, UNIX_EPOCH};
//!
//! use saml::{Expected, IdpMetadata, RawResponse, ServiceProvider, TrustedIdp, accept};
//!
//! # const METADATA: &[u8] = include_bytes!(concat!(
//! #     env!("CARGO_MANIFEST_DIR"), "/tests/vectors/documented/entra/metadata.xml"
//! # ));
//! # const MESSAGE: &[u8] = include_bytes!(concat!(
//! #     env!("CARGO_MANIFEST_DIR"), "/tests/vectors/documented/entra/message.xml"
//! # ));
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // Once, when an administrator names the IdP: these keys verify, and nothing else ever does.
//! let metadata = IdpMetadata::parse(METADATA, None)?;
//! let keys = metadata.signing_keys.iter().map(|key| key.key()).collect::<Result<_, _>>()?;
//! let idp = TrustedIdp { entity_id: metadata.entity_id, keys, allow_sha1: false };
//!
//! // For each message: who we are, which request of ours it must answer, and what time it is.
//! let sp = ServiceProvider {
//!     entity_id: "https://jira.example.org/",
//!     acs_url: "https://jira.example.org/plugins/servlet/saml/auth",
//!     decryption_keys: &[],
//! };
//! let raw = RawResponse::from_xml(MESSAGE.to_vec())?;
//! let now = UNIX_EPOCH + Duration::from_secs(1_772_366_400);
//! let skew = Duration::from_secs(180);
//! let assertion = accept(&raw, &idp, &sp, Expected::Request("_request"), now, skew)?;
//! let name_id = assertion.name_id().ok_or("the assertion names nobody")?;
//! println!("{}", name_id.value);
//! assert_eq!(name_id.value, "camilla@example.org");
//!
//! // The same message as the answer to another request:
//! let rejection = accept(&raw, &idp, &sp, Expected::Request("_other"), now, skew).unwrap_err();
//! assert_eq!(rejection.code(), "in_response_to");
//! # Ok(())
//! # }
//! ```
//!
//! Inside, each module uses those before it only: `moment`, `base64`, `given`, `xml`, `c14n`, `rejection`,
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
mod given;
mod key;
mod message;
mod metadata;
mod moment;
mod rejection;
mod sp;
mod xml;

pub use binding::{LogoutMessage, MessageKind, Outgoing, PostForm, RawResponse, Signer};
pub use given::NotText;
pub use key::{Certificate, DecryptionKey, KeyError, TrustedIdp, TrustedKey, holds_private_key};
pub use message::{
    Attribute, AuthnRequest, LogoutRequest, LogoutResponse, LogoutStatus, NameId,
    RequestedAuthnContext, Signed, VerifiedAssertion,
};
pub use metadata::{
    Endpoint, GivenKeys, IdpKey, IdpMetadata, IdpSummary, Instead, MetadataDocument, MetadataError,
    OfferedAttribute, SpContact, SpKeyUse, SpMetadata, sp_metadata,
};
pub use rejection::{LogoutRejection, Rejection};
pub use sp::{
    Check, Expected, LogoutOutcome, LogoutParties, Outcome, Refused, RequiredAuthn,
    ServiceProvider, UnverifiedEnvelope, UnverifiedIssuer, VerifiedLogoutRequest,
    VerifiedLogoutResponse, accept, accept_logout_request, accept_logout_response, explain, judge,
    peek_envelope, peek_issuer, peek_logout_issuer,
};
pub use xml::XmlError;
