//! Which sessions are in use: noted by requests in memory, written down by each node once a second.
//!
//! A request costs one look into a map. A session is written down when its use before is a while ago
//! ([`SessionSettings::note_uses_every`](installation::settings::SessionSettings)), many in one
//! statement, and only if it still lived when it was used: a token proves nothing until the database
//! has been asked.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use installation::Installation;
use installation::settings::{App, Snapshot};
use store::{KnownSession, StoreError};

/// What this node has seen of uses lately.
#[derive(Default)]
pub struct Uses {
    noted: Mutex<Noted>,
}

/// Memory is bounded: of `young` and `old` the old goes when the young are many, and what waits is
/// passed over when it is too much; the next request notes it again.
#[derive(Default)]
struct Noted {
    young: HashMap<Arc<str>, SystemTime>,
    old: HashMap<Arc<str>, SystemTime>,
    sessions: HashMap<Arc<str>, Use>,
    cookies: HashSet<String>,
}

/// A use that waits to be written down.
#[derive(Clone)]
struct Use {
    app: Arc<str>,
    at: SystemTime,
}

impl Uses {
    /// Somebody came to `app` with the session of this token's hash.
    pub fn session(&self, app: &App, token_hash: &Arc<str>, at: SystemTime) {
        let every = app.settings.session.note_uses_every();
        let mut noted = self.lock();
        if noted.last(token_hash).is_some_and(|last| !is_later(last, at, every)) {
            return;
        }
        let waits = noted.sessions.len() < MOST;
        if waits && !noted.sessions.contains_key(token_hash) {
            noted.sessions.insert(token_hash.clone(), Use { app: app.name.as_str().into(), at });
        }
    }

    /// A cookie of an app, by its hash, is about to be forgotten and reaches the app.
    pub fn cookie(&self, hash: String) {
        let mut noted = self.lock();
        if noted.cookies.len() < MOST {
            noted.cookies.insert(hash);
        }
    }

    /// Writes down what was noted, for as long as the process runs.
    pub async fn keep(&self, installation: &Installation) {
        loop {
            tokio::time::sleep(WRITE_EVERY).await;
            let settings = installation.settings.current();
            // While the database is away uses wait; that it is away is said elsewhere.
            if let Err(error) = self.write_down(installation, &settings).await {
                tracing::debug!(error = %error, "uses of sessions wait to be written down");
            }
        }
    }

    /// Writes down what was noted until now.
    ///
    /// # Errors
    /// When the database is away; nothing is forgotten then.
    pub async fn write_down(
        &self,
        installation: &Installation,
        settings: &Snapshot,
    ) -> Result<(), StoreError> {
        let store = &installation.store;
        let waiting = self.lock().sessions.clone();
        if let Some(first) = waiting.values().map(|used| used.at).min() {
            let hashes: Vec<&str> = waiting.keys().map(|hash| &**hash).collect();
            let known = store.known_sessions(&hashes).await?;
            let used = |session: &&KnownSession| {
                let used = waiting.get(&*session.token_hash);
                used.is_some_and(|used| must_be_written(settings, used, session))
            };
            let used: Vec<&str> =
                known.iter().filter(used).map(|session| &*session.token_hash).collect();
            // The first of all: what is written is never later than what was.
            store.note_uses(&used, first).await?;
            self.lock().are_written(waiting.into_keys(), first);
        }
        let cookies: Vec<String> = self.lock().cookies.iter().cloned().collect();
        if !cookies.is_empty() {
            store.renew_app_cookies(&cookies, installation.clock.now()).await?;
            self.lock().cookies.retain(|cookie| !cookies.contains(cookie));
        }
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, Noted> {
        self.noted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether the session lived at the app where it was used, and no other node has just written it.
fn must_be_written(settings: &Snapshot, used: &Use, session: &KnownSession) -> bool {
    settings.apps.get(&*used.app).is_some_and(|app| {
        let every = app.settings.session.note_uses_every();
        is_later(session.times.used_at, used.at, every)
            && settings.session_lives(app, session, used.at)
    })
}

fn is_later(last: SystemTime, at: SystemTime, by: Duration) -> bool {
    at.duration_since(last).is_ok_and(|later| later >= by)
}

impl Noted {
    fn last(&self, token_hash: &str) -> Option<SystemTime> {
        self.young.get(token_hash).or_else(|| self.old.get(token_hash)).copied()
    }

    /// The sessions were looked at. One that was over is not looked at again for a while either.
    fn are_written(&mut self, sessions: impl Iterator<Item = Arc<str>>, at: SystemTime) {
        for session in sessions {
            self.sessions.remove(&session);
            if self.young.len() >= MOST {
                self.old = std::mem::take(&mut self.young);
            }
            self.young.insert(session, at);
        }
    }
}

/// Uses are written down this often.
const WRITE_EVERY: Duration = Duration::from_secs(1);
/// So many are remembered in each half of the memory, and so many wait; one takes some 200 bytes.
const MOST: usize = 10_000;

#[cfg(test)]
mod tests;
