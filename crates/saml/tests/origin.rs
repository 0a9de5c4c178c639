//! Which messages carry a valid signature of the IdP, whatever else is wrong with them.

#[path = "scene/mod.rs"]
mod scene;

use std::time::Duration;

use saml::{
    DecryptionKey, Expected, RawResponse, RequiredAuthn, ServiceProvider, TrustedIdp, judge,
};
use scene::{SP, now, outcome, outcome_at, response, trusting};
use testkit::{Encryption, Key, Place, Response, Signature, sign};

fn origin_for(xml: &str, idp: &TrustedIdp, sp: &ServiceProvider<'_>) -> Option<String> {
    let raw = RawResponse::from_xml(xml.as_bytes().to_vec()).ok()?;
    let anyhow = RequiredAuthn::default();
    match judge(&raw, idp, sp, Expected::Request(scene::REQUEST), anyhow, now(), scene::SKEW) {
        Ok(accepted) => Some(accepted.id().to_owned()),
        Err(refused) => refused.signed_assertion_id,
    }
}

fn origin(xml: &str) -> Option<String> {
    origin_for(xml, &trusting(&[Key::Rsa2048]), &SP)
}

/// The code with which the message is refused now.
fn refusal(xml: &str) -> &'static str {
    outcome(xml).map_or_else(|rejection| rejection.code(), |_| "accepted")
}

/// The same a day later.
fn refusal_a_day_later(xml: &str) -> &'static str {
    let (idp, later) = (trusting(&[Key::Rsa2048]), now() + Duration::from_secs(86_400));
    let outcome = outcome_at(xml, &idp, &SP, Expected::Request(scene::REQUEST), later);
    outcome.map_or_else(|rejection| rejection.code(), |_| "accepted")
}

fn signed(change: impl FnOnce(&mut Response)) -> anyhow::Result<String> {
    let mut response = response();
    change(&mut response);
    response.signed()
}

/// The usual response changed as text, then signed at this place.
fn signed_after(from: &str, to: &str, place: Place) -> anyhow::Result<String> {
    let mut response = response();
    if place == Place::Response {
        response.assertion_signature = None;
        response.response_signature = Some(Signature::default());
    }
    let xml = response.xml();
    assert!(xml.contains(from), "{from} stands in the message");
    sign(&xml.replace(from, to), place, Key::Rsa2048)
}

#[test]
fn what_is_accepted_has_an_origin() -> anyhow::Result<()> {
    let xml = signed(|_| ())?;
    assert_eq!(refusal(&xml), "accepted");
    assert_eq!(origin(&xml).as_deref(), Some("_assertion"));
    Ok(())
}

#[test]
fn what_the_idp_signed_has_an_origin_although_it_is_refused() -> anyhow::Result<()> {
    let xml = signed(|_| ())?;
    assert_eq!(refusal_a_day_later(&xml), "expired");
    assert_eq!(origin(&xml).as_deref(), Some("_assertion"));
    let xml = signed(|response| response.destination = Some("https://x.example/".to_owned()))?;
    assert_eq!(refusal(&xml), "destination");
    assert_eq!(origin(&xml).as_deref(), Some("_assertion"));
    let xml = signed(|response| response.in_response_to = Some("_another".to_owned()))?;
    assert_eq!(refusal(&xml), "in_response_to");
    assert_eq!(origin(&xml).as_deref(), Some("_assertion"));
    for place in [Place::Assertion, Place::Response] {
        for (from, to, code) in [
            (">https://jira.example.org/<", ">https://x.example/<", "audience"),
            (">https://idp.example.org/<", ">https://x.example/<", "issuer"),
            ("status:Success", "status:Responder", "status"),
            ("saml:AuthnStatement", "saml:Statement", "no_authn_statement"),
            ("cm:bearer", "cm:sender-vouches", "subject_confirmation"),
        ] {
            let xml = signed_after(from, to, place)?;
            assert_eq!(refusal(&xml), code);
            assert_eq!(origin(&xml).as_deref(), Some("_assertion"), "{code} {xml}");
        }
    }
    Ok(())
}

#[test]
fn what_anybody_can_make_has_no_origin() -> anyhow::Result<()> {
    let good = signed(|_| ())?;
    let unsigned = signed(|response| response.assertion_signature = None)?;
    assert_eq!((refusal(&unsigned), origin(&unsigned)), ("unsigned", None));
    let foreign = signed(|response| response.key = Key::Attacker)?;
    assert_eq!((refusal(&foreign), origin(&foreign)), ("signature_invalid", None));
    let tampered = good.replace("camilla", "mallory");
    assert_eq!((refusal(&tampered), origin(&tampered)), ("digest_mismatch", None));
    let stripped = good.replace("ds:Signature", "ds:Signatory");
    assert_eq!((refusal(&stripped), origin(&stripped)), ("unsigned", None));
    let other_id = good.replacen("ID=\"_assertion\"", "ID=\"_other\"", 1);
    assert_eq!(refusal(&other_id), "reference_elsewhere");
    assert_eq!(origin(&other_id), None);
    let cut = good.replace("</samlp:Response>", "");
    assert_eq!((refusal(&cut), origin(&cut)), ("xml", None));
    Ok(())
}

/// A message that somebody got for himself lends its signature to nothing else.
#[test]
fn a_genuine_assertion_beside_a_forged_one_has_no_origin() -> anyhow::Result<()> {
    let good = signed(|_| ())?;
    let start = good.find("<saml:Assertion").expect("an assertion");
    let end = good.find("</samlp:Response>").expect("its end");
    let genuine = &good[start..end];
    let forged = genuine.replace("_assertion", "_forged").replace("camilla", "mallory");
    for both in [format!("{genuine}{forged}"), format!("{forged}{genuine}")] {
        let xml = format!("{}{both}{}", &good[..start], &good[end..]);
        assert_eq!((refusal(&xml), origin(&xml)), ("assertion_count", None));
    }
    let around = format!("<samlp:Extensions>{genuine}</samlp:Extensions>");
    let xml = format!("{}{around}{}", &good[..start], &good[end..]);
    assert_eq!((refusal(&xml), origin(&xml)), ("assertion_count", None));
    Ok(())
}

#[test]
fn one_signature_that_fails_spoils_the_other() -> anyhow::Result<()> {
    let mut response = response();
    response.response_signature = Some(Signature::default());
    let inner = sign(&response.xml(), Place::Assertion, Key::Rsa2048)?;
    let both = sign(&inner, Place::Response, Key::Rsa2048)?;
    assert_eq!(origin(&both).as_deref(), Some("_assertion"));
    // The outside may be changed without the assertion's signature noticing.
    let outside = both.replacen("InResponseTo=\"_request\"", "InResponseTo=\"_other\"", 1);
    assert_eq!(origin(&outside), None);
    let foreign = sign(&inner, Place::Response, Key::Attacker)?;
    assert_eq!((refusal(&foreign), origin(&foreign)), ("signature_invalid", None));
    Ok(())
}

#[test]
fn an_encrypted_assertion_has_the_origin_of_what_is_in_it() -> anyhow::Result<()> {
    let pem = std::fs::read(Key::Rsa3072.private_path())?;
    let keys = [DecryptionKey::from_pem(&pem)?];
    let sp = ServiceProvider { decryption_keys: &keys, ..SP };
    let idp = trusting(&[Key::Rsa2048]);
    let encrypted = |signed: &str| Encryption::default().encrypt_assertion(signed, Key::Rsa3072);
    let elsewhere = signed(|response| response.destination = Some("https://x.example/".to_owned()));
    let good = encrypted(&elsewhere?)?;
    assert_eq!(origin_for(&good, &idp, &sp).as_deref(), Some("_assertion"));
    assert_eq!(origin_for(&good, &idp, &SP), None, "without the key nothing is known");
    let unsigned = encrypted(&signed(|response| response.assertion_signature = None)?)?;
    assert_eq!(origin_for(&unsigned, &idp, &sp), None, "anybody can encrypt");
    let foreign = encrypted(&signed(|response| response.key = Key::Attacker)?)?;
    assert_eq!(origin_for(&foreign, &idp, &sp), None);
    Ok(())
}
