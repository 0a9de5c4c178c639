//! Settings: documents by kind and name under one revision, and properties of the installation.

use std::time::SystemTime;

use crate::moment::{from_millis, to_millis};
use crate::{Event, Result, Store, Tx, in_tx, reading};

/// One document.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Setting {
    /// `app`, `idp`, `application`.
    pub kind: String,
    /// Its name among its kind.
    pub name: String,
    /// JSON.
    pub document: String,
}

impl Store {
    /// A number that grows with every change of settings.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn revision(&self) -> Result<i64> {
        Ok(reading!(self, pool => sqlx::query_scalar(REVISION).fetch_one(pool).await)?)
    }

    /// The revision and all documents, by kind and name.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn settings(&self) -> Result<(i64, Vec<Setting>)> {
        // The revision first: a change in between is then seen as one at the next look.
        let revision = self.revision().await?;
        let sql = "SELECT kind, name, document FROM settings ORDER BY kind, name";
        Ok((revision, reading!(self, pool => sqlx::query_as(sql).fetch_all(pool).await)?))
    }

    /// When a document was written last.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn setting_changed_at(&self, kind: &str, name: &str) -> Result<Option<SystemTime>> {
        let sql = "SELECT updated_at FROM settings WHERE kind = $1 AND name = $2";
        let at: Option<i64> = reading!(self, pool => {
            sqlx::query_scalar(sql).bind(kind).bind(name).fetch_optional(pool).await
        })?;
        Ok(at.map(from_millis))
    }

    /// A property of the installation.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn property(&self, name: &str) -> Result<Option<String>> {
        Ok(reading!(self, pool => {
            sqlx::query_scalar(PROPERTY).bind(name).fetch_optional(pool).await
        })?)
    }
}

impl Tx {
    /// Adds or replaces a document, and notes it in the history.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn put_setting(
        &mut self,
        kind: &str,
        name: &str,
        document: &str,
        now: SystemTime,
    ) -> Result<()> {
        let sql = "INSERT INTO settings (kind, name, document, updated_at) VALUES ($1, $2, $3, $4) \
                   ON CONFLICT (kind, name) DO UPDATE SET document = excluded.document, \
                   updated_at = excluded.updated_at";
        let before = self.setting(kind, name).await?;
        in_tx!(self, connection => {
            let query = sqlx::query(sql).bind(kind).bind(name).bind(document);
            query.bind(to_millis(now)).execute(connection).await?;
        });
        let event = if before.is_some() { Event::SettingChanged } else { Event::SettingAdded };
        let documents = (before.as_deref(), Some(document));
        self.enter(event, &format!("{kind} {name}"), "", documents, now).await?;
        self.bump_revision().await
    }

    /// Removes a document and notes it in the history; says whether it was there.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn remove_setting(
        &mut self,
        kind: &str,
        name: &str,
        now: SystemTime,
    ) -> Result<bool> {
        let Some(before) = self.setting(kind, name).await? else { return Ok(false) };
        let sql = "DELETE FROM settings WHERE kind = $1 AND name = $2";
        in_tx!(self, connection => {
            sqlx::query(sql).bind(kind).bind(name).execute(connection).await?;
        });
        let documents = (Some(before.as_str()), None);
        self.enter(Event::SettingRemoved, &format!("{kind} {name}"), "", documents, now).await?;
        self.bump_revision().await?;
        Ok(true)
    }

    /// The revision, which stays what it is until this transaction changes it or ends.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn lock_settings(&mut self) -> Result<i64> {
        // Its row is the lock: whoever changes settings waits here for the one before.
        let lock = "UPDATE settings_revision SET value = value WHERE one = 1 RETURNING value";
        Ok(in_tx!(self, connection => sqlx::query_scalar(lock).fetch_one(connection).await?))
    }

    /// A document as this transaction sees it; on PostgreSQL nobody else changes it until the end.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn setting(&mut self, kind: &str, name: &str) -> Result<Option<String>> {
        self.lock_settings().await?;
        let sql = "SELECT document FROM settings WHERE kind = $1 AND name = $2";
        Ok(in_tx!(self, connection => {
            sqlx::query_scalar(sql).bind(kind).bind(name).fetch_optional(connection).await?
        }))
    }

    /// All documents of a kind as this transaction sees them; nobody else changes one until its end.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn settings_of(&mut self, kind: &str) -> Result<Vec<Setting>> {
        self.lock_settings().await?;
        let sql = "SELECT kind, name, document FROM settings WHERE kind = $1 ORDER BY name";
        Ok(in_tx!(self, connection => {
            sqlx::query_as(sql).bind(kind).fetch_all(connection).await?
        }))
    }

    /// Sets a property of the installation.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn put_property(&mut self, name: &str, value: &str) -> Result<()> {
        let sql = "INSERT INTO properties (name, value) VALUES ($1, $2) \
                   ON CONFLICT (name) DO UPDATE SET value = excluded.value";
        in_tx!(self, connection => {
            sqlx::query(sql).bind(name).bind(value).execute(connection).await?;
        });
        Ok(())
    }

    pub(crate) async fn bump_revision(&mut self) -> Result<()> {
        let sql = "UPDATE settings_revision SET value = value + 1 WHERE one = 1";
        in_tx!(self, connection => {
            sqlx::query(sql).execute(connection).await?;
        });
        Ok(())
    }
}

pub(crate) const PROPERTY: &str = "SELECT value FROM properties WHERE name = $1";

const REVISION: &str = "SELECT value FROM settings_revision WHERE one = 1";
