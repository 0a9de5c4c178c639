//! Users by hand: added, changed, switched on and off.

use std::time::SystemTime;

use directory::{User, check_user_name};
use store::{Event, Store, StoreError};

use super::{Batch, PeopleError, check_binding, find, idp_of};
use crate::runtime::Random;
use crate::settings::By;

/// A user whom no sign-in created.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// The name to sign in with.
    pub name: String,
    /// The name to show.
    pub full_name: String,
    /// The e-mail address.
    pub email: String,
    /// The IdP to which the user is bound, and whose sign-ins update it.
    pub idp: Option<String>,
    /// Argon2id of a password.
    pub password_hash: Option<String>,
}

impl NewUser {
    /// Whether its texts can be stored.
    ///
    /// # Errors
    /// [`PeopleError::Name`] or [`PeopleError::Text`].
    pub fn check(&self) -> Result<(), PeopleError> {
        check_name(&self.name)?;
        check_text("full name", &self.full_name)?;
        check_text("e-mail address", &self.email)
    }
}

/// Adds a user.
///
/// # Errors
/// See [`PeopleError`].
pub async fn add_user(
    store: &Store,
    new: NewUser,
    random: Random,
    by: By,
) -> Result<User, PeopleError> {
    new.check()?;
    let entity_id = match &new.idp {
        None => None,
        Some(idp) => Some(idp_of(store, idp).await?.entity_id),
    };
    let NewUser { name, full_name, email, idp, password_hash } = new;
    let (id, now) = (random.id(by.now), by.now);
    let user =
        User { id, name, full_name, email, active: true, idp, created_at: now, updated_at: now };
    let mut batch = Batch::begin(store, by, "").await?;
    batch.add_user(&user, entity_id.as_deref()).await?;
    if password_hash.is_some() {
        batch.tx.set_password_hash(&user.id, password_hash.as_deref(), now).await?;
    }
    batch.commit().await?;
    Ok(user)
}

/// What changes about a user; what is unset stays.
#[derive(Clone, Debug, Default)]
pub struct UserChange {
    /// The new name; apps follow, since the user's key stays.
    pub rename: Option<String>,
    /// The name to show.
    pub full_name: Option<String>,
    /// The e-mail address.
    pub email: Option<String>,
    /// The tag; empty: none.
    pub idp: Option<String>,
    /// The id that the IdP never changes is forgotten; the next sign-in stores it anew.
    pub forget_idp_id: bool,
}

impl UserChange {
    /// Which parts change, for the history; personal values do not stand there.
    fn said(&self, before: &str) -> String {
        let parts = [
            self.rename.as_ref().map(|_| format!("renamed, before {before}")),
            self.full_name.as_ref().map(|_| "full name".to_owned()),
            self.email.as_ref().map(|_| "e-mail address".to_owned()),
            self.idp.as_ref().map(|idp| format!("tag {idp:?}")),
            self.forget_idp_id.then(|| "IdP id forgotten".to_owned()),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

/// Changes the user `name`; gives it as it is now.
///
/// # Errors
/// See [`PeopleError`].
pub async fn change_user(
    store: &Store,
    name: &str,
    change: &UserChange,
    by: By,
) -> Result<User, PeopleError> {
    let mut user = find(store, name).await?;
    if let Some(name) = &change.rename {
        check_name(name)?;
        user.name.clone_from(name);
    }
    for (what, field, text) in [
        ("full name", &mut user.full_name, &change.full_name),
        ("e-mail address", &mut user.email, &change.email),
    ] {
        if let Some(text) = text {
            check_text(what, text)?;
            field.clone_from(text);
        }
    }
    let moves = change.idp.as_ref().is_some_and(|idp| user.idp.as_ref() != Some(idp));
    if let Some(idp) = &change.idp {
        if !idp.is_empty() {
            idp_of(store, idp).await?;
        }
        user.idp = Some(idp.clone()).filter(|idp| !idp.is_empty());
        check_binding(store, &user, user.idp.as_deref()).await?;
    }
    user.updated_at = by.now;
    let mut batch = Batch::begin(store, by, "").await?;
    // Another IdP's id means nothing to the new one.
    if change.forget_idp_id || moves {
        batch.tx.set_idp_id(&user.id, None).await?;
    }
    batch.change_user(&user, &change.said(name)).await?;
    batch.commit().await?;
    Ok(user)
}

/// Switches a user on or off; says whether that was a change. Who is off has no session any more,
/// at no app.
///
/// # Errors
/// See [`PeopleError`].
pub async fn switch(store: &Store, name: &str, active: bool, by: By) -> Result<bool, PeopleError> {
    let old = find(store, name).await?;
    if old.active == active {
        return Ok(false);
    }
    let user = User { active, updated_at: by.now, ..old };
    let event = if active { Event::UserActivated } else { Event::UserDeactivated };
    let mut batch = Batch::begin(store, by, "").await?;
    batch.tx.update_user(&user).await?;
    if !active {
        batch.tx.end_sessions_of(&user.id).await?;
    }
    batch.note(event, format!("user {}", user.name), "");
    batch.commit().await?;
    Ok(true)
}

/// Switches a user off who has not signed in since `since`, and says so with `detail`; says whether
/// that was a change. The condition is asked in the transaction: who signs in meanwhile stays.
///
/// # Errors
/// When the database is away.
pub async fn switch_off_if_away(
    store: &Store,
    user: &User,
    since: SystemTime,
    detail: &str,
    by: By,
) -> Result<bool, StoreError> {
    let now = by.now;
    let mut batch = Batch::begin(store, by, "").await?;
    let changed = batch.tx.deactivate_if_away(&user.id, since, now).await?;
    if changed {
        batch.note(Event::UserDeactivated, format!("user {}", user.name), detail);
    }
    batch.commit().await?;
    Ok(changed)
}

pub(super) fn taken(error: StoreError, kind: &'static str, name: &str) -> PeopleError {
    match error {
        StoreError::Conflict(_) => PeopleError::Taken { kind, name: name.to_owned() },
        other => other.into(),
    }
}

fn check_name(name: &str) -> Result<(), PeopleError> {
    check_user_name(name).map_err(|reason| PeopleError::Name { name: name.to_owned(), reason })
}

/// Apps show these texts in one line.
fn check_text(what: &'static str, text: &str) -> Result<(), PeopleError> {
    let wrong = if text.trim().is_empty() {
        "is empty"
    } else if text.chars().count() > 255 {
        "is longer than 255 characters"
    } else if text.chars().any(char::is_control) {
        "holds a control character"
    } else {
        return Ok(());
    };
    Err(PeopleError::Text { what, wrong })
}
