//! What people gave to similar products, made anew with keys of its own: files as they are.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use saml::{GivenKeys, IdpKey, IdpMetadata};

/// A file of the folder.
pub(crate) fn file(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/metadata/reported");
    std::fs::read(folder.join(name)).unwrap()
}

/// Starts of certificates and their last days since 1970.
fn keys(keys: &[IdpKey]) -> Vec<(String, u64)> {
    let days = |time: SystemTime| time.duration_since(UNIX_EPOCH).unwrap().as_secs() / 86_400;
    let key = |key: &IdpKey| {
        let certificate = key.certificate().unwrap();
        (certificate.sha256_fingerprint()[..16].to_owned(), days(certificate.not_after()))
    };
    keys.iter().map(key).collect()
}

/// 2036-06-01.
fn plain() -> (String, u64) {
    ("7549622bad5422fa".to_owned(), 24_258)
}

#[test]
fn documents_in_unusual_forms_are_read_as_the_plain_one() {
    for name in
        ["idp-metadata.xml", "md-leading-blank-line.xml", "md-utf16le-bom.xml", "md-pem-armour.xml"]
    {
        let idp = IdpMetadata::parse(&file(name), None).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(idp.entity_id, "https://idp.example.com/saml", "{name}");
        assert_eq!(keys(&idp.signing_keys), [plain()], "{name}");
        assert_eq!((idp.beside_keys.len(), idp.crowded_certificates), (0, 0), "{name}");
    }
}

#[test]
fn of_two_certificates_in_one_element_the_idps_own_has_the_key() {
    let idp = IdpMetadata::parse(&file("md-two-in-one-element.xml"), None).unwrap();
    assert_eq!(keys(&idp.signing_keys), [("b67c3ba6711489fa".to_owned(), 22_431)], "2031-06-01");
    assert!(idp.beside_keys[0].sha256_fingerprint().starts_with("02a36d7d08cb0e4f"));
    assert_eq!((idp.beside_keys.len(), idp.crowded_certificates), (1, 1));
}

#[test]
fn metadata_in_base64_is_named() {
    let error = IdpMetadata::parse(&file("md-base64.txt"), None).unwrap_err().to_string();
    assert!(error.contains("base64 of an XML document: decode it first"), "{error}");
}

#[test]
fn certificates_are_read_as_people_have_them() {
    for name in ["cert-escaped-newlines.txt", "cert-utf16le.pem"] {
        let given = GivenKeys::read(&file(name)).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(keys(&given.keys), [plain()], "{name}");
    }
    let two = GivenKeys::read(&file("cert-two.pem")).unwrap();
    assert_eq!(two.keys.len(), 2);
    assert_eq!(keys(&two.keys)[0], plain());
    assert_eq!(keys(&two.keys)[1].1, 24_988, "2038-06-01");
    assert!(two.beside.is_empty());
    let error = GivenKeys::read_one(&file("cert-two.pem")).unwrap_err().to_string();
    assert!(error.contains("2 keys"), "{error}");
}
