//! This SP's metadata for an app: what the IdP's administrator imports.
//!
//! There is a variant for each IdP, and one that fits all that serve the app. The bytes are the same
//! for the same settings.

use saml::{SpContact, SpKeyUse, SpMetadata, sp_metadata};

use crate::settings::{App, Idp, Snapshot};
use crate::sp_keys::SpKeys;

/// The document of `app` for the IdP of this name, or one that fits all; `None` when no IdP of this
/// name serves the app.
pub fn of(settings: &Snapshot, app: &App, idp: Option<&str>) -> Option<String> {
    let serving = settings.idps_of(app).map(AsRef::as_ref);
    let idps: Vec<&Idp> = serving.filter(|one| idp.is_none_or(|name| one.name == name)).collect();
    (idp.is_none() || !idps.is_empty()).then(|| document(app, &idps, &settings.sp_keys))
}

/// The document for these IdPs. All keys are published for signatures, so that a new one is known
/// before it signs; for encryption the active one alone, since AD FS and others take one only.
///
/// The key that signs stands last. SimpleSAMLphp and pysaml2 take all and try each, and so do Shibboleth
/// and AD FS; Keycloak does where it reads the metadata by itself, but its import keeps the last alone. No
/// IdP is known that keeps the first. What is uploaded by hand is what `sp-key list --pem` prints.
fn document(app: &App, idps: &[&Idp], sp_keys: &SpKeys) -> String {
    let (first, second) = match app.reply_url() == app.acs_url {
        true => (&*app.acs_url, &*app.acs_alias_url),
        false => (&*app.acs_alias_url, &*app.acs_url),
    };
    let mut keys: Vec<_> =
        sp_keys.all().map(|key| (SpKeyUse::Signing, key.certificate.der())).collect();
    keys.reverse();
    if idps.iter().any(|idp| idp.settings.metadata.publish_encryption_key) {
        keys.push((SpKeyUse::Encryption, sp_keys.active().certificate.der()));
    }
    let contact = app.settings.contact_email.as_deref();
    sp_metadata(&SpMetadata {
        entity_id: &app.entity_id,
        display_name: Some(app.settings.display_name.as_deref().unwrap_or(&app.name)),
        keys: &keys,
        // An IdP may refuse unsigned requests once this is said, so it must hold for each.
        requests_signed: !idps.is_empty() && idps.iter().all(|idp| idp.settings.request.signed()),
        acs_urls: &[first, second],
        slo_url: Some(&format!("{}{}/logout", app.origin(), app.prefix)),
        contact: contact.map(|email| SpContact { name: None, email }),
    })
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use store::Store;

    use crate::by::By;
    use crate::moment::parse;
    use crate::runtime::Random;
    use crate::secrets::Secrets;
    use crate::settings::{AppSettings, Document as _, IdpSettings};
    use crate::sp_keys::{Bits, activate, rotate};

    use super::*;

    fn app() -> App {
        let settings: AppSettings = toml::from_str(
            "kind = \"jira\"\npublic_url = \"https://jira.example.com/jira\"\n\
             upstream = \"http://10.0.0.5:8080\"\ncontact_email = \"it@example.com\"\n",
        )
        .unwrap();
        settings.compile("jira").unwrap()
    }

    fn idp(name: &str, change: impl FnOnce(&mut IdpSettings)) -> Idp {
        let mut settings = IdpSettings {
            entity_id: format!("https://{name}.example.com/"),
            login_url: format!("https://{name}.example.com/sso"),
            certificates: vec![testkit::Key::Rsa2048.certificate_base64()],
            ..IdpSettings::default()
        };
        change(&mut settings);
        settings.compile(name).unwrap()
    }

    #[tokio::test]
    async fn the_key_that_signs_stands_last_and_another_one_after_the_change() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("test.db");
        let store = Store::open(&format!("sqlite:{}", file.display())).await.unwrap();
        let (secrets, by) = (Secrets::from_key(&[1; 32]), || By::command_line(now()));
        let old = SpKeys::open(&store, &secrets, now(), Random).await.unwrap().active().id.clone();
        let new = rotate(&store, &secrets, Bits::default(), by(), Random).await.unwrap();
        for signing in [&old, &new, &old] {
            activate(&store, signing, by()).await.unwrap();
            let keys = SpKeys::load(&store, &secrets).await.unwrap();
            let xml = document(&app(), &[&idp("keycloak", |_| {})], &keys);
            let published: Vec<_> = xml.split("use=\"signing\"").skip(1).collect();
            let stands_in =
                |text: &str| text.contains(&STANDARD.encode(keys.active().certificate.der()));
            assert_eq!(published.iter().map(|t| stands_in(t)).collect::<Vec<_>>(), [false, true]);
        }
    }

    fn now() -> SystemTime {
        parse("2026-11-25T12:00:00Z").unwrap()
    }

    fn keys() -> SpKeys {
        SpKeys::unsaved(&Secrets::from_key(&[1; 32]), now(), Random).unwrap()
    }

    #[test]
    fn each_idp_gets_its_variant_and_the_same_settings_the_same_bytes() {
        let (app, keys) = (app(), keys());
        let plain = idp("entra", |_| {});
        let encrypting = idp("shibboleth", |idp| idp.metadata.publish_encryption_key = true);
        let signed = idp("keycloak", |idp| idp.request.sign = Some(true));
        let xml = document(&app, &[&plain], &keys);
        assert_eq!(xml, document(&app, &[&plain], &keys));
        assert!(!xml.contains("use=\"encryption\"") && xml.contains("use=\"signing\""));
        assert!(xml.contains("AuthnRequestsSigned=\"false\""));
        assert!(xml.contains("isDefault=\"true\""));
        for address in ["saml/auth", "samlsso", "saml/logout"] {
            let location =
                format!("Location=\"https://jira.example.com/jira/plugins/servlet/{address}\"");
            assert!(xml.contains(&location), "{address} in {xml}");
        }
        assert!(xml.contains("mailto:it@example.com"));
        assert!(document(&app, &[&encrypting], &keys).contains("use=\"encryption\""));
        assert!(document(&app, &[&signed], &keys).contains("AuthnRequestsSigned=\"true\""));
        let all = document(&app, &[&plain, &encrypting, &signed], &keys);
        assert!(all.contains("use=\"encryption\""), "one of them wants it");
        assert!(all.contains("AuthnRequestsSigned=\"false\""), "not all get signed requests");
    }
}
