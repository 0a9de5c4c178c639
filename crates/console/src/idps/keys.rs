//! The keys of an IdP as a table: fingerprint, dates, where from, last used.

use std::collections::HashMap;

use installation::counted;
use installation::settings::{Document as _, IdpSettings, KeyOrigin, KnownKey};
use maud::{Markup, html};
use saml::IdpKey;
use store::{Store, StoreError};

use crate::frame::time;

/// The table; nothing when the settings do not work yet.
///
/// # Errors
/// When the database is away.
pub(super) async fn table(
    store: &Store,
    name: Option<&str>,
    settings: &IdpSettings,
) -> Result<Markup, StoreError> {
    // A draft without addresses has keys all the same.
    let mut whole = settings.clone();
    if whole.entity_id.is_empty() {
        whole.entity_id = "-".to_owned();
    }
    if whole.login_url.is_empty() {
        whole.login_url = "https://-".to_owned();
    }
    let keys = whole.compile("idp").map(|idp| idp.keys).unwrap_or_default();
    let mut used = HashMap::new();
    if let Some(name) = name {
        for key in store.idp_keys(name).await? {
            used.insert(key.fingerprint, key.last_used_at);
        }
    }
    Ok(html! {
        @if keys.is_empty() { p class="quiet" { "None yet: Resolve the metadata, or paste a certificate below." } }
        @else {
            div class="scroll" tabindex="0" role="region" aria-label="Certificates" {
                table {
                    caption { (counted(keys.len(), "key", "keys")) "; any number may be trusted at once" }
                    thead {
                        tr {
                            @for head in ["Subject", "SHA-256 fingerprint", "Until", "From", "Last used", "Remove"] {
                                th scope="col" { (head) }
                            }
                        }
                    }
                    tbody {
                        @for key in &keys { (row(key, used.get(&key.sha256).copied().flatten(), settings)) }
                    }
                }
            }
        }
    })
}

/// The keys that wait, each with its two buttons; nothing when none waits.
pub(super) fn waiting(name: &str, settings: &IdpSettings) -> Markup {
    let waiting = &settings.metadata.waiting_keys;
    let keys = waiting.iter().filter_map(|text| IdpKey::from_base64(text).ok());
    html! {
        @if !waiting.is_empty() {
            section class="notice warn" aria-labelledby="waiting" {
                h2 id="waiting" { "New keys wait for approval" }
                p { "Compare the fingerprint with what the IdP's administrator or its portal says. Until then nothing is verified with the key." }
                @for key in keys {
                    @if let Ok(trusted) = key.key() {
                        form method="post" action={ "/idps/" (name) "/keys" } {
                            dl {
                                @if let Some(certificate) = key.certificate() {
                                    dt { "Certificate of" } dd { (certificate.subject()) }
                                    dt { "Its SHA-256" } dd { code { (certificate.sha256_fingerprint()) } }
                                    dt { "Until" } dd { (time(certificate.not_after())) }
                                }
                                dt { "The key's SHA-256" } dd { code { (trusted.sha256()) } }
                            }
                            input type="hidden" name="key" value=(trusted.sha256());
                            p class="actions" {
                                button class="button" name="approve" value="true" { "Approve the key" }
                                button class="plain danger" name="refuse" value="true" { "Refuse the key" }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn row(key: &KnownKey, used: Option<std::time::SystemTime>, settings: &IdpSettings) -> Markup {
    let origin = match key.origin {
        KeyOrigin::Hand => "set by hand",
        KeyOrigin::Metadata => "metadata",
        KeyOrigin::Waiting => "metadata, waits for approval",
    };
    let text = stored(key, settings);
    let short: String = key.sha256.chars().take(8).collect();
    html! {
        tr {
            td { @match &key.certificate { Some(c) => (c.subject()), None => "bare public key" } }
            td { code { @match &key.certificate { Some(c) => (c.sha256_fingerprint()), None => (key.sha256) } } }
            td { @if let Some(c) = &key.certificate { (time(c.not_after())) } @else { "–" } }
            td { (origin) }
            td { @if let Some(at) = used { (time(at)) } @else { "never" } }
            td {
                @if let Some(text) = text {
                    input type="checkbox" name="drop_certificate" value=(text) aria-label={ "Remove the key " (short) };
                }
            }
        }
    }
}

/// The text of a key in the settings, by which the form removes it.
fn stored<'a>(key: &KnownKey, settings: &'a IdpSettings) -> Option<&'a str> {
    let list = match key.origin {
        KeyOrigin::Hand => &settings.certificates,
        KeyOrigin::Metadata => &settings.metadata.keys,
        KeyOrigin::Waiting => return None,
    };
    let is = |text: &&String| {
        let read = saml::IdpKey::from_base64(text).and_then(|stored| stored.key());
        read.is_ok_and(|stored| stored.sha256() == key.sha256)
    };
    list.iter().find(is).map(String::as_str)
}
