//! Sessions of administrators: rows in the database, so that a restart keeps them and all nodes
//! know them.

use std::time::{Duration, SystemTime};

use axum::http::HeaderMap;
use installation::runtime::{Random, token_hash};
use store::{ConsoleSession, Store, StoreError};

/// Begins a session of `author`; gives its token. `confirmed_at` is when the password was given.
///
/// # Errors
/// When the database is away.
pub(super) async fn begin(
    store: &Store,
    author: &str,
    random: Random,
    now: SystemTime,
) -> Result<String, StoreError> {
    let token = random.token();
    let session = ConsoleSession {
        token_hash: token_hash(&token),
        author: author.to_owned(),
        begun_at: now,
        seen_at: now,
        confirmed_at: now,
    };
    store.open_console_session(&session, now - IDLE).await?;
    Ok(token)
}

/// The living session of a browser; it has been seen then.
///
/// # Errors
/// When the database is away.
pub(super) async fn living(
    store: &Store,
    headers: &HeaderMap,
    now: SystemTime,
) -> Result<Option<ConsoleSession>, StoreError> {
    let Some(token) = token(headers) else { return Ok(None) };
    let found = store.console_session(&token_hash(token)).await?;
    let lives =
        |session: &ConsoleSession| now < session.seen_at + IDLE && now < session.begun_at + LONGEST;
    let Some(mut session) = found.filter(lives) else { return Ok(None) };
    // Once a minute is enough, and spares the disk a write for each page.
    if now > session.seen_at + Duration::from_secs(60) {
        session.seen_at = now;
        store.touch_console_session(&session).await?;
    }
    Ok(Some(session))
}

/// The token that the browser sent, unchecked.
pub(super) fn token(headers: &HeaderMap) -> Option<&str> {
    let named = |(name, _): &(&str, &str)| *name == NAME || *name == BOUND_NAME;
    installation::cookies::cookies(headers).find(named).map(|(_, value)| value)
}

/// The cookie that gives the browser its session; with TLS its name binds it to the host.
pub(super) fn cookie(token: &str, secure: bool) -> String {
    let (name, secure) = if secure { (BOUND_NAME, "; Secure") } else { (NAME, "") };
    format!("{name}={token}; Path=/; HttpOnly; SameSite=Strict{secure}")
}

const NAME: &str = "samlgate_console";
const BOUND_NAME: &str = "__Host-samlgate_console";

/// Without a request for so long a session ends.
const IDLE: Duration = Duration::from_secs(30 * 60);

/// However busy, a session ends after so long.
const LONGEST: Duration = Duration::from_secs(12 * 3600);
