//! The sample response of the provisioning plug-in's documentation: two real responses pasted
//! together, so it is refused as printed, and accepted once its contradictions are mended.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use saml::{Expected, Rejection, ServiceProvider, TrustedIdp, VerifiedAssertion};
use testkit::{Key, Place, Signature};

use crate::scene::{outcome_at, trusting};

const SAMPLE: &str = include_str!("sample.xml");
const ACS: &str = "https://jira7sd.lab.inserve.local/plugins/servlet/samlsso";
const REQUEST: &str = "enefpfnmgckjadiephjbdhacakigkiooonkonjgl";
const ELIDED: &str = "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">
         ...
        </ds:Signature>";

/// 2016-02-11T22:22:50Z, a few seconds after its NotBefore.
fn then() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_455_229_370)
}

fn outcome(xml: &str, now: SystemTime) -> Result<VerifiedAssertion, Rejection> {
    let idp = TrustedIdp {
        entity_id: "http://dc01.ad.lab.inserve.local/adfs/services/trust".to_owned(),
        ..trusting(&[Key::Rsa2048])
    };
    let sp = ServiceProvider { entity_id: ACS, acs_url: ACS, decryption_keys: &[] };
    outcome_at(xml, &idp, &sp, Expected::Request(REQUEST), now)
}

/// Its elided signature filled in with a true one, by xmlsec1.
fn signed(xml: &str) -> anyhow::Result<String> {
    let id = "_958e90f3-5d10-4d92-b376-45b9bb6db68d";
    let template = Signature::default().template(id);
    assert!(xml.contains(ELIDED));
    testkit::sign(&xml.replace(ELIDED, &template), Place::Assertion, Key::Rsa2048)
}

/// Both InResponseTo name the request that the confirmation names.
fn mended() -> String {
    SAMPLE.replace("ldjedifipldjoefccdnlomjmlebmmieomblnfopn", REQUEST)
}

#[test]
fn refuses_the_sample_as_it_is_printed() -> anyhow::Result<()> {
    let refused = |xml: &str, now| outcome(xml, now).map_or_else(|it| it.code(), |_| "accepted");
    assert_eq!(refused(SAMPLE, then()), "in_response_to");
    assert_eq!(refused(&signed(SAMPLE)?, then()), "in_response_to");
    assert_eq!(refused(&mended(), then()), "signature_malformed");
    // It says that it is valid 21 minutes after it was issued, and not when it was.
    let issued = UNIX_EPOCH + Duration::from_secs(1_455_228_088);
    assert_eq!(refused(&signed(&mended())?, issued), "too_early");
    Ok(())
}

#[test]
fn accepts_the_sample_once_it_is_mended() -> anyhow::Result<()> {
    let assertion = outcome(&signed(&mended())?, then())?;
    let values = |name: &str| assertion.attribute_values(name).collect::<Vec<_>>();
    let claims = "http://schemas.microsoft.com/ws/2008/06/identity/claims";
    let claims_2005 = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims";
    assert_eq!(assertion.name_id(), None);
    assert_eq!(values(&format!("{claims}/windowsaccountname")), ["camilla"]);
    assert_eq!(values(&format!("{claims_2005}/name")), ["Camilla the Chicken"]);
    let mail = "camilla@muppets.com";
    assert_eq!(values(&format!("{claims_2005}/emailaddress")), [mail, mail]);
    assert_eq!(values(&format!("{claims}/role")), ["jira-testgroup1,jira-testgroup2"]);
    assert_eq!(assertion.session_index(), None);
    let windows = "urn:federation:authentication:windows";
    assert_eq!(assertion.authn_context_class_ref(), Some(windows));
    Ok(())
}
