//! Every check as the console shows it: with its clause and what was measured, also those behind a
//! failure. That it agrees with `accept` is asserted for each message of the attack tests (`scene`).

mod scene;

use saml::{Check, Expected, Outcome, RawResponse, RequiredAuthn, ServiceProvider, explain};
use scene::{ACS, ENTITY_ID, REQUEST, SKEW, now, response, trusting};
use testkit::Key;

fn checks(xml: String, sp: &ServiceProvider<'_>) -> anyhow::Result<Vec<Check>> {
    let raw = RawResponse::from_xml(xml.into_bytes())?;
    let idp = trusting(&[Key::Rsa2048]);
    let anyhow = RequiredAuthn::default();
    Ok(explain(&raw, &idp, sp, Expected::Request(REQUEST), anyhow, now(), SKEW))
}

const SP: ServiceProvider<'_> =
    ServiceProvider { entity_id: ENTITY_ID, acs_url: ACS, decryption_keys: &[] };

#[test]
fn an_honest_response_passes_every_check_and_each_names_its_clause() -> anyhow::Result<()> {
    scene::outcome(response().signed()?)?;
    let checks = checks(response().signed()?, &SP)?;
    assert_eq!(checks.len(), 18);
    for check in &checks {
        assert_eq!(check.outcome, Outcome::Passed, "{}", check.name);
        assert!(!check.rule.is_empty() && !check.measured.is_empty(), "{}", check.name);
    }
    let measured: Vec<_> = checks.iter().map(|check| check.measured.as_str()).collect();
    let key = trusting(&[Key::Rsa2048]).keys[0].sha256().to_owned();
    assert!(measured.contains(&format!("key {key}").as_str()), "the key used: {measured:?}");
    assert!(measured.contains(&ENTITY_ID), "the audience seen: {measured:?}");
    assert!(measured.iter().any(|text| text.contains("issued")), "the clocks: {measured:?}");
    Ok(())
}

#[test]
fn checks_behind_a_failure_are_made_too() -> anyhow::Result<()> {
    let elsewhere = ServiceProvider {
        entity_id: "https://other.example/",
        acs_url: "https://x/",
        decryption_keys: &[],
    };
    let checks = checks(response().signed()?, &elsewhere)?;
    let failed: Vec<_> =
        checks.iter().filter_map(Check::rejection).map(|rejection| rejection.code()).collect();
    assert_eq!(failed, ["destination", "recipient", "audience"]);
    Ok(())
}

#[test]
fn what_cannot_be_looked_at_is_said_to_be_not_reached() -> anyhow::Result<()> {
    let checks = checks("<a/>".to_owned(), &SP)?;
    assert_eq!(checks.len(), 18, "all checks are listed");
    assert_eq!(checks[1].rejection().map(|rejection| rejection.code()), Some("not_a_response"));
    assert!(checks[2..].iter().all(|check| check.outcome == Outcome::NotReached));
    Ok(())
}
