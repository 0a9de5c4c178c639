//! Taking away what has expired, in batches small enough to be in nobody's way.

use std::time::SystemTime;

use crate::moment::to_millis;
use crate::{LongestSession, Result, Store, writing};

/// Rows of one table that one call takes away at most.
const BATCH: i64 = 2000;

impl Store {
    /// Takes away expired claims, app cookies, one-time passwords and messages, and sessions that no
    /// app would let go on, and gives the space that is free back to the file system.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn sweep(&self, now: SystemTime, longest: LongestSession) -> Result<u64> {
        let mut gone = 0;
        let ended = [(TOO_OLD, now - longest.open), (UNUSED, now - longest.unused)];
        for (sql, before) in EXPIRED.iter().map(|sql| (*sql, now)).chain(ended) {
            let before = to_millis(before);
            gone += writing!(self, connection => {
                sqlx::query(sql).bind(before).bind(BATCH).execute(connection).await?.rows_affected()
            });
        }
        self.give_space_back().await?;
        Ok(gone)
    }

    /// A part of the free pages of a `SQLite` file; PostgreSQL does so by itself.
    async fn give_space_back(&self) -> Result<()> {
        if let crate::Pool::Sqlite { writer, .. } = &self.pool {
            let mut turn = writer.turn(false).await?;
            sqlx::query(FREE_PAGES).execute(turn.connection().await?).await?;
            turn.commit().await?;
        }
        Ok(())
    }

    /// Takes away attempts that began before `before`, whatever their outcome.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn sweep_attempts(&self, before: SystemTime) -> Result<u64> {
        let before = to_millis(before);
        Ok(writing!(self, connection => {
            let query = sqlx::query(OLD_ATTEMPTS).bind(before).bind(BATCH);
            query.execute(connection).await?.rows_affected()
        }))
    }
}

const EXPIRED: &[&str] = &[
    "DELETE FROM claims WHERE (idp, id) IN (SELECT idp, id FROM claims WHERE expires_at < $1 ORDER \
     BY expires_at LIMIT $2)",
    "DELETE FROM one_time_passwords WHERE hash IN (SELECT hash FROM one_time_passwords WHERE \
     expires_at < $1 ORDER BY expires_at LIMIT $2)",
    "DELETE FROM attempt_messages WHERE attempt_id IN (SELECT attempt_id FROM attempt_messages \
     WHERE kept_until < $1 ORDER BY kept_until LIMIT $2)",
    "DELETE FROM app_cookies WHERE cookie_hash IN (SELECT cookie_hash FROM app_cookies WHERE \
     expires_at < $1 ORDER BY expires_at LIMIT $2)",
];

const TOO_OLD: &str = "DELETE FROM sessions WHERE token_hash IN (SELECT token_hash FROM sessions WHERE \
                       created_at < $1 ORDER BY created_at LIMIT $2)";

const UNUSED: &str = "DELETE FROM sessions WHERE token_hash IN (SELECT token_hash FROM sessions WHERE \
                      remembered = FALSE AND used_at < $1 ORDER BY used_at LIMIT $2)";

const OLD_ATTEMPTS: &str = "DELETE FROM attempts WHERE id IN (SELECT id FROM attempts WHERE \
                            started_at < $1 ORDER BY started_at LIMIT $2)";

/// 8 MB at once, so that nobody waits long.
const FREE_PAGES: &str = "PRAGMA incremental_vacuum(2000)";
