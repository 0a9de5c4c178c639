//! Messages that must be accepted, however unusual: what IdPs may send, signed by signers that
//! share no code with the product. What must be refused stands in `attacks`.

mod content;
mod forms;
mod sample;
#[path = "../scene/mod.rs"]
mod scene;
mod signatures;

use saml::{Expected, VerifiedAssertion};
use scene::{SP, now, outcome, outcome_at, response, trusting};
use testkit::{Key, Response};

/// What is read from a response that was changed before it was signed.
fn accepted(change: impl FnOnce(&mut Response)) -> anyhow::Result<VerifiedAssertion> {
    let mut response = response();
    change(&mut response);
    Ok(outcome(response.signed()?)?)
}

/// The same for a change of the text between writing and signing.
fn accepted_text(change: impl FnOnce(&str) -> String) -> anyhow::Result<VerifiedAssertion> {
    let response = response();
    let (before, after) = (response.xml(), change(&response.xml()));
    assert_ne!(before, after, "the change changes something");
    Ok(outcome(response.sign(&after)?)?)
}

fn name(assertion: &VerifiedAssertion) -> Option<&str> {
    assertion.name_id().map(|name| name.value)
}

fn values<'a>(assertion: &'a VerifiedAssertion, name: &str) -> Vec<&'a str> {
    assertion.attribute_values(name).collect()
}

#[test]
fn accepts_the_usual_response() -> anyhow::Result<()> {
    let assertion = outcome(response().signed()?)?;
    assert_eq!(name(&assertion), Some("camilla"));
    assert_eq!(values(&assertion, "groups"), ["users"]);
    assert_eq!(assertion.issuer(), scene::IDP);
    assert_eq!(assertion.in_response_to(), Some(scene::REQUEST));
    assert_eq!(assertion.session_index(), Some("_session"));
    Ok(())
}

#[test]
fn accepts_what_nobody_asked_for_where_that_is_allowed() -> anyhow::Result<()> {
    let mut response = response();
    response.in_response_to = None;
    response.confirmations[0].in_response_to = None;
    let idp = trusting(&[Key::Rsa2048]);
    let assertion = outcome_at(response.signed()?, &idp, &SP, Expected::Unsolicited, now())?;
    assert_eq!(name(&assertion), Some("camilla"));
    Ok(())
}
