//! One test for each known attack on SAML service providers, each asserting the reason of refusal.
//!
//! CVE numbers name where an attack was seen. What must be accepted stands in `accepts.rs`.

mod authentication;
mod confirmation;
mod ids;
mod keys;
mod meaning;
mod references;
#[path = "../scene/mod.rs"]
mod scene;
mod signatures;
mod times;
mod wrapping;
mod xml;

use saml::{Rejection, VerifiedAssertion};
use scene::{outcome, response};
use testkit::Response;

/// The code of the refusal of a message; a sentence that no code is when it was accepted.
fn refusal(xml: impl Into<Vec<u8>>) -> &'static str {
    code(outcome(xml))
}

fn code(outcome: Result<VerifiedAssertion, Rejection>) -> &'static str {
    outcome.map_or_else(|rejection| rejection.code(), |_| "it was accepted")
}

/// The code of the refusal of a response that was changed before it was signed.
fn refusal_of(change: impl FnOnce(&mut Response)) -> anyhow::Result<&'static str> {
    let mut response = response();
    change(&mut response);
    Ok(refusal(response.signed()?))
}

/// Before the assertion, the assertion, and behind it.
fn apart(xml: &str) -> (&str, &str, &str) {
    let end = "</saml:Assertion>";
    let start = xml.find("<saml:Assertion").expect("an assertion");
    let end = xml.rfind(end).expect("its end") + end.len();
    (&xml[..start], &xml[start..end], &xml[end..])
}

/// The same of the first signature.
fn apart_signature(xml: &str) -> (&str, &str, &str) {
    let end = "</ds:Signature>";
    let start = xml.find("<ds:Signature ").expect("a signature");
    let end = xml.find(end).expect("its end") + end.len();
    (&xml[..start], &xml[start..end], &xml[end..])
}

/// An unsigned assertion for the administrator.
fn forged_assertion(id: &str) -> String {
    let mut forged = response();
    forged.assertion_signature = None;
    forged.assertion_id = id.to_owned();
    forged.subject_name = "<saml:NameID>admin</saml:NameID>".to_owned();
    forged.assertion_xml()
}
