//! Samlgate's own session: a cookie of the app's origin, whose hash is one row in the database.

use std::sync::Arc;
use std::time::SystemTime;

use http::HeaderMap;
use installation::Installation;
use installation::cookies::cookies;
use installation::runtime::token_hash;
use installation::settings::{App, Snapshot};
use store::{LivingSession, Session, StoreError};

use crate::front::answer;
use crate::front::visit::Visit;

/// Every cookie of Samlgate on an app's origin begins so. None of them ever reaches the app, and
/// an app's own cookie of such a name is dropped.
pub const COOKIE_PREFIX: &str = "samlgate_";

/// Whether a cookie of this name is Samlgate's. Names are compared without case, as a lenient app
/// might.
pub fn is_ours(name: &str) -> bool {
    let name = name.strip_prefix("__Host-").unwrap_or(name);
    name.get(..COOKIE_PREFIX.len()).is_some_and(|start| start.eq_ignore_ascii_case(COOKIE_PREFIX))
}

/// The session token that the browser sent for this app, unchecked.
pub fn token<'h>(app: &App, headers: &'h HeaderMap) -> Option<&'h str> {
    cookies(headers).find(|(name, _)| *name == app.session_cookie).map(|(_, value)| value)
}

/// The living session with which this browser may open the app, and its user.
///
/// # Errors
/// When the database is away.
pub async fn current(visit: &Visit) -> Result<Option<LivingSession>, StoreError> {
    let Some(token) = token(&visit.app, &visit.headers) else {
        return Ok(None);
    };
    let hash: Arc<str> = token_hash(token).into();
    let found = living(visit.installation(), &visit.settings, &visit.app, &hash, visit.now).await?;
    let found = found.filter(|LivingSession { session, user }| {
        user.active && opens(&visit.settings, session, &visit.app)
    });
    if found.is_some() {
        visit.front.uses.session(&visit.app, &hash, visit.now);
    }
    Ok(found)
}

/// The session of this token's hash, if no limit of `app` and no word of its IdP has ended it.
///
/// # Errors
/// When the database is away.
pub async fn living(
    installation: &Installation,
    settings: &Snapshot,
    app: &App,
    token_hash: &str,
    now: SystemTime,
) -> Result<Option<LivingSession>, StoreError> {
    let found = installation.store.session(token_hash).await?;
    Ok(found.filter(|LivingSession { session, .. }| lives(settings, app, session, now)))
}

/// Whether no limit of `app` and no word of its IdP has ended a session.
pub fn lives(settings: &Snapshot, app: &App, session: &Session, now: SystemTime) -> bool {
    now < settings.session_end(app, &session.idp, &session.times)
}

/// Whether a session opens `app`: its assertion was for the app's entity ID (saml-core §2.5.1.4),
/// and its IdP serves the app. A company assigns people to each service provider at its IdP; what
/// was said to one says nothing to another.
pub fn opens(settings: &Snapshot, session: &Session, app: &App) -> bool {
    let serves = settings.idps.get(&session.idp).is_some_and(|idp| idp.serves(&app.name));
    serves && is_for(settings, session, &app.entity_id)
}

/// Whether the session's assertion was for this service provider. One that an older version opened
/// was for that of the app where the person signed in.
pub fn is_for(settings: &Snapshot, session: &Session, entity_id: &str) -> bool {
    match &session.entity_id {
        Some(own) => own == entity_id,
        None => settings.apps.get(&session.app).is_some_and(|app| app.entity_id == entity_id),
    }
}

/// The cookie that gives the browser its session: until the browser closes, unless the app remembers
/// people; never cross-site.
pub fn cookie(app: &App, token: &str) -> String {
    let kept = app.settings.session.remember();
    let kept = kept.map(|kept| format!("; Max-Age={}", kept.as_secs())).unwrap_or_default();
    format!("{}={token}; {ATTRIBUTES}{kept}", app.session_cookie)
}

/// Takes the session cookie from the browser.
pub fn clearing_cookie(app: &App) -> String {
    format!("{}=; Max-Age=0; {ATTRIBUTES}", app.session_cookie)
}

const ATTRIBUTES: &str = "Path=/; Secure; HttpOnly; SameSite=Lax";

/// Where the app's own session is opened, and the page to go to afterwards.
pub fn open_url(app: &App, return_to: Option<&str>) -> String {
    let address = format!("{}/open", app.prefix);
    match return_to {
        Some(path) => answer::with(address, "os_destination", path),
        None => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_its_own_cookies_by_name() {
        for name in ["samlgate_request_1", "__Host-samlgate_session", "SAMLGATE_session"] {
            assert!(is_ours(name), "{name}");
        }
        for name in ["JSESSIONID", "samlgate", "xsamlgate_a", "__Host-"] {
            assert!(!is_ours(name), "{name}");
        }
    }
}
