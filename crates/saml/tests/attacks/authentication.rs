//! What was asked of the authentication is checked: the request went through the browser of the person
//! whom it concerns.
//!
//! It is 12:00:00 here, and clocks may differ by three minutes.

use super::code;
use crate::scene::{REQUEST, SKEW, SP, now, response, trusting};
use saml::{
    AuthnRequest, Check, Expected, RawResponse, RequestedAuthnContext, RequiredAuthn, explain,
    judge,
};
use std::time::Duration;
use testkit::Key;

const ACCEPTED: &str = "it was accepted";
const PASSWORD: &str = "urn:oasis:names:tc:SAML:2.0:ac:classes:Password";
const MFA: &str = "https://refeds.org/profile/mfa";
const KEY: &str = "urn:oasis:names:tc:SAML:2.0:ac:classes:X509";
const FRESH: RequiredAuthn<'_> =
    RequiredAuthn { max_age: Some(Duration::from_secs(300)), classes: &[] };

/// The outcome for a response with these statements.
fn with(required: RequiredAuthn<'_>, statements: &[(&str, &str)]) -> anyhow::Result<&'static str> {
    let response = response();
    let xml = response.xml();
    let start = xml.find("<saml:AuthnStatement").expect("a statement");
    let end = "</saml:AuthnStatement>";
    let behind = xml.find(end).expect("its end") + end.len();
    let statements = statements.iter().map(|(instant, context)| {
        format!(
            "<saml:AuthnStatement AuthnInstant=\"{instant}\"><saml:AuthnContext>{context}\
             </saml:AuthnContext></saml:AuthnStatement>"
        )
    });
    let all = [&xml[..start], &statements.collect::<String>(), &xml[behind..]].concat();
    let raw = RawResponse::from_xml(response.sign(&all)?.into_bytes())?;
    let idp = trusting(&[Key::Rsa2048]);
    let expected = Expected::Request(REQUEST);
    let outcome = judge(&raw, &idp, &SP, expected, required, now(), SKEW);
    let checks = explain(&raw, &idp, &SP, expected, required, now(), SKEW);
    let shown = checks.iter().find_map(Check::rejection);
    assert_eq!(shown, outcome.as_ref().err().map(|it| &it.rejection), "explain and judge agree");
    Ok(code(outcome.map_err(|refused| refused.rejection)))
}

fn class(class: &str) -> String {
    format!("<saml:AuthnContextClassRef>{class}</saml:AuthnContextClassRef>")
}

#[test]
fn refuses_a_sign_in_that_is_older_than_was_asked() -> anyhow::Result<()> {
    let any = class(PASSWORD);
    for (instant, outcome) in [
        ("2026-03-01T11:59:59Z", ACCEPTED),
        ("2026-03-01T11:52:00Z", ACCEPTED),
        ("2026-03-01T11:51:59.999Z", "authn_too_old"),
        ("2026-03-01T12:51:59+01:00", "authn_too_old"),
        ("2026-03-01T04:00:00Z", "authn_too_old"),
        ("1969-12-31T23:59:59Z", "authn_too_old"),
        ("0001-01-01T00:00:00Z", "authn_too_old"),
        ("2026-03-01T12:03:00Z", ACCEPTED),
        ("2026-03-01T12:03:01Z", "too_early"),
        ("9999-12-31T23:59:59Z", "too_early"),
        ("soon", "time_malformed"),
    ] {
        assert_eq!(with(FRESH, &[(instant, &any)])?, outcome, "{instant}");
    }
    let day = RequiredAuthn { max_age: Some(Duration::from_secs(86_400)), classes: &[] };
    assert_eq!(with(day, &[("2026-03-01T04:00:00Z", &any)])?, ACCEPTED);
    assert_eq!(with(day, &[("2026-02-28T11:56:59Z", &any)])?, "authn_too_old");
    let never = RequiredAuthn { max_age: Some(Duration::MAX), classes: &[] };
    assert_eq!(with(never, &[("0001-01-01T00:00:00Z", &any)])?, ACCEPTED);
    Ok(())
}

#[test]
fn refuses_a_class_that_was_not_asked_for() -> anyhow::Result<()> {
    let now = "2026-03-01T11:59:59Z";
    let exact = [MFA.to_owned()];
    let minimum = [MFA.to_owned(), KEY.to_owned()];
    for (context, as_exact, as_minimum) in [
        (class(MFA), ACCEPTED, ACCEPTED),
        (class(&format!("\n {MFA}\t")), ACCEPTED, ACCEPTED),
        (class(KEY), "authn_context", ACCEPTED),
        (class(PASSWORD), "authn_context", "authn_context"),
        (class(&MFA.to_uppercase()), "authn_context", "authn_context"),
        (class(&format!("{MFA}/")), "authn_context", "authn_context"),
        (class(&format!("{MFA}<!---->x")), "authn_context", "authn_context"),
        (class(""), "authn_context", "authn_context"),
        (String::new(), "authn_context", "authn_context"),
        (class(MFA) + &class(PASSWORD), "authn_context", "authn_context"),
        (class(PASSWORD) + &class(MFA), "authn_context", "authn_context"),
        (class("<x/>"), "malformed", "malformed"),
        (
            format!("<saml:AuthnContextDeclRef>{MFA}</saml:AuthnContextDeclRef>"),
            "authn_context",
            "authn_context",
        ),
        (format!("<x:y xmlns:x=\"urn:x\">{}</x:y>", class(MFA)), "authn_context", "authn_context"),
    ] {
        let asked = |classes| RequiredAuthn { max_age: None, classes };
        assert_eq!(with(asked(&exact), &[(now, &context)])?, as_exact, "exact: {context}");
        assert_eq!(with(asked(&minimum), &[(now, &context)])?, as_minimum, "minimum: {context}");
    }
    Ok(())
}

#[test]
fn refuses_what_is_met_only_by_two_statements_together() -> anyhow::Result<()> {
    let (old, fresh) = ("2026-03-01T04:00:00Z", "2026-03-01T11:59:00Z");
    let (mfa, password) = (class(MFA), class(PASSWORD));
    let classes = [MFA.to_owned()];
    let both = RequiredAuthn { classes: &classes, ..FRESH };
    assert_eq!(with(both, &[(old, &mfa), (fresh, &password)])?, "authn_context");
    assert_eq!(with(both, &[(fresh, &password), (old, &mfa)])?, "authn_too_old");
    assert_eq!(with(both, &[(old, &password), (fresh, &mfa)])?, ACCEPTED);
    assert_eq!(with(both, &[(fresh, &mfa), (old, &password)])?, ACCEPTED);
    Ok(())
}

#[test]
fn a_request_asks_for_a_class_exactly_or_at_least() {
    let xml = |minimum| {
        let request = AuthnRequest {
            id: "_1",
            issue_instant: now(),
            destination: "https://idp.example.org/sso",
            issuer: "https://jira.example.org/",
            acs_url: "https://jira.example.org/plugins/servlet/saml/auth",
            force_authn: true,
            is_passive: false,
            name_id_policy: None,
            requested_authn_context: Some(RequestedAuthnContext { class: MFA, minimum }),
        };
        request.to_xml()
    };
    assert!(
        xml(false).contains(&format!("Comparison=\"exact\"><saml:AuthnContextClassRef>{MFA}<"))
    );
    assert!(
        xml(true).contains(&format!("Comparison=\"minimum\"><saml:AuthnContextClassRef>{MFA}<"))
    );
}
