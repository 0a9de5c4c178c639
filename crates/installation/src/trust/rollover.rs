//! The IdP signs with a key that is not known yet, or its metadata is over: read that once more, then
//! check again.
//!
//! The message plays no part in finding the key. One request at a time reads the metadata of an
//! IdP, at most once a minute on this node; the others wait for it and use what it found.

use std::sync::{Arc, PoisonError};
use std::time::{Duration, SystemTime};

use saml::Rejection;
use thiserror::Error;

use super::{TrustError, Watch, refresh};
use crate::open::Installation;
use crate::settings::{EditError, Idp, LoadError};

/// No keys were found that were not known when a message was refused.
#[derive(Debug)]
pub struct StaleKeys {
    /// Why it was refused.
    pub rejection: Rejection,
    /// What came of reading the metadata again; `None` when keys were not the reason, or the IdP has
    /// no metadata URL.
    pub found: Option<NoNewKey>,
}

/// Why reading the metadata again led to no key.
#[derive(Debug, Error)]
pub enum NoNewKey {
    /// An administrator must approve the new key first.
    #[error("its metadata names a new key, which waits for approval")]
    Waits,
    /// Another request has just looked.
    #[error("its metadata was read again less than a minute ago")]
    JustLooked,
    /// It did not come, or is wrong.
    #[error("its metadata could not be read again: {0}")]
    NotRead(TrustError),
    /// What was stored could not be taken over.
    #[error("the settings could not be read again: {0}")]
    NotLoaded(LoadError),
    /// There are no others.
    #[error("its metadata was read again and names the same keys")]
    SameKeys,
}

/// The IdP's metadata may not be used any more (saml-metadata §2.2).
#[derive(Debug)]
pub struct Expired {
    /// Since when.
    pub end: SystemTime,
    /// Why reading it again did not help; `None` when it has no address.
    pub reason: Option<NoNewKey>,
}

/// The IdP with keys that were not known when `rejection` was found.
///
/// # Errors
/// When `rejection` has another reason than a key, or the metadata cannot be read again, or names no
/// other trusted key.
pub async fn newer_keys(
    installation: &Installation,
    watch: &Watch,
    idp: &Arc<Idp>,
    rejection: Rejection,
) -> Result<Arc<Idp>, StaleKeys> {
    let may_be_new_key = matches!(
        rejection,
        Rejection::SignatureInvalid { .. } | Rejection::NoKeyForAlgorithm { .. }
    );
    if !may_be_new_key || idp.settings.metadata.url.is_none() {
        return Err(StaleKeys { rejection, found: None });
    }
    look(installation, watch, idp)
        .await
        .map_err(|found| StaleKeys { rejection, found: Some(found) })
}

/// The IdP, when its metadata may be used at `now`; metadata that is over is read once more.
///
/// # Errors
/// When it is over all the same.
pub async fn still_valid(
    installation: &Installation,
    watch: &Watch,
    idp: &Arc<Idp>,
    now: SystemTime,
) -> Result<Arc<Idp>, Expired> {
    let end = match idp.valid_until {
        Some(end) if end <= now => end,
        _ => return Ok(idp.clone()),
    };
    if idp.settings.metadata.url.is_none() {
        return Err(Expired { end, reason: None });
    }
    let is_valid = |newer: &Idp| newer.valid_until.is_none_or(|end| now < end);
    let newer = read_again(installation, watch, idp, is_valid).await;
    newer.map_err(|reason| Expired { end, reason: Some(reason) })
}

/// Reads the metadata for keys that `idp` does not have.
async fn look(installation: &Installation, watch: &Watch, idp: &Idp) -> Result<Arc<Idp>, NoNewKey> {
    let has = |key: &saml::TrustedKey| idp.trust.keys.iter().any(|k| k.sha256() == key.sha256());
    let gained = |newer: &Idp| newer.trust.keys.iter().any(|key| !has(key));
    let newer = read_again(installation, watch, idp, gained).await?;
    tracing::info!(idp = idp.name, "a signature led to new keys in the IdP's metadata");
    Ok(newer)
}

/// Reads the metadata again, or finds that another request just did; gives the IdP as it is now, if it is
/// what is `wanted`.
async fn read_again(
    installation: &Installation,
    watch: &Watch,
    idp: &Idp,
    wanted: impl Fn(&Idp) -> bool,
) -> Result<Arc<Idp>, NoNewKey> {
    let current = || {
        let newer = installation.settings.current().idps.get(&idp.name).cloned();
        newer.filter(|newer| wanted(newer))
    };
    let flight = {
        let mut flights = watch.flights.lock().unwrap_or_else(PoisonError::into_inner);
        flights.entry(idp.name.clone()).or_default().clone()
    };
    let mut last = flight.lock().await;
    if let Some(newer) = current() {
        return Ok(newer);
    }
    let now = installation.clock.now();
    if last.is_some_and(|last| now < last + PAUSE) {
        return Err(match waits(installation, idp) {
            true => NoNewKey::Waits,
            false => NoNewKey::JustLooked,
        });
    }
    *last = Some(now);
    let authorities = installation.authorities.as_deref();
    match refresh(&installation.store, &idp.name, authorities, PATIENCE, now).await {
        // Another node may have stored the same in the same moment.
        Ok(_) | Err(TrustError::Edit(EditError::Conflict { .. })) => {}
        Err(error) => return Err(NoNewKey::NotRead(error)),
    }
    let refreshed = installation.settings.refresh(&installation.store, &installation.secrets).await;
    refreshed.map_err(NoNewKey::NotLoaded)?;
    match current() {
        Some(newer) => Ok(newer),
        None if waits(installation, idp) => Err(NoNewKey::Waits),
        None => Err(NoNewKey::SameKeys),
    }
}

fn waits(installation: &Installation, idp: &Idp) -> bool {
    let current = installation.settings.current();
    current.idps.get(&idp.name).is_some_and(|idp| !idp.settings.metadata.waiting_keys.is_empty())
}

/// Each IdP's metadata is read at most this often because of sign-ins.
const PAUSE: Duration = Duration::from_secs(60);
/// A person waits meanwhile.
const PATIENCE: Duration = Duration::from_secs(10);

#[cfg(test)]
mod tests {
    use testkit::Key;

    use super::*;
    use crate::runtime::Clock;
    use crate::trust::tests::{Place, add};

    #[tokio::test]
    async fn many_sign_ins_at_once_read_the_metadata_once_and_all_get_the_new_key() {
        let place = Place::open(&[Key::Rsa2048]).await;
        let (installation, clock, _folder) = place.installation().await;
        let watch = Watch::default();
        add(&installation, &place, |_| {}).await;
        let idp = installation.settings.current().idps["company"].clone();
        place.publish(&[Key::P256]);
        let all =
            futures_util::future::join_all((0..20).map(|_| look(&installation, &watch, &idp)))
                .await;
        assert!(all.iter().all(Result::is_ok), "{:?}", all.iter().find_map(|r| r.as_ref().err()));
        assert_eq!(place.asked(), 1);

        // The same signature fails again: within a minute nobody is asked again.
        let newer = installation.settings.current().idps["company"].clone();
        let again = look(&installation, &watch, &newer).await.err().unwrap().to_string();
        assert!(again.contains("less than a minute ago"), "{again}");
        assert_eq!(place.asked(), 1);
        clock.advance(PAUSE);
        let again = look(&installation, &watch, &newer).await.err().unwrap().to_string();
        assert!(again.contains("names the same keys"), "{again}");
        assert_eq!(place.asked(), 2);
    }

    #[tokio::test]
    async fn a_new_key_that_must_be_approved_verifies_nothing_until_it_is() {
        let place = Place::open(&[Key::Rsa2048]).await;
        let (installation, clock, _folder) = place.installation().await;
        let watch = Watch::default();
        add(&installation, &place, |idp| idp.metadata.approve_new_keys = true).await;
        let idp = installation.settings.current().idps["company"].clone();
        place.publish(&[Key::P256]);
        let waits = look(&installation, &watch, &idp).await.err().unwrap();
        assert!(matches!(waits, NoNewKey::Waits), "{waits}");
        let waiting = installation.settings.current().idps["company"].clone();
        let trusted = |idp: &Idp| idp.trust.keys.iter().map(|k| k.sha256().to_owned()).collect();
        let (before, now): (Vec<_>, Vec<_>) = (trusted(&idp), trusted(&waiting));
        assert_eq!(before, now, "the old key stays, the new one waits");

        let name = waiting.keys.iter().find(|key| !before.contains(&key.sha256)).unwrap();
        let start = &name.sha256[..12];
        let approve = crate::trust::KeyDecision::Approve;
        crate::trust::decide(
            &installation.store,
            "company",
            start,
            approve,
            crate::settings::By::command_line(clock.now()),
        )
        .await
        .unwrap();
        installation.settings.refresh(&installation.store, &installation.secrets).await.unwrap();
        let newer = look(&installation, &watch, &idp).await.unwrap();
        assert!(trusted(&newer).contains(&name.sha256));
        assert_eq!(place.asked(), 1, "approval needs no second look");
    }

    #[tokio::test]
    async fn a_sign_in_that_finds_the_metadata_over_reads_it_once_more() {
        let place = Place::open(&[Key::Rsa2048]).await;
        place.publish_until("2026-11-25T12:30:00Z");
        let (installation, clock, _folder) = place.installation().await;
        let watch = Watch::default();
        add(&installation, &place, |_| {}).await;
        let idp = installation.settings.current().idps["company"].clone();
        let valid =
            async |clock: &Clock| still_valid(&installation, &watch, &idp, clock.now()).await;
        assert!(valid(&clock).await.is_ok());
        assert_eq!(place.asked(), 0, "it is not over");

        clock.advance(Duration::from_secs(1800));
        place.answer("<html>");
        let Err(Expired { end, reason }) = valid(&clock).await else { panic!("it is over") };
        assert_eq!(Some(end), idp.valid_until);
        let reason = reason.unwrap().to_string();
        assert!(
            reason.contains("could not be read again") && reason.contains("web page"),
            "{reason}"
        );
        let again = valid(&clock).await.err().unwrap().reason.unwrap().to_string();
        assert!(again.contains("less than a minute ago"), "{again}");
        assert_eq!(place.asked(), 1, "no flood");

        clock.advance(PAUSE);
        place.publish_until("2026-11-25T13:30:00Z");
        let all = futures_util::future::join_all((0..20).map(|_| valid(&clock))).await;
        assert!(all.iter().all(Result::is_ok), "{:?}", all.iter().find_map(|r| r.as_ref().err()));
        assert_eq!(place.asked(), 2, "all by one look");
        let renewed = installation.settings.current().idps["company"].clone();
        assert!(renewed.valid_until > idp.valid_until);
    }

    #[tokio::test]
    async fn metadata_of_a_file_that_is_over_is_over() {
        let place = Place::open(&[Key::Rsa2048]).await;
        place.publish_until("2026-11-25T12:30:00Z");
        let (installation, clock, _folder) = place.installation().await;
        add(&installation, &place, |idp| idp.metadata.url = None).await;
        let idp = installation.settings.current().idps["company"].clone();
        clock.advance(Duration::from_secs(1800));
        let over = still_valid(&installation, &Watch::default(), &idp, clock.now()).await;
        assert!(matches!(over, Err(Expired { reason: None, .. })));
        assert_eq!(place.asked(), 0);
    }
}
