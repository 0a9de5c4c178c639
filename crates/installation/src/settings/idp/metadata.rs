//! `[idp.NAME.metadata]`: where an IdP's metadata is, what it says, and how far it is trusted.

use std::time::SystemTime;

use saml::{IdpKey, TrustedKey};
use serde::{Deserialize, Serialize};

use super::Fault;
use crate::{fetch, moment};

/// The table. Its upper half is the administrator's; its lower half is what the latest metadata
/// said, and a refresh writes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MetadataSettings {
    /// Its address; unset when it came as a file, or everything is set by hand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// A certificate or public key, base64 of DER, that must have signed the document. With it, a
    /// document without that signature is refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signing_key: Option<String>,
    /// It is read again this often, or sooner when it asks for that or is over soon; 0: only by hand, when
    /// a signature fails, and at a sign-in that finds it over.
    pub refresh_hours: u32,
    /// New keys wait for an administrator's approval.
    pub approve_new_keys: bool,
    /// Publish an encryption key to this IdP. AD FS, Shibboleth and others then encrypt.
    pub publish_encryption_key: bool,

    /// Keys that may sign, each base64 of a certificate or public key in DER.
    pub keys: Vec<String>,
    /// New keys that wait for approval; nothing is verified with them.
    pub waiting_keys: Vec<String>,
    /// SHA-256, in hexadecimal, of keys that an administrator refused: they do not wait again.
    pub refused_keys: Vec<String>,
    /// The end of the document's validity, RFC 3339. Then sign-ins are refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<String>,
}

impl Default for MetadataSettings {
    fn default() -> Self {
        MetadataSettings {
            url: None,
            signing_key: None,
            refresh_hours: 24,
            approve_new_keys: false,
            publish_encryption_key: false,
            keys: Vec::new(),
            waiting_keys: Vec::new(),
            refused_keys: Vec::new(),
            valid_until: None,
        }
    }
}

impl MetadataSettings {
    /// The end of the document's validity.
    ///
    /// # Errors
    /// When it is no moment.
    pub fn valid_until(&self) -> Result<Option<SystemTime>, Fault> {
        let end = self.valid_until.as_deref().map(moment::parse).transpose();
        end.map_err(|error| {
            Fault::at("metadata.valid_until", format!("metadata.valid_until: {error}"))
        })
    }

    /// The key that must have signed the document.
    ///
    /// # Errors
    /// When it is no key.
    pub fn signing_key(&self) -> Result<Option<TrustedKey>, Fault> {
        let read = |text: &String| IdpKey::from_base64(text).and_then(|key| key.key());
        let key = self.signing_key.as_ref().map(read).transpose();
        key.map_err(|error| {
            let text = format!("metadata.signing_key cannot be used: {error}");
            Fault::at("metadata.signing_key", text)
        })
    }

    pub(super) fn check(&self) -> Result<(), Fault> {
        if self.refresh_hours > LONGEST {
            let text = format!("metadata.refresh_hours must be 0 to {LONGEST}");
            return Err(Fault::at("metadata.refresh_hours", text));
        }
        if let Some(address) = &self.url {
            fetch::check(address)
                .map_err(|error| Fault::at("metadata.url", format!("metadata.url: {error}")))?;
        }
        self.signing_key().map(drop)
    }
}

/// 30 days.
const LONGEST: u32 = 720;
