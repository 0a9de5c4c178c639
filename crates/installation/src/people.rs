//! Users, groups and memberships as somebody changes them by hand: one function for each change, for
//! command line, imports and console alike. Each stands in the history, in the same transaction.
//!
//! What sign-ins change is planned in `directory`, and applied in `store`.

mod batch;
mod binding;
mod groups;
mod membership;
mod removal;
mod users;

pub use batch::Batch;
pub use binding::{check_binding, idp_of, keep_users, link, of_other_entity, tag};
pub use groups::{add_group, add_groups, put_into, remove_group, take_out};
pub use membership::because;
pub use removal::{RemovalDecision, decide};
pub use users::{NewUser, UserChange, add_user, change_user, switch, switch_off_if_away};

use directory::{Group, NameError, User};
use store::{Store, StoreError};
use thiserror::Error;

use crate::settings::EditError;

/// Why nothing was changed.
#[derive(Debug, Error)]
pub enum PeopleError {
    /// There is none of that name.
    #[error("there is no {kind} {name}")]
    Unknown {
        /// User, group.
        kind: &'static str,
        /// The name.
        name: String,
    },
    /// There is one of that name already.
    #[error("there is already a {kind} {name}, in this or another case")]
    Taken {
        /// User, group.
        kind: &'static str,
        /// The name.
        name: String,
    },
    /// Nobody and nothing can have this name.
    #[error("{reason}")]
    Name {
        /// The name.
        name: String,
        /// What is wrong with it.
        reason: NameError,
    },
    /// A text of a user that apps cannot show.
    #[error("the {what} {wrong}")]
    Text {
        /// Which.
        what: &'static str,
        /// What is wrong with it.
        wrong: &'static str,
    },
    /// The groups would contain each other.
    #[error("{inner} holds {outer} already: groups must not contain each other")]
    Circle {
        /// The group that should hold the other.
        outer: String,
        /// The group that holds it already.
        inner: String,
    },
    /// The IdP of the tag is not there.
    #[error("the user needs its IdP first: {0}")]
    Idp(EditError),
    /// Another IdP alone may sign the user in.
    #[error("{user} is bound to the IdP {idp}; link the user to the other one first (user link)")]
    Bound {
        /// The user.
        user: String,
        /// The IdP.
        idp: String,
    },
    /// No removal of the user waits there.
    #[error("no removal of {0} waits there; see samlgate provision approvals")]
    NothingWaits(String),
    /// The database refused.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The user of this name.
///
/// # Errors
/// See [`PeopleError`].
pub async fn find(store: &Store, name: &str) -> Result<User, PeopleError> {
    let user = store.user(name).await?;
    user.ok_or_else(|| PeopleError::Unknown { kind: "user", name: name.to_owned() })
}

/// The group of this name.
///
/// # Errors
/// See [`PeopleError`].
pub async fn find_group(store: &Store, name: &str) -> Result<Group, PeopleError> {
    let group = store.group(name).await?;
    group.ok_or_else(|| PeopleError::Unknown { kind: "group", name: name.to_owned() })
}

#[cfg(test)]
mod tests;
