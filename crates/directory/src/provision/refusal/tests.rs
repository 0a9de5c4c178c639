use std::collections::BTreeSet;

use super::*;

/// One of each variant.
fn every() -> Vec<Refusal> {
    use Refusal::*;
    let (text, what) = (String::new, "");
    vec![
        UserIdMissing { location: text(), sent: text() },
        UserIdAmbiguous { what, location: text(), first: text(), second: text() },
        UserIdInvalid { user_id: text(), reason: text() },
        TransientUserId { what, value: text() },
        IdpIdMissing { sent: text() },
        IdpIdInvalid { idp_id: text() },
        IdpIdDiffers { name: text() },
        EmailAmbiguous { email: text() },
        NameTaken { name: text() },
        NoMatch { what, value: text(), step: text() },
        NotAllowed { user_id: text(), reason: text() },
        Dropped { user_id: text(), reason: text() },
        Deactivated { name: text(), reason: text() },
        UserNotFound { user_id: text() },
        Inactive { name: text() },
        OtherIdp { name: text(), owner: text(), idp: text() },
        EntityChanged { name: text(), idp: text(), bound: text(), entity_id: text() },
        NotLinked { name: text(), idp: text(), reason: text() },
        EmailMissing { user_id: text(), location: text(), sent: text() },
    ]
}

#[test]
fn each_refusal_has_a_code_of_its_own_a_rule_and_a_cure() {
    let source = include_str!("../refusal.rs");
    let variants = source.lines().filter(|line| line.trim_start().starts_with("#[error("));
    assert_eq!(every().len(), variants.count(), "one of each variant is looked at");
    let codes: BTreeSet<_> = every().iter().map(Refusal::code).collect();
    assert_eq!(codes.len(), every().len(), "two share a code");
    for refusal in every() {
        let (code, hint) = (refusal.code(), refusal.hint());
        assert!(hint.ends_with('.') && hint.len() > 40, "{code}: {hint}");
        assert!(!refusal.rule().is_empty() && !hint.contains("forged"), "{code}");
    }
}

#[test]
fn the_manual_says_of_each_refusal_what_is_said_here() {
    testkit::refusals::assert_in_manual(every().iter().map(|one| (one.code(), one.hint())));
}
