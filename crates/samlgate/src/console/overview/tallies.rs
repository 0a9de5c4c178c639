//! The numbers of the last day. Counting takes longer the more sign-ins there are, so a page shows
//! what was counted some seconds ago, and has it counted again beside its answer.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use store::{StoreError, Tally};

use crate::console::Console;

/// What was counted last, and when.
#[derive(Default)]
pub(in crate::console) struct Tallies {
    last: Mutex<Option<(SystemTime, Arc<Vec<Tally>>)>>,
}

impl Tallies {
    fn get(&self) -> Option<(SystemTime, Arc<Vec<Tally>>)> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, at: SystemTime, tallies: Arc<Vec<Tally>>) {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some((at, tallies));
    }
}

/// The numbers, at most some seconds old; after a longer pause they are those of the last look.
///
/// # Errors
/// When nothing was counted yet and the database is away.
pub(super) async fn latest(
    console: &Arc<Console>,
    now: SystemTime,
) -> Result<Arc<Vec<Tally>>, StoreError> {
    match console.tallies.get() {
        Some((at, tallies)) if now < at + FRESH => Ok(tallies),
        Some((at, tallies)) if now < at + OLD => {
            // Others do not count the same meanwhile.
            console.tallies.set(now, tallies.clone());
            let console = console.clone();
            tokio::spawn(async move {
                if let Err(error) = count(&console, now).await {
                    tracing::warn!(%error, "sign-ins could not be counted");
                }
            });
            Ok(tallies)
        }
        _ => count(console, now).await,
    }
}

async fn count(console: &Console, now: SystemTime) -> Result<Arc<Vec<Tally>>, StoreError> {
    let tallies = Arc::new(console.server.store.tally_attempts(now - DAY).await?);
    console.tallies.set(now, tallies.clone());
    Ok(tallies)
}

const DAY: Duration = Duration::from_secs(24 * 3600);

/// Numbers of so long ago are shown as they are.
const FRESH: Duration = Duration::from_secs(2);

/// Numbers of longer ago are counted before they are shown.
const OLD: Duration = Duration::from_secs(60);
