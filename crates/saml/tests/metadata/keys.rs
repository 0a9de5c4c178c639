//! Keys: their `use`, bare ones, many of them, and those that cannot verify.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use saml::{GivenKeys, IdpKey, IdpMetadata, MetadataError};
use testkit::Key;

use crate::documents::{IDP, certificate, descriptor, id, role, root};

fn read(keys: &str) -> Result<IdpMetadata, MetadataError> {
    IdpMetadata::parse(root("EntityDescriptor", &id(IDP), &role(keys)).as_bytes(), None)
}

/// Names of the keys, as SHA-256 of their SubjectPublicKeyInfo.
fn names(idp: &IdpMetadata) -> Vec<String> {
    let name = |key: &IdpKey| key.key().unwrap().sha256().to_owned();
    idp.signing_keys.iter().map(name).collect()
}

fn name_of(key: Key) -> String {
    let key = GivenKeys::read_one(key.certificate_pem().as_bytes()).unwrap();
    key.key().unwrap().sha256().to_owned()
}

/// What openssl says of the key in `pem`, which shares no code with the product.
fn openssl(key: Key, arguments: &[&str]) -> Vec<u8> {
    let output = std::process::Command::new("openssl")
        .args(arguments)
        .arg("-in")
        .arg(key.certificate_path())
        .output()
        .expect("openssl is there");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// The modulus in base64, from openssl's hexadecimal.
fn modulus(key: Key) -> String {
    let text = String::from_utf8(openssl(key, &["x509", "-noout", "-modulus"])).unwrap();
    let digits = text.trim().strip_prefix("Modulus=").unwrap();
    let byte = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).unwrap();
    STANDARD.encode((0..digits.len()).step_by(2).map(byte).collect::<Vec<_>>())
}

/// The SubjectPublicKeyInfo of the certificate, from openssl.
fn public_key(key: Key) -> Vec<u8> {
    let pem = String::from_utf8(openssl(key, &["x509", "-noout", "-pubkey"])).unwrap();
    let lines = pem.lines().filter(|line| !line.starts_with("-----"));
    STANDARD.decode(lines.collect::<String>()).unwrap()
}

#[test]
fn keys_for_signing_and_keys_without_a_use_may_sign_each_once() {
    let keys = [
        certificate("encryption", Key::Attacker),
        certificate("signing", Key::Rsa2048),
        certificate("", Key::P256),
        certificate("signing", Key::Rsa2048),
        certificate("encryption", Key::P384),
    ];
    let idp = read(&keys.concat()).unwrap();
    assert_eq!(names(&idp), [name_of(Key::Rsa2048), name_of(Key::P256)]);
}

#[test]
fn a_bare_rsa_key_is_the_key_of_the_certificate() {
    // LemonLDAP::NG publishes it so.
    let value = format!(
        "<ds:KeyValue><ds:RSAKeyValue><ds:Modulus>\n{}\n</ds:Modulus><ds:Exponent>AQAB\
         </ds:Exponent></ds:RSAKeyValue></ds:KeyValue>",
        modulus(Key::Rsa3072)
    );
    let idp = read(&descriptor("signing", &value)).unwrap();
    assert_eq!(names(&idp), [name_of(Key::Rsa3072)]);
    assert!(idp.signing_keys[0].certificate().is_none());
    let again = IdpKey::from_base64(&idp.signing_keys[0].to_base64()).unwrap();
    assert_eq!(again.key().unwrap().sha256(), name_of(Key::Rsa3072), "as the settings keep it");
}

#[test]
fn bare_elliptic_keys_and_whole_encodings_are_read() {
    for (key, curve, length) in [
        (Key::P256, "1.2.840.10045.3.1.7", 65),
        (Key::P384, "1.3.132.0.34", 97),
        (Key::P521, "1.3.132.0.35", 133),
    ] {
        let spki = public_key(key);
        let point = STANDARD.encode(&spki[spki.len() - length..]);
        let value = format!(
            "<ds:KeyValue><ec:ECKeyValue xmlns:ec=\"http://www.w3.org/2009/xmldsig11#\">\
             <ec:NamedCurve URI=\"urn:oid:{curve}\"/><ec:PublicKey>{point}</ec:PublicKey>\
             </ec:ECKeyValue></ds:KeyValue>"
        );
        let idp = read(&descriptor("", &value)).unwrap();
        assert_eq!(names(&idp), [name_of(key)], "{key:?}");
        let whole = format!(
            "<ec:DEREncodedKeyValue xmlns:ec=\"http://www.w3.org/2009/xmldsig11#\">{}\
             </ec:DEREncodedKeyValue>",
            STANDARD.encode(&spki)
        );
        assert_eq!(names(&read(&descriptor("", &whole)).unwrap()), [name_of(key)], "{key:?}");
    }
}

#[test]
fn a_key_beside_its_own_certificate_is_one_key() {
    let both = format!(
        "<ds:KeyValue><ds:RSAKeyValue><ds:Modulus>{}</ds:Modulus><ds:Exponent>AQAB</ds:Exponent>\
         </ds:RSAKeyValue></ds:KeyValue><ds:X509Data><ds:X509Certificate>{}</ds:X509Certificate>\
         </ds:X509Data>",
        modulus(Key::Rsa2048),
        Key::Rsa2048.certificate_base64()
    );
    let idp = read(&descriptor("signing", &both)).unwrap();
    assert_eq!(names(&idp), [name_of(Key::Rsa2048)]);
    assert!(idp.signing_keys[0].certificate().is_some(), "the certificate says more");
}

#[test]
fn what_stands_there_instead_of_a_usable_key_is_said() {
    let error = read("").unwrap_err().to_string();
    assert!(error.contains("names no key for signing"), "{error}");
    let error = read(&certificate("encryption", Key::Rsa2048)).unwrap_err().to_string();
    assert!(error.contains("keys for encryption only"), "{error}");
    let dsa = "<ds:KeyValue><ds:DSAKeyValue/></ds:KeyValue>";
    let error = read(&descriptor("signing", dsa)).unwrap_err().to_string();
    assert!(error.contains("1 cannot be used here"), "{error}");
}

#[test]
fn a_key_that_cannot_verify_does_not_hide_another() {
    let broken = descriptor(
        "signing",
        "<ds:X509Data><ds:X509Certificate>AAAA</ds:X509Certificate></ds:X509Data>",
    );
    let idp = read(&format!("{broken}{}", certificate("signing", Key::P521))).unwrap();
    assert_eq!(names(&idp), [name_of(Key::P521)]);
}

#[test]
fn certificates_are_taken_as_consoles_show_them() {
    let pem = Key::Rsa2048.certificate_pem();
    let bare = Key::Rsa2048.certificate_base64();
    let der = STANDARD.decode(&bare).unwrap();
    let public = String::from_utf8(openssl(Key::Rsa2048, &["x509", "-noout", "-pubkey"])).unwrap();
    for (what, bytes) in [
        ("PEM", pem.as_bytes()),
        ("base64 in one line", bare.as_bytes()),
        ("DER", &der),
        ("PEM of a public key", public.as_bytes()),
        ("PEM with text around it", format!("subject=x\n{pem}\n").as_bytes()),
    ] {
        let key = GivenKeys::read_one(bytes).unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_eq!(key.key().unwrap().sha256(), name_of(Key::Rsa2048), "{what}");
    }
    assert!(GivenKeys::read_one(b"").is_err() && GivenKeys::read_one(b"hello").is_err());
    let private = std::fs::read(Key::Rsa2048.private_path()).unwrap();
    assert!(GivenKeys::read_one(&private).is_err(), "a private key is none");
}
