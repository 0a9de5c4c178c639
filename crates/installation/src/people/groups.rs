//! Groups and memberships by hand.

use directory::{Group, MembershipSource, NameError, check_group_name, check_known_group_name};
use store::{Event, Store, StoreError};

use super::{Batch, PeopleError, find, find_group};
use crate::runtime::Random;
use crate::settings::By;

/// Adds groups of these names, all or none.
///
/// # Errors
/// See [`PeopleError`]; [`PeopleError::Name`] and [`PeopleError::Taken`] say of which.
pub async fn add_groups(
    store: &Store,
    names: &[impl AsRef<str>],
    random: Random,
    by: By,
) -> Result<(), PeopleError> {
    let mut batch = Batch::begin(store, by, "").await?;
    for name in names {
        batch.add_group(name.as_ref(), random).await?;
    }
    Ok(batch.commit().await?)
}

/// Adds the group `name`, and with `child` puts that group into it, which may be there already then.
/// Says whether the group is new.
///
/// # Errors
/// See [`PeopleError`].
pub async fn add_group(
    store: &Store,
    name: &str,
    child: Option<&str>,
    random: Random,
    by: By,
) -> Result<(Group, bool), PeopleError> {
    // What no group ever had is told as of a new one.
    if check_known_group_name(name).is_err() {
        check_name(name)?;
    }
    let child = match child {
        Some(child) => Some(find_group(store, child).await?),
        None => None,
    };
    let existing = store.group(name).await?.filter(|_| child.is_some());
    let is_new = existing.is_none();
    let mut batch = Batch::begin(store, by, "").await?;
    let group = match existing {
        Some(group) => group,
        None => batch.add_group(name, random).await?,
    };
    if let Some(child) = child {
        match batch.tx.add_child_group(&group, &child).await {
            Err(StoreError::Conflict(_)) => {
                return Err(PeopleError::Circle { outer: group.name, inner: child.name });
            }
            other => other?,
        }
        batch.note(Event::GroupChildAdded, format!("group {}", group.name), &child.name);
    }
    batch.commit().await?;
    Ok((group, is_new))
}

/// Puts a user into a group by an administrator's word, so that no sign-in takes it out; says
/// whether that was new.
///
/// # Errors
/// See [`PeopleError`].
pub async fn put_into(
    store: &Store,
    (user, group): (&str, &str),
    by: By,
) -> Result<bool, PeopleError> {
    let (group, user) = (find_group(store, group).await?, find(store, user).await?);
    let (source, now) = (MembershipSource::Manual, by.now);
    let mut batch = Batch::begin(store, by, "").await?;
    let added = batch.tx.add_membership(&user.id, &group.id, source, now).await?;
    batch.note(Event::GroupUserAdded, format!("group {}", group.name), &user.name);
    batch.commit().await?;
    Ok(added)
}

/// Ends an administrator's word, or an import's, that a user is in a group; says whether there was
/// one. What the IdP says is the IdP's, so the user may still be in it.
///
/// # Errors
/// See [`PeopleError`].
pub async fn take_out(
    store: &Store,
    (user, group): (&str, &str),
    by: By,
) -> Result<bool, PeopleError> {
    let (group, user) = (find_group(store, group).await?, find(store, user).await?);
    let mut batch = Batch::begin(store, by, "").await?;
    let source = MembershipSource::Manual;
    let removed = batch.tx.remove_membership(&user.id, &group.id, source).await?;
    if removed {
        batch.note(Event::GroupUserRemoved, format!("group {}", group.name), &user.name);
    }
    batch.commit().await?;
    Ok(removed)
}

/// Removes a group with its memberships; gives what it was. The users stay.
///
/// # Errors
/// See [`PeopleError`].
pub async fn remove_group(store: &Store, name: &str, by: By) -> Result<Group, PeopleError> {
    let group = find_group(store, name).await?;
    let mut batch = Batch::begin(store, by, "").await?;
    batch.tx.remove_group(&group.id).await?;
    batch.note(Event::GroupRemoved, format!("group {}", group.name), "");
    batch.commit().await?;
    Ok(group)
}

pub(super) fn check_name(name: &str) -> Result<(), PeopleError> {
    check_group_name(name).map_err(|reason| unfit(name, reason))
}

fn unfit(name: &str, reason: NameError) -> PeopleError {
    PeopleError::Name { name: name.to_owned(), reason }
}
