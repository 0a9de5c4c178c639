//! What *Resolve* found and the form does not show, on its way to *Save*: the keys above all.
//!
//! It travels through the browser sealed, for one session and one page, and not for long: nobody
//! puts a key into it.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use installation::settings::IdpSettings;
use installation::trust;
use saml::OfferedAttribute;
use serde::{Deserialize, Serialize};

use crate::Console;
use crate::admin::Admin;

/// What metadata says beside the fields of the form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Resolved {
    keys: Vec<String>,
    waiting_keys: Vec<String>,
    valid_until: Option<String>,
    wants_signed: bool,
    offered: String,
    /// Until when it may be saved, in seconds since 1970.
    until: u64,
}

/// It was changed, sealed for another page or session, or is too old.
#[derive(Debug)]
pub(super) struct Unusable;

impl Resolved {
    /// What of settings that were just settled with metadata the form does not show.
    pub(super) fn of(
        settings: &IdpSettings,
        offered: &[OfferedAttribute],
        now: SystemTime,
    ) -> Self {
        let metadata = &settings.metadata;
        Resolved {
            keys: metadata.keys.clone(),
            waiting_keys: metadata.waiting_keys.clone(),
            valid_until: metadata.valid_until.clone(),
            wants_signed: settings.request.wants_signed,
            offered: trust::offered_to_text(offered),
            until: seconds(now + VALID),
        }
    }

    /// Puts it into the settings that the form changes.
    pub(super) fn put_into(&self, settings: &mut IdpSettings) {
        settings.metadata.keys.clone_from(&self.keys);
        settings.metadata.waiting_keys.clone_from(&self.waiting_keys);
        settings.metadata.valid_until.clone_from(&self.valid_until);
        settings.request.wants_signed = self.wants_signed;
    }

    /// The attributes that the metadata offers.
    pub(super) fn offered(&self) -> Vec<OfferedAttribute> {
        trust::offered_from_text(&self.offered)
    }

    /// Seals it for the page of the IdP `existing`, or for that of a new one.
    pub(super) fn seal(&self, console: &Console, admin: &Admin, existing: Option<&str>) -> String {
        let installation = &console.installation;
        let text = serde_json::json!(self).to_string();
        let purpose = purpose(admin, existing);
        installation.secrets.seal(&purpose, text.as_bytes(), installation.random)
    }

    /// Opens what [`Resolved::seal`] made for this page and session.
    ///
    /// # Errors
    /// When it is anything else, or an hour is over.
    pub(super) fn open(
        console: &Console,
        admin: &Admin,
        existing: Option<&str>,
        sealed: &str,
    ) -> Result<Self, Unusable> {
        let text = console.installation.secrets.unseal(&purpose(admin, existing), sealed);
        let resolved: Resolved =
            serde_json::from_slice(&text.ok_or(Unusable)?).map_err(|_| Unusable)?;
        if seconds(admin.now()) < resolved.until { Ok(resolved) } else { Err(Unusable) }
    }
}

/// Names session and page, so that no other takes it. A name holds no line break.
fn purpose(admin: &Admin, existing: Option<&str>) -> String {
    let page = existing.map_or_else(|| "new".to_owned(), |name| format!("of {name}"));
    format!("console.resolved\n{}\n{page}", admin.token_hash())
}

fn seconds(moment: SystemTime) -> u64 {
    moment.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

/// Long enough to compare fingerprints, and to ask somebody.
const VALID: Duration = Duration::from_secs(3600);
