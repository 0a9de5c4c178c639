//! What a node does by itself to keep trust current: reads metadata when it is due, writes down
//! which keys were used, and warns before something expires.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use store::{MetadataLook, Store, StoreError};

use super::schedule::{HOUR, is_due};
use super::{TrustError, refresh, warnings};
use crate::open::Installation;
use crate::settings::{EditError, Idp};

/// The memory of one node. Nothing here decides whom to trust.
#[derive(Default)]
pub struct Watch {
    /// One at a time reads the metadata of an IdP because of a failed signature, and when.
    pub(super) flights: Mutex<HashMap<String, Flight>>,
    uses: Mutex<HashMap<String, HashMap<String, Use>>>,
    warned: Mutex<HashMap<String, u64>>,
}

pub(super) type Flight = Arc<tokio::sync::Mutex<Option<SystemTime>>>;

struct Use {
    at: SystemTime,
    written: Option<SystemTime>,
}

impl Watch {
    /// The key of this fingerprint verified a response of the IdP. Written down later, in bulk:
    /// a sign-in waits for nothing here.
    pub fn key_used(&self, idp: &str, fingerprint: &str, now: SystemTime) {
        let mut uses = self.uses.lock().unwrap_or_else(PoisonError::into_inner);
        match uses.get_mut(idp).and_then(|keys| keys.get_mut(fingerprint)) {
            Some(known) => known.at = now,
            None => {
                let keys = uses.entry(idp.to_owned()).or_default();
                keys.insert(fingerprint.to_owned(), Use { at: now, written: None });
            }
        }
    }

    /// Uses that are worth a row: the first of each key, then one in an hour.
    fn take_uses(&self) -> Vec<(String, String, SystemTime)> {
        let mut uses = self.uses.lock().unwrap_or_else(PoisonError::into_inner);
        let mut taken = Vec::new();
        for (idp, keys) in uses.iter_mut() {
            for (fingerprint, one) in keys {
                if one.written.is_none_or(|written| one.at >= written + HOUR) {
                    one.written = Some(one.at);
                    taken.push((idp.clone(), fingerprint.clone(), one.at));
                }
            }
        }
        taken
    }

    /// Whether this warning is new: each is logged once for each of 30, 7 and 1 days.
    fn is_new(&self, subject: &str, days: u64) -> bool {
        let mut warned = self.warned.lock().unwrap_or_else(PoisonError::into_inner);
        warned.insert(subject.to_owned(), days) != Some(days)
    }
}

/// Writes down which keys were used since the last time.
///
/// # Errors
/// When the database is away; what was not written is used again soon.
pub async fn write_down_uses(store: &Store, watch: &Watch) -> Result<(), StoreError> {
    for (idp, fingerprint, at) in watch.take_uses() {
        store.key_used(&idp, &fingerprint, at).await?;
    }
    Ok(())
}

/// Reads the metadata of every IdP for which it is due, on one node of several, and warns of what
/// expires.
///
/// # Errors
/// When the database is away. Metadata that does not come is noted and logged, and is no error.
pub async fn refresh_when_due(
    installation: &Installation,
    watch: &Watch,
) -> Result<(), TrustError> {
    let settings = installation.settings.current();
    let looks = installation.store.metadata_looks().await?;
    for idp in settings.idps.values() {
        let look = looks.iter().find(|look| look.idp == idp.name);
        let now = installation.clock.now();
        if is_due(&idp.settings.metadata, look, now) {
            let last = look.map(|look| look.tried_at);
            if installation.store.claim_metadata_look(&idp.name, last, now).await? {
                look_again(installation, idp).await?;
            }
        }
        warn(watch, idp, look, now);
    }
    Ok(())
}

async fn look_again(installation: &Installation, idp: &Idp) -> Result<(), TrustError> {
    let authorities = installation.authorities.as_deref();
    let now = installation.clock.now();
    match refresh(&installation.store, &idp.name, authorities, PATIENCE, now).await {
        Ok(refreshed) if refreshed.before == refreshed.after.settings => {
            tracing::debug!(idp = idp.name, "metadata read again, nothing has changed");
        }
        Ok(refreshed) => {
            let waiting = refreshed.after.settings.metadata.waiting_keys.len();
            tracing::info!(
                idp = idp.name,
                keys.waiting = waiting,
                "metadata read again, settings changed"
            );
        }
        Err(TrustError::Store(error) | TrustError::Edit(EditError::Store(error))) => {
            return Err(error.into());
        }
        Err(error) => {
            tracing::warn!(idp = idp.name, error = %error, "metadata could not be read again");
        }
    }
    Ok(())
}

fn warn(watch: &Watch, idp: &Idp, look: Option<&MetadataLook>, now: SystemTime) {
    for warning in warnings(idp, look, now) {
        let subject = format!("{} {}", idp.name, warning.subject);
        if watch.is_new(&subject, warning.within_days) {
            tracing::warn!(idp = idp.name, "{}", warning.text);
        }
    }
}

const PATIENCE: Duration = Duration::from_secs(30);

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;

    #[test]
    fn a_use_is_written_down_once_in_an_hour() {
        let watch = Watch::default();
        watch.key_used("entra", "a", UNIX_EPOCH);
        assert_eq!(watch.take_uses().len(), 1);
        watch.key_used("entra", "a", UNIX_EPOCH + HOUR / 2);
        assert_eq!(watch.take_uses(), []);
        watch.key_used("entra", "b", UNIX_EPOCH + HOUR / 2);
        watch.key_used("entra", "a", UNIX_EPOCH + HOUR);
        let mut taken = watch.take_uses();
        taken.sort();
        assert_eq!(taken[0], ("entra".to_owned(), "a".to_owned(), UNIX_EPOCH + HOUR));
        assert_eq!(taken.len(), 2);
    }

    #[test]
    fn a_warning_is_logged_once_for_each_threshold() {
        let watch = Watch::default();
        assert!(watch.is_new("entra key", 30));
        assert!(!watch.is_new("entra key", 30));
        assert!(watch.is_new("entra key", 7));
    }
}
