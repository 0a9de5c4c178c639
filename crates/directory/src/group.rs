//! A group of the directory.

use std::time::SystemTime;

/// A group as applications see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Opaque and stable.
    pub id: String,
    /// The name in its own spelling; compared by [`crate::name_key`].
    pub name: String,
    /// Free text for administrators.
    pub description: String,
    /// Whether applications count it.
    pub active: bool,
    /// When the group was created.
    pub created_at: SystemTime,
    /// When it changed last.
    pub updated_at: SystemTime,
}
