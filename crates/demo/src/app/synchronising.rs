//! When the copies of Crowd servers are brought up to date: at the start, at intervals, on demand.

use std::sync::Arc;
use std::time::Duration;

use super::App;
use super::crowd_client::CrowdFailure;
use super::directory::Source;

/// How soon a first synchronisation that failed is tried again. The apps wait for their interval;
/// a double is often started before the server it asks, and nobody wants to wait for it.
const FIRST_TRY: Duration = Duration::from_millis(500);

/// Synchronises all Crowd directories for ever: a full one after every start [C], then at intervals.
pub(crate) async fn keep_in_step(app: Arc<App>, interval: Duration) {
    while !app.synchronise_all(Wanted::First).await {
        tokio::time::sleep(FIRST_TRY).await;
    }
    loop {
        tokio::time::sleep(interval).await;
        app.synchronise_all(Wanted::Fresh).await;
    }
}

/// Which copies are good enough.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// Any that came to its end.
    First,
    /// One made now.
    Fresh,
}

impl App {
    /// Whether all of them are in step now. Synchronisations wait for each other.
    pub(crate) async fn synchronise_all(&self, wanted: Wanted) -> bool {
        let _turn = self.synchronising.lock().await;
        let ids: Vec<u32> = self
            .directories
            .lock()
            .iter()
            .filter(|directory| wanted == Wanted::Fresh || !directory.in_step)
            .map(|directory| directory.id)
            .collect();
        let mut all = true;
        for id in ids {
            all &= self.synchronise(id).await.is_ok();
        }
        all
    }

    /// One full synchronisation. Any failure leaves the copy as it was [S].
    async fn synchronise(&self, id: u32) -> Result<(), CrowdFailure> {
        let source = match self.directories.lock().get(id).map(|directory| &directory.source) {
            Some(Source::Crowd(source)) => source.clone(),
            Some(Source::Internal) | None => return Ok(()),
        };
        match source.client.everything().await {
            Ok(everything) => {
                if let Some(directory) = self.directories.lock().get_mut(id) {
                    directory.synchronise(&everything);
                }
                Ok(())
            }
            Err(failure) => {
                self.note_trouble(id, &failure);
                Err(failure)
            }
        }
    }
}
