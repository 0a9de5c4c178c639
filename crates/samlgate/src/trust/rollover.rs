//! The IdP signs with a key that is not known yet: read its metadata once more, then check again.
//!
//! The message plays no part in finding the key. One request at a time reads the metadata of an
//! IdP, at most once a minute on this node; the others wait for it and use what it found.

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use saml::Rejection;

use super::{TrustError, refresh};
use crate::server::Server;
use crate::settings::{EditError, Idp};
use crate::tracker::Refusal;
use crate::visit::Visit;

/// The IdP with keys that were not known when `rejection` was found.
///
/// # Errors
/// The refusal that `rejection` means: when it has another reason than a key, or the metadata
/// cannot be read again, or names no other trusted key. Its detail says which.
pub async fn newer_keys(
    visit: &Visit,
    idp: &Arc<Idp>,
    rejection: Rejection,
) -> Result<Arc<Idp>, Refusal> {
    let may_be_new_key = matches!(
        rejection,
        Rejection::SignatureInvalid { .. } | Rejection::NoKeyForAlgorithm { .. }
    );
    if !may_be_new_key || idp.settings.metadata.url.is_none() {
        return Err(rejection.into());
    }
    match look(&visit.server, idp).await {
        Ok(newer) if newer.serves(&visit.app.name) => Ok(newer),
        Ok(newer) => Err(Refusal::idp_gone(&newer.name)),
        Err(found) => {
            let mut refusal = Refusal::from(rejection);
            refusal.detail = format!("{}; {found}", refusal.detail);
            if found == WAITING {
                refusal.hint = "The IdP has a new key, which waits for approval: compare it with \
                                the IdP's own console, then `samlgate idp approve`."
                    .into();
            }
            Err(refusal)
        }
    }
}

/// Refuses an IdP whose metadata is over (saml-metadata §2.2).
///
/// # Errors
/// As said.
pub fn check_validity(visit: &Visit, idp: &Idp) -> Result<(), Refusal> {
    match idp.valid_until {
        Some(end) if end <= visit.now => Err(Refusal::metadata_expired(&idp.name, end)),
        _ => Ok(()),
    }
}

/// Reads the metadata again, or finds that another request just did.
async fn look(server: &Server, idp: &Idp) -> Result<Arc<Idp>, String> {
    let flight = {
        let mut flights = server.trust.flights.lock().unwrap_or_else(PoisonError::into_inner);
        flights.entry(idp.name.clone()).or_default().clone()
    };
    let mut last = flight.lock().await;
    if let Some(newer) = changed(server, idp) {
        return Ok(newer);
    }
    let now = server.clock.now();
    if last.is_some_and(|last| now < last + PAUSE) {
        return Err(match waits(server, idp) {
            true => WAITING.to_owned(),
            false => "its metadata was read again less than a minute ago".to_owned(),
        });
    }
    *last = Some(now);
    let authorities = server.trust.authorities.as_deref();
    match refresh(&server.store, &idp.name, authorities, PATIENCE, now).await {
        // Another node may have stored the same in the same moment.
        Ok(_) | Err(TrustError::Edit(EditError::Conflict { .. })) => {}
        Err(error) => return Err(format!("its metadata could not be read again: {error}")),
    }
    if let Err(error) = server.settings.refresh(&server.store, &server.secrets).await {
        return Err(format!("the settings could not be read again: {error:#}"));
    }
    match changed(server, idp) {
        Some(newer) => {
            tracing::info!(idp = idp.name, "a signature led to new keys in the IdP's metadata");
            Ok(newer)
        }
        None if waits(server, idp) => Err(WAITING.to_owned()),
        None => Err("its metadata was read again and names the same keys".to_owned()),
    }
}

/// The IdP as it is now, when its keys are others than those that `idp` has.
fn changed(server: &Server, idp: &Idp) -> Option<Arc<Idp>> {
    let current = server.settings.current();
    let newer = current.idps.get(&idp.name)?;
    let has = |key: &saml::TrustedKey| idp.trust.keys.iter().any(|k| k.sha256() == key.sha256());
    let gained = newer.trust.keys.iter().any(|key| !has(key));
    gained.then(|| newer.clone())
}

fn waits(server: &Server, idp: &Idp) -> bool {
    let current = server.settings.current();
    current.idps.get(&idp.name).is_some_and(|idp| !idp.settings.metadata.waiting_keys.is_empty())
}

const WAITING: &str = "its metadata names a new key, which waits for approval";
/// Each IdP's metadata is read at most this often because of failed signatures.
const PAUSE: Duration = Duration::from_secs(60);
/// A person waits meanwhile.
const PATIENCE: Duration = Duration::from_secs(10);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trust::tests::{Place, add};
    use testkit::Key;

    #[tokio::test]
    async fn many_sign_ins_at_once_read_the_metadata_once_and_all_get_the_new_key() {
        let place = Place::open(&[Key::Rsa2048]).await;
        let (server, clock, _folder) = place.server().await;
        add(&server, &place, |_| {}).await;
        let idp = server.settings.current().idps["company"].clone();
        place.publish(&[Key::P256]);
        let all = futures_util::future::join_all((0..20).map(|_| look(&server, &idp))).await;
        assert!(all.iter().all(Result::is_ok), "{:?}", all.iter().find_map(|r| r.as_ref().err()));
        assert_eq!(place.asked(), 1);

        // The same signature fails again: within a minute nobody is asked again.
        let newer = server.settings.current().idps["company"].clone();
        let again = look(&server, &newer).await.err().unwrap();
        assert!(again.contains("less than a minute ago"), "{again}");
        assert_eq!(place.asked(), 1);
        clock.advance(PAUSE);
        let again = look(&server, &newer).await.err().unwrap();
        assert!(again.contains("names the same keys"), "{again}");
        assert_eq!(place.asked(), 2);
    }

    #[tokio::test]
    async fn a_new_key_that_must_be_approved_verifies_nothing_until_it_is() {
        let place = Place::open(&[Key::Rsa2048]).await;
        let (server, clock, _folder) = place.server().await;
        add(&server, &place, |idp| idp.metadata.approve_new_keys = true).await;
        let idp = server.settings.current().idps["company"].clone();
        place.publish(&[Key::P256]);
        assert_eq!(look(&server, &idp).await.err().unwrap(), WAITING);
        let waiting = server.settings.current().idps["company"].clone();
        let trusted = |idp: &Idp| idp.trust.keys.iter().map(|k| k.sha256().to_owned()).collect();
        let (before, now): (Vec<_>, Vec<_>) = (trusted(&idp), trusted(&waiting));
        assert_eq!(before, now, "the old key stays, the new one waits");

        let name = waiting.keys.iter().find(|key| !before.contains(&key.sha256)).unwrap();
        let start = &name.sha256[..12];
        let approve = crate::trust::KeyDecision::Approve;
        crate::trust::decide(
            &server.store,
            "company",
            start,
            approve,
            crate::settings::By::command_line(clock.now()),
        )
        .await
        .unwrap();
        server.settings.refresh(&server.store, &server.secrets).await.unwrap();
        let newer = look(&server, &idp).await.unwrap();
        assert!(trusted(&newer).contains(&name.sha256));
        assert_eq!(place.asked(), 1, "approval needs no second look");
    }
}
