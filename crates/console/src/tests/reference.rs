//! The forms and the settings reference: each key can be set here, or it is said why not.

use installation::settings::reference::{REFERENCE, setting};

use super::idps::store_idp;
use super::*;

/// Keys without a field of their own, and why.
const NOT_IN_THE_CONSOLE: &[(&str, &str)] = &[
    ("app.opener", "there is one opener so far"),
    ("idp.metadata.keys", "metadata brings them; the page shows them"),
    ("idp.metadata.waiting_keys", "metadata brings them; the page approves or refuses each"),
    ("idp.metadata.refused_keys", "refusing a key writes it; the export takes it back"),
    ("idp.metadata.valid_until", "metadata says it"),
    ("idp.request.wants_signed", "metadata says it"),
    ("idp.provisioning.steps.user_id", "part of the field Transformations"),
    ("idp.provisioning.steps.idp_id", "part of the field Transformations"),
    ("idp.provisioning.steps.full_name", "part of the field Transformations"),
    ("idp.provisioning.steps.email", "part of the field Transformations"),
    ("idp.provisioning.steps.groups", "part of the field Transformations"),
    ("application.password_hash", "the password is made here and shown once"),
    ("console.detailed_logging_until", "Detailed logging asks for how long, not until when"),
];

/// As it stands in a page.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[tokio::test]
async fn every_key_has_a_field_with_its_label_and_sentence_or_a_reason_not_to() {
    let harness = Harness::new(false).await;
    let cookie = harness.enter().await;
    store_idp(&harness, "company").await;
    let mut pages = Vec::new();
    for (kind, path) in [
        ("app", "/apps/new"),
        ("idp", "/idps/company"),
        ("idp", "/idps/company/provisioning"),
        ("application", "/applications"),
        ("console", "/settings"),
    ] {
        pages.push((kind, harness.get(path, &cookie).await.text));
    }
    for (kind, keys) in REFERENCE {
        for key in *keys {
            let name = format!("{kind}.{}", key.path);
            let excused = NOT_IN_THE_CONSOLE.iter().any(|(known, _)| *known == name);
            assert_eq!(key.label.is_empty(), excused, "{name}: a label, or a reason for none");
            let label = format!(">{}", escaped(key.label));
            let shown = pages.iter().any(|(of, page)| {
                of == kind && page.contains(&label) && page.contains(&escaped(key.about))
            });
            assert!(excused || shown, "{name}: no form shows {:?}: {}", key.label, key.about);
        }
    }
}

#[test]
fn whatever_is_not_in_the_console_is_a_key_and_has_a_reason() {
    for (name, reason) in NOT_IN_THE_CONSOLE {
        assert!(!reason.is_empty() && setting(name).label.is_empty(), "{name}");
    }
}
