//! Which session of Samlgate an app's own session cookie belongs to: one row for each cookie.
//!
//! A row is looked up by its key on the way to the app and outlives the session, so that the cookie
//! of an ended session is known for one. The cookie itself is not here, only its hash.

use std::time::{Duration, SystemTime};

use crate::moment::to_millis;
use crate::{Result, Store, Tx, in_tx, reading, writing};

/// A cookie is remembered this long after its session's end at the latest. Apps keep people logged
/// in for two weeks at most ("remember me"); afterwards the app itself has forgotten the cookie.
const KEPT: Duration = Duration::from_secs(14 * 24 * 3600);

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
    /// The session that it belongs to, if that lives; `None`: it has ended (by log-out, at its time,
    /// or because the user was deactivated).
    pub owner: Option<Owner>,
}

/// The living session that a cookie belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    /// The hash of its token.
    pub session_hash: String,
    /// The name of its user.
    pub user: String,
}

impl Store {
    /// What is known of the cookie with this hash; `None`: it belongs to no session of Samlgate.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn app_cookie(&self, hash: &str, now: SystemTime) -> Result<Option<KnownAppCookie>> {
        let sql = "SELECT c.scope, c.session_hash, u.name FROM app_cookies c LEFT JOIN sessions s ON \
                   s.token_hash = c.session_hash AND s.expires_at > $2 LEFT JOIN users u ON u.id = \
                   s.user_id AND u.active WHERE c.cookie_hash = $1";
        let row: Option<(String, String, Option<String>)> = reading!(self, pool => {
            sqlx::query_as(sql).bind(hash).bind(to_millis(now)).fetch_optional(pool).await
        })?;
        Ok(row.map(|(scope, session_hash, user)| KnownAppCookie {
            scope,
            owner: user.map(|user| Owner { session_hash, user }),
        }))
    }

    /// Remembers a cookie as part of the session with the token `session_hash`. Says whether that
    /// session lives; if not, nothing is remembered.
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
             token_hash, $3, expires_at + $4 FROM sessions WHERE token_hash = $2 AND expires_at > $5 \
             ON CONFLICT (cookie_hash) DO UPDATE SET session_hash = excluded.session_hash, scope = \
             excluded.scope, expires_at = excluded.expires_at",
        )
        .bind(&$cookie.hash)
        .bind($session_hash)
        .bind(&$cookie.scope)
        .bind(i64::try_from(KEPT.as_millis()).unwrap_or(i64::MAX))
        .bind(to_millis($now))
    };
}
use keep;
