//! Open tunnels (WebSockets) end with the session that opened them, and with the app.
//!
//! What passes in a tunnel is no request and is judged by nobody, so the sessions of all open tunnels
//! are looked up together, once a second, in few statements; and at once when one was ended here. A
//! tunnel that no session of Samlgate opened is left alone.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use gateway::Tunnel;
use installation::Installation;
use installation::settings::Snapshot;
use store::{KnownSession, Store};
use tokio::sync::Notify;

use super::{Judgement, Place, WHILE_AWAY, younger};
use crate::front::uses::Uses;

/// The tunnels that sessions of Samlgate opened through this node.
#[derive(Default)]
pub struct Tunnels {
    open: Mutex<Vec<Open>>,
    look_now: Notify,
}

struct Open {
    /// The app that it leads to, by its name.
    app: Arc<str>,
    /// Token hashes: it ends with the first of them.
    sessions: Vec<Arc<str>>,
    tunnel: Tunnel,
    /// When they were last known to live.
    confirmed: SystemTime,
}

impl Tunnels {
    /// Closes the tunnel when one of `sessions` ends, of which at least `judged` lived a moment ago. Any
    /// other may be a stale cookie's, and counts if it lives now or cannot be asked.
    pub async fn opened(
        &self,
        at: &Place<'_>,
        tunnel: Tunnel,
        mut sessions: Vec<Arc<str>>,
        judged: &Judgement,
    ) {
        let hashes: Vec<&str> = sessions.iter().map(|hash| &**hash).collect();
        if let Ok(living) = at.living(&hashes).await {
            sessions.retain(|hash| {
                judged.sessions().any(|known| known == hash) || living.contains(&**hash)
            });
        }
        if !sessions.is_empty() {
            let app = at.app.name.as_str().into();
            self.lock().push(Open { app, sessions, tunnel, confirmed: at.now });
        }
    }

    /// Looks after the tunnels for as long as the process runs.
    pub async fn watch(&self, installation: &Installation, uses: &Uses) {
        let Installation { store, clock, settings, .. } = installation;
        loop {
            let _ = tokio::time::timeout(LOOK_EVERY, self.look_now.notified()).await;
            self.look(store, &settings.current(), uses, clock.now()).await;
        }
    }

    /// A session was ended here.
    pub(super) fn session_ended(&self) {
        self.look_now.notify_one();
    }

    /// Closes the tunnels whose session has ended, and notes the use of those in which the person's
    /// side said something. While the database is away they stay open for as long as requests pass by
    /// their last verdict.
    pub(super) async fn look(
        &self,
        store: &Store,
        settings: &Snapshot,
        uses: &Uses,
        now: SystemTime,
    ) {
        let asked: HashSet<Arc<str>> = {
            let mut open = self.lock();
            open.retain(|open| !open.tunnel.has_ended());
            open.iter().flat_map(|open| &open.sessions).cloned().collect()
        };
        if asked.is_empty() {
            return;
        }
        let hashes: Vec<&str> = asked.iter().map(|hash| &**hash).collect();
        let known = store.known_sessions(&hashes).await.ok();
        let known: Option<HashMap<String, KnownSession>> =
            known.map(|all| all.into_iter().map(|one| (one.token_hash.clone(), one)).collect());
        self.lock().retain_mut(|open| {
            let app = settings.apps.get(&*open.app);
            if let Some(app) = app.filter(|_| open.tunnel.silent_for() < 2 * LOOK_EVERY) {
                open.sessions.iter().for_each(|hash| uses.session(app, hash, now));
            }
            // One that was opened meanwhile has its turn next time.
            let Some(known) = known.as_ref().filter(|_| open.is_among(&asked)) else {
                return open.stays(younger(open.confirmed, now, WHILE_AWAY));
            };
            open.confirmed = now;
            let lives = |hash: &Arc<str>| {
                let one = known.get(&**hash);
                one.zip(app).is_some_and(|(one, app)| settings.session_lives(app, one, now))
            };
            open.stays(open.sessions.iter().all(lives))
        });
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Open>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Open {
    fn is_among(&self, asked: &HashSet<Arc<str>>) -> bool {
        self.sessions.iter().all(|hash| asked.contains(hash))
    }

    fn stays(&self, lives: bool) -> bool {
        if !lives {
            self.tunnel.close();
        }
        lives
    }
}

/// An end is seen by all nodes within this time.
const LOOK_EVERY: Duration = Duration::from_secs(1);
