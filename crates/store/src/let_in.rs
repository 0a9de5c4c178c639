//! The end of a sign-in: everything it leaves behind, written in one round trip with the commit. A
//! session that the browser had before takes one more.

use std::sync::LazyLock;

use sqlx::AssertSqlSafe;

use crate::joined::Joined;
use crate::{AttemptRow, Inner, Result, SealedMessages, Session, Tx};
use crate::{attempts, messages, sessions};

/// What a sign-in leaves behind.
pub struct LetIn<'a> {
    /// Its session.
    pub session: Session,
    /// The session that the browser had before, by the hash of its token; it ends.
    pub replaces: Option<String>,
    /// Its record.
    pub record: &'a AttemptRow,
    /// Its messages, if they are to be kept.
    pub messages: Option<SealedMessages>,
}

impl Tx {
    /// Opens the session, records the attempt, keeps its messages, and makes everything of this
    /// transaction lasting.
    ///
    /// # Errors
    /// When the database is away or the user is gone; nothing has changed then.
    pub async fn let_in(mut self, all: LetIn<'_>) -> Result<()> {
        // Here the sign-in turns: before this commit a crash leaves nothing, not even the claim, and
        // after it everything. That nobody removed the user since the plan was made is asked by the
        // session's reference to it, at no cost.
        //
        // Few browsers have one; every statement takes its time.
        if let Some(replaced) = &all.replaces {
            self.end_session(replaced).await?;
        }
        let joined = if all.messages.is_some() { &*WITH_MESSAGES } else { &*WITHOUT_MESSAGES };
        macro_rules! bound {
            ($sql:expr) => {{
                let query = sessions::bind!(sqlx::query($sql), all.session);
                let query = match &all.messages {
                    Some(messages) => messages::bind!(query, messages),
                    None => query,
                };
                attempts::bind!(query, all.record)
            }};
        }
        match self.inner {
            Inner::Sqlite(mut turn) => {
                let closing = turn.closing();
                let connection = turn.connection().await?;
                let closes = closing.map(|closing| format!("{}; {closing}", joined.sqlite));
                let sql = closes.unwrap_or_else(|| joined.sqlite.clone());
                bound!(AssertSqlSafe(sql)).execute(connection).await?;
                turn.closed(closing).await
            }
            Inner::Postgres(mut tx) => {
                bound!(&*joined.postgres).execute(&mut *tx).await?;
                Ok(tx.commit().await?)
            }
        }
    }
}

static WITH_MESSAGES: LazyLock<Joined> =
    LazyLock::new(|| Joined::new(&[sessions::OPEN, messages::KEEP], attempts::RECORD));
static WITHOUT_MESSAGES: LazyLock<Joined> =
    LazyLock::new(|| Joined::new(&[sessions::OPEN], attempts::RECORD));
