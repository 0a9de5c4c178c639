//! Who is let in at a listener: so many at once, and of one client a part of these.
//!
//! When all places are taken the next one waits in the system's queue. Who has his part already is
//! turned away at once, so that nobody else waits behind him.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout_at};

use super::Limits;
use super::seldom::Seldom;
use crate::network::network_of;

/// The places of one listener.
pub(super) struct Places {
    free: Arc<Semaphore>,
    limits: Arc<Limits>,
    taken: Mutex<HashMap<IpAddr, usize>>,
    all_taken: Seldom,
    turned_away: Seldom,
}

/// A connection's place, until this is dropped.
pub(super) struct Place {
    #[expect(dead_code, reason = "held for its end")]
    permit: OwnedSemaphorePermit,
    /// Whose part it is; none of a proxy that many come through.
    client: Option<IpAddr>,
    places: Arc<Places>,
}

impl Places {
    pub(super) fn new(limits: Arc<Limits>) -> Arc<Self> {
        let free = Arc::new(Semaphore::new(limits.connections.min(Semaphore::MAX_PERMITS)));
        let (all_taken, turned_away) = (Seldom::default(), Seldom::default());
        Arc::new(Places { free, limits, taken: Mutex::default(), all_taken, turned_away })
    }

    /// Waits until there is a place.
    pub(super) async fn wait(&self) {
        if self.free.available_permits() == 0 && self.all_taken.count().is_some() {
            let most = self.limits.connections;
            tracing::warn!("all {most} connections of a listener are taken, and more wait");
        }
        // Taken again when somebody comes, so that nobody holds a place without a connection.
        drop(self.free.acquire().await);
    }

    /// A place for the client at `address`, when there is one for it.
    pub(super) fn take(self: &Arc<Self>, address: IpAddr) -> Option<Place> {
        let permit = self.free.clone().try_acquire_owned().ok()?;
        let client = (!self.limits.proxies.has(address)).then(|| network_of(address));
        if let Some(client) = client {
            let mut taken = self.taken();
            let own = taken.entry(client).or_default();
            if *own >= self.limits.from_one {
                drop(taken);
                self.turn_away(client);
                return None;
            }
            *own += 1;
        }
        Some(Place { permit, client, places: self.clone() })
    }

    fn turn_away(&self, client: IpAddr) {
        if let Some(connections) = self.turned_away.count() {
            let most = self.limits.from_one;
            tracing::warn!(
                %client,
                connections,
                "a client has all {most} connections that one address may have; more are closed"
            );
        }
    }

    /// Waits until all places are free, or `until`.
    pub(super) async fn empty(&self, until: Instant) {
        let all = u32::try_from(self.limits.connections).unwrap_or(u32::MAX);
        let _ = timeout_at(until, self.free.acquire_many(all)).await;
    }

    fn taken(&self) -> MutexGuard<'_, HashMap<IpAddr, usize>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let Some(client) = self.client else { return };
        let mut taken = self.places.taken();
        if let Some(own) = taken.get_mut(&client) {
            *own -= 1;
            if *own == 0 {
                taken.remove(&client);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::listen::Proxies;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn one_client_has_its_part_in_however_many_addresses_and_the_others_have_theirs() {
        let proxies = Proxies::new(|proxy| proxy == IpAddr::from([10, 0, 0, 1]));
        let limits = Limits { connections: 10, from_one: 2, proxies, ..Limits::default() };
        let places = Places::new(Arc::new(limits));
        let mut held: Vec<Place> = Vec::new();
        for (from, let_in) in [
            ("2001:db8::1", true),
            ("2001:db8::2", true),
            ("2001:db8::3", false),
            ("2001:db8:0:1::1", true),
            ("192.0.2.1", true),
            ("::ffff:192.0.2.1", true),
            ("192.0.2.1", false),
            ("10.0.0.1", true),
            ("10.0.0.1", true),
            ("10.0.0.1", true),
        ] {
            let place = places.take(address(from));
            assert_eq!(place.is_some(), let_in, "{from}");
            held.extend(place);
        }
        held.clear();
        assert!(places.taken().is_empty(), "nothing is kept of who has gone");
        assert!(places.take(address("192.0.2.1")).is_some());
    }

    #[test]
    fn there_are_no_more_places_than_that() {
        let limits = Limits { connections: 3, from_one: 2, ..Limits::default() };
        let places = Places::new(Arc::new(limits));
        let from = |number: u8| places.take(IpAddr::from([192, 0, 2, number]));
        let held = [from(1), from(2), from(3)];
        assert!(held.iter().all(Option::is_some));
        assert!(from(4).is_none());
        drop(held);
        assert!(from(4).is_some());
    }
}
