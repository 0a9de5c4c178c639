//! The SP's own keys: exactly one is active, the others stand beside it.
//!
//! The private parts come and go sealed. Every change bumps the settings' revision first, which
//! makes two nodes that do the same at once wait for each other.

use std::time::SystemTime;

use crate::moment::{from_millis, to_millis};
use crate::{Result, Store, Tx, in_tx, reading};

/// A key of the SP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpKey {
    /// Names the key: SHA-256 of the certificate, in hexadecimal.
    pub id: String,
    /// Whether it signs.
    pub active: bool,
    /// The certificate: base64 of DER.
    pub certificate: String,
    /// The private key, sealed.
    pub sealed_key: String,
    /// When it was made.
    pub created_at: SystemTime,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    active: bool,
    certificate: String,
    sealed_key: String,
    created_at: i64,
}

impl From<Row> for SpKey {
    fn from(row: Row) -> Self {
        SpKey {
            id: row.id,
            active: row.active,
            certificate: row.certificate,
            sealed_key: row.sealed_key,
            created_at: from_millis(row.created_at),
        }
    }
}

impl Store {
    /// All keys: the active one first, then the newest.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn sp_keys(&self) -> Result<Vec<SpKey>> {
        let sql = "SELECT id, active, certificate, sealed_key, created_at FROM sp_keys \
                   ORDER BY active DESC, created_at DESC, id";
        let rows: Vec<Row> = reading!(self, pool => sqlx::query_as(sql).fetch_all(pool).await)?;
        Ok(rows.into_iter().map(SpKey::from).collect())
    }
}

impl Tx {
    /// Adds the very first key; says no when there is one already, perhaps another node's.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn add_first_sp_key(&mut self, key: &SpKey) -> Result<bool> {
        // The revision's row is the lock: PostgreSQL's second writer counts after the first's end.
        self.bump_revision().await?;
        let count: i64 = in_tx!(self, connection => {
            sqlx::query_scalar("SELECT COUNT(*) FROM sp_keys").fetch_one(connection).await?
        });
        if count > 0 {
            return Ok(false);
        }
        self.insert_sp_key(key).await?;
        Ok(true)
    }

    /// Adds another key.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn add_sp_key(&mut self, key: &SpKey) -> Result<()> {
        self.bump_revision().await?;
        self.insert_sp_key(key).await
    }

    /// Makes `id` the one that signs; says no when there is no such key.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn activate_sp_key(&mut self, id: &str) -> Result<bool> {
        self.bump_revision().await?;
        let known: i64 = in_tx!(self, connection => {
            let sql = "SELECT COUNT(*) FROM sp_keys WHERE id = $1";
            sqlx::query_scalar(sql).bind(id).fetch_one(connection).await?
        });
        if known > 0 {
            in_tx!(self, connection => {
                let sql = "UPDATE sp_keys SET active = (id = $1)";
                sqlx::query(sql).bind(id).execute(connection).await?;
            });
        }
        Ok(known > 0)
    }

    /// Removes `id`; says no when there is no such key or it is the active one.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn remove_sp_key(&mut self, id: &str) -> Result<bool> {
        self.bump_revision().await?;
        let removed = in_tx!(self, connection => {
            let sql = "DELETE FROM sp_keys WHERE id = $1 AND active = FALSE";
            sqlx::query(sql).bind(id).execute(connection).await?.rows_affected()
        });
        Ok(removed > 0)
    }

    async fn insert_sp_key(&mut self, key: &SpKey) -> Result<()> {
        let sql = "INSERT INTO sp_keys (id, active, certificate, sealed_key, created_at) \
                   VALUES ($1, $2, $3, $4, $5)";
        in_tx!(self, connection => {
            sqlx::query(sql)
                .bind(&key.id)
                .bind(key.active)
                .bind(&key.certificate)
                .bind(&key.sealed_key)
                .bind(to_millis(key.created_at))
                .execute(connection)
                .await?;
        });
        Ok(())
    }
}
