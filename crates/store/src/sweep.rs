//! Taking away what has expired, in batches small enough to be in nobody's way.

use std::time::SystemTime;

use crate::moment::to_millis;
use crate::{Result, Store, writing};

/// Rows of one table that one call takes away at most.
const BATCH: i64 = 2000;

/// Refused attempts beyond this many go, oldest first: a flood of forged posts fills no disk.
const REFUSED_KEPT: i64 = 20_000;

/// The same of their messages, which are larger.
const REFUSED_MESSAGES_KEPT: i64 = 1000;

impl Store {
    /// Takes away expired claims, sessions, app cookies, one-time passwords and messages, and the
    /// oldest refused attempts and their messages when there are very many.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn sweep(&self, now: SystemTime) -> Result<u64> {
        let now = to_millis(now);
        let mut gone = 0;
        for sql in EXPIRED {
            gone += writing!(self, connection => {
                sqlx::query(*sql).bind(now).bind(BATCH).execute(connection).await?.rows_affected()
            });
        }
        for (sql, kept) in [(OLD_REFUSALS, REFUSED_KEPT), (OLD_MESSAGES, REFUSED_MESSAGES_KEPT)] {
            gone += writing!(self, connection => {
                sqlx::query(sql).bind(kept).bind(BATCH).execute(connection).await?.rows_affected()
            });
        }
        Ok(gone)
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
    "DELETE FROM sessions WHERE token_hash IN (SELECT token_hash FROM sessions WHERE expires_at < \
     $1 ORDER BY expires_at LIMIT $2)",
    "DELETE FROM one_time_passwords WHERE hash IN (SELECT hash FROM one_time_passwords WHERE \
     expires_at < $1 ORDER BY expires_at LIMIT $2)",
    "DELETE FROM attempt_messages WHERE attempt_id IN (SELECT attempt_id FROM attempt_messages \
     WHERE kept_until < $1 ORDER BY kept_until LIMIT $2)",
    "DELETE FROM app_cookies WHERE cookie_hash IN (SELECT cookie_hash FROM app_cookies WHERE \
     expires_at < $1 ORDER BY expires_at LIMIT $2)",
];

const OLD_ATTEMPTS: &str = "DELETE FROM attempts WHERE id IN (SELECT id FROM attempts WHERE \
                            started_at < $1 ORDER BY started_at LIMIT $2)";

const OLD_MESSAGES: &str = "DELETE FROM attempt_messages WHERE attempt_id IN (SELECT attempt_id FROM \
                            attempt_messages WHERE NOT let_in AND attempt_id < (SELECT attempt_id \
                            FROM attempt_messages WHERE NOT let_in ORDER BY attempt_id DESC LIMIT 1 \
                            OFFSET $1) ORDER BY attempt_id LIMIT $2)";

const OLD_REFUSALS: &str = "DELETE FROM attempts WHERE id IN (SELECT id FROM attempts WHERE outcome = \
                            'refused' AND id < (SELECT id FROM attempts WHERE outcome = 'refused' \
                            ORDER BY id DESC LIMIT 1 OFFSET $1) ORDER BY id LIMIT $2)";
