//! Samlgate's own sessions: one row each, looked up by the hash of the token.

use std::time::SystemTime;

use directory::User;

use crate::moment::from_millis;
use crate::session_times::{Columns, SessionTimes};
use crate::{Result, Store, Tx, in_tx, reading, writing};

/// A session, with what is needed to log out at the IdP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// SHA-256 of the token, in hexadecimal.
    pub token_hash: String,
    /// Whose it is.
    pub user_id: String,
    /// The IdP that vouched.
    pub idp: String,
    /// The subject's NameID.
    pub name_id: Option<String>,
    /// Its Format.
    pub name_id_format: Option<String>,
    /// Its NameQualifier.
    pub name_qualifier: Option<String>,
    /// Its SPNameQualifier.
    pub sp_name_qualifier: Option<String>,
    /// The IdP's name of its own session.
    pub session_index: Option<String>,
    /// The app at which the person signed in.
    pub app: String,
    /// The service provider that the assertion was for, by its entity ID; `None` in a session that
    /// an older version opened.
    pub entity_id: Option<String>,
    /// The attempt that opened it.
    pub attempt_id: String,
    /// What its limits are counted from.
    pub times: SessionTimes,
    /// When it ends at the latest, by the settings it was opened with: for nodes of an older version.
    pub expires_at: SystemTime,
}

#[derive(sqlx::FromRow)]
struct Row {
    token_hash: String,
    user_id: String,
    idp: String,
    name_id: Option<String>,
    name_id_format: Option<String>,
    name_qualifier: Option<String>,
    sp_name_qualifier: Option<String>,
    session_index: Option<String>,
    app: String,
    entity_id: Option<String>,
    attempt_id: String,
    #[sqlx(flatten)]
    times: Columns,
}

impl From<Row> for Session {
    fn from(row: Row) -> Self {
        Session {
            token_hash: row.token_hash,
            user_id: row.user_id,
            idp: row.idp,
            name_id: row.name_id,
            name_id_format: row.name_id_format,
            name_qualifier: row.name_qualifier,
            sp_name_qualifier: row.sp_name_qualifier,
            session_index: row.session_index,
            app: row.app,
            entity_id: row.entity_id,
            attempt_id: row.attempt_id,
            expires_at: from_millis(row.times.expires_at),
            times: row.times.into(),
        }
    }
}

/// Whole sessions, those for which the condition holds.
macro_rules! select {
    ($condition:literal) => {
        concat!(
            "SELECT token_hash, user_id, idp, name_id, name_id_format, name_qualifier, ",
            "sp_name_qualifier, session_index, app, entity_id, attempt_id, created_at, expires_at, ",
            "used_at, session_not_on_or_after, remembered FROM sessions WHERE ",
            $condition
        )
    };
}

/// A session that has not been ended, and its user, who may have been switched off a moment ago.
/// Whether it lives is said by its limits.
#[derive(Clone, Debug, PartialEq)]
pub struct LivingSession {
    /// The session.
    pub session: Session,
    /// Whose it is.
    pub user: User,
}

impl Store {
    /// The session of this token, if it is there, and its user.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn session(&self, token_hash: &str) -> Result<Option<LivingSession>> {
        let sql = select!("token_hash = $1");
        let row: Option<Row> = reading!(self, pool => {
            sqlx::query_as(sql).bind(token_hash).fetch_optional(pool).await
        })?;
        let Some(row) = row else { return Ok(None) };
        // Read apart, so that a user who was switched off or removed a moment ago counts as that.
        let user = self.user_by_id(&row.user_id).await?;
        Ok(user.map(|user| LivingSession { session: Session::from(row), user }))
    }

    /// Ends a session; nothing happens when it is gone already.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn end_session(&self, token_hash: &str) -> Result<()> {
        writing!(self, connection => {
            sqlx::query(END).bind(token_hash).execute(connection).await?;
        });
        Ok(())
    }
}

impl Tx {
    /// The sessions that an IdP knows by this name, whatever its qualifiers.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn sessions_named(&mut self, idp: &str, name_id: &str) -> Result<Vec<Session>> {
        let sql = select!("idp = $1 AND name_id = $2");
        let rows: Vec<Row> = in_tx!(self, connection => {
            sqlx::query_as(sql).bind(idp).bind(name_id).fetch_all(connection).await
        })?;
        Ok(rows.into_iter().map(Session::from).collect())
    }

    /// Ends a session; nothing happens when it is gone already.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn end_session(&mut self, token_hash: &str) -> Result<()> {
        in_tx!(self, connection => {
            sqlx::query(END).bind(token_hash).execute(connection).await?;
        });
        Ok(())
    }
}

pub(crate) const END: &str = "DELETE FROM sessions WHERE token_hash = $1";
pub(crate) const OPEN: &str = "INSERT INTO sessions (token_hash, user_id, idp, name_id, \
    name_id_format, name_qualifier, sp_name_qualifier, session_index, app, entity_id, attempt_id, \
    created_at, expires_at, used_at, session_not_on_or_after, remembered) VALUES ($1, $2, $3, $4, $5, \
    $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";

/// The parameters of [`OPEN`].
macro_rules! bind {
    ($query:expr, $session:expr) => {
        $query
            .bind(&$session.token_hash)
            .bind(&$session.user_id)
            .bind(&$session.idp)
            .bind(&$session.name_id)
            .bind(&$session.name_id_format)
            .bind(&$session.name_qualifier)
            .bind(&$session.sp_name_qualifier)
            .bind(&$session.session_index)
            .bind(&$session.app)
            .bind(&$session.entity_id)
            .bind(&$session.attempt_id)
            .bind($crate::moment::to_millis($session.times.created_at))
            .bind($crate::moment::to_millis($session.expires_at))
            .bind($crate::moment::to_millis($session.times.used_at))
            .bind($session.times.not_on_or_after.map($crate::moment::to_millis))
            .bind($session.times.remembered)
    };
}
pub(crate) use bind;
