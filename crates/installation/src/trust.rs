//! How an IdP's metadata becomes trust, and stays current while keys change.
//!
//! Trust comes from stored settings alone. Metadata gets there because an administrator named its
//! address or gave the document; a key inside a message is never used. What cannot be read, or is
//! wrong, changes nothing: the settings of the last good look stay.
//!
//! It does not verify sign-ins (`saml::accept` does), and it publishes nothing ([`crate::metadata`]).

mod expiry;
mod offered;
mod refresh;
mod remarks;
mod rollover;
mod schedule;
mod settle;
mod source;
mod watch;

pub use expiry::{Warning, renewal, warnings};
pub use offered::{offered, recent_sign_ins};
pub use refresh::{
    KeyDecision, Refreshed, add, attributes_offered, change, decide, offer, offered_from_text,
    offered_to_text, prepare, refresh, save,
};
pub use remarks::{remarks, remarks_on_keys};
pub use rollover::{Expired, NoNewKey, StaleKeys, newer_keys, still_valid};
pub use schedule::{in_words, interval};
pub use settle::{Settled, settle};
pub use source::Source;
pub use watch::{Watch, refresh_when_due, write_down_uses};

use saml::MetadataError;
use store::StoreError;
use thiserror::Error;

use crate::fetch::FetchError;
use crate::settings::{EditError, Fault, MetadataSettings};

/// Why metadata was not taken over; nothing has changed then.
#[derive(Debug, Error)]
pub enum TrustError {
    /// It did not come.
    #[error("the metadata did not come: {0}")]
    Fetch(#[from] FetchError),
    /// The file cannot be read.
    #[error("cannot read the metadata {name}: {reason}")]
    File {
        /// Its path.
        name: String,
        /// What the system says.
        reason: String,
    },
    /// It came, and is not what it should be.
    #[error("{name}: {reason}")]
    Document {
        /// Its path or address, with what the server calls it.
        name: String,
        /// What was found instead.
        reason: MetadataError,
    },
    /// The settings would not work.
    #[error(transparent)]
    Setting(#[from] Fault),
    /// Everything was set by hand or from a file.
    #[error(
        "the IdP {0} has no metadata URL to read again; {renewal}, or with the URL in its place",
        renewal = renewal(.0, &MetadataSettings::default())
    )]
    NoAddress(String),
    /// There is no such IdP.
    #[error("there is no idp named {0}")]
    Unknown(String),
    /// No key, or several, fit.
    #[error("{0}")]
    Key(String),
    /// Not stored.
    #[error(transparent)]
    Edit(#[from] EditError),
    /// The database refused.
    #[error(transparent)]
    Store(#[from] StoreError),
}

#[cfg(test)]
pub(crate) mod tests;
