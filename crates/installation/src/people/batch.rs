//! Several changes in one transaction, with their history at its end.
//!
//! The history comes last: its number is one row that all writers wait for, and a sign-in that has
//! it must not wait for a user whom this transaction has.

use std::collections::HashSet;

use directory::{Group, MembershipSource, User};
use store::{Event, Store, StoreError, Tx};

use super::PeopleError;
use super::groups::check_name;
use super::users::taken;
use crate::runtime::Random;
use crate::settings::By;

/// An open transaction. Dropped without [`Batch::commit`], nothing of it stays.
pub struct Batch {
    pub(super) tx: Tx,
    by: By,
    detail: String,
    notes: Vec<(Event, String, String)>,
}

impl Batch {
    /// Begins one; `detail` ends each entry of its history, such as where people came from.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn begin(store: &Store, by: By, detail: &str) -> Result<Self, StoreError> {
        let mut tx = store.begin().await?;
        tx.author(by.author.clone());
        Ok(Batch { tx, by, detail: detail.to_owned(), notes: Vec::new() })
    }

    /// The user of this name.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn user(&mut self, name: &str) -> Result<Option<User>, StoreError> {
        self.tx.user(name).await
    }

    /// The ID of the group of this name.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn group_id(&mut self, name: &str) -> Result<Option<String>, StoreError> {
        self.tx.group_id(name).await
    }

    /// The IDs of the groups in which a user is directly, from whatever source.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn groups_of(&mut self, user_id: &str) -> Result<HashSet<String>, StoreError> {
        self.tx.groups_of(user_id).await
    }

    /// Adds a user; with `entity_id` bound to its IdP as that entity is now.
    ///
    /// # Errors
    /// [`PeopleError::Taken`], or the database's.
    pub async fn add_user(
        &mut self,
        user: &User,
        entity_id: Option<&str>,
    ) -> Result<(), PeopleError> {
        let added = self.tx.create_bound_user(user, entity_id).await;
        added.map_err(|error| taken(error, "user", &user.name))?;
        self.note(Event::UserAdded, format!("user {}", user.name), "");
        Ok(())
    }

    /// Stores a user's values in place of those before; `what` says which are others.
    ///
    /// # Errors
    /// [`PeopleError::Taken`], or the database's.
    pub async fn change_user(&mut self, user: &User, what: &str) -> Result<(), PeopleError> {
        let changed = self.tx.update_user(user).await;
        changed.map_err(|error| taken(error, "user", &user.name))?;
        self.note(Event::UserChanged, format!("user {}", user.name), what);
        Ok(())
    }

    /// Adds a group.
    ///
    /// # Errors
    /// [`PeopleError::Name`], [`PeopleError::Taken`], or the database's.
    pub async fn add_group(&mut self, name: &str, random: Random) -> Result<Group, PeopleError> {
        check_name(name)?;
        let now = self.by.now;
        let group = Group {
            id: random.id(now),
            name: name.to_owned(),
            description: String::new(),
            active: true,
            created_at: now,
            updated_at: now,
        };
        let added = self.tx.create_group(&group).await;
        added.map_err(|error| taken(error, "group", name))?;
        self.note(Event::GroupAdded, format!("group {name}"), "");
        Ok(group)
    }

    /// Puts a user by hand into groups, each as ID and name; says into how many that was new.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn put_into(
        &mut self,
        user: &User,
        groups: &[(String, &str)],
    ) -> Result<usize, StoreError> {
        let (source, now) = (MembershipSource::Manual, self.by.now);
        let mut joined = Vec::new();
        for (group, name) in groups {
            let detail = &self.detail;
            if self.tx.add_membership_because(&user.id, group, source, detail, now).await? {
                joined.push(*name);
            }
        }
        if !joined.is_empty() {
            self.note(Event::UserGroupsAdded, format!("user {}", user.name), &joined.join(", "));
        }
        Ok(joined.len())
    }

    /// Writes the history and ends the transaction.
    ///
    /// # Errors
    /// When the database is away; nothing has changed then.
    pub async fn commit(mut self) -> Result<(), StoreError> {
        for (event, subject, detail) in &self.notes {
            self.tx.note(*event, subject, detail, self.by.now).await?;
        }
        self.tx.commit().await
    }

    pub(super) fn note(&mut self, event: Event, subject: String, what: &str) {
        let parts = [what, &self.detail];
        let parts = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>();
        self.notes.push((event, subject, parts.join("; ")));
    }
}
