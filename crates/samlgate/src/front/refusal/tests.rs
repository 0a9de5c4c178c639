use std::time::SystemTime;

use installation::settings::{Document as _, IdpSettings};
use installation::trust::NoNewKey;

use super::*;

/// One of each kind that is made here.
fn every() -> Vec<Refusal> {
    vec![
        Refusal::no_request_cookie(),
        Refusal::request_expired(Duration::ZERO),
        Refusal::response_by_get("SAMLart"),
        Refusal::going_round(Round::CookieLost),
        Refusal::unsolicited(),
        Refusal::old_link(),
        Refusal::idp_gone("company"),
        Refusal::metadata_expired(
            &idp().compile("company").unwrap(),
            &Expired { end: SystemTime::UNIX_EPOCH, reason: None },
        ),
        Refusal::no_idp(),
        Refusal::replayed("_a"),
        Refusal::return_path("/"),
        Refusal::bad_form("empty"),
        Refusal::cannot_sign(&saml::dsig::SignError::TooLong),
        Refusal::from(Busy),
        Refusal::from(StoreError::Unavailable(String::new())),
    ]
}

#[test]
fn the_manual_says_of_each_refusal_what_is_said_here() {
    let every = every();
    let said: Vec<_> =
        every.iter().map(|one| (one.code, one.hint.replace("company", "NAME"))).collect();
    testkit::refusals::assert_in_manual(said.iter().map(|(code, hint)| (*code, &**hint)));
    for refusal in &every {
        let (code, hint) = (refusal.code, &refusal.hint);
        assert!(
            hint.ends_with('.') && hint.len() > 30 && !refusal.rule.is_empty(),
            "{code}: {hint}"
        );
    }
}

#[test]
fn each_kind_is_looked_at() {
    let source = include_str!("../refusal.rs");
    let made = source.matches("code: \"").count() + source.matches("code: BUSY").count();
    assert_eq!(every().len(), made, "a new refusal belongs into the list above");
}

#[test]
fn a_message_of_a_mebibyte_leaves_two_thousand_characters() {
    let issuer = "ü".repeat(1 << 19);
    let refusal = Refusal::from(saml::Rejection::Issuer { element: "the response", issuer });
    assert_eq!(refusal.detail.chars().count(), DETAIL);
    assert!(refusal.detail.starts_with("the response was issued by \"üü"));
}

#[test]
fn metadata_that_is_over_says_how_it_is_renewed() {
    let mut settings = idp();
    let end = SystemTime::UNIX_EPOCH;
    let idp = settings.compile("company").unwrap();
    let refusal = Refusal::metadata_expired(&idp, &Expired { end, reason: None });
    assert!(
        refusal.hint.ends_with("samlgate idp set company --metadata FILE."),
        "{}",
        refusal.hint
    );
    settings.metadata.url = Some("https://idp.example.org/metadata".to_owned());
    let idp = settings.compile("company").unwrap();
    let reason = Some(NoNewKey::JustLooked);
    let refusal = Refusal::metadata_expired(&idp, &Expired { end, reason });
    assert!(refusal.hint.ends_with("samlgate idp refresh company."), "{}", refusal.hint);
    assert!(refusal.detail.ends_with("less than a minute ago"), "{}", refusal.detail);
}

fn idp() -> IdpSettings {
    IdpSettings {
        entity_id: "https://idp.example.org/".to_owned(),
        login_url: "https://idp.example.org/sso".to_owned(),
        certificates: vec![testkit::Key::Rsa2048.certificate_base64()],
        ..IdpSettings::default()
    }
}
