//! Looking at passwords that strangers present: a guess is counted before it is looked at, two are
//! looked at at once, and behind them is a queue with an end. One mechanism for the console's
//! entrance and for the names of Crowd applications.
//!
//! Nothing here closes a way in for everybody: wrong guesses count for their own source alone, and
//! what says how fast guesses are looked at is the two places.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use store::{Store, StoreError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use zeroize::Zeroizing;

use crate::secrets::Secrets;

/// The places at which slow hashes are computed, off the threads that answer. Each takes a processor
/// and 19 MiB for tens of milliseconds.
pub struct Checks {
    running: Arc<Semaphore>,
    waiting: [Arc<Semaphore>; LANES],
    /// How many guesses of each source are being judged.
    judged: Mutex<HashMap<String, u32>>,
}

/// Whose queue somebody waits in. Nobody waits behind a queue of others that has no end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// Whoever wants to enter the console.
    Entrance,
    /// A browser that has been in the console, and whoever is inside.
    Known,
    /// Applications at the Crowd API.
    Applications,
    /// People, whose passwords an admitted application asks about.
    People,
}

/// The queue is full: the password was not looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Busy;

/// A password that somebody presents.
pub struct Guess<'a> {
    /// What its wrong ones are counted by; see [`source`].
    pub source: String,
    /// So many wrong ones of the source are looked at within [`WINDOW`].
    pub most: u32,
    /// Its queue.
    pub lane: Lane,
    /// What is presented.
    pub presented: &'a str,
    /// The hash that it must fit. Where there is none the work is the same, and it fits nothing.
    pub stored: Option<&'a str>,
}

/// What became of a guess.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It fits.
    Right,
    /// It does not.
    Wrong,
    /// Too many wrong ones came from its source: it was not looked at.
    TooMany,
    /// Too many others wait: it was not looked at, and does not count.
    Busy,
}

/// A name for a source of guesses that tells nothing about it: `parts` are what kind of guesses they
/// are, and whose.
pub fn source(secrets: &Secrets, parts: &[&str]) -> String {
    secrets.keyed_hash("guesses", parts)
}

impl Default for Checks {
    fn default() -> Self {
        let semaphore = |permits| Arc::new(Semaphore::new(permits));
        let waiting = [(); LANES].map(|()| semaphore(AT_ONCE + QUEUE));
        Checks { running: semaphore(AT_ONCE), waiting, judged: Mutex::default() }
    }
}

impl Checks {
    /// Judges a guess. It counts from before it is looked at, on all nodes, so of guesses that come at
    /// once no more are looked at than of others; a right one is given back.
    ///
    /// # Errors
    /// When the database is away; the guess was not looked at then.
    pub async fn judge(
        &self,
        store: &Store,
        guess: Guess<'_>,
        now: SystemTime,
    ) -> Result<Verdict, StoreError> {
        let Guess { source, most, lane, presented, stored } = guess;
        // A source that has none left takes no place in the queue and costs no write.
        let Some(_judged) = self.begin(&source, most) else { return Ok(Verdict::TooMany) };
        if store.guesses(&source, WINDOW, now).await? >= most {
            return Ok(Verdict::TooMany);
        }
        let Ok(place) = self.queue(lane) else { return Ok(Verdict::Busy) };
        if !store.count_guess(&source, most, WINDOW, now).await? {
            return Ok(Verdict::TooMany);
        }
        let fits = place.fits(stored.unwrap_or(NOBODYS), presented).await && stored.is_some();
        if fits {
            store.give_back_guess(&source).await?;
        }
        Ok(if fits { Verdict::Right } else { Verdict::Wrong })
    }

    /// Whether `presented` is the password that `stored` was made of.
    ///
    /// # Errors
    /// When too many wait in the lane.
    pub async fn fits(&self, lane: Lane, stored: &str, presented: &str) -> Result<bool, Busy> {
        Ok(self.queue(lane)?.fits(stored, presented).await)
    }

    fn queue(&self, lane: Lane) -> Result<Place, Busy> {
        let waiting = &self.waiting[lane as usize];
        let waiting = waiting.clone().try_acquire_owned().map_err(|_| Busy)?;
        Ok(Place { waiting, running: self.running.clone() })
    }

    /// Begins to judge a guess, unless `most` of its source are being judged.
    fn begin(&self, source: &str, most: u32) -> Option<Judged<'_>> {
        let mut judged = self.lock();
        let count = judged.get(source).copied().unwrap_or_default();
        (count < most).then(|| judged.insert(source.to_owned(), count + 1))?;
        Some(Judged { checks: self, source: source.to_owned() })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, u32>> {
        self.judged.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A guess that is being judged.
struct Judged<'a> {
    checks: &'a Checks,
    source: String,
}

impl Drop for Judged<'_> {
    fn drop(&mut self) {
        let mut judged = self.checks.lock();
        match judged.get_mut(&self.source) {
            Some(count) if *count > 1 => *count -= 1,
            _ => drop(judged.remove(&self.source)),
        }
    }
}

/// A place in a queue.
struct Place {
    waiting: OwnedSemaphorePermit,
    running: Arc<Semaphore>,
}

impl Place {
    async fn fits(self, stored: &str, presented: &str) -> bool {
        // The semaphore is never closed; were it, nothing would fit.
        let Ok(running) = self.running.acquire_owned().await else { return false };
        let (stored, presented) = (stored.to_owned(), Zeroizing::new(presented.to_owned()));
        let check = move || {
            // Held by the work itself: who hangs up early frees no place that is still taken.
            let _held = (self.waiting, running);
            super::fits(&presented, &stored)
        };
        tokio::task::spawn_blocking(check).await.unwrap_or(false)
    }
}

/// Wrong guesses count for so long.
pub const WINDOW: Duration = Duration::from_secs(600);

const LANES: usize = 4;
/// Passwords looked at at once.
const AT_ONCE: usize = 2;
/// So many wait in each lane.
const QUEUE: usize = 20;

/// A hash of no password that anybody knows, with the parameters of those that are made here.
const NOBODYS: &str = "$argon2id$v=19$m=19456,t=2,p=1$c2FtbGdhdGUgbm9ib2R5cw$\
                       FZdkLdEkcyHPOnzAn7MJfL3wffM3Qp7J+E7U781y6hc";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::password::hash;
    use crate::runtime::Random;

    #[test]
    fn nobodys_hash_costs_what_others_cost_and_fits_nothing() {
        let parameters = |hash: &str| hash.split('$').take(4).collect::<Vec<_>>().join("$");
        assert_eq!(parameters(NOBODYS), parameters(&hash("any password", Random).unwrap()));
        let stored = argon2::password_hash::phc::PasswordHash::new(NOBODYS).unwrap();
        assert!(stored.salt.is_some() && stored.hash.is_some_and(|hash| hash.len() == 32));
        assert!(!crate::password::fits("", NOBODYS));
    }

    #[tokio::test]
    async fn a_full_lane_says_so_and_others_are_free() {
        let checks = Checks::default();
        let taken: Vec<_> = (0..AT_ONCE + QUEUE).map(|_| checks.queue(Lane::Entrance)).collect();
        assert!(taken.iter().all(Result::is_ok));
        assert_eq!(checks.fits(Lane::Entrance, NOBODYS, "x").await, Err(Busy));
        assert_eq!(checks.fits(Lane::Known, NOBODYS, "x").await, Ok(false));
        drop(taken);
        assert_eq!(checks.fits(Lane::Entrance, NOBODYS, "x").await, Ok(false));
    }

    #[test]
    fn no_more_guesses_of_one_source_are_judged_at_once_than_may_be_wrong() {
        let checks = Checks::default();
        let two = [checks.begin("a", 2), checks.begin("a", 2)];
        assert!(two.iter().all(Option::is_some) && checks.begin("a", 2).is_none());
        assert!(checks.begin("b", 2).is_some());
        drop(two);
        assert!(checks.begin("a", 2).is_some());
        assert!(checks.lock().is_empty(), "what is over is forgotten");
    }
}
