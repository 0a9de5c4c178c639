//! Which changes of an IdP ask for the password again: those by which somebody at an open screen
//! could have another party sign people in.
//!
//! A key that becomes trusted is one, pasted or resolved, of a new IdP as well. What lets a key in
//! later without a further look counts the same: another metadata URL, another key that signs
//! the metadata, and new keys that wait for nobody any more.

use std::collections::HashSet;

use installation::settings::IdpSettings;
use saml::IdpKey;

/// Whether saving `draft` in place of `stored` asks for the password.
pub(crate) fn asks_for_password(stored: Option<&IdpSettings>, draft: &IdpSettings) -> bool {
    let none = IdpSettings::default();
    let is_another_entity = stored.is_some_and(|stored| stored.entity_id != draft.entity_id);
    let stored = stored.unwrap_or(&none);
    let (before, after) = (&stored.metadata, &draft.metadata);
    is_another_entity
        || !trusted(draft).is_subset(&trusted(stored))
        || (after.url.is_some() && after.url != before.url)
        || after.signing_key != before.signing_key
        || (before.approve_new_keys && !after.approve_new_keys)
}

/// The keys that verify, by fingerprint; what is no key stands for itself.
fn trusted(settings: &IdpSettings) -> HashSet<String> {
    let texts = settings.certificates.iter().chain(&settings.metadata.keys);
    let name = |text: &String| {
        let key = IdpKey::from_base64(text).and_then(|key| key.key());
        key.map_or_else(|_| text.clone(), |key| key.sha256().to_owned())
    };
    texts.map(name).collect()
}

#[cfg(test)]
mod tests {
    use testkit::Key;

    use super::*;

    type Change = fn(&mut IdpSettings);

    fn stored() -> IdpSettings {
        let mut idp = IdpSettings {
            entity_id: "https://idp.example.com/".to_owned(),
            certificates: vec![Key::Rsa2048.certificate_base64()],
            ..IdpSettings::default()
        };
        idp.metadata.url = Some("https://idp.example.com/metadata".to_owned());
        idp.metadata.approve_new_keys = true;
        idp
    }

    #[test]
    fn whatever_lets_a_key_in_asks_for_the_password() {
        let changes: [(&str, Change); 6] = [
            ("a certificate", |idp| idp.certificates.push(Key::P256.certificate_base64())),
            ("a key of metadata", |idp| idp.metadata.keys.push(Key::P256.certificate_base64())),
            ("another address", |idp| idp.metadata.url = Some("https://evil.example/".to_owned())),
            ("another signer", |idp| {
                idp.metadata.signing_key = Some(Key::P256.certificate_base64());
            }),
            ("no approval any more", |idp| idp.metadata.approve_new_keys = false),
            ("another entity", |idp| idp.entity_id = "https://evil.example/".to_owned()),
        ];
        for (what, change) in changes {
            let mut draft = stored();
            change(&mut draft);
            assert!(asks_for_password(Some(&stored()), &draft), "{what}");
        }
        assert!(asks_for_password(None, &stored()), "a new IdP brings its first key");
    }

    #[test]
    fn what_lets_no_key_in_does_not_ask() {
        let changes: [(&str, Change); 4] = [
            ("nothing", |_| {}),
            ("a key goes", |idp| idp.certificates.clear()),
            ("the address goes", |idp| idp.metadata.url = None),
            ("the same key from metadata", |idp| {
                idp.metadata.keys = std::mem::take(&mut idp.certificates);
            }),
        ];
        for (what, change) in changes {
            let mut draft = stored();
            change(&mut draft);
            assert!(!asks_for_password(Some(&stored()), &draft), "{what}");
        }
    }
}
