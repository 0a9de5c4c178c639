//! What of a metadata document goes into an IdP's settings: pure, so that a dry run shows exactly
//! what would be stored.

use std::collections::HashSet;
use std::time::SystemTime;

use saml::{IdpKey, IdpMetadata};

use super::{Source, TrustError};
use crate::moment;
use crate::settings::{Fault, IdpSettings};

/// Settings after a look at metadata, and what else it said.
pub struct Settled {
    /// The settings; not stored yet.
    pub settings: IdpSettings,
    /// The whole description.
    pub metadata: IdpMetadata,
}

/// Puts entity ID, endpoints and keys of the document into `old`, in place of those before. Keys
/// set by hand stay. `entity_id` chooses among several IdPs; a refresh gives the known one, so an
/// address can never turn into another IdP.
///
/// # Errors
/// When the document is not right; see [`TrustError`].
pub fn settle(
    old: &IdpSettings,
    source: &Source,
    entity_id: Option<&str>,
    now: SystemTime,
) -> Result<Settled, TrustError> {
    let document = source.document()?;
    if let Some(key) = old.metadata.signing_key()? {
        document.check_signature(&[key]).map_err(|reason| source.wrong(reason))?;
    }
    let metadata = document.idp(entity_id).map_err(|reason| source.wrong(reason))?;
    metadata.check_time(now).map_err(|reason| source.wrong(reason))?;

    let mut settings = old.clone();
    settings.entity_id.clone_from(&metadata.entity_id);
    // Redirects stand first; an IdP without them gets posted requests (RequestSettings::learn).
    if let Some(endpoint) = metadata.single_sign_on.first() {
        settings.login_url.clone_from(&endpoint.location);
    }
    settings.request.learn(&metadata);
    settings.logout.learn(&metadata);
    settings.metadata.valid_until = metadata.valid_until.map(moment::seconds);
    settings.metadata.url = source.address().map(str::to_owned);
    keys(&mut settings, old, &metadata)?;
    Ok(Settled { settings, metadata })
}

/// The keys of the metadata are those that count from now on. With `approve_new_keys` a new one
/// waits, and when no known one is left, the old ones stay until the new one is approved.
fn keys(
    settings: &mut IdpSettings,
    old: &IdpSettings,
    metadata: &IdpMetadata,
) -> Result<(), TrustError> {
    let known = trusted(old)?;
    // The first keys of a new IdP come with the administrator's own eyes on them.
    let pinned = settings.metadata.approve_new_keys && !known.is_empty();
    let (mut current, mut waiting) = (Vec::new(), Vec::new());
    for key in &metadata.signing_keys {
        let name = name_of("metadata.keys", key)?;
        let is_known = known.contains(&name);
        if pinned && !is_known && settings.metadata.refused_keys.contains(&name) {
            continue;
        }
        let list = if pinned && !is_known { &mut waiting } else { &mut current };
        list.push(key.to_base64());
    }
    let table = &mut settings.metadata;
    if !current.is_empty() {
        table.keys = current;
    }
    table.waiting_keys = waiting;
    Ok(())
}

/// Names of the keys that verify now.
fn trusted(settings: &IdpSettings) -> Result<HashSet<String>, Fault> {
    let by_hand = settings.certificates.iter().map(|text| ("certificates", text));
    let texts = by_hand.chain(settings.metadata.keys.iter().map(|text| ("metadata.keys", text)));
    texts
        .map(|(field, text)| {
            let key = IdpKey::from_base64(text);
            let key = key.map_err(|error| Fault::at(field, error.to_string()))?;
            name_of(field, &key)
        })
        .collect()
}

fn name_of(field: &'static str, key: &IdpKey) -> Result<String, Fault> {
    let key = key.key().map_err(|error| Fault::at(field, error.to_string()))?;
    Ok(key.sha256().to_owned())
}
