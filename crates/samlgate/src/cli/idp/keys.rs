//! `idp keys`, `idp refresh`, `idp approve`: how the trust in an IdP changes over time.

use std::path::Path;
use std::time::SystemTime;

use installation::counted;
use installation::moment;
use installation::settings::{self, Document as _, Idp, IdpSettings, KeyOrigin, KnownKey};
use installation::trust;
use serde_json::{Value, json};
use store::{MetadataLook, Store};

use super::trust::PATIENCE;
use crate::cli::print;

/// Reads the metadata again; with `dry_run` nothing is stored.
pub(super) async fn refresh(
    store: &Store,
    name: &str,
    dry_run: bool,
    authorities: Option<&Path>,
    now: SystemTime,
) -> anyhow::Result<()> {
    let refreshed = match dry_run {
        true => trust::prepare(store, name, authorities, PATIENCE, now).await?,
        false => trust::refresh(store, name, authorities, PATIENCE, now).await?,
    };
    let after = &refreshed.after.settings;
    let lines = lines_between(Some(&refreshed.before), after)?;
    let said = match (lines.is_empty(), dry_run) {
        (true, _) => "read again; nothing changes",
        (false, true) => "this would change; nothing is stored:",
        (false, false) => "read again; this has changed:",
    };
    print::line(said)?;
    for line in lines {
        print::line(&line)?;
    }
    for line in trust::remarks(&refreshed.after.metadata) {
        print::line(&line)?;
    }
    let waiting = after.metadata.waiting_keys.len();
    if waiting > 0 {
        let wait = counted(waiting, "new key waits", "new keys wait");
        print::line(&format!("{wait} for approval: see samlgate idp keys {name}"))?;
    }
    Ok(())
}

/// Lists the keys: since when they are known, when they were last used, and where they come from.
pub(super) async fn list(
    store: &Store,
    name: &str,
    json: bool,
    now: SystemTime,
) -> anyhow::Result<()> {
    let idp: IdpSettings = settings::show(store, name).await?;
    let idp = idp.compile(name)?;
    let uses = store.idp_keys(name).await?;
    let used = |key: &KnownKey| uses.iter().find(|one| one.fingerprint == key.sha256);
    let time = |moment: Option<SystemTime>| moment.map(moment::seconds);
    if json {
        let all = idp.keys.iter().map(|key| {
            let one = used(key);
            let end = key.certificate.as_ref().map(|certificate| certificate.not_after());
            json!({
                "key_sha256": key.sha256,
                "certificate_sha256": key.certificate.as_ref().map(|c| c.sha256_fingerprint()),
                "subject": key.certificate.as_ref().map(|c| c.subject()),
                "valid_to": time(end),
                "origin": origin(key.origin),
                "trusted": key.origin != KeyOrigin::Waiting,
                "known_since": time(one.map(|one| one.first_seen_at)),
                "last_used": time(one.and_then(|one| one.last_used_at)),
            })
        });
        return Ok(print::json(&Value::Array(all.collect()))?);
    }
    let or_dash = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
    let rows: Vec<_> = idp
        .keys
        .iter()
        .map(|key| {
            let certificate = key.certificate.as_ref();
            vec![
                origin(key.origin).to_owned(),
                or_dash(time(used(key).map(|one| one.first_seen_at))),
                or_dash(time(used(key).and_then(|one| one.last_used_at))),
                or_dash(time(certificate.map(|one| one.not_after()))),
                or_dash(certificate.map(saml::Certificate::sha256_fingerprint)),
                key.sha256.clone(),
            ]
        })
        .collect();
    let head = [
        "FROM",
        "KNOWN SINCE",
        "LAST USED",
        "CERTIFICATE TO",
        "CERTIFICATE SHA-256",
        "KEY SHA-256",
    ];
    print::table(&head, &rows, "no key")?;
    let looks = store.metadata_looks().await?;
    warn(&idp, looks.iter().find(|look| look.idp == name), now)
}

/// The warnings for an IdP, each a line.
pub(super) fn warn(idp: &Idp, look: Option<&MetadataLook>, now: SystemTime) -> anyhow::Result<()> {
    for warning in trust::warnings(idp, look, now) {
        print::line(&format!("warning: {}", warning.text))?;
    }
    Ok(())
}

/// What changes from `old` (none: the IdP is new) to `new`, line by line.
pub(super) fn lines_between(
    old: Option<&IdpSettings>,
    new: &IdpSettings,
) -> serde_json::Result<Vec<String>> {
    let old = old.map(serde_json::to_string).transpose()?;
    let new = serde_json::to_string(new)?;
    Ok(settings::change_of("", old.as_deref(), Some(&new)).lines)
}

fn origin(origin: KeyOrigin) -> &'static str {
    match origin {
        KeyOrigin::Hand => "by hand",
        KeyOrigin::Metadata => "metadata",
        KeyOrigin::Waiting => "WAITING",
    }
}
