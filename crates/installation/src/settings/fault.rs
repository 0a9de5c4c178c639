//! What is wrong with a document: the key that is to be changed, and why.
//!
//! It does not know forms or lines; whoever shows the document finds the place by the key.

use thiserror::Error;

/// The first thing that keeps a document from working.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{text}")]
pub struct Fault {
    /// The key's path in the [reference](super::reference::REFERENCE) of its kind.
    pub field: &'static str,
    /// What is wrong, and the cure; a sentence without its full stop.
    pub text: String,
}

impl Fault {
    pub(crate) fn at(field: &'static str, text: impl Into<String>) -> Self {
        Fault { field, text: text.into() }
    }
}

/// Why a stored document cannot be used.
#[derive(Debug, Error)]
pub enum Unusable {
    /// It does not have the shape of its kind.
    #[error(transparent)]
    Unreadable(#[from] serde_json::Error),
    /// It can be read, and would not work.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// This version knows no such kind.
    #[error("{0}: unknown kind of setting")]
    UnknownKind(String),
}
