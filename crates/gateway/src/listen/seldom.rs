//! What happens in great number, and is said once a second at most.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// How often something happened that nobody has heard of yet.
#[derive(Default)]
pub(super) struct Seldom(Mutex<(Option<Instant>, u64)>);

impl Seldom {
    /// It happened; gives the number when it is time to say so.
    pub(super) fn count(&self) -> Option<u64> {
        self.count_at(Instant::now())
    }

    fn count_at(&self, now: Instant) -> Option<u64> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (said, unsaid) = &mut *state;
        *unsaid += 1;
        if said.is_some_and(|said| now.duration_since(said) < Duration::from_secs(1)) {
            return None;
        }
        *said = Some(now);
        Some(std::mem::take(unsaid))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thousand_times_in_a_second_are_said_once_and_then_with_their_number() {
        let (seldom, now) = (Seldom::default(), Instant::now());
        let said: Vec<u64> = (0..1000).filter_map(|_| seldom.count_at(now)).collect();
        assert_eq!(said, [1]);
        assert_eq!(seldom.count_at(now + Duration::from_secs(1)), Some(1000));
    }
}
