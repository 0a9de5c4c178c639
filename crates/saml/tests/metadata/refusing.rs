//! What is no metadata is called what it is, with the cure.

use saml::{IdpMetadata, MetadataDocument};
use testkit::Key;

use crate::documents::{IDP, SAML, certificate, endpoint, id, role, root};

fn refusal(bytes: &[u8]) -> String {
    match IdpMetadata::parse(bytes, None) {
        Ok(_) => "it was read".to_owned(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn other_documents_are_named() {
    for (bytes, said) in [
        (&b""[..], "empty"),
        (b" \n", "empty"),
        (b"<!DOCTYPE html><html><title>Sign in</title>", "a web page titled \"sign in\""),
        (b"\n<html lang='en'>", "a web page"),
        (b"{\"issuer\":\"https://x\",\"authorization_endpoint\":\"y\"}", "OpenID Connect"),
        (b"{\"error\":\"not found\"}", "JSON"),
        (b"-----BEGIN CERTIFICATE-----\nMIIB", "--certificate"),
        (b"Not found", "line 1"),
        (b"<a>\n\n<b></a>", "line 3"),
        (b"<?xml version=\"1.0\"?>\n<!DOCTYPE x [<!ENTITY a \"b\">]>\n<x/>", "line 2"),
        (b"<rss><channel/></rss>", "\"rss\""),
    ] {
        let text = refusal(bytes);
        assert!(text.contains(said), "{}: {text}", String::from_utf8_lossy(bytes));
    }
}

#[test]
fn an_entity_without_the_role_says_what_it_is() {
    let sp = format!("<SPSSODescriptor protocolSupportEnumeration=\"{SAML}\"/>");
    let text = refusal(root("EntityDescriptor", &id(IDP), &sp).as_bytes());
    assert!(text.contains("no SAML 2.0 IdP, only: a service provider"), "{text}");
    let artifact = role(&certificate("signing", Key::Rsa2048)).replace("HTTP-Redirect", "SOAP");
    let text = refusal(root("EntityDescriptor", &id(IDP), &artifact).as_bytes());
    assert!(text.contains("no single sign-on endpoint"), "{text}");
}

#[test]
fn the_same_idp_twice_is_no_choice() {
    let one = crate::documents::entity(IDP);
    let xml = root("EntitiesDescriptor", "", &format!("{one}{one}"));
    let document = MetadataDocument::parse(xml.as_bytes()).unwrap();
    let text = document.idp(Some(IDP)).unwrap_err().to_string();
    assert!(text.contains("more than once"), "{text}");
}

#[test]
fn a_lifetime_that_cannot_be_read_is_no_lifetime_without_end() {
    let role = role(&certificate("signing", Key::Rsa2048));
    for (attribute, value) in [("validUntil", "tomorrow"), ("cacheDuration", "1 day")] {
        let attributes = format!("{} {attribute}=\"{value}\"", id(IDP));
        let text = refusal(root("EntityDescriptor", &attributes, &role).as_bytes());
        assert!(text.contains(attribute) && text.contains(value), "{text}");
    }
}

#[test]
fn endpoints_without_a_place_are_none() {
    let empty = endpoint("SingleSignOnService", "HTTP-Redirect", "  ", "");
    let role = format!(
        "<IDPSSODescriptor protocolSupportEnumeration=\"{SAML}\">{}{empty}</IDPSSODescriptor>",
        certificate("signing", Key::Rsa2048)
    );
    let text = refusal(root("EntityDescriptor", &id(IDP), &role).as_bytes());
    assert!(text.contains("no single sign-on endpoint"), "{text}");
}
