//! Log-out reaches the app: which of its session cookies belong to which session of Samlgate.
//!
//! When the opener hands the app's cookies over, and when the app gives a new session cookie to a
//! browser that holds a living session or came with a cookie of one, the cookie's hash is kept with
//! the session. A cookie whose
//! session has ended (log-out, single logout, deactivation, a limit of the app) is taken from the request on
//! the way to the app and from the browser with the answer. A cookie that belongs to no session of
//! Samlgate, as of a local administrator, passes.
//!
//! A verdict is kept for a second by each node, so a page with a hundred pictures asks the database
//! once, and an end is seen by every node within that second. An open WebSocket is closed within it
//! ([`Tunnels`]). A running answer or long poll ends by itself; the next request is judged.

mod cookies;
mod tunnels;

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use gateway::Body;
use http::header::{HeaderValue, SET_COOKIE};
use http::{HeaderMap, Request, Response, Uri};
use installation::runtime::hex;
use installation::settings::{App, Snapshot};
use store::{AppCookie, KnownAppCookie, KnownSession, Owner, Store, StoreError};

use crate::front::uses::Uses;
use cookies::{Given, Sent};
pub use tunnels::Tunnels;

/// What this node knows of the cookies that it saw lately.
#[derive(Default)]
pub struct CookieMap {
    verdicts: Mutex<Verdicts>,
    /// What is open through this node.
    pub tunnels: Tunnels,
}

/// Where and when the cookies of a request are looked at.
pub struct Place<'a> {
    /// The database.
    pub store: &'a Store,
    /// The settings, whose limits count.
    pub settings: &'a Snapshot,
    /// The app.
    pub app: &'a App,
    /// Where is noted which sessions are in use.
    pub uses: &'a Uses,
    /// The present.
    pub now: SystemTime,
}

impl Place<'_> {
    /// Which of the sessions with these token hashes live here.
    async fn living(&self, hashes: &[&str]) -> Result<HashSet<String>, StoreError> {
        let known = self.store.known_sessions(hashes).await?;
        let living = known.into_iter().filter(|one| self.lives(one));
        Ok(living.map(|one| one.token_hash).collect())
    }

    fn lives(&self, session: &KnownSession) -> bool {
        self.settings.session_lives(self.app, session, self.now)
    }
}

/// What the cookies of one request are worth.
#[derive(Default)]
pub struct Judgement {
    ended: Vec<(Sent, Arc<str>)>,
    living: Vec<Owned>,
}

/// Why the cookies of a request could not be judged.
#[derive(Debug)]
pub enum Unjudged {
    /// No honest browser sends so many session cookies.
    TooMany,
    /// The database is away, and this node has not seen the cookie lately.
    Away(StoreError),
}

/// The session cookies among these Set-Cookie lines, as they are stored.
pub fn kept(lines: &[String]) -> impl Iterator<Item = AppCookie> {
    lines
        .iter()
        .filter_map(|line| cookies::of_set_cookie(line.as_bytes()))
        .map(|given| given.cookie)
}

impl CookieMap {
    /// Judges the session cookies of a request.
    ///
    /// # Errors
    /// When they cannot be judged: then the request must not reach the app.
    pub async fn judge(
        &self,
        at: &Place<'_>,
        headers: &HeaderMap,
        uri: &Uri,
    ) -> Result<Judgement, Unjudged> {
        let mut judgement = Judgement::default();
        let sent = cookies::sent(headers, uri);
        if sent.len() > MOST_COOKIES {
            return Err(Unjudged::TooMany);
        }
        for cookie in sent {
            match self.verdict(at, &cookie.key).await.map_err(Unjudged::Away)? {
                Verdict::Foreign => {}
                Verdict::Owned(owned) if at.lives(&owned.session) => {
                    self.used(at, &cookie.key, &owned);
                    judgement.living.push(owned);
                }
                Verdict::Owned(Owned { scope, .. }) | Verdict::Ended(scope) => {
                    judgement.ended.push((cookie, scope));
                }
            }
        }
        Ok(judgement)
    }

    /// The cookie passes, so its session is used. That counts here at once: what is remembered of it
    /// is all there is while the database is away.
    fn used(&self, at: &Place<'_>, key: &Key, owned: &Owned) {
        at.uses.session(at.app, &owned.token_hash, at.now);
        if owned.must_be_renewed {
            at.uses.cookie(hex(key));
        }
        self.lock().used(key, at.now);
    }

    /// Keeps the session cookies that an answer gives with the first of `sessions`, by the hashes of
    /// their tokens, that lives. When that fails they are taken out of the answer: a cookie that
    /// nothing could end is not given.
    pub async fn learn(&self, at: &Place<'_>, sessions: &[Arc<str>], answer: &mut HeaderMap) {
        for Given { key, cookie } in cookies::given(answer) {
            let known = self.lock().fresh(&key, at.now);
            if matches!(known, Some(Verdict::Owned(owned)) if at.lives(&owned.session)) {
                continue;
            }
            match keep(at, &cookie, sessions).await {
                Ok(()) => self.lock().forget(&key),
                Err(error) => {
                    tracing::error!(error = %error, "a session cookie of the app was held back");
                    cookies::take_out(answer, &key);
                }
            }
        }
    }

    /// A session was ended here: what is remembered counts no longer.
    pub fn session_ended(&self, now: SystemTime) {
        self.lock().ended_at = Some(now);
        self.tunnels.session_ended();
    }

    async fn verdict(&self, at: &Place<'_>, key: &Key) -> Result<Verdict, StoreError> {
        let (store, now) = (at.store, at.now);
        if let Some(verdict) = self.lock().without_asking(key, now) {
            return Ok(verdict);
        }
        let found = store.app_cookie(&hex(key), now).await;
        let mut verdicts = self.lock();
        match found {
            Ok(known) => Ok(verdicts.put(*key, Verdict::of(known), now)),
            Err(error) => {
                verdicts.failed_at = Some(now);
                verdicts.last(key, now).ok_or(error)
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Verdicts> {
        self.verdicts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn keep(at: &Place<'_>, cookie: &AppCookie, sessions: &[Arc<str>]) -> Result<(), StoreError> {
    let hashes: Vec<&str> = sessions.iter().map(|hash| &**hash).collect();
    let living = at.living(&hashes).await?;
    for session in hashes.into_iter().filter(|hash| living.contains(*hash)) {
        if at.store.keep_app_cookie(cookie, session, at.now).await? {
            break;
        }
    }
    Ok(())
}

impl Judgement {
    /// The user of a living session that a cookie belongs to.
    pub fn user(&self) -> Option<&str> {
        self.living.last().map(|living| &*living.user)
    }

    /// The living sessions that cookies belong to, by the hashes of their tokens.
    pub fn sessions(&self) -> impl Iterator<Item = &Arc<str>> {
        self.living.iter().map(|living| &living.token_hash)
    }

    /// Whether a cookie of an ended session came.
    pub fn is_ended(&self) -> bool {
        !self.ended.is_empty()
    }

    /// Takes cookies of ended sessions out of the request.
    pub fn strip(&self, request: &mut Request<Body>) {
        if self.is_ended() {
            let ended: Vec<&Sent> = self.ended.iter().map(|(cookie, _)| cookie).collect();
            cookies::strip(request, &ended);
        }
    }

    /// Takes them from the browser, unless the app gives it a new one of that name.
    pub fn expire(&self, response: &mut Response<Body>) {
        for (cookie, scope) in &self.ended {
            let given = |line: &HeaderValue| cookies::name_of(line.as_bytes()) == cookie.name;
            if response.headers().get_all(SET_COOKIE).iter().any(given) {
                continue;
            }
            let line = format!("{}=; Max-Age=0; Expires={LONG_AGO}{scope}", cookie.name);
            if let Ok(line) = HeaderValue::from_str(&line) {
                response.headers_mut().append(SET_COOKIE, line);
            }
        }
    }
}

/// SHA-256 of `name=value`.
type Key = [u8; 32];

#[derive(Clone)]
enum Verdict {
    /// It belongs to no session of Samlgate.
    Foreign,
    /// Its session was not ended; the limits say whether it lives.
    Owned(Owned),
    /// Its session was ended; holds the cookie's scope.
    Ended(Arc<str>),
}

/// The session that a cookie belongs to.
#[derive(Clone)]
struct Owned {
    token_hash: Arc<str>,
    session: Arc<KnownSession>,
    user: Arc<str>,
    /// The cookie's.
    scope: Arc<str>,
    must_be_renewed: bool,
}

impl Verdict {
    fn of(known: Option<KnownAppCookie>) -> Self {
        match known {
            None => Verdict::Foreign,
            Some(KnownAppCookie { scope, owner: None, .. }) => Verdict::Ended(scope.into()),
            Some(KnownAppCookie { scope, owner: Some(owner), must_be_renewed }) => {
                let Owner { session, user } = owner;
                Verdict::Owned(Owned {
                    token_hash: session.token_hash.as_str().into(),
                    session: session.into(),
                    user: user.into(),
                    scope: scope.into(),
                    must_be_renewed,
                })
            }
        }
    }
}

/// Verdicts with the moment of each. When the young ones are many they become the old ones, and
/// those go: the memory is bounded, and what is used stays.
#[derive(Default)]
struct Verdicts {
    young: HashMap<Key, (Verdict, SystemTime)>,
    old: HashMap<Key, (Verdict, SystemTime)>,
    ended_at: Option<SystemTime>,
    failed_at: Option<SystemTime>,
}

impl Verdicts {
    /// What can be said now: a fresh verdict, or the last one while the database is known to be away.
    fn without_asking(&self, key: &Key, now: SystemTime) -> Option<Verdict> {
        let away = self.failed_at.is_some_and(|failed| younger(failed, now, FRESH));
        self.fresh(key, now).or_else(|| if away { self.last(key, now) } else { None })
    }

    fn fresh(&self, key: &Key, now: SystemTime) -> Option<Verdict> {
        let (verdict, at) = self.get(key)?;
        let stands = self.ended_at.is_none_or(|ended| *at > ended);
        (stands && younger(*at, now, FRESH)).then(|| verdict.clone())
    }

    /// The last verdict, for as long as a database may be away without anybody noticing.
    fn last(&self, key: &Key, now: SystemTime) -> Option<Verdict> {
        let (verdict, at) = self.get(key)?;
        younger(*at, now, WHILE_AWAY).then(|| verdict.clone())
    }

    fn used(&mut self, key: &Key, now: SystemTime) {
        let kept = self.young.get_mut(key).or_else(|| self.old.get_mut(key));
        if let Some((Verdict::Owned(owned), _)) = kept {
            let session = Arc::make_mut(&mut owned.session);
            session.times.used_at = session.times.used_at.max(now);
        }
    }

    fn get(&self, key: &Key) -> Option<&(Verdict, SystemTime)> {
        self.young.get(key).or_else(|| self.old.get(key))
    }

    fn put(&mut self, key: Key, verdict: Verdict, now: SystemTime) -> Verdict {
        self.failed_at = None;
        if self.young.len() >= MOST_VERDICTS {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(key, (verdict.clone(), now));
        verdict
    }

    fn forget(&mut self, key: &Key) {
        self.young.remove(key);
        self.old.remove(key);
    }
}

/// Whether `now` is less than `limit` after `at`. A clock that was put back makes nothing younger.
fn younger(at: SystemTime, now: SystemTime, limit: Duration) -> bool {
    now.duration_since(at).is_ok_and(|age| age < limit)
}

/// An end is seen by all nodes within this time.
const FRESH: Duration = Duration::from_secs(1);
/// While the database is away, people go on working for so long by the last verdict.
const WHILE_AWAY: Duration = Duration::from_secs(300);
/// Verdicts in each half of the memory; one takes some 250 bytes.
const MOST_VERDICTS: usize = 10_000;
const MOST_COOKIES: usize = 16;
const LONG_AGO: &str = "Thu, 01 Jan 1970 00:00:00 GMT";

#[cfg(test)]
mod tests;
