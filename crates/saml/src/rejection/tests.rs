use std::collections::BTreeSet;

use super::*;

/// The codes are an interface: the tracker keeps them for years, and scripts look for them.
const CODES: &[&str] = &[
    "algorithm_not_allowed",
    "assertion_count",
    "audience",
    "authn_context",
    "authn_too_old",
    "decryption",
    "destination",
    "digest_mismatch",
    "encrypted",
    "encryption_malformed",
    "encryption_not_allowed",
    "expired",
    "id_malformed",
    "id_repeated",
    "in_response_to",
    "issuer",
    "malformed",
    "name_id_empty",
    "no_authn_statement",
    "no_key",
    "not_a_response",
    "not_base64",
    "not_utf8",
    "recipient",
    "reference_elsewhere",
    "sha1_not_allowed",
    "signature_elsewhere",
    "signature_invalid",
    "signature_malformed",
    "status",
    "subject_confirmation",
    "time_malformed",
    "too_early",
    "too_large",
    "transform_not_allowed",
    "unknown_condition",
    "unsigned",
    "version",
    "xml",
];

/// One of each variant, with this wherever a message's own text stands.
fn every(of_message: &str) -> Vec<Rejection> {
    use Rejection::*;
    let text = || of_message.to_owned();
    let (element, what, by) = ("", "", Duration::ZERO);
    vec![
        NotBase64,
        TooLarge { limit: 0 },
        NotUtf8,
        Xml(XmlError { line: 1, reason: "" }),
        NotAResponse { name: text() },
        Version { element, version: text() },
        IdMalformed { element, id: text() },
        IdRepeated { id: text() },
        Malformed { what },
        Status { code: text(), subcode: text(), message: text() },
        AssertionCount { count: 0 },
        Encrypted { what },
        EncryptionMalformed { what },
        EncryptionNotAllowed { uri: text() },
        Decryption,
        Unsigned,
        SignatureMalformed { what },
        SignatureElsewhere,
        ReferenceElsewhere { uri: text() },
        TransformNotAllowed { uri: text() },
        AlgorithmNotAllowed { uri: text() },
        Sha1NotAllowed,
        NoKeyForAlgorithm { keys: 0 },
        SignatureInvalid { tried: 0 },
        DigestMismatch,
        Issuer { element, issuer: text() },
        Destination { destination: text(), expected: text() },
        InResponseTo { element, found: text(), expected: text() },
        SubjectConfirmation { reason: "".into() },
        Recipient { recipient: text(), expected: text() },
        Audience { audiences: vec![text()], expected: text() },
        UnknownCondition { name: text() },
        TooEarly { what, by, skew: by },
        Expired { what, by, skew: by },
        TimeMalformed { what, value: text() },
        NoAuthnStatement,
        AuthnTooOld { max_age: by, by, skew: by },
        AuthnContext { class: text(), expected: vec![text()] },
        NameIdEmpty,
    ]
}

#[test]
fn every_rule_has_a_code_of_its_own_and_the_codes_are_those_that_are_known() {
    let codes: Vec<_> = every("").iter().map(Rejection::code).collect();
    let sorted: BTreeSet<_> = codes.iter().copied().collect();
    assert_eq!(sorted.len(), codes.len(), "two variants share a code");
    assert_eq!(sorted.into_iter().collect::<Vec<_>>(), CODES);
}

/// One of each variant of log-out's own rules.
fn every_of_log_out() -> Vec<LogoutRejection> {
    use LogoutRejection::*;
    let text = String::new;
    vec![
        Parameters { what: "" },
        NotExpected { name: text() },
        LogoutRejection::Unsigned,
        LogoutRejection::Issuer { issuer: text() },
        LogoutRejection::Destination { destination: text(), expected: text() },
        NameCount,
    ]
}

#[test]
fn one_of_each_variant_is_looked_at() {
    // Each variant stands in the source as a name at this depth, behind its message.
    let count = |source: &str| {
        let opens = |line: &&str| {
            line.trim_start().starts_with("#[error(") && !line.contains("transparent")
        };
        source.lines().filter(opens).count()
    };
    assert_eq!(every("").len(), count(include_str!("../rejection.rs")));
    assert_eq!(every_of_log_out().len(), count(include_str!("logout.rs")));
}

#[test]
fn the_manual_says_of_each_rule_what_is_said_here() {
    // Without a message's own text, which may make a hint more exact.
    let every = every("x");
    testkit::refusals::assert_in_manual(every.iter().map(|one| (one.code(), one.hint())));
    let every = every_of_log_out();
    testkit::refusals::assert_in_manual(every.iter().map(|one| (one.code(), one.hint())));
}

#[test]
fn no_hint_says_forged_without_an_if() {
    // Software on the market writes many an odd message, and whoever runs it must not be told that
    // somebody attacks them.
    let hints = every("x").iter().chain(&every("")).map(Rejection::hint).collect::<Vec<_>>();
    let of_log_out = every_of_log_out();
    for hint in hints.into_iter().chain(of_log_out.iter().map(LogoutRejection::hint)) {
        for sentence in hint.split_inclusive(". ").filter(|text| text.contains("forged")) {
            assert!(sentence.to_lowercase().contains("if "), "{hint}");
        }
        assert!(!hint.contains("No IdP"), "{hint}");
    }
}

#[test]
fn every_hint_says_what_to_do_and_every_rule_where_it_is_written() {
    // What an operator can do begins with a verb in the imperative, somewhere in the hint.
    let verbs = [
        "choose",
        "compare",
        "configure",
        "let",
        "load",
        "look",
        "send",
        "set",
        "switch",
        "tells why",
        "must",
        "points",
        "see its log",
    ];
    let of_log_out = every_of_log_out();
    let of_log_out = of_log_out.iter().map(|one| (one.code(), one.rule(), one.hint()));
    let all = every("").iter().map(|one| (one.code(), one.rule(), one.hint())).collect::<Vec<_>>();
    for (code, rule, hint) in all.into_iter().chain(of_log_out) {
        let lower = hint.to_lowercase();
        assert!(verbs.iter().any(|verb| lower.contains(verb)), "{code}: {hint:?}");
        assert!(hint.ends_with('.') && hint.len() > 40, "{code}: {hint:?}");
        let written = ["saml-", "xmldsig-core", "xmlenc-core1", "XML 1.0", "IIP-", "Samlgate:"];
        assert!(written.iter().any(|text| rule.contains(text)), "{code}: {rule:?}");
    }
}

#[test]
fn what_a_message_brings_is_printed_without_control_characters() {
    // The log has one line for each event, and a terminal shows it.
    for rejection in every("x\r\n2026-03-01 forged log line\u{1b}[31m\u{202e}\u{7f}\u{85}\u{2028}")
    {
        let printed = rejection.to_string();
        let breaks = |c: char| c.is_control() || matches!(c, '\u{202e}' | '\u{2028}');
        assert!(!printed.contains(breaks), "{printed}");
    }
}
