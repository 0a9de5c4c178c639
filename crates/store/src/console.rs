//! Sessions of administrators, the ways in that work once, and guesses of passwords by their source.

use std::time::{Duration, SystemTime};

use crate::moment::{from_millis, to_millis};
use crate::{Result, Store, reading, writing};

/// An administrator's session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsoleSession {
    /// SHA-256 of the token, in hexadecimal.
    pub token_hash: String,
    /// Who it is, by the name that stands in the history.
    pub author: String,
    /// When it began.
    pub begun_at: SystemTime,
    /// When it was used last, to some seconds.
    pub seen_at: SystemTime,
    /// When the password was given last.
    pub confirmed_at: SystemTime,
}

#[derive(sqlx::FromRow)]
struct Row {
    token_hash: String,
    author: String,
    begun_at: i64,
    seen_at: i64,
    confirmed_at: i64,
}

impl Store {
    /// Opens a session, and takes away those not used since `idle_since`.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn open_console_session(
        &self,
        session: &ConsoleSession,
        idle_since: SystemTime,
    ) -> Result<()> {
        let sql = "INSERT INTO console_sessions (token_hash, author, begun_at, seen_at, \
                   confirmed_at) VALUES ($1, $2, $3, $4, $5)";
        let old = "DELETE FROM console_sessions WHERE seen_at < $1";
        writing!(self, connection => {
            sqlx::query(old).bind(to_millis(idle_since)).execute(&mut *connection).await?;
            sqlx::query(sql)
                .bind(&session.token_hash)
                .bind(&session.author)
                .bind(to_millis(session.begun_at))
                .bind(to_millis(session.seen_at))
                .bind(to_millis(session.confirmed_at))
                .execute(&mut *connection)
                .await?;
        });
        Ok(())
    }

    /// The session of this token's hash, dead or alive.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn console_session(&self, token_hash: &str) -> Result<Option<ConsoleSession>> {
        let sql = "SELECT token_hash, author, begun_at, seen_at, confirmed_at FROM \
                   console_sessions WHERE token_hash = $1";
        let row: Option<Row> = reading!(self, pool => {
            sqlx::query_as(sql).bind(token_hash).fetch_optional(pool).await
        })?;
        Ok(row.map(|row| ConsoleSession {
            token_hash: row.token_hash,
            author: row.author,
            begun_at: from_millis(row.begun_at),
            seen_at: from_millis(row.seen_at),
            confirmed_at: from_millis(row.confirmed_at),
        }))
    }

    /// Notes when a session was used and when its password was given.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn touch_console_session(&self, session: &ConsoleSession) -> Result<()> {
        let sql =
            "UPDATE console_sessions SET seen_at = $2, confirmed_at = $3 WHERE token_hash = $1";
        writing!(self, connection => {
            sqlx::query(sql)
                .bind(&session.token_hash)
                .bind(to_millis(session.seen_at))
                .bind(to_millis(session.confirmed_at))
                .execute(connection)
                .await?;
        });
        Ok(())
    }

    /// Ends a session; with `None` every one.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn end_console_sessions(&self, token_hash: Option<&str>) -> Result<()> {
        let sql = "DELETE FROM console_sessions WHERE $1 = '' OR token_hash = $1";
        writing!(self, connection => {
            sqlx::query(sql).bind(token_hash.unwrap_or_default()).execute(connection).await?;
        });
        Ok(())
    }

    /// A way in that works once, for `author`.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn mint_console_ticket(
        &self,
        token_hash: &str,
        author: &str,
        expires_at: SystemTime,
    ) -> Result<()> {
        let sql =
            "INSERT INTO console_tickets (token_hash, author, expires_at) VALUES ($1, $2, $3)";
        writing!(self, connection => {
            sqlx::query(sql)
                .bind(token_hash)
                .bind(author)
                .bind(to_millis(expires_at))
                .execute(connection)
                .await?;
        });
        Ok(())
    }

    /// Takes a way in, once on all nodes; says for whom it was. Others that have expired go.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn take_console_ticket(
        &self,
        token_hash: &str,
        now: SystemTime,
    ) -> Result<Option<String>> {
        let take = "DELETE FROM console_tickets WHERE token_hash = $1 AND expires_at > $2 RETURNING \
                    author";
        let old = "DELETE FROM console_tickets WHERE expires_at <= $1";
        let now = to_millis(now);
        Ok(writing!(self, connection => {
            let author = sqlx::query_scalar(take).bind(token_hash).bind(now);
            let author: Option<String> = author.fetch_optional(&mut *connection).await?;
            sqlx::query(old).bind(now).execute(&mut *connection).await?;
            author
        }))
    }

    /// How many guesses of `source` count within the last `window`.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn guesses(&self, source: &str, window: Duration, now: SystemTime) -> Result<u32> {
        let sql = "SELECT count FROM console_failures WHERE source = $1 AND first_at > $2";
        let since = to_millis(now - window);
        let count: Option<i64> = reading!(self, pool => {
            sqlx::query_scalar(sql).bind(source).bind(since).fetch_optional(pool).await
        })?;
        Ok(count.map_or(0, |count| u32::try_from(count).unwrap_or(u32::MAX)))
    }

    /// Counts a guess of `source` before it is looked at, unless `most` count already within the last
    /// `window`; says whether it was counted. Of guesses that come at once, at whatever nodes, no
    /// more than `most` are. A window that is over begins anew. Of very many sources the oldest are
    /// forgotten.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn count_guess(
        &self,
        source: &str,
        most: u32,
        window: Duration,
        now: SystemTime,
    ) -> Result<bool> {
        let old = "DELETE FROM console_failures WHERE first_at <= $1";
        let sql = "INSERT INTO console_failures (source, count, first_at) VALUES ($1, 1, $2) ON \
                   CONFLICT (source) DO UPDATE SET count = console_failures.count + 1 WHERE \
                   console_failures.count < $3 RETURNING count";
        let beyond = "DELETE FROM console_failures WHERE source IN (SELECT source FROM \
                      console_failures ORDER BY first_at DESC LIMIT 1000 OFFSET $1)";
        Ok(writing!(self, connection => {
            sqlx::query(old).bind(to_millis(now - window)).execute(&mut *connection).await?;
            let counted = sqlx::query_scalar(sql).bind(source).bind(to_millis(now));
            let counted: Option<i64> =
                counted.bind(i64::from(most)).fetch_optional(&mut *connection).await?;
            if counted == Some(1) {
                sqlx::query(beyond).bind(SOURCES).execute(&mut *connection).await?;
            }
            counted.is_some()
        }))
    }

    /// Takes back a guess that was counted: it was right.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn give_back_guess(&self, source: &str) -> Result<()> {
        let sql = "UPDATE console_failures SET count = count - 1 WHERE source = $1 AND count > 0";
        writing!(self, connection => {
            sqlx::query(sql).bind(source).execute(connection).await?;
        });
        Ok(())
    }
}

/// So many sources of guesses are remembered.
const SOURCES: i64 = 1000;
