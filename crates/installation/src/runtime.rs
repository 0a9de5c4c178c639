//! The clock and the randomness of this process: the only place that asks the system for either.
//!
//! Everything else takes a moment or random bytes as an argument, so that tests decide both.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Tells the time: the system's, or one that a test sets.
#[derive(Clone)]
pub struct Clock {
    fixed: Option<Arc<Mutex<SystemTime>>>,
}

impl Clock {
    /// The system's clock.
    pub fn system() -> Self {
        Clock { fixed: None }
    }

    /// A clock that stands still at `moment` until [`Clock::advance`] moves it.
    pub fn fixed(moment: SystemTime) -> Self {
        Clock { fixed: Some(Arc::new(Mutex::new(moment))) }
    }

    /// Moves a fixed clock on.
    ///
    /// # Panics
    /// With the system's clock, which nobody can move: a test that believes it did proves nothing.
    pub fn advance(&self, by: Duration) {
        let fixed = self.fixed.as_ref().expect("only a fixed clock can be moved");
        *fixed.lock().unwrap_or_else(PoisonError::into_inner) += by;
    }

    /// The present moment.
    #[expect(clippy::disallowed_methods, reason = "the one source of time")]
    pub fn now(&self) -> SystemTime {
        match &self.fixed {
            Some(fixed) => *fixed.lock().unwrap_or_else(PoisonError::into_inner),
            None => SystemTime::now(),
        }
    }
}

/// Random bytes from the crypto library's generator.
#[derive(Clone, Copy, Default)]
pub struct Random;

impl Random {
    /// `N` random bytes.
    ///
    /// # Panics
    /// When the system has no randomness to give: nothing safe can be done then.
    #[expect(clippy::disallowed_methods, reason = "the one source of randomness")]
    pub fn bytes<const N: usize>(self) -> [u8; N] {
        let mut bytes = [0; N];
        aws_lc_rs::rand::fill(&mut bytes).expect("the system's random generator works");
        bytes
    }

    /// A 256-bit token in 64 hexadecimal digits, for cookies and one-time secrets.
    pub fn token(self) -> String {
        hex(&self.bytes::<32>())
    }

    /// A UUID v7: sortable by `now`, unguessable in its other 74 bits.
    pub fn id(self, now: SystemTime) -> String {
        let millis = now.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as u64);
        uuid::Builder::from_unix_timestamp_millis(millis, &self.bytes()).into_uuid().to_string()
    }
}

/// Lower-case hexadecimal digits of `bytes`.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] =
        ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    let halves = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    halves.map(|half| DIGITS[usize::from(half)]).collect()
}

/// SHA-256 of `bytes`.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut hash = [0; 32];
    hash.copy_from_slice(aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, bytes).as_ref());
    hash
}

/// SHA-256 of a secret in hexadecimal: the only form in which tokens and one-time passwords are
/// stored or compared (they are random, so one hash is enough).
pub fn token_hash(token: &str) -> String {
    hex(&sha256(token.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_sort_by_time_and_differ_within_one_millisecond() {
        let now = UNIX_EPOCH + Duration::from_secs(1_800_000_000);
        let (first, second) = (Random.id(now), Random.id(now));
        assert_ne!(first, second);
        assert!(Random.id(now + Duration::from_secs(1)) > first.max(second));
    }

    #[test]
    fn a_fixed_clock_moves_only_when_told() {
        let clock = Clock::fixed(UNIX_EPOCH);
        assert_eq!(clock.now(), UNIX_EPOCH);
        clock.advance(Duration::from_secs(5));
        assert_eq!(clock.now(), UNIX_EPOCH + Duration::from_secs(5));
    }
}
