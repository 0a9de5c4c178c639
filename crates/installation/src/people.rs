//! Changes of users by an administrator, one function for each, for command line and console alike.
//! Each stands in the history. What sign-ins change is planned in `directory`.

use directory::provision::Binding;
use directory::{MembershipSource, User};
use store::{Event, Membership, Store, StoreError};
use thiserror::Error;

use crate::moment;
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

/// Switches a user on or off; says whether that was a change. Who is off has no session any more,
/// at no app.
///
/// # Errors
/// See [`PeopleError`].
pub async fn switch(store: &Store, name: &str, active: bool, by: By) -> Result<bool, PeopleError> {
    let By { author, now } = by;
    let old = find(store, name).await?;
    if old.active == active {
        return Ok(false);
    }
    let user = User { active, updated_at: now, ..old };
    let event = if active { Event::UserActivated } else { Event::UserDeactivated };
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
pub async fn tag(store: &Store, name: &str, idp: Option<&str>, by: By) -> Result<(), PeopleError> {
    let By { author, now } = by;
    let old = find(store, name).await?;
    if let Some(idp) = idp {
        idp_of(store, idp).await?;
    }
    if old.idp.as_deref() == idp {
        return Ok(());
    }
    check_binding(store, &old, idp).await?;
    let said = |tag: Option<&str>| tag.unwrap_or("none").to_owned();
    let detail = format!("tag {}, before {}", said(idp), said(old.idp.as_deref()));
    let user = User { idp: idp.map(str::to_owned), updated_at: now, ..old };
    let mut tx = store.begin().await?;
    tx.author(author);
    // Another IdP's id means nothing to the new one.
    tx.set_idp_id(&user.id, None).await?;
    tx.update_user(&user).await?;
    tx.note(Event::UserTagged, &format!("user {}", user.name), &detail, now).await?;
    Ok(tx.commit().await?)
}

/// The IdP that a user is to have.
///
/// # Errors
/// [`PeopleError::Idp`] when it is not there.
pub async fn idp_of(store: &Store, name: &str) -> Result<IdpSettings, PeopleError> {
    settings::show(store, name).await.map_err(PeopleError::Idp)
}

/// Whether a tag of `idp` contradicts the user's binding.
///
/// # Errors
/// [`PeopleError::Bound`].
pub async fn check_binding(
    store: &Store,
    user: &User,
    idp: Option<&str>,
) -> Result<(), PeopleError> {
    let bound = store.binding_of(&user.id).await?;
    match bound.filter(|bound| idp.is_some_and(|idp| idp != bound.idp)) {
        Some(bound) => Err(PeopleError::Bound { user: user.name.clone(), idp: bound.idp }),
        None => Ok(()),
    }
}

/// Says which IdP alone may sign the user in from now on; `None`: the next that may bind anybody. A
/// tag follows, since only the user's own IdP updates it. Whoever is signed in by another IdP is
/// signed out.
///
/// # Errors
/// See [`PeopleError`].
pub async fn link(store: &Store, name: &str, idp: Option<&str>, by: By) -> Result<(), PeopleError> {
    let By { author, now } = by;
    let old = find(store, name).await?;
    let to = match idp {
        None => None,
        Some(idp) => {
            let entity_id = Some(idp_of(store, idp).await?.entity_id);
            Some(Binding { idp: idp.to_owned(), entity_id })
        }
    };
    let before = store.binding_of(&old.id).await?;
    if before == to {
        return Ok(());
    }
    let said = |bound: Option<&Binding>| bound.map_or("none", |bound| &bound.idp).to_owned();
    let detail = format!("{}, before {}", said(to.as_ref()), said(before.as_ref()));
    let tag = old.idp.as_ref().and(idp).map(str::to_owned);
    let moves = before.as_ref().map(|bound| &bound.idp) != to.as_ref().map(|to| &to.idp);
    let mut tx = store.begin().await?;
    tx.author(author);
    if moves {
        // Another IdP's id means nothing to the new one.
        tx.set_idp_id(&old.id, None).await?;
        tx.end_sessions_of(&old.id).await?;
    }
    if tag != old.idp {
        tx.update_user(&User { idp: tag, updated_at: now, ..old.clone() }).await?;
    }
    tx.bind_user(&old.id, to.as_ref()).await?;
    let event = if to.is_some() { Event::UserLinked } else { Event::UserUnlinked };
    tx.note(event, &format!("user {}", old.name), &detail, now).await?;
    Ok(tx.commit().await?)
}

/// Confirms that the users of an IdP, whose entry is pointed at another entity, are the same people;
/// says how many there are.
///
/// # Errors
/// See [`PeopleError`].
pub async fn keep_users(store: &Store, idp: &str, by: By) -> Result<u64, PeopleError> {
    let By { author, now } = by;
    let settings = idp_of(store, idp).await?;
    let mut tx = store.begin().await?;
    tx.author(author);
    let kept = tx.keep_users(idp, &settings.entity_id).await?;
    if kept > 0 {
        let detail = format!("{kept} users, now of {}", settings.entity_id);
        tx.note(Event::IdpUsersKept, &format!("idp {idp}"), &detail, now).await?;
    }
    tx.commit().await?;
    Ok(kept)
}

/// What is so of users of another entity than their IdP is now, and the cure, for the terminal.
pub fn of_other_entity(idp: &str) -> String {
    format!(
        "belong to the entity that it was before, and are refused; if they are the same people: \
         samlgate idp set {idp} --keep-users"
    )
}

/// What an administrator says of removals that wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RemovalDecision {
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
    decision: RemovalDecision,
    by: By,
) -> Result<u64, PeopleError> {
    let By { author, now } = by;
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
        RemovalDecision::Approve => {
            (Event::RemovalApproved, tx.approve_removals(&user.id, group_id).await?)
        }
        RemovalDecision::Discard => {
            (Event::RemovalDiscarded, tx.discard_removals(&user.id, group_id, now).await?)
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

/// Why somebody is in a group, in words, with the days on which it was first and last confirmed.
pub fn because(membership: &Membership) -> String {
    let Membership { source, detail, since, confirmed_at, current, awaits_removal_since, .. } =
        membership;
    let reason = match source {
        MembershipSource::Manual if detail.is_empty() => "an administrator added it".to_owned(),
        MembershipSource::Manual => detail.clone(),
        MembershipSource::GroupAttribute => format!("the IdP names it by {detail}"),
        MembershipSource::UserGroups => "it is among the IdP's User Groups".to_owned(),
        MembershipSource::CustomerGroups => {
            "it is among the IdP's groups of service desk customers".to_owned()
        }
    };
    let (since, last) = (moment::seconds(*since), moment::seconds(*confirmed_at));
    let dates = if since == last {
        format!("since {since}")
    } else {
        format!("since {since}, last confirmed {last}")
    };
    let lapsed = if *current { "" } else { ", no longer given" };
    let held = if awaits_removal_since.is_some() { "; its end waits for approval" } else { "" };
    format!("{reason}, {dates}{lapsed}{held}")
}
