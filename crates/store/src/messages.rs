//! What an attempt's messages said, sealed by the caller: this place stores and forgets, and
//! cannot read.

use std::time::SystemTime;

use crate::{Result, Store, reading, writing};

/// The sealed messages of one attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedMessages {
    /// The attempt.
    pub attempt_id: String,
    /// The sealed text.
    pub sealed: String,
    /// Whether the attempt let somebody in. Of those that did not only the newest are kept, since
    /// anybody can make them.
    pub let_in: bool,
    /// Gone after this moment.
    pub kept_until: SystemTime,
}

impl Store {
    /// Keeps messages in a transaction of their own; those that an attempt has already stay.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn keep_messages(&self, messages: &SealedMessages) -> Result<()> {
        writing!(self, connection => {
            bind!(sqlx::query(KEEP), messages).execute(connection).await?;
        });
        Ok(())
    }

    /// The sealed messages of an attempt, while they are kept.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn messages(&self, attempt_id: &str) -> Result<Option<String>> {
        let sql = "SELECT sealed FROM attempt_messages WHERE attempt_id = $1";
        Ok(reading!(self, pool => {
            sqlx::query_scalar(sql).bind(attempt_id).fetch_optional(pool).await
        })?)
    }
}

pub(crate) const KEEP: &str = "INSERT INTO attempt_messages (attempt_id, sealed, let_in, \
    kept_until) VALUES ($1, $2, $3, $4) ON CONFLICT (attempt_id) DO NOTHING";

/// The parameters of [`KEEP`].
macro_rules! bind {
    ($query:expr, $messages:expr) => {
        $query
            .bind(&$messages.attempt_id)
            .bind(&$messages.sealed)
            .bind($messages.let_in)
            .bind($crate::moment::to_millis($messages.kept_until))
    };
}
pub(crate) use bind;
