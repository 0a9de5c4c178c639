//! Reading an IdP's metadata again, storing what it says, and approving keys.

use std::path::Path;
use std::time::{Duration, SystemTime};

use saml::{IdpKey, IdpMetadata, OfferedAttribute};
use serde_json::json;
use store::{Author, MetadataLook, Store, StoreError, Tx};

use super::{Settled, Source, TrustError, settle};
use crate::settings::{self, By, Document as _, EditError, Expect, Fault, IdpSettings};

/// How a refresh ended.
pub struct Refreshed {
    /// The settings before.
    pub before: IdpSettings,
    /// Names exactly the settings before.
    fingerprint: String,
    /// The settings now.
    pub after: Settled,
}

/// Reads the metadata of the IdP `name` again and works out what would change; nothing is stored.
///
/// # Errors
/// See [`TrustError`].
pub async fn prepare(
    store: &Store,
    name: &str,
    authorities: Option<&Path>,
    patience: Duration,
    now: SystemTime,
) -> Result<Refreshed, TrustError> {
    let found = settings::open::<IdpSettings>(store, name).await?;
    let (before, fingerprint) = found.ok_or_else(|| TrustError::Unknown(name.to_owned()))?;
    let address = before.metadata.url.clone();
    let address = address.ok_or_else(|| TrustError::NoAddress(name.to_owned()))?;
    let source = Source::fetch(&address, authorities, patience).await?;
    let after = settle(&before, &source, Some(&before.entity_id), now)?;
    after.settings.compile(name)?;
    Ok(Refreshed { before, fingerprint, after })
}

/// Reads the metadata of the IdP `name` again and stores what it says. A failure is noted beside
/// the IdP and changes nothing else.
///
/// # Errors
/// See [`TrustError`].
pub async fn refresh(
    store: &Store,
    name: &str,
    authorities: Option<&Path>,
    patience: Duration,
    now: SystemTime,
) -> Result<Refreshed, TrustError> {
    let outcome = match prepare(store, name, authorities, patience, now).await {
        Ok(refreshed) => save(store, name, &refreshed, now).await.map(|()| refreshed),
        Err(error) => Err(error),
    };
    if let Err(error) = &outcome {
        store.metadata_failed(name, &error.to_string(), now).await?;
    }
    outcome
}

/// Stores a prepared refresh, unless somebody has changed the IdP meanwhile.
///
/// # Errors
/// [`EditError::Conflict`], or the database's.
pub async fn save(
    store: &Store,
    name: &str,
    Refreshed { fingerprint, after, .. }: &Refreshed,
    now: SystemTime,
) -> Result<(), TrustError> {
    let author = Author { name: "metadata of the IdP".to_owned(), address: String::new() };
    let by = By { author, now };
    settings::change(store, name, by, Some(fingerprint), |idp: &mut IdpSettings| {
        idp.clone_from(&after.settings);
        Ok::<_, EditError>(())
    })
    .await?;
    let mut tx = store.begin().await?;
    note(&mut tx, name, &after.settings, Some(&after.metadata), now).await?;
    tx.commit().await?;
    Ok(())
}

/// Stores a new IdP that an administrator set, with `metadata` when its settings come from there.
///
/// # Errors
/// See [`EditError`]; nothing is changed then.
pub async fn add(
    store: &Store,
    name: &str,
    idp: &IdpSettings,
    metadata: Option<&IdpMetadata>,
    by: By,
) -> Result<(), EditError> {
    let now = by.now;
    check_who_binds(idp, binding(store, name).await)?;
    settings::put(store, name, idp, Expect::Free, by).await?;
    let mut tx = store.begin().await?;
    note(&mut tx, name, idp, metadata, now).await?;
    tx.commit().await?;
    Ok(())
}

/// Applies `edit` to the stored IdP as [`settings::change`] does; it gives the metadata from which
/// it took something, if it did. Metadata is fetched before: nobody else stores while `edit` runs.
///
/// # Errors
/// Those of [`settings::change`]; nothing is changed then.
pub async fn change<E: From<EditError>>(
    store: &Store,
    name: &str,
    by: By,
    seen: Option<&str>,
    edit: impl FnOnce(&mut IdpSettings) -> Result<Option<IdpMetadata>, E>,
) -> Result<(), E> {
    let now = by.now;
    let binding = binding(store, name).await;
    let (idp, metadata) = settings::change(store, name, by, seen, |idp: &mut IdpSettings| {
        let metadata = edit(idp)?;
        check_who_binds(idp, binding)?;
        Ok::<_, E>((idp.clone(), metadata))
    })
    .await?;
    let mut tx = store.begin().await.map_err(EditError::Store)?;
    note(&mut tx, name, &idp, metadata.as_ref(), now).await?;
    tx.commit().await.map_err(EditError::Store)?;
    Ok(())
}

/// Another IdP than `name` that binds users who are bound to none.
async fn binding(store: &Store, name: &str) -> Result<Option<String>, EditError> {
    let all = settings::list::<IdpSettings>(store).await?;
    let mut others = all.into_iter().filter(|(other, _)| other != name);
    Ok(others.find(|(_, idp)| idp.for_unbound_users).map(|(other, _)| other))
}

/// One IdP at most binds users who are bound to none. That the others cannot be read matters to one
/// that would be it, and to no other.
fn check_who_binds(
    idp: &IdpSettings,
    binding: Result<Option<String>, EditError>,
) -> Result<(), EditError> {
    if !idp.for_unbound_users {
        return Ok(());
    }
    let Some(other) = binding? else { return Ok(()) };
    let text = format!(
        "for_unbound_users is set for {other} already; take it away there first: samlgate idp set \
         {other} --for-unbound-users=false"
    );
    Err(Fault::at("for_unbound_users", text).into())
}

/// Notes since when the keys are known, and what the metadata said beside the settings.
async fn note(
    tx: &mut Tx,
    name: &str,
    idp: &IdpSettings,
    metadata: Option<&IdpMetadata>,
    now: SystemTime,
) -> Result<(), EditError> {
    for key in idp.compile(name)?.keys {
        tx.key_seen(name, &key.sha256, now).await?;
    }
    let Some(metadata) = metadata else { return Ok(()) };
    let look = MetadataLook {
        refresh_by: metadata.cache_duration.and_then(|time| now.checked_add(time)),
        ..look(name, &metadata.attributes, now)
    };
    Ok(tx.metadata_read(&look).await?)
}

/// Notes the attributes that a document offers which was pasted, and is not read again.
///
/// # Errors
/// When the database is away.
pub async fn offer(
    store: &Store,
    name: &str,
    attributes: &[OfferedAttribute],
    now: SystemTime,
) -> Result<(), StoreError> {
    let mut tx = store.begin().await?;
    tx.metadata_read(&look(name, attributes, now)).await?;
    tx.commit().await
}

fn look(name: &str, attributes: &[OfferedAttribute], now: SystemTime) -> MetadataLook {
    MetadataLook {
        idp: name.to_owned(),
        tried_at: now,
        fetched_at: Some(now),
        refresh_by: None,
        problem: String::new(),
        offered: offered_to_text(attributes),
    }
}

/// What an administrator says of a key that waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyDecision {
    /// It verifies from now on.
    Approve,
    /// It never does, and does not wait again while the settings list it as refused.
    Refuse,
}

/// Decides about the waiting key whose fingerprint begins with `start`, and gives the fingerprint
/// of the key. What is given may be that of its certificate too, SHA-256 in hexadecimal, colons or
/// not.
///
/// # Errors
/// When no waiting key, or more than one, begins so.
pub async fn decide(
    store: &Store,
    name: &str,
    start: &str,
    verdict: KeyDecision,
    by: By,
) -> Result<String, TrustError> {
    let decided = |idp: &mut IdpSettings| decide_in(idp, name, start, verdict);
    settings::change(store, name, by, None, decided).await
}

fn decide_in(
    idp: &mut IdpSettings,
    name: &str,
    start: &str,
    verdict: KeyDecision,
) -> Result<String, TrustError> {
    let wanted = start.replace([':', ' '], "").to_ascii_lowercase();
    let fits = |text: &String| {
        let Ok(key) = IdpKey::from_base64(text) else { return false };
        let own = key.key().is_ok_and(|key| key.sha256().starts_with(&wanted));
        let certificate = key.certificate().map(saml::Certificate::sha256_fingerprint);
        own || certificate.is_some_and(|print| print.starts_with(&wanted))
    };
    let waiting = std::mem::take(&mut idp.metadata.waiting_keys);
    let (chosen, left): (Vec<_>, Vec<_>) = waiting.into_iter().partition(fits);
    let [decided] = chosen.as_slice() else {
        return Err(TrustError::Key(match (chosen.len(), wanted.is_empty()) {
            (0, _) => {
                format!("no waiting key of {name} begins with {start:?}; see idp keys {name}")
            }
            _ => format!("{} waiting keys of {name} begin so; write more of it", chosen.len()),
        }));
    };
    let key = IdpKey::from_base64(decided).and_then(|key| key.key());
    let key = key.map_err(|error| Fault::at("metadata.waiting_keys", error.to_string()))?;
    let key = key.sha256().to_owned();
    match verdict {
        KeyDecision::Approve => idp.metadata.keys.push(decided.clone()),
        KeyDecision::Refuse => idp.metadata.refused_keys.push(key.clone()),
    }
    idp.metadata.waiting_keys = left;
    Ok(key)
}

/// The attributes that the IdP's metadata offered at the latest good look, with their friendly
/// names; empty when there was none.
///
/// # Errors
/// When the database is away.
pub async fn attributes_offered(
    store: &Store,
    name: &str,
) -> Result<Vec<OfferedAttribute>, TrustError> {
    let looks = store.metadata_looks().await?;
    let offered = looks.into_iter().find(|look| look.idp == name).map(|look| look.offered);
    Ok(offered_from_text(offered.as_deref().unwrap_or_default()))
}

/// Attributes that metadata offers, as they are kept.
pub fn offered_to_text(attributes: &[OfferedAttribute]) -> String {
    let one = |a: &OfferedAttribute| json!({ "name": a.name, "friendly_name": a.friendly_name });
    json!(attributes.iter().map(one).collect::<Vec<_>>()).to_string()
}

/// The same read again; what is no such text offers nothing.
pub fn offered_from_text(text: &str) -> Vec<OfferedAttribute> {
    let list: Vec<serde_json::Value> = serde_json::from_str(text).unwrap_or_default();
    let text = |value: &serde_json::Value| value.as_str().map(str::to_owned);
    let one = |one: &serde_json::Value| {
        let friendly_name = text(&one["friendly_name"]);
        Some(OfferedAttribute { name: text(&one["name"])?, friendly_name })
    };
    list.iter().filter_map(one).collect()
}
