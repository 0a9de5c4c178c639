//! Our own metadata against the OASIS schemas, by a validator that shares no code with us.

use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use saml::{SpContact, SpKeyUse, SpMetadata, sp_metadata};
use testkit::Key;

fn der(key: Key) -> Vec<u8> {
    STANDARD.decode(key.certificate_base64()).unwrap()
}

fn full<'a>(keys: &'a [(SpKeyUse, &'a [u8])]) -> SpMetadata<'a> {
    SpMetadata {
        entity_id: "https://jira.example.org/?a=1&b=\"2\"",
        display_name: Some("Jira <of> Example & Sons"),
        keys,
        requests_signed: true,
        acs_urls: &[
            "https://jira.example.org/plugins/servlet/saml/auth",
            "https://jira.example.org/plugins/servlet/samlsso",
        ],
        slo_url: Some("https://jira.example.org/plugins/servlet/saml/logout"),
        contact: Some(SpContact { name: Some("IT"), email: "it@example.org" }),
    }
}

/// What xmllint says with the schemas of Debian's opensaml-schemas and xmltooling-schemas.
fn validate(xml: &str) -> Result<(), String> {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    // One schema that brings all together: their own schemaLocations point to the network.
    let import = |namespace: &str, file: &str| {
        format!(
            "<xs:import namespace=\"{namespace}\" schemaLocation=\"file:///usr/share/xml/{file}\"/>"
        )
    };
    let schema = format!(
        "<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\">{}{}{}</xs:schema>",
        import("urn:oasis:names:tc:SAML:2.0:metadata", "opensaml/saml-schema-metadata-2.0.xsd"),
        import("urn:oasis:names:tc:SAML:metadata:ui", "opensaml/sstc-saml-metadata-ui-v1.0.xsd"),
        import(
            "urn:oasis:names:tc:SAML:metadata:algsupport",
            "opensaml/sstc-saml-metadata-algsupport-v1.0.xsd"
        ),
    );
    std::fs::write(path("all.xsd"), schema).unwrap();
    std::fs::write(path("sp.xml"), xml).unwrap();
    std::fs::write(path("catalog.xml"), CATALOG).unwrap();
    let output = Command::new("xmllint")
        .args(["--nonet", "--noout", "--schema"])
        .args([path("all.xsd"), path("sp.xml")])
        .env("XML_CATALOG_FILES", path("catalog.xml"))
        .output()
        .expect("xmllint is missing: apt-get install libxml2-utils");
    match output.status.success() {
        true => Ok(()),
        false => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
    }
}

/// Where the schemas lie that the schemas themselves look for on the network.
const CATALOG: &str = r#"<catalog xmlns="urn:oasis:names:tc:entity:xmlns:xml:catalog">
  <system systemId="http://www.w3.org/TR/2002/REC-xmldsig-core-20020212/xmldsig-core-schema.xsd"
    uri="file:///usr/share/xml/xmltooling/xmldsig-core-schema.xsd"/>
  <system systemId="http://www.w3.org/TR/2002/REC-xmlenc-core-20021210/xenc-schema.xsd"
    uri="file:///usr/share/xml/xmltooling/xenc-schema.xsd"/>
  <system systemId="http://www.w3.org/2001/xml.xsd"
    uri="file:///usr/share/xml/xmltooling/xml.xsd"/>
  <nextCatalog catalog="file:///usr/share/xml/opensaml/saml20-catalog.xml"/>
  <nextCatalog catalog="file:///usr/share/xml/xmltooling/catalog.xml"/>
</catalog>"#;

#[test]
fn our_metadata_fits_the_oasis_schemas() {
    let (one, other) = (der(Key::Rsa2048), der(Key::Rsa3072));
    let keys = [
        (SpKeyUse::Signing, one.as_slice()),
        (SpKeyUse::Signing, other.as_slice()),
        (SpKeyUse::Encryption, one.as_slice()),
    ];
    let whole = full(&keys);
    validate(&sp_metadata(&whole)).unwrap();
    let least = SpMetadata {
        display_name: None,
        keys: &[],
        slo_url: None,
        contact: None,
        acs_urls: &whole.acs_urls[..1],
        ..whole
    };
    validate(&sp_metadata(&least)).unwrap();
}

#[test]
fn the_validator_sees_what_is_wrong() {
    let xml = sp_metadata(&full(&[]));
    let wrong = xml.replace("index=\"1\"", "");
    assert!(validate(&wrong).unwrap_err().contains("index"), "an index is required");
    let wrong = xml.replace("md:NameIDFormat", "md:NameIdFormat");
    assert!(validate(&wrong).is_err());
}

#[test]
fn two_keys_are_published_while_one_takes_over() {
    let (one, other) = (der(Key::Rsa2048), der(Key::Rsa3072));
    let keys = [(SpKeyUse::Signing, one.as_slice()), (SpKeyUse::Signing, other.as_slice())];
    let xml = sp_metadata(&full(&keys));
    assert_eq!(xml.matches("use=\"signing\"").count(), 2);
    assert!(xml.contains(&Key::Rsa3072.certificate_base64()));
    assert!(!xml.contains("use=\"encryption\""), "nobody encrypts unasked");
    assert_eq!(xml, sp_metadata(&full(&keys)), "the same bytes for the same settings");
}
