//! Idle connections to one app, the last one used first, so that a quiet hour closes the others.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use crate::link::Link;

/// So many connections are kept idle; more are closed when their answer has ended.
const MOST: usize = 64;

/// Idle connections to one app.
pub(crate) struct Pool {
    shelf: Mutex<Shelf>,
    /// How often the shelf is looked through.
    sweep_every: Duration,
}

#[derive(Default)]
struct Shelf {
    idle: Vec<(Box<Link>, Instant)>,
    swept: bool,
}

impl Pool {
    /// An empty pool whose connections are kept for about `keep`.
    pub(crate) fn new(keep: Duration) -> Arc<Self> {
        let sweep_every = keep.max(Duration::from_secs(1));
        Arc::new(Pool { shelf: Mutex::default(), sweep_every })
    }

    /// A connection that can take a request now.
    pub(crate) async fn take(&self) -> Option<Box<Link>> {
        loop {
            let (mut link, until) = self.shelf().idle.pop()?;
            if until > Instant::now() && link.is_fresh().await {
                return Some(link);
            }
        }
    }

    /// Keeps a connection whose last answer has ended.
    pub(crate) fn put(self: &Arc<Self>, link: Box<Link>, keep: Duration) {
        // Outside the runtime nothing can be kept; this is so when the process stops.
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        let mut shelf = self.shelf();
        if keep.is_zero() || shelf.idle.len() >= MOST {
            return;
        }
        shelf.idle.push((link, Instant::now() + keep));
        if !std::mem::replace(&mut shelf.swept, true) {
            runtime.spawn(sweep(Arc::downgrade(self), self.sweep_every));
        }
    }

    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Closes what has been idle for too long, until nothing is left to close.
async fn sweep(pool: Weak<Pool>, every: Duration) {
    loop {
        tokio::time::sleep(every).await;
        let Some(pool) = pool.upgrade() else { return };
        let now = Instant::now();
        let mut shelf = pool.shelf();
        let closed: Vec<_> = shelf.idle.extract_if(.., |(_, until)| *until <= now).collect();
        shelf.swept = !shelf.idle.is_empty();
        let done = shelf.idle.is_empty();
        drop(shelf);
        drop(closed);
        if done {
            return;
        }
    }
}
