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
        Refusal::metadata_expired("company", SystemTime::UNIX_EPOCH),
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
    testkit::refusals::assert_in_manual(every.iter().map(|one| (one.code, one.hint.as_ref())));
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
