//! What somebody gives in place of metadata is named, with the cure.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use saml::IdpMetadata;
use testkit::Key;

use crate::documents::{IDP, certificate, id, role, root};
use crate::reported::file;

#[track_caller]
fn refused(bytes: impl AsRef<[u8]>, said: &str) {
    let error = IdpMetadata::parse(bytes.as_ref(), None).expect_err(said).to_string();
    assert!(error.contains(said), "{error}");
}

fn plain() -> String {
    root("EntityDescriptor", &id(IDP), &role(&certificate("signing", Key::Rsa2048)))
}

#[test]
fn base64_is_named_however_it_is_broken_into_lines() {
    let xml = "base64 of an XML document: decode it first";
    let text = STANDARD.encode(plain());
    refused(&text, xml);
    refused(text.replace('=', ""), xml);
    refused(STANDARD_NO_PAD.encode(format!("\u{feff}\n{}", plain())), xml);
    refused(format!("\n\t{}\r\n{}", &text[..50], &text[50..]), xml);
    refused(format!("data:application/xml;base64,{text}"), xml);
    let utf16: Vec<u8> =
        format!("\u{feff}{}", plain()).encode_utf16().flat_map(u16::to_le_bytes).collect();
    refused(STANDARD.encode(utf16), "base64 of a text in UTF-16");
    refused(STANDARD.encode(b"\x1f\x8b\x08\0\0\0\0\0\0\x03\0\0"), "compressed with gzip");
    refused(Key::Rsa2048.certificate_base64(), "--certificate");
    refused("AnswerOfAServerThatIsNoBase64OfAnything", "line 1");
}

#[test]
fn packed_documents_are_named() {
    refused(b"\x1f\x8b\x08\0\0\0\0\0\0\x03", "gzip; unpack it first: gunzip");
    refused(b"PK\x03\x04\x14\0\0\0", "ZIP archive; unpack it first");
    refused(b"\xfd7zXZ\0\0\x04", "xz");
    refused(STANDARD.decode(Key::Rsa2048.certificate_base64()).unwrap(), "--certificate");
}

#[test]
fn xml_that_was_written_as_something_else_is_named() {
    let escaped = plain().replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    refused(&escaped, "escaped (&lt; for <)");
    refused(escaped.replace("&lt;", "&#60;"), "escaped (&lt; for <)");
    refused(escaped.replace("&lt;", "&#x3C;"), "escaped (&lt; for <)");
    refused(plain().replace('<', "%3C").replace(' ', "%20"), "percent-encoded");
    refused(format!("{:?}", plain()), "string of JSON");
    refused(plain().replace('<', "\\u003c"), "string of JSON");
}

#[test]
fn a_browsers_view_of_xml_is_named() {
    let said = "This XML file does not appear to have any style information associated with it. The \
                document tree is shown below.";
    let view = "a browser's view of XML";
    refused(format!("{said}\n      {}", plain()), view);
    refused(format!("  {said}\n\u{25bc}{}", plain()), view);
    refused(plain().replacen("<Entity", "- <Entity", 1).split_off(39), view);
    refused(format!("\u{25bc}\n{}", plain()), view);
    refused(format!("<html><body><div id='webkit-xml-viewer-source-xml'>{}", plain()), view);
    refused(format!("<html><head></head><body><span>{said}</span></body></html>"), view);
    let german = "Mit dieser XML-Datei sind anscheinend keine Style-Informationen verkn\u{fc}pft.";
    refused(format!("{german}\n{}", plain()), "other text stands before the metadata");
    refused(format!("HTTP/1.1 200 OK\r\n\r\n{}", plain()), "other text stands before the metadata");
}

#[test]
fn pages_are_named_whatever_stands_before_them() {
    for page in [
        "<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 4.01//EN\"><title>Log in</title>",
        "\u{feff}\n<!-- served by x -->\n<html><title>Log in</title>",
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE html><html><title>Log in</title>",
        "<HTML><HEAD><TITLE>Log in</TITLE>",
    ] {
        refused(page, "a web page titled \"log in\"");
    }
}

#[test]
fn lost_namespaces_are_named() {
    let lost = "lost its namespaces";
    refused(plain().replace(" xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\"", ""), lost);
    refused(plain().replace(" xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"", ""), lost);
    let text = String::from_utf8(file("idp-metadata.xml")).unwrap();
    refused(text.replace("xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\"", ""), lost);
    refused(plain().replace("SAML:2.0:metadata", "SAML:1.0:metadata"), "another namespace");
}

#[test]
fn messages_keys_addresses_and_other_files_are_named() {
    let response = "<p:Response xmlns:p=\"urn:oasis:names:tc:SAML:2.0:protocol\"/>";
    refused(response, "a SAML message (Response) and no metadata");
    let private = std::fs::read(Key::Rsa2048.private_path()).unwrap();
    refused(&private, "a private key and no metadata; it was neither stored nor shown");
    refused(b"-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIB", "a private key");
    refused(b"Bag Attributes\n  x: y\n-----BEGIN CERTIFICATE-----\nMIIB", "--certificate");
    refused(b"-----BEGIN X509 CERTIFICATE-----\nMIIB", "--certificate");
    refused(b"-----BEGIN PKCS7-----\nMIIB", "PEM (PKCS7)");
    refused("https://idp.example.org/metadata\n", "an address and no metadata");
    refused("<?php\n$metadata['https://idp'] = [];", "SimpleSAMLphp");
    refused("$metadata['https://idp'] = [];", "SimpleSAMLphp");
}
