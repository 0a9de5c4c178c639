//! Encrypted assertions and names, encrypted by programs that share no code with the product: what
//! must be read, and what must be refused and why.

mod accepts;
mod refuses;
#[path = "../scene/mod.rs"]
mod scene;

use saml::{DecryptionKey, Rejection, VerifiedAssertion};
use scene::{outcome_for, response, trusting};
use testkit::{Encryption, Key, Response};

/// Our key; [`OLD`] is the one that it replaced.
const OURS: Key = Key::Rsa3072;
const OLD: Key = Key::Attacker;

fn private(key: Key) -> DecryptionKey {
    let pem = std::fs::read(key.private_path()).expect("the fixture's key");
    DecryptionKey::from_pem(&pem).expect("an RSA key")
}

/// What becomes of a message when we have these keys.
fn outcome_of(xml: &str, keys: &[Key]) -> Result<VerifiedAssertion, Rejection> {
    let keys: Vec<_> = keys.iter().map(|key| private(*key)).collect();
    outcome_for(xml, &trusting(&[Key::Rsa2048]), &keys)
}

fn outcome(xml: &str) -> Result<VerifiedAssertion, Rejection> {
    outcome_of(xml, &[OURS])
}

fn name(assertion: &VerifiedAssertion) -> &str {
    assertion.name_id().map_or("nobody", |name| name.value)
}

/// A response whose assertion is signed, then encrypted.
fn encrypted(encryption: &Encryption) -> anyhow::Result<String> {
    encryption.encrypt_assertion(&response().signed()?, OURS)
}

/// The same after a change before the signing.
fn encrypted_after(change: impl FnOnce(&mut Response)) -> anyhow::Result<String> {
    let mut response = response();
    change(&mut response);
    Encryption::default().encrypt_assertion(&response.signed()?, OURS)
}
