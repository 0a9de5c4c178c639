//! A pinned key: the whole document must be signed by it, whatever keys the document names.

use saml::{GivenKeys, MetadataDocument, MetadataError, Rejection, TrustedKey};
use testkit::{Key, Place, Signature, sign};

use crate::documents::{entity, id, role, root};

fn keys(keys: &[Key]) -> Vec<TrustedKey> {
    let read = |key: &Key| GivenKeys::read_one(key.certificate_pem().as_bytes())?.key();
    keys.iter().map(|key| read(key).unwrap()).collect()
}

/// An aggregate with `signature` as its first child, signed by `key`.
fn signed(signature: &Signature, key: Key) -> String {
    let content = format!(
        "{}{}{}",
        signature.template("_all"),
        entity("https://a.example.org/"),
        entity("https://b.example.org/")
    );
    sign(&root("EntitiesDescriptor", "ID=\"_all\"", &content), Place::Response, key).unwrap()
}

fn check(xml: &str, with: &[Key]) -> Result<(), MetadataError> {
    MetadataDocument::parse(xml.as_bytes()).unwrap().check_signature(&keys(with))
}

fn reason(xml: &str, with: &[Key]) -> &'static str {
    match check(xml, with) {
        Ok(()) => "it was accepted",
        Err(MetadataError::Unsigned) => "unsigned",
        Err(MetadataError::Signature(rejection)) => rejection.code(),
        Err(_) => "another error",
    }
}

#[test]
fn the_pinned_key_verifies_the_whole_aggregate() {
    let xml = signed(&Signature::default(), Key::Rsa2048);
    assert!(check(&xml, &[Key::Rsa2048]).is_ok());
    assert!(check(&xml, &[Key::P256, Key::Rsa2048]).is_ok(), "any of several");
    let ecdsa = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256";
    let xml = signed(&Signature::of(ecdsa, Signature::SHA256), Key::P256);
    assert!(check(&xml, &[Key::P256]).is_ok());
}

#[test]
fn refuses_metadata_that_another_key_signed_although_it_brings_that_key_along() {
    let info = format!(
        "<ds:KeyInfo><ds:X509Data><ds:X509Certificate>{}</ds:X509Certificate></ds:X509Data>\
         </ds:KeyInfo>",
        Key::Attacker.certificate_base64()
    );
    let own = Signature { key_info: info, ..Signature::default() };
    let xml = signed(&own, Key::Attacker);
    assert_eq!(reason(&xml, &[Key::Rsa2048]), "signature_invalid");
    assert_eq!(reason(&xml, &[Key::P256]), "no_key");
}

#[test]
fn refuses_metadata_that_was_changed_after_signing() {
    let xml = signed(&Signature::default(), Key::Rsa2048);
    let changed = xml.replace("https://b.example.org/", "https://x.example.org/");
    assert_ne!(xml, changed);
    assert_eq!(reason(&changed, &[Key::Rsa2048]), "digest_mismatch");
    let added =
        xml.replace("</EntitiesDescriptor>", &(entity("https://x/") + "</EntitiesDescriptor>"));
    assert_eq!(reason(&added, &[Key::Rsa2048]), "digest_mismatch");
}

#[test]
fn refuses_metadata_in_which_only_a_part_is_signed() {
    let part = format!(
        "<EntityDescriptor ID=\"_all\" {}>{}{}</EntityDescriptor>",
        id("https://a.example.org/"),
        Signature::default().template("_all"),
        role(&crate::documents::certificate("signing", Key::Rsa2048)),
    );
    let inner = sign(
        &part.replacen(
            "<EntityDescriptor",
            "<EntityDescriptor xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\" \
             xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"",
            1,
        ),
        Place::Response,
        Key::Rsa2048,
    )
    .unwrap();
    assert!(check(&inner, &[Key::Rsa2048]).is_ok(), "by itself it is");
    let around = root("EntitiesDescriptor", "", &format!("{inner}{}", entity("https://x/")));
    assert_eq!(reason(&around, &[Key::Rsa2048]), "unsigned");
    let unsigned = root("EntitiesDescriptor", "ID=\"_all\"", &entity("https://a/"));
    assert_eq!(reason(&unsigned, &[Key::Rsa2048]), "unsigned");
}

#[test]
fn refuses_a_signature_that_stands_elsewhere_or_names_something_else() {
    let xml = signed(&Signature::default(), Key::Rsa2048);
    let renamed = xml.replacen("ID=\"_all\"", "ID=\"_other\"", 1);
    assert_eq!(reason(&renamed, &[Key::Rsa2048]), "reference_elsewhere");
    let start = xml.find("<ds:Signature ").unwrap();
    let end = xml.find("</ds:Signature>").unwrap() + "</ds:Signature>".len();
    let last = xml.replace(&xml[start..end], "");
    let last = last
        .replace("</EntitiesDescriptor>", &format!("{}</EntitiesDescriptor>", &xml[start..end]));
    assert_eq!(reason(&last, &[Key::Rsa2048]), "unsigned", "it must be the first child");
    let twice = xml.replace(&xml[start..end], &xml[start..end].repeat(2));
    assert_eq!(reason(&twice, &[Key::Rsa2048]), Rejection::SignatureMalformed { what: "" }.code());
}

#[test]
fn sha1_is_never_enough_for_metadata() {
    let sha1 = Signature::of(
        "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
        "http://www.w3.org/2000/09/xmldsig#sha1",
    );
    assert_eq!(reason(&signed(&sha1, Key::Rsa2048), &[Key::Rsa2048]), "sha1_not_allowed");
}
