//! The numbers of the last day. Counting takes longer the more sign-ins there are, so pages that are
//! asked for within the same seconds share one count.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use store::{StoreError, Tally};

use crate::Console;

/// What was counted last, and when.
#[derive(Default)]
pub(crate) struct Tallies {
    last: Mutex<Option<(SystemTime, Arc<Vec<Tally>>)>>,
}

/// The numbers, at most two seconds old.
///
/// # Errors
/// When the database is away.
pub(super) async fn latest(
    console: &Console,
    now: SystemTime,
) -> Result<Arc<Vec<Tally>>, StoreError> {
    let last = &console.tallies.last;
    let counted = last.lock().unwrap_or_else(PoisonError::into_inner).clone();
    if let Some((_, tallies)) = counted.filter(|(at, _)| now < *at + FRESH) {
        return Ok(tallies);
    }
    let tallies = Arc::new(console.installation.store.tally_attempts(now - DAY).await?);
    *last.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, tallies.clone()));
    Ok(tallies)
}

const DAY: Duration = Duration::from_secs(24 * 3600);
const FRESH: Duration = Duration::from_secs(2);
