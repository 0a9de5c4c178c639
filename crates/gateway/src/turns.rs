//! How many requests are at the apps at once, of one client and of all.
//!
//! Each holds a connection to an app. More wait for their turn, since a page may ask for a hundred
//! things in one moment; who would wait too long, or behind too many of their own, is told so.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use crate::network::network_of;

/// Who is at the apps. A clone shares the count.
#[derive(Clone)]
pub struct Turns(Arc<Inner>);

struct Inner {
    all: Arc<Semaphore>,
    clients: Mutex<HashMap<IpAddr, Client>>,
    of_one: usize,
    /// Nobody waits longer.
    patience: Duration,
}

struct Client {
    own: Arc<Semaphore>,
    /// Requests that run or wait.
    requests: usize,
}

/// A request that may be at an app until this is dropped.
pub(crate) struct Turn {
    #[expect(dead_code, reason = "held for its end")]
    own: OwnedSemaphorePermit,
    shared: OwnedSemaphorePermit,
    #[expect(dead_code, reason = "held for its end")]
    request: Counted,
}

/// A tunnel's turn. It counts among all, and not among its client's: behind one address many people
/// may have a page open that keeps a WebSocket.
pub(crate) struct TunnelTurn {
    #[expect(dead_code, reason = "held for its end")]
    shared: OwnedSemaphorePermit,
}

/// A request that runs or waits.
struct Counted {
    turns: Arc<Inner>,
    client: IpAddr,
}

impl Turns {
    /// At most `all` at once, and of one client at most a hundred and half of these.
    pub fn new(all: usize) -> Self {
        Self::with_patience(all, PATIENCE)
    }

    fn with_patience(all: usize, patience: Duration) -> Self {
        let all = all.clamp(1, Semaphore::MAX_PERMITS);
        Turns(Arc::new(Inner {
            all: Arc::new(Semaphore::new(all)),
            clients: Mutex::default(),
            of_one: OF_ONE.min(all.div_ceil(2)),
            patience,
        }))
    }

    /// Waits for a turn of the client at `address`; `None` when that takes too long.
    pub(crate) async fn take(&self, address: IpAddr) -> Option<Turn> {
        let (request, own) = self.count(network_of(address))?;
        let shared = self.0.all.clone();
        // Both or none: who waits holds nothing, neither of others nor of his own.
        let own_now = own.clone().try_acquire_owned().ok();
        let at_once = own_now.and_then(|own| Some((own, shared.clone().try_acquire_owned().ok()?)));
        let (own, shared) = match at_once {
            Some(both) => both,
            // Rare, so that every request has little to carry.
            None => Box::pin(timeout(self.0.patience, both(own, shared))).await.ok().flatten()?,
        };
        Some(Turn { own, shared, request })
    }

    fn count(&self, client: IpAddr) -> Option<(Counted, Arc<Semaphore>)> {
        let mut clients = self.0.clients();
        let fresh = || Client { own: Arc::new(Semaphore::new(self.0.of_one)), requests: 0 };
        let found = clients.entry(client).or_insert_with(fresh);
        if found.requests >= self.0.of_one + WAITING {
            return None;
        }
        found.requests += 1;
        let own = found.own.clone();
        Some((Counted { turns: self.0.clone(), client }, own))
    }
}

impl Default for Turns {
    /// As many as a process with enough open files needs.
    fn default() -> Self {
        Turns::new(4_000)
    }
}

/// First the client's own, so that one who has all his turns takes none from others.
async fn both(
    own: Arc<Semaphore>,
    shared: Arc<Semaphore>,
) -> Option<(OwnedSemaphorePermit, OwnedSemaphorePermit)> {
    Some((own.acquire_owned().await.ok()?, shared.acquire_owned().await.ok()?))
}

impl Turn {
    /// The turn lasts as long as a tunnel.
    pub(crate) fn of_tunnel(self) -> TunnelTurn {
        TunnelTurn { shared: self.shared }
    }
}

impl Inner {
    fn clients(&self) -> MutexGuard<'_, HashMap<IpAddr, Client>> {
        self.clients.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        let mut clients = self.turns.clients();
        if let Some(client) = clients.get_mut(&self.client) {
            client.requests -= 1;
            if client.requests == 0 {
                clients.remove(&self.client);
            }
        }
    }
}

/// Requests of one client at the apps at once.
const OF_ONE: usize = 100;

/// So many more of one client may wait; the bodies of those that come over HTTP/2 do so in memory.
const WAITING: usize = 200;

/// Nobody waits longer.
const PATIENCE: Duration = Duration::from_secs(20);

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    fn address(number: u8) -> IpAddr {
        [192, 0, 2, number].into()
    }

    const SHORT: Duration = Duration::from_millis(300);

    #[tokio::test]
    async fn one_client_has_a_hundred_turns_and_the_others_have_theirs() {
        let turns = Turns::with_patience(1000, SHORT);
        let mut running = Vec::new();
        for _ in 0..100 {
            running.push(turns.take(address(1)).await.unwrap());
        }
        assert!(turns.take(address(1)).await.is_none(), "nobody ended within its patience");
        assert!(turns.take(address(2)).await.is_some());
        let mut next = std::pin::pin!(turns.take(address(1)));
        assert!(timeout(SHORT / 10, next.as_mut()).await.is_err(), "it waits");
        running.pop();
        assert!(next.await.is_some(), "its turn comes when another has ended");
    }

    #[tokio::test]
    async fn of_one_client_at_most_two_hundred_wait() {
        let turns = Turns::with_patience(1000, SHORT);
        let mut running = Vec::new();
        for _ in 0..100 {
            running.push(turns.take(address(1)).await.unwrap());
        }
        let mut waiting: Vec<_> = (0..200).map(|_| Box::pin(turns.take(address(1)))).collect();
        for waiting in &mut waiting {
            assert!(waiting.as_mut().now_or_never().is_none(), "it waits");
        }
        let more = turns.take(address(1)).now_or_never();
        assert!(more.is_some_and(|turn| turn.is_none()), "the next one is told at once");
        for waiting in waiting {
            assert!(waiting.await.is_none(), "nobody waits for ever");
        }
        drop(running);
        assert!(turns.0.clients().is_empty(), "nothing is kept of who has gone");
    }

    #[tokio::test]
    async fn many_clients_together_have_no_more_turns_than_there_are() {
        let turns = Turns::with_patience(4, SHORT);
        let held = [turns.take(address(1)).await, turns.take(address(1)).await];
        assert!(held.iter().all(Option::is_some));
        assert!(turns.take(address(1)).await.is_none(), "half is enough for one");
        let others = [turns.take(address(2)).await, turns.take(address(3)).await];
        assert!(others.iter().all(Option::is_some));
        assert!(turns.take(address(4)).await.is_none());
        drop(held);
        assert!(turns.take(address(4)).await.is_some());
    }
    #[tokio::test]
    async fn who_waits_holds_nothing() {
        let turns = Turns::with_patience(2, SHORT);
        let held = [turns.take(address(1)).await, turns.take(address(2)).await];
        assert!(held.iter().all(Option::is_some));
        let mut next = Box::pin(turns.take(address(3)));
        assert!(next.as_mut().now_or_never().is_none(), "it waits");
        drop(held);
        assert!(next.await.is_some(), "not for itself");
        let turns = Turns::with_patience(4, SHORT);
        let _held = [turns.take(address(1)).await, turns.take(address(1)).await];
        let mut next = Box::pin(turns.take(address(1)));
        assert!(next.as_mut().now_or_never().is_none(), "it waits for its own");
        let others = [turns.take(address(2)).await, turns.take(address(3)).await];
        assert!(others.iter().all(Option::is_some), "and takes none from others");
    }
}
