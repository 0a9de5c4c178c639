//! The demo's IdP, as a browser and an SP see it. Signatures are checked by the
//! crate that made them: that shows the wiring, and nothing about the signature itself.

use std::io::Write as _;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use demo::{IdpOptions, RunningIdp, ServiceProvider, start_idp};
use flate2::Compression;
use flate2::write::DeflateEncoder;
use http::{Method, StatusCode};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::browser::{Answer, Browser};

const ACS: &str = "http://jira.localhost/plugins/servlet/saml/auth";

async fn idp() -> (RunningIdp, Browser) {
    let options = IdpOptions {
        listen: "127.0.0.1:0".parse().unwrap(),
        public_url: "http://idp.localhost".to_owned(),
        service_providers: vec![ServiceProvider {
            entity_id: "http://jira.localhost/".to_owned(),
            acs_urls: vec![ACS.to_owned()],
        }],
    };
    let idp = start_idp(options).await.unwrap();
    let browser = Browser::at(idp.address);
    (idp, browser)
}

fn request(issuer: &str, acs: &str, more: &str) -> String {
    let xml = format!(
        r#"<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_r1" Version="2.0" AssertionConsumerServiceURL="{acs}" {more}><saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">{issuer}</saml:Issuer></samlp:AuthnRequest>"#
    );
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(xml.as_bytes()).unwrap();
    STANDARD.encode(encoder.finish().unwrap())
}

fn sso(request: &str) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("SAMLRequest", request), ("RelayState", "r<1>")])
        .finish();
    format!("/sso?{query}")
}

fn good() -> String {
    request("http://jira.localhost/", ACS, "")
}

fn response(answer: &Answer) -> String {
    let value = answer.between("name=\"SAMLResponse\" value=\"", "\"");
    String::from_utf8(STANDARD.decode(value).unwrap()).unwrap()
}

async fn log_in(browser: &mut Browser, fields: &[(&str, &str)]) -> Answer {
    let request = good();
    let mut all = vec![("SAMLRequest", request.as_str()), ("RelayState", "r<1>")];
    all.extend_from_slice(fields);
    browser.form("/login", &all).await
}

#[tokio::test]
async fn one_click_sends_a_signed_assertion_about_the_person() {
    let (_idp, mut browser) = idp().await;
    let page = browser.get(&sso(&good())).await;
    assert!(page.text().contains("Camilla the Chicken"));
    assert!(page.text().contains("Søren Ålborg"));
    let answer = log_in(&mut browser, &[("person", "camilla")]).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.text().contains(&format!("action=\"{ACS}\"")));
    assert!(answer.text().contains("name=\"RelayState\" value=\"r&lt;1&gt;\""));
    assert!(answer.text().contains("<button class=\"plain\">Continue</button>"));
    let xml = response(&answer);
    for part in [
        "InResponseTo=\"_r1\"",
        "<saml:Audience>http://jira.localhost/</saml:Audience>",
        "<saml:AttributeValue>camilla</saml:AttributeValue>",
        "<saml:AttributeValue>jira-testgroup1,jira-testgroup2</saml:AttributeValue>",
        "SignatureValue>",
    ] {
        assert!(xml.contains(part), "{part} in {xml}");
    }
}

#[tokio::test]
async fn an_sp_that_has_the_metadata_accepts_the_answer() {
    let (idp, mut browser) = idp().await;
    let metadata = saml::IdpMetadata::parse(idp.metadata_xml.as_bytes(), None).unwrap();
    let trusted = saml::TrustedIdp {
        entity_id: metadata.entity_id.clone(),
        keys: metadata.signing_keys.iter().map(|key| key.key().unwrap()).collect(),
        allow_sha1: false,
    };
    let answer = log_in(&mut browser, &[("person", "søren")]).await;
    let raw = saml::RawResponse::from_xml(response(&answer).into_bytes()).unwrap();
    let sp = saml::ServiceProvider {
        entity_id: "http://jira.localhost/",
        acs_url: ACS,
        decryption_keys: &[],
    };
    let moment = OffsetDateTime::parse(answer_time(raw.xml()), &Rfc3339).unwrap();
    let skew = Duration::from_secs(180);
    let expected = saml::Expected::Request("_r1");
    let accepted = saml::accept(&raw, &trusted, &sp, expected, moment.into(), skew).unwrap();
    assert_eq!(accepted.name_id().unwrap().value, "søren");
    let role = "http://schemas.microsoft.com/ws/2008/06/identity/claims/role";
    assert_eq!(accepted.attribute_values(role).collect::<Vec<_>>(), ["jira-testgroup2"]);
}

fn answer_time(xml: &str) -> &str {
    xml.split_once("IssueInstant=\"").unwrap().1.split_once('"').unwrap().0
}

#[tokio::test]
async fn the_second_app_needs_no_credentials_unless_it_insists() {
    let (_idp, mut browser) = idp().await;
    log_in(&mut browser, &[("person", "gonzo")]).await;
    let answer = browser.get(&sso(&good())).await;
    assert!(response(&answer).contains("gonzo@muppets.com"));
    let insisting = request("http://jira.localhost/", ACS, "ForceAuthn=\"true\"");
    assert!(browser.get(&sso(&insisting)).await.text().contains("name=\"person\""));
    browser.send(Method::POST, "/logout", None).await;
    assert!(browser.get(&sso(&good())).await.text().contains("name=\"person\""));
}

#[tokio::test]
async fn a_typed_password_must_be_right() {
    let (_idp, mut browser) = idp().await;
    let wrong = log_in(&mut browser, &[("username", "søren"), ("password", "x")]).await;
    assert!(wrong.text().contains("do not belong together"));
    let right = [("username", "søren"), ("password", "smørrebrød")];
    let answer = log_in(&mut browser, &right).await;
    assert!(response(&answer).contains("<saml:AttributeValue>søren</saml:AttributeValue>"));
}

#[tokio::test]
async fn answers_go_to_registered_addresses_only() {
    let (_idp, mut browser) = idp().await;
    let stranger = request("http://other/", ACS, "");
    let elsewhere = request("http://jira.localhost/", "http://evil.example/", "");
    for (request, why) in
        [(stranger, "No app is registered"), (elsewhere, "is not registered for this app")]
    {
        let answer = browser.get(&sso(&request)).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        assert!(answer.text().contains(why), "{}", answer.text());
    }
}

#[tokio::test]
async fn nobody_is_asked_when_the_app_wants_nobody_asked() {
    let (_idp, mut browser) = idp().await;
    let passive = request("http://jira.localhost/", ACS, "IsPassive=\"true\"");
    let xml = response(&browser.get(&sso(&passive)).await);
    assert!(xml.contains("urn:oasis:names:tc:SAML:2.0:status:NoPassive"), "{xml}");
    assert!(!xml.contains("<saml:Assertion"));
}

#[tokio::test]
async fn the_metadata_names_the_endpoint_and_the_certificate() {
    let (idp, mut browser) = idp().await;
    let metadata = browser.get("/metadata").await;
    assert_eq!(metadata.text(), idp.metadata_xml);
    assert!(metadata.text().contains("entityID=\"http://idp.localhost/metadata\""));
    assert!(metadata.text().contains("Location=\"http://idp.localhost/sso\""));
    assert!(metadata.text().contains("<ds:X509Certificate>MII"));
}
