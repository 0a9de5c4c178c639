//! Whose a user is: the IdP that alone signs it in, and the tag, which says whose sign-ins update it.

use directory::User;
use directory::provision::Binding;
use store::{Event, Store};

use super::{Batch, PeopleError, find};
use crate::counted;
use crate::settings::{self, By, IdpSettings};

/// Sets or takes away the tag of a user: whose sign-ins update it.
///
/// # Errors
/// See [`PeopleError`].
pub async fn tag(store: &Store, name: &str, idp: Option<&str>, by: By) -> Result<(), PeopleError> {
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
    let user = User { idp: idp.map(str::to_owned), updated_at: by.now, ..old };
    let mut batch = Batch::begin(store, by, "").await?;
    // Another IdP's id means nothing to the new one.
    batch.tx.set_idp_id(&user.id, None).await?;
    batch.tx.update_user(&user).await?;
    batch.note(Event::UserTagged, format!("user {}", user.name), &detail);
    Ok(batch.commit().await?)
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
    let now = by.now;
    let mut batch = Batch::begin(store, by, "").await?;
    if moves {
        // Another IdP's id means nothing to the new one.
        batch.tx.set_idp_id(&old.id, None).await?;
        batch.tx.end_sessions_of(&old.id).await?;
    }
    if tag != old.idp {
        batch.tx.update_user(&User { idp: tag, updated_at: now, ..old.clone() }).await?;
    }
    batch.tx.bind_user(&old.id, to.as_ref()).await?;
    let event = if to.is_some() { Event::UserLinked } else { Event::UserUnlinked };
    batch.note(event, format!("user {}", old.name), &detail);
    Ok(batch.commit().await?)
}

/// Confirms that the users of an IdP, whose entry is pointed at another entity, are the same people;
/// says how many there are.
///
/// # Errors
/// See [`PeopleError`].
pub async fn keep_users(store: &Store, idp: &str, by: By) -> Result<u64, PeopleError> {
    let settings = idp_of(store, idp).await?;
    let mut batch = Batch::begin(store, by, "").await?;
    let kept = batch.tx.keep_users(idp, &settings.entity_id).await?;
    if kept > 0 {
        let detail = format!("{}, now of {}", counted(kept, "user", "users"), settings.entity_id);
        batch.note(Event::IdpUsersKept, format!("idp {idp}"), &detail);
    }
    batch.commit().await?;
    Ok(kept)
}

/// What is so of `count` users of another entity than their IdP is now, and the cure, for the terminal:
/// the end of a sentence that begins with them.
pub fn of_other_entity(count: u64, idp: &str) -> String {
    let (belong, are, they_are) = match count {
        1 => ("belongs", "is", "it is the same person"),
        _ => ("belong", "are", "they are the same people"),
    };
    format!(
        "{belong} to the entity that it was before, and {are} refused; if {they_are}: samlgate idp \
         set {idp} --keep-users"
    )
}
