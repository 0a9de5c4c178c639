//! Sessions of administrators, in this process's memory: a restart ends them.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use axum::http::HeaderMap;

use crate::runtime::{Random, token_hash};

/// The living sessions by the hash of their token.
#[derive(Default)]
pub(super) struct Sessions {
    living: Mutex<HashMap<String, Session>>,
}

struct Session {
    begun: SystemTime,
    seen: SystemTime,
}

impl Session {
    /// Whether idle and absolute limit both leave it alive.
    fn lives(&self, now: SystemTime) -> bool {
        now < self.seen + IDLE && now < self.begun + LONGEST
    }
}

impl Sessions {
    /// A new session's token.
    pub(super) fn begin(&self, random: Random, now: SystemTime) -> String {
        let token = random.token();
        let mut living = self.living.lock().unwrap_or_else(PoisonError::into_inner);
        living.retain(|_, session| session.lives(now));
        living.insert(token_hash(&token), Session { begun: now, seen: now });
        token
    }

    /// Whether the session lives; it has been seen then.
    pub(super) fn touch(&self, token: &str, now: SystemTime) -> bool {
        let mut living = self.living.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(session) = living.get_mut(&token_hash(token)) else {
            return false;
        };
        let lives = session.lives(now);
        if lives {
            session.seen = now;
        }
        lives
    }

    /// Ends a session.
    pub(super) fn end(&self, token: &str) {
        let mut living = self.living.lock().unwrap_or_else(PoisonError::into_inner);
        living.remove(&token_hash(token));
    }
}

/// The token that the browser sent, unchecked.
pub(super) fn token(headers: &HeaderMap) -> Option<&str> {
    crate::session::cookies(headers).find(|(name, _)| *name == NAME).map(|(_, value)| value)
}

/// The cookie that gives the browser its session.
pub(super) fn cookie(token: &str, secure: bool) -> String {
    let secure = if secure { "; Secure" } else { "" };
    format!("{NAME}={token}; Path=/; HttpOnly; SameSite=Strict{secure}")
}

const NAME: &str = "samlgate_console";

/// Without a request for so long a session ends.
const IDLE: Duration = Duration::from_secs(30 * 60);

/// However busy, a session ends after so long.
const LONGEST: Duration = Duration::from_secs(12 * 3600);
