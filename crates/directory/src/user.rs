//! A person of the directory.

use std::time::SystemTime;

/// A user as applications see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Opaque, stable and never used again; applications follow renames by it.
    pub id: String,
    /// The user name in its own spelling; compared by [`crate::name_key`].
    pub name: String,
    /// The display name; never empty, since applications refuse that.
    pub full_name: String,
    /// The e-mail address.
    pub email: String,
    /// Whether the user may sign in.
    pub active: bool,
    /// The tag: the name of the IdP whose sign-in created the user. Only tagged users are updated.
    pub idp: Option<String>,
    /// When the user was created.
    pub created_at: SystemTime,
    /// When name, full name, e-mail or activity changed last.
    pub updated_at: SystemTime,
}
