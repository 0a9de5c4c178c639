//! The keys of an IdP: by hand and from metadata together, each once.

use std::collections::HashSet;

use saml::{Certificate, IdpKey, TrustedKey};

use super::{Fault, IdpSettings};

/// Who says that the key is the IdP's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyOrigin {
    /// An administrator.
    Hand,
    /// Its metadata.
    Metadata,
    /// Its metadata; an administrator has yet to approve it. It is not trusted.
    Waiting,
}

/// A key of an IdP, for people.
#[derive(Clone, Debug)]
pub struct KnownKey {
    /// SHA-256 of the SubjectPublicKeyInfo, in hexadecimal: the key's name here.
    pub sha256: String,
    /// The certificate around it, if there is one.
    pub certificate: Option<Certificate>,
    /// Where it comes from.
    pub origin: KeyOrigin,
}

/// All keys in the order of the settings, and those of them that verify.
pub(super) fn read(settings: &IdpSettings) -> Result<(Vec<KnownKey>, Vec<TrustedKey>), Fault> {
    let (mut known, mut trusted) = (Vec::new(), Vec::new());
    let mut seen = HashSet::new();
    let metadata = &settings.metadata;
    for (field, texts, origin) in [
        ("certificates", &settings.certificates, KeyOrigin::Hand),
        ("metadata.keys", &metadata.keys, KeyOrigin::Metadata),
        ("metadata.waiting_keys", &metadata.waiting_keys, KeyOrigin::Waiting),
    ] {
        for (index, text) in texts.iter().enumerate() {
            let wrong = |error| {
                let number = index + 1;
                Fault::at(field, format!("{field}: number {number} cannot be used: {error}"))
            };
            let stored = IdpKey::from_base64(text).map_err(wrong)?;
            let key = stored.key().map_err(wrong)?;
            let sha256 = key.sha256().to_owned();
            if seen.insert(sha256.clone()) {
                let certificate = stored.certificate().cloned();
                known.push(KnownKey { sha256, certificate, origin });
                if origin != KeyOrigin::Waiting {
                    trusted.push(key);
                }
            }
        }
    }
    if trusted.is_empty() {
        return Err(Fault::at(
            "certificates",
            "at least one X.509 certificate of the IdP is needed; without a key nothing can be \
             verified",
        ));
    }
    Ok((known, trusted))
}
