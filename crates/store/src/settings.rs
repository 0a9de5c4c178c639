//! Settings: documents by kind and name under one revision, and properties of the installation.

use std::time::SystemTime;

use crate::moment::to_millis;
use crate::{Result, Store, Tx, in_tx, reading};

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

    /// A property of the installation.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn property(&self, name: &str) -> Result<Option<String>> {
        let sql = "SELECT value FROM properties WHERE name = $1";
        Ok(reading!(self, pool => sqlx::query_scalar(sql).bind(name).fetch_optional(pool).await)?)
    }
}

impl Tx {
    /// Adds or replaces a document.
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
        let now = to_millis(now);
        in_tx!(self, connection => {
            sqlx::query(sql).bind(kind).bind(name).bind(document).bind(now).execute(connection).await?;
        });
        self.bump_revision().await
    }

    /// Removes a document; says whether it was there.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn remove_setting(&mut self, kind: &str, name: &str) -> Result<bool> {
        let sql = "DELETE FROM settings WHERE kind = $1 AND name = $2";
        let removed = in_tx!(self, connection => {
            sqlx::query(sql).bind(kind).bind(name).execute(connection).await?.rows_affected()
        });
        if removed > 0 {
            self.bump_revision().await?;
        }
        Ok(removed > 0)
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

const REVISION: &str = "SELECT value FROM settings_revision WHERE one = 1";
