//! Sessions that are in use, many at once: which there are, and that they were used.

use std::time::SystemTime;

use sqlx::AssertSqlSafe;

use crate::memberships::placeholders;
use crate::moment::to_millis;
use crate::session_times::{Columns, SessionTimes};
use crate::{Result, Store, reading, writing};

/// A session of an active user: what says whether it lives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownSession {
    /// The hash of its token.
    pub token_hash: String,
    /// The IdP that vouched.
    pub idp: String,
    /// What its limits are counted from.
    pub times: SessionTimes,
}

#[derive(sqlx::FromRow)]
struct Row {
    token_hash: String,
    idp: String,
    #[sqlx(flatten)]
    times: Columns,
}

/// Of so many is asked in one statement. No session has an empty hash: every statement is the same,
/// and prepared once.
const AT_ONCE: usize = 200;

impl Store {
    /// The sessions with these token hashes that are there, their users being active.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn known_sessions(&self, hashes: &[&str]) -> Result<Vec<KnownSession>> {
        let sql = format!(
            "SELECT s.token_hash, s.idp, s.created_at, s.expires_at, s.used_at, \
             s.session_not_on_or_after, s.remembered FROM sessions s JOIN users u ON u.id = \
             s.user_id AND u.active WHERE s.token_hash IN ({})",
            placeholders(1, AT_ONCE)
        );
        let mut known = Vec::new();
        for part in hashes.chunks(AT_ONCE) {
            let hashes = part.iter().chain(std::iter::repeat(&"")).take(AT_ONCE);
            let found: Vec<Row> = reading!(self, pool => {
                let query = sqlx::query_as(AssertSqlSafe(sql.as_str()));
                hashes.fold(query, |query, hash| query.bind(*hash)).fetch_all(pool).await
            })?;
            known.extend(found.into_iter().map(|row| KnownSession {
                token_hash: row.token_hash,
                idp: row.idp,
                times: row.times.into(),
            }));
        }
        Ok(known)
    }

    /// Writes down that these sessions were used at `at`, unless a later use is written already.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn note_uses(&self, hashes: &[&str], at: SystemTime) -> Result<()> {
        let sql = format!(
            "UPDATE sessions SET used_at = $1 WHERE (used_at IS NULL OR used_at < $1) AND token_hash \
             IN ({})",
            placeholders(2, AT_ONCE)
        );
        for part in hashes.chunks(AT_ONCE) {
            let hashes = part.iter().chain(std::iter::repeat(&"")).take(AT_ONCE);
            writing!(self, connection => {
                let query = sqlx::query(AssertSqlSafe(sql.as_str())).bind(to_millis(at));
                hashes.fold(query, |query, hash| query.bind(*hash)).execute(connection).await?;
            });
        }
        Ok(())
    }
}
