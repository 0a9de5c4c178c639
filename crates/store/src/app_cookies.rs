//! Which session of Samlgate an app's own session cookie belongs to: one row for each cookie.
//!
//! A row is looked up by its key on the way to the app and outlives the session, so that the cookie
//! of an ended session is known for one. The cookie itself is not here, only its hash.

use std::time::{Duration, SystemTime};

use crate::moment::to_millis;
use crate::session_times::Columns;
use crate::session_use::KnownSession;
use crate::{Result, Store, Tx, in_tx, reading, writing};

/// A cookie is remembered for at least this long after it last reached the app. Apps keep people
/// logged in for two weeks at most ("remember me"); afterwards the app itself has forgotten it.
const KEPT: Duration = Duration::from_secs(14 * DAY);

/// It is kept for a day more, so that one that is used daily is written once a day.
const DAY: u64 = 24 * 3600;

/// A session cookie that an app gave to a browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppCookie {
    /// SHA-256 of `name=value`, in hexadecimal.
    pub hash: String,
    /// Its attributes without its lifetime, `; Path=/jira; HttpOnly`: what takes it away again.
    pub scope: String,
}

/// What is known of a session cookie that a browser sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownAppCookie {
    /// As in [`AppCookie::scope`].
    pub scope: String,
    /// The session that it belongs to, if that is there; `None`: it was ended (by log-out, or because
    /// the user was deactivated), or its time is long over.
    pub owner: Option<Owner>,
    /// It is to be kept for longer when it reaches the app now.
    pub must_be_renewed: bool,
}

/// The session that a cookie belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    /// The session.
    pub session: KnownSession,
    /// The name of its user.
    pub user: String,
}

#[derive(sqlx::FromRow)]
struct Row {
    scope: String,
    kept_until: i64,
    session_hash: String,
    name: Option<String>,
    idp: Option<String>,
    #[sqlx(flatten)]
    times: Columns,
}

impl Store {
    /// What is known of the cookie with this hash; `None`: it belongs to no session of Samlgate.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn app_cookie(&self, hash: &str, now: SystemTime) -> Result<Option<KnownAppCookie>> {
        let sql = "SELECT c.scope, c.expires_at AS kept_until, c.session_hash, u.name, s.idp, \
                   COALESCE(s.created_at, 0) AS created_at, COALESCE(s.expires_at, 0) AS expires_at, \
                   s.used_at, s.session_not_on_or_after, s.remembered FROM app_cookies c LEFT JOIN \
                   sessions s ON s.token_hash = c.session_hash LEFT JOIN users u ON u.id = s.user_id \
                   AND u.active WHERE c.cookie_hash = $1";
        let row: Option<Row> =
            reading!(self, pool => sqlx::query_as(sql).bind(hash).fetch_optional(pool).await)?;
        Ok(row.map(|row| KnownAppCookie {
            must_be_renewed: row.kept_until < to_millis(now + KEPT),
            scope: row.scope,
            owner: row.name.zip(row.idp).map(|(user, idp)| Owner {
                session: KnownSession {
                    token_hash: row.session_hash,
                    idp,
                    times: row.times.into(),
                },
                user,
            }),
        }))
    }

    /// Keeps cookies that reach the app now for longer.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn renew_app_cookies(&self, hashes: &[String], now: SystemTime) -> Result<()> {
        let sql =
            "UPDATE app_cookies SET expires_at = $2 WHERE cookie_hash = $1 AND expires_at < $2";
        for hash in hashes {
            writing!(self, connection => {
                sqlx::query(sql).bind(hash).bind(kept_until(now)).execute(connection).await?;
            });
        }
        Ok(())
    }

    /// Remembers a cookie as part of the session with the token `session_hash`. Says whether that
    /// session is there; if not, nothing is remembered.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn keep_app_cookie(
        &self,
        cookie: &AppCookie,
        session_hash: &str,
        now: SystemTime,
    ) -> Result<bool> {
        let kept = writing!(self, connection => {
            keep!(cookie, session_hash, now).execute(connection).await?.rows_affected()
        });
        Ok(kept == 1)
    }
}

impl Tx {
    /// The same as part of this transaction.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn keep_app_cookie(
        &mut self,
        cookie: &AppCookie,
        session_hash: &str,
        now: SystemTime,
    ) -> Result<bool> {
        in_tx!(self, connection => {
            Ok(keep!(cookie, session_hash, now).execute(connection).await?.rows_affected() == 1)
        })
    }
}

/// The statement, the same inside and outside a transaction. What the app gives out anew belongs to
/// the session that it was given to last.
macro_rules! keep {
    ($cookie:expr, $session_hash:expr, $now:expr) => {
        sqlx::query(
            "INSERT INTO app_cookies (cookie_hash, session_hash, scope, expires_at) SELECT $1, \
             token_hash, $3, $4 FROM sessions WHERE token_hash = $2 ON CONFLICT (cookie_hash) DO UPDATE SET session_hash = excluded.session_hash, scope = \
             excluded.scope, expires_at = excluded.expires_at",
        )
        .bind(&$cookie.hash)
        .bind($session_hash)
        .bind(&$cookie.scope)
        .bind(kept_until($now))
    };
}
use keep;

fn kept_until(now: SystemTime) -> i64 {
    to_millis(now + KEPT + Duration::from_secs(DAY))
}
