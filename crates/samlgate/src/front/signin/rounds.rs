//! Endless rounds end. A round is a good answer that ends in another start for the same page of the
//! same app: the browser does not keep our cookie, the session is over at once, or the app does not
//! take it. Three of them within a minute are no accident.
//!
//! Cookies may be what is lost, so the count travels in a sealed parameter of our own addresses. Only
//! where the browser passes through the app is it kept here, with the session: who signs out and in
//! again begins at nothing, and so do other tabs, which know nothing of each other.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use store::{LivingSession, Session};

use crate::front::answer;
use crate::front::session;
use crate::front::visit::Visit;

/// The rounds that led to a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rounds {
    #[serde(rename = "c")]
    count: u8,
    /// When the first of them was answered, in Unix milliseconds.
    #[serde(rename = "s")]
    since: u64,
    /// The attempt of the last sign-in.
    #[serde(rename = "t")]
    pub attempt: String,
}

/// So many within [`WITHIN`] are stopped.
const TOO_MANY: u8 = 3;

/// The time that counts.
const WITHIN: Duration = Duration::from_secs(60);

/// The name of the parameter.
pub const PARAMETER: &str = "round";

impl Rounds {
    /// The rounds before a request for `page` that comes with this session, if any.
    pub fn before(visit: &Visit, living: Option<&LivingSession>, page: &str) -> Option<Self> {
        let travelled = Self::travelled(visit, page);
        let kept =
            living.and_then(|living| visit.front.rounds.of(&key(visit, &living.session, page)));
        let all = [travelled, kept].into_iter().flatten();
        all.filter(|rounds| rounds.are_recent(visit.now)).max_by_key(|rounds| rounds.count)
    }

    /// Those that came in the address.
    pub fn travelled(visit: &Visit, page: &str) -> Option<Self> {
        let sealed = visit.query(PARAMETER)?;
        let text = visit.installation().secrets.unseal(&purpose(visit, page), &sealed)?;
        serde_json::from_slice(&text).ok()
    }

    /// One more than `before`, which this attempt ended.
    pub fn and_one(before: Option<&Self>, attempt: &str, now: SystemTime) -> Self {
        let before = before.filter(|before| before.are_recent(now));
        Rounds {
            count: before.map_or(0, |before| before.count).saturating_add(1),
            since: before.map_or(millis(now), |before| before.since),
            attempt: attempt.to_owned(),
        }
    }

    /// Whether the next start is to be stopped.
    pub fn are_too_many(&self) -> bool {
        self.count >= TOO_MANY
    }

    /// The value of the parameter, good for this page alone.
    pub fn sealed(&self, visit: &Visit, page: &str) -> String {
        let text = serde_json::to_vec(self).unwrap_or_default();
        let installation = visit.installation();
        installation.secrets.seal(&purpose(visit, page), &text, installation.random)
    }

    /// Keeps them with the session while the browser is at the app.
    pub fn keep(self, visit: &Visit, session: &Session, page: &str) {
        visit.front.rounds.keep(key(visit, session, page), self, visit.now);
    }

    /// The person was told: the next start is the first again.
    pub fn forget(visit: &Visit, session: &Session, page: &str) {
        visit.front.rounds.forget(&key(visit, session, page));
    }

    fn are_recent(&self, now: SystemTime) -> bool {
        millis(now).saturating_sub(self.since) < WITHIN.as_millis() as u64
    }
}

/// Where the app is opened, with the rounds that led there.
pub(super) fn open_url(visit: &Visit, page: &str, rounds: &Rounds) -> String {
    let address = session::open_url(&visit.app, Some(page));
    answer::with(address, PARAMETER, &rounds.sealed(visit, page))
}

/// What this node remembers while browsers are at apps.
#[derive(Default)]
pub struct AtApps(Mutex<HashMap<String, Rounds>>);

/// So many are remembered; then those that no longer count go, or all.
const AT_MOST: usize = 10_000;

impl AtApps {
    fn of(&self, key: &str) -> Option<Rounds> {
        self.lock().get(key).cloned()
    }

    fn keep(&self, key: String, rounds: Rounds, now: SystemTime) {
        let mut all = self.lock();
        if all.len() >= AT_MOST {
            all.retain(|_, rounds| rounds.are_recent(now));
        }
        if all.len() >= AT_MOST {
            all.clear();
        }
        all.insert(key, rounds);
    }

    fn forget(&self, key: &str) {
        self.lock().remove(key);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, Rounds>> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// A hash, so that what is remembered is as long for every page.
fn key(visit: &Visit, session: &Session, page: &str) -> String {
    let parts = [session.token_hash.as_str(), &visit.app.name, without_fragment(page)];
    visit.installation().secrets.keyed_hash("rounds at an app", &parts)
}

fn purpose(visit: &Visit, page: &str) -> String {
    format!("rounds {} {}", visit.app.name, without_fragment(page))
}

/// A fragment may get lost on the way.
fn without_fragment(page: &str) -> &str {
    page.split('#').next().unwrap_or_default()
}

fn millis(moment: SystemTime) -> u64 {
    moment.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as u64)
}
