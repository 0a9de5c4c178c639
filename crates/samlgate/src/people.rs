//! Changes of users by an administrator, one function for each, for command line and console alike.
//! Each stands in the history. What sign-ins change is planned in `directory`.

use directory::User;
use store::{Store, StoreError};
use thiserror::Error;

use crate::settings::{self, By, EditError, IdpSettings};

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
    /// The IdP of the tag is not there.
    #[error("the user needs its IdP first: {0}")]
    Idp(EditError),
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

/// Switches a user on or off; says whether that was a change. Who is off has no session any more,
/// at no app.
///
/// # Errors
/// See [`PeopleError`].
pub async fn switch(
    store: &Store,
    name: &str,
    active: bool,
    by: impl Into<By>,
) -> Result<bool, PeopleError> {
    let By { author, now } = by.into();
    let old = find(store, name).await?;
    if old.active == active {
        return Ok(false);
    }
    let user = User { active, updated_at: now, ..old };
    let event = if active { "user.activated" } else { "user.deactivated" };
    let mut tx = store.begin().await?;
    tx.author(author);
    tx.update_user(&user).await?;
    if !active {
        tx.end_sessions_of(&user.id).await?;
    }
    tx.note(event, &format!("user {}", user.name), "", now).await?;
    tx.commit().await?;
    Ok(true)
}

/// Sets or takes away the tag of a user: whose sign-ins update it.
///
/// # Errors
/// See [`PeopleError`].
pub async fn tag(
    store: &Store,
    name: &str,
    idp: Option<&str>,
    by: impl Into<By>,
) -> Result<(), PeopleError> {
    let By { author, now } = by.into();
    let old = find(store, name).await?;
    if let Some(idp) = idp {
        settings::show::<IdpSettings>(store, idp).await.map_err(PeopleError::Idp)?;
    }
    if old.idp.as_deref() == idp {
        return Ok(());
    }
    let said = |tag: Option<&str>| tag.unwrap_or("none").to_owned();
    let detail = format!("tag {}, before {}", said(idp), said(old.idp.as_deref()));
    let user = User { idp: idp.map(str::to_owned), updated_at: now, ..old };
    let mut tx = store.begin().await?;
    tx.author(author);
    // Another IdP's id means nothing to the new one.
    tx.set_idp_id(&user.id, None).await?;
    tx.update_user(&user).await?;
    tx.note("user.tagged", &format!("user {}", user.name), &detail, now).await?;
    Ok(tx.commit().await?)
}

/// What an administrator says of removals that wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// The user leaves the groups.
    Approve,
    /// The user stays, and the next sign-in leaves it alone.
    Discard,
}

/// Decides about the removals of a user that wait, from one group or from all; says how many.
///
/// # Errors
/// See [`PeopleError`].
pub async fn decide(
    store: &Store,
    (user, group): (&str, Option<&str>),
    decision: Decision,
    by: impl Into<By>,
) -> Result<u64, PeopleError> {
    let By { author, now } = by.into();
    let user = find(store, user).await?;
    let group = match group {
        None => None,
        Some(name) => {
            let unknown = || PeopleError::Unknown { kind: "group", name: name.to_owned() };
            Some(store.group(name).await?.ok_or_else(unknown)?)
        }
    };
    let group_id = group.as_ref().map(|group| group.id.as_str());
    let mut tx = store.begin().await?;
    tx.author(author);
    let (event, count) = match decision {
        Decision::Approve => ("removal.approved", tx.approve_removals(&user.id, group_id).await?),
        Decision::Discard => {
            ("removal.discarded", tx.discard_removals(&user.id, group_id, now).await?)
        }
    };
    if count == 0 {
        return Err(PeopleError::NothingWaits(user.name));
    }
    let groups =
        group.map_or_else(|| "all groups".to_owned(), |group| format!("group {}", group.name));
    tx.note(event, &format!("user {}", user.name), &groups, now).await?;
    tx.commit().await?;
    Ok(count)
}
