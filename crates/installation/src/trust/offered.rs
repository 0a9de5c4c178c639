//! Names of attributes that can be chosen for an IdP: what its metadata offers, and what recent
//! sign-ins brought.

use std::collections::BTreeSet;

use saml::{OfferedAttribute, VerifiedAssertion};
use store::{AttemptFilter, AttemptRow, Newest, StoreError};

use super::attributes_offered;
use crate::attempt::Messages;
use crate::open::Installation;

/// Names of attributes: those that metadata offers which was `read` just now, those of the metadata
/// known before, and those of recent sign-ins.
///
/// # Errors
/// When the database is away.
pub async fn offered(
    installation: &Installation,
    idp: Option<&str>,
    read: &[OfferedAttribute],
) -> Result<Vec<String>, StoreError> {
    let mut names: BTreeSet<_> = read.iter().map(|attribute| attribute.name.clone()).collect();
    let Some(name) = idp else { return Ok(names.into_iter().collect()) };
    if let Ok(offered) = attributes_offered(&installation.store, name).await {
        names.extend(offered.into_iter().map(|attribute| attribute.name));
    }
    for (_, assertion) in recent_sign_ins(installation, name, RECENT).await? {
        names.extend(assertion.attributes().map(|attribute| attribute.name.to_owned()));
    }
    Ok(names.into_iter().collect())
}

/// Of the latest `limit` sign-ins by an IdP those whose responses still verify, the newest first.
///
/// # Errors
/// When the database is away.
pub async fn recent_sign_ins(
    installation: &Installation,
    idp: &str,
    limit: u32,
) -> Result<Vec<(AttemptRow, VerifiedAssertion)>, StoreError> {
    let settings = installation.settings.current();
    let Some(compiled) = settings.idps.get(idp) else { return Ok(Vec::new()) };
    let filter = AttemptFilter { idp: idp.to_owned(), ..AttemptFilter::default() };
    let newest = Newest { limit, before: None };
    let mut found = Vec::new();
    for attempt in installation.store.attempts_like(&filter, &newest).await? {
        let messages =
            Messages::of(&installation.store, &installation.secrets, &attempt.id).await?;
        let verified = messages.and_then(|m| m.verify(compiled, &settings.sp_keys).ok());
        found.extend(verified.map(|assertion| (attempt, assertion)));
    }
    Ok(found)
}

/// Each is verified anew, so few are looked at.
const RECENT: u32 = 5;
