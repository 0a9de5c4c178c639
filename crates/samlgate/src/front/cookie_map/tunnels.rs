//! Open tunnels (WebSockets) end with the session that opened them.
//!
//! What passes in a tunnel is no request and is judged by nobody, so the sessions of all open tunnels
//! are looked up together, once a second, in few statements; and at once when one was ended here. A
//! tunnel that no session of Samlgate opened is left alone.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use gateway::Tunnel;
use installation::runtime::Clock;
use store::Store;
use tokio::sync::Notify;

use super::{Judgement, WHILE_AWAY, younger};

/// The tunnels that sessions of Samlgate opened through this node.
#[derive(Default)]
pub struct Tunnels {
    open: Mutex<Vec<Open>>,
    look_now: Notify,
}

struct Open {
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
        store: &Store,
        tunnel: Tunnel,
        mut sessions: Vec<Arc<str>>,
        judged: &Judgement,
        now: SystemTime,
    ) {
        let hashes: Vec<&str> = sessions.iter().map(|hash| &**hash).collect();
        if let Ok(living) = store.living_sessions(&hashes, now).await {
            let lives = |hash: &Arc<str>| living.iter().any(|living| **living == **hash);
            sessions.retain(|hash| judged.sessions().any(|known| known == hash) || lives(hash));
        }
        if !sessions.is_empty() {
            self.lock().push(Open { sessions, tunnel, confirmed: now });
        }
    }

    /// Looks after the tunnels for as long as the process runs.
    pub async fn watch(&self, store: &Store, clock: &Clock) {
        loop {
            let _ = tokio::time::timeout(LOOK_EVERY, self.look_now.notified()).await;
            self.look(store, clock.now()).await;
        }
    }

    /// A session was ended here.
    pub(super) fn session_ended(&self) {
        self.look_now.notify_one();
    }

    /// Closes the tunnels whose session has ended. While the database is away they stay open for as
    /// long as requests pass by their last verdict.
    pub(super) async fn look(&self, store: &Store, now: SystemTime) {
        let asked: HashSet<Arc<str>> = {
            let mut open = self.lock();
            open.retain(|open| !open.tunnel.has_ended());
            open.iter().flat_map(|open| &open.sessions).cloned().collect()
        };
        if asked.is_empty() {
            return;
        }
        let hashes: Vec<&str> = asked.iter().map(|hash| &**hash).collect();
        let living = store.living_sessions(&hashes, now).await.ok();
        let living: Option<HashSet<String>> = living.map(HashSet::from_iter);
        self.lock().retain_mut(|open| {
            // One that was opened meanwhile has its turn next time.
            let Some(living) = living.as_ref().filter(|_| open.is_among(&asked)) else {
                return open.stays(younger(open.confirmed, now, WHILE_AWAY));
            };
            open.confirmed = now;
            open.stays(open.sessions.iter().all(|hash| living.contains(&**hash)))
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
