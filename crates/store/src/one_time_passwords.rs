//! One-time passwords of the opener: one row each, so that any node may be asked.

use std::time::SystemTime;

use crate::moment::to_millis;
use crate::{Result, Store, StoreError, reading, writing};

/// A password that is right for one user, for seconds, at most `checks_left` times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OneTimePassword {
    /// SHA-256 of it, in hexadecimal.
    pub hash: String,
    /// Whose it is.
    pub user_id: String,
    /// The attempt that minted it.
    pub attempt_id: String,
    /// The applications that may ask; empty: none.
    pub applications: Vec<String>,
    /// When it ends.
    pub expires_at: SystemTime,
    /// How often it may still be right.
    pub checks_left: u32,
}

impl Store {
    /// Keeps a password.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn mint_one_time_password(&self, password: &OneTimePassword) -> Result<()> {
        let sql = "INSERT INTO one_time_passwords (hash, user_id, attempt_id, applications, \
                   checks_left, checks_done, expires_at) VALUES ($1, $2, $3, $4, $5, 0, $6)";
        let applications = serde_json::to_string(&password.applications)
            .map_err(|error| StoreError::Corrupt(error.to_string()))?;
        writing!(self, connection => {
            sqlx::query(sql)
                .bind(&password.hash)
                .bind(&password.user_id)
                .bind(&password.attempt_id)
                .bind(applications)
                .bind(i64::from(password.checks_left))
                .bind(to_millis(password.expires_at))
                .execute(connection)
                .await?;
        });
        Ok(())
    }

    /// Whether the password of this hash is right for the user, asked by `application`; uses up
    /// one check when it is.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn check_one_time_password(
        &self,
        hash: &str,
        user_id: &str,
        application: &str,
        now: SystemTime,
    ) -> Result<bool> {
        // May be read apart: who may ask is written once, when the password is minted.
        let sql = "SELECT applications FROM one_time_passwords WHERE hash = $1";
        let may_ask: Option<String> =
            reading!(self, pool => sqlx::query_scalar(sql).bind(hash).fetch_optional(pool).await)?;
        let Some(may_ask) = may_ask else { return Ok(false) };
        let may_ask: Vec<String> = serde_json::from_str(&may_ask)
            .map_err(|error| StoreError::Corrupt(error.to_string()))?;
        if !may_ask.iter().any(|name| name == application) {
            return Ok(false);
        }
        // One conditional statement: two questions at once cannot both take the last check.
        let sql = "UPDATE one_time_passwords SET checks_left = checks_left - 1, checks_done = \
                   checks_done + 1 WHERE hash = $1 AND user_id = $2 AND checks_left > 0 AND \
                   expires_at > $3";
        let now = to_millis(now);
        let right = writing!(self, connection => {
            let query = sqlx::query(sql).bind(hash).bind(user_id).bind(now);
            query.execute(connection).await?.rows_affected()
        });
        Ok(right == 1)
    }

    /// Takes the password back; gives how often it was found right.
    ///
    /// # Errors
    /// When the database is away; it then ends by its time.
    pub async fn revoke_one_time_password(&self, hash: &str) -> Result<u32> {
        let sql = "DELETE FROM one_time_passwords WHERE hash = $1 RETURNING checks_done";
        let done: Option<i64> = writing!(self, connection => {
            sqlx::query_scalar(sql).bind(hash).fetch_optional(connection).await?
        });
        Ok(u32::try_from(done.unwrap_or(0)).unwrap_or(0))
    }
}
