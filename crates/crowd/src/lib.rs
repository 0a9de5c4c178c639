//! The Crowd REST wire format: what stock applications send to `/rest/usermanagement/1` and read from it.
//!
//! Entities are written as XML and as JSON, request bodies are read from both. This crate decides
//! *how things look on the wire*, in the order and with the exact elements that clients were seen
//! to need.
//!
//! It does **not** know HTTP servers, users' storage, passwords' hashes, time or sockets; it does
//! not authenticate anyone, follows no link, and resolves no XML entity beyond the five of XML
//! itself. Document type declarations are refused. The caller limits the size of what it hands in
//! to [`MAX_BODY_BYTES`].
#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)
)]

pub mod entity;
pub mod media;
pub mod reason;
pub mod restriction;
pub mod xml;

mod body_error;

pub use body_error::BodyError;
pub use entity::{Entity, encode};
pub use media::Format;
pub use reason::Reason;

/// The largest request body worth reading, in bytes: every body of the protocol is tiny.
pub const MAX_BODY_BYTES: usize = 1024 * 1024;
