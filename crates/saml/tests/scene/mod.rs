//! The stage of these tests: one IdP, one service provider, one moment, one pending request.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use saml::{
    Certificate, Check, DecryptionKey, Expected, RawResponse, Rejection, RequiredAuthn,
    ServiceProvider, TrustedIdp, TrustedKey, VerifiedAssertion, accept,
};
use testkit::{Key, Response};

pub(crate) const IDP: &str = "https://idp.example.org/";
pub(crate) const ENTITY_ID: &str = "https://jira.example.org/";
pub(crate) const ACS: &str = "https://jira.example.org/plugins/servlet/saml/auth";
pub(crate) const REQUEST: &str = "_request";
pub(crate) const SKEW: Duration = Duration::from_secs(180);

pub(crate) const SP: ServiceProvider<'_> =
    ServiceProvider { entity_id: ENTITY_ID, acs_url: ACS, decryption_keys: &[] };

/// 2026-03-01T12:00:00Z.
pub(crate) fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_772_366_400)
}

/// A response that is right in everything.
pub(crate) fn response() -> Response {
    Response::new(IDP, ENTITY_ID, ACS, REQUEST)
}

/// The IdP with these keys.
pub(crate) fn trusting(keys: &[Key]) -> TrustedIdp {
    let key = |key: &Key| -> TrustedKey {
        let certificate = Certificate::from_pem_or_der(key.certificate_pem().as_bytes());
        certificate.and_then(|certificate| certificate.key()).expect("the fixture's key")
    };
    TrustedIdp {
        entity_id: IDP.to_owned(),
        keys: keys.iter().map(key).collect(),
        allow_sha1: false,
    }
}

/// What becomes of a message at the moment of the scene.
pub(crate) fn outcome(xml: impl Into<Vec<u8>>) -> Result<VerifiedAssertion, Rejection> {
    outcome_with(xml, &trusting(&[Key::Rsa2048]))
}

/// The same with another IdP.
pub(crate) fn outcome_with(
    xml: impl Into<Vec<u8>>,
    idp: &TrustedIdp,
) -> Result<VerifiedAssertion, Rejection> {
    outcome_for(xml, idp, &[])
}

/// The same when we have keys of our own.
pub(crate) fn outcome_for(
    xml: impl Into<Vec<u8>>,
    idp: &TrustedIdp,
    decryption_keys: &[DecryptionKey],
) -> Result<VerifiedAssertion, Rejection> {
    let sp = ServiceProvider { decryption_keys, ..SP };
    outcome_at(xml, idp, &sp, Expected::Request(REQUEST), now())
}

/// The same for everything that can be another.
pub(crate) fn outcome_at(
    xml: impl Into<Vec<u8>>,
    idp: &TrustedIdp,
    sp: &ServiceProvider<'_>,
    expected: Expected<'_>,
    now: SystemTime,
) -> Result<VerifiedAssertion, Rejection> {
    let raw = RawResponse::from_xml(xml.into())?;
    let outcome = accept(&raw, idp, sp, expected, now, SKEW);
    // What the console shows must be what decided: here for each message of all these tests.
    let checks = saml::explain(&raw, idp, sp, expected, RequiredAuthn::default(), now, SKEW);
    let shown = checks.iter().find_map(Check::rejection);
    assert_eq!(shown, outcome.as_ref().err(), "explain and accept agree");
    outcome
}
