//! Files of certificates, and what people put into X509Certificate: the same room reads both.

use std::fs;
use std::path::Path;
use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use saml::{Certificate, GivenKeys, IdpMetadata, KeyError, holds_private_key};
use testkit::Key;

use crate::chains::{Authority, P256, RSA_1024};
use crate::documents::{IDP, descriptor, id, role, root};

/// What openssl makes of these arguments, which shares no code with the product.
fn openssl(arguments: &[&str], files: &[&Path]) -> Vec<u8> {
    let output = Command::new("openssl").args(arguments).args(files).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

fn pem(key: Key) -> String {
    key.certificate_pem().to_owned()
}

/// Names of keys and how many certificates stand beside them.
fn read(bytes: impl AsRef<[u8]>) -> Result<(Vec<String>, usize), KeyError> {
    let given = GivenKeys::read(bytes.as_ref())?;
    let names = given.keys.iter().map(|key| key.key().unwrap().sha256().to_owned()).collect();
    Ok((names, given.beside.len()))
}

fn name(key: Key) -> String {
    Certificate::from_pem_or_der(key.certificate_pem().as_bytes())
        .unwrap()
        .key()
        .unwrap()
        .sha256()
        .to_owned()
}

#[track_caller]
fn refused(bytes: impl AsRef<[u8]>, said: &str) {
    let error = read(bytes).expect_err(said).to_string();
    assert!(error.contains(said), "{error}");
}

/// Forms of a text in which line breaks are no line breaks any more.
fn mangled(pem: &str) -> Vec<(&'static str, String)> {
    let json = serde_like(pem);
    vec![
        ("\\n", pem.replace('\n', "\\n")),
        ("\\r\\n", pem.replace('\n', "\\r\\n")),
        ("\\\\n", pem.replace('\n', "\\\\n")),
        ("in quotes", format!("\"{}\"", pem.replace('\n', "\\n"))),
        ("JSON with slashes written out", json.replace('/', "\\/")),
        ("JSON with code points", json.replace('+', "\\u002B").replace('=', "\\u003d")),
        ("one line", pem.replace('\n', " ")),
        ("CR", pem.replace('\n', "\r")),
        ("CRLF", pem.replace('\n', "\r\n")),
        ("indented, with blank lines", pem.replace('\n', "\n\n    ")),
        ("no-break spaces", pem.replace('\n', "\u{a0}\n")),
        ("a mark", format!("\u{feff}{pem}")),
    ]
}

fn serde_like(text: &str) -> String {
    format!("{{\"cert\": \"{}\"}}", text.replace('\n', "\\n"))
}

/// Labels and headers of other programs.
fn dressed(pem: &str) -> Vec<(&'static str, String)> {
    let body = pem.split("-----").nth(2).unwrap();
    vec![
        (
            "bag attributes",
            format!("Bag Attributes\n    friendlyName: DOM\\name\nsubject=CN = x\n{pem}"),
        ),
        ("X509", pem.replace(" CERT", " X509 CERT")),
        ("trusted, without settings", pem.replace(" CERT", " TRUSTED CERT")),
        ("headers", pem.replacen("-----\n", "-----\nComment: \"x\"\nX-Y: z\n\n", 1)),
        ("no armour", body.to_owned()),
        ("no armour, written out", body.trim().replace('\n', "\\n")),
        ("no end", format!("-----BEGIN CERTIFICATE-----{body}")),
        ("no beginning", format!("{body}-----END CERTIFICATE-----\n")),
        ("no padding", pem.replace('=', "")),
    ]
}

#[test]
fn one_certificate_is_read_in_every_dress() {
    let pem = pem(Key::Rsa2048);
    for (what, text) in mangled(&pem).into_iter().chain(dressed(&pem)) {
        assert_eq!(read(&text), Ok((vec![name(Key::Rsa2048)], 0)), "{what}");
        let utf16: Vec<u8> =
            format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(read(utf16), Ok((vec![name(Key::Rsa2048)], 0)), "{what} in UTF-16");
        // The same, put into the metadata by an IdP.
        let inside = text.replace('&', "&amp;").replace('<', "&lt;");
        let info =
            format!("<ds:X509Data><ds:X509Certificate>{inside}</ds:X509Certificate></ds:X509Data>");
        let xml = root("EntityDescriptor", &id(IDP), &role(&descriptor("signing", &info)));
        let idp =
            IdpMetadata::parse(xml.as_bytes(), None).unwrap_or_else(|e| panic!("{what}: {e}"));
        assert_eq!(idp.signing_keys[0].key().unwrap().sha256(), name(Key::Rsa2048), "{what}");
    }
}

#[test]
fn forms_that_openssl_writes_are_read() {
    let own = Key::Rsa2048.certificate_path();
    let der = openssl(&["x509", "-outform", "DER", "-in"], &[&own]);
    let trusted = openssl(&["x509", "-trustout", "-addtrust", "emailProtection", "-in"], &[&own]);
    let public = openssl(&["x509", "-noout", "-pubkey", "-in"], &[&own]);
    let rsa = openssl(&["rsa", "-RSAPublicKey_out", "-in"], &[&Key::Rsa2048.private_path()]);
    let text = openssl(&["x509", "-text", "-in"], &[&own]);
    for bytes in [der, trusted, public, rsa, text] {
        let shown = String::from_utf8_lossy(&bytes).into_owned();
        assert_eq!(read(&bytes), Ok((vec![name(Key::Rsa2048)], 0)), "{shown}");
    }
}

#[test]
fn each_certificate_of_a_file_is_a_key_once_and_authorities_are_none() {
    let several = [Key::Rsa2048, Key::P256, Key::P384];
    let all: String = several.map(pem).concat();
    assert_eq!(read(&all), Ok((several.map(name).to_vec(), 0)));
    assert_eq!(read(format!("{all}{all}")), Ok((several.map(name).to_vec(), 0)));

    let made = Authority::new();
    made.issue("top", "/CN=Top", None, RSA_1024);
    made.issue("middle", "/CN=Middle", Some("top"), P256);
    made.issue("one", "/CN=One", Some("middle"), P256);
    made.issue("other", "/CN=Other", Some("middle"), P256);
    let file = |name: &str| fs::read_to_string(made.file(name, "crt")).unwrap();
    for order in [["one", "middle", "top", "other"], ["top", "middle", "other", "one"]] {
        let text = order.map(file).concat();
        let given = GivenKeys::read(text.as_bytes()).unwrap();
        let mut subjects: Vec<_> =
            given.keys.iter().map(|key| key.certificate().unwrap().subject()).collect();
        subjects.sort();
        assert_eq!(subjects, ["CN=One", "CN=Other"], "{order:?}");
        assert_eq!(given.beside.len(), 2, "{order:?}");
    }
    assert_eq!(read(file("middle")).unwrap().0.len(), 1, "alone it is the IdP's");

    // In several files they belong together all the same.
    let files =
        ["middle", "one", "middle", "other"].map(|name| GivenKeys::read(file(name).as_bytes()));
    let given = GivenKeys::together(files.into_iter().map(Result::unwrap).collect());
    assert_eq!((given.keys.len(), given.beside.len()), (2, 1));
    assert_eq!(given.beside[0].subject(), "CN=Middle");
}

#[test]
fn one_that_cannot_be_used_is_told_by_its_number_and_reason() {
    let made = Authority::new();
    made.issue("weak", "/CN=Weak", None, RSA_1024);
    let weak = fs::read_to_string(made.file("weak", "crt")).unwrap();
    refused(&weak, "the RSA key has 1024 bits");
    refused(format!("{}{weak}", pem(Key::P256)), "number 2 in it: the RSA key has 1024 bits");
    refused(pem(Key::P256).replacen("MII", "MI*", 1), "not base64: it holds '*'");
    let cut: String = pem(Key::P256).chars().take(200).collect();
    refused(cut, "cut off or copied wrongly");
    refused("", "there is no certificate in it");
    refused("-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----", "no X.509 certificate");
    refused("hello", "cut off or copied wrongly");
    refused("-----BEGIN CERTIFICATE REQUEST-----\nMIIB", "neither a certificate nor a public key");
    refused("<md:EntityDescriptor/>", "metadata is given with --metadata");
    refused("ssh-rsa AAAAB3NzaC1yc2E", "the form of SSH");
    refused(b"\x1f\x8b\x08\0", "gzip; unpack it first");
    refused(b"\xfe\xed\xfe\xed\0\0\0\x02", "a Java key store");
}

#[test]
fn a_true_reason_is_said_of_what_stands_in_metadata() {
    let made = Authority::new();
    let weak = made.issue("weak", "/CN=Weak", None, RSA_1024);
    for (text, said) in [
        (STANDARD.encode(weak.der()), "the RSA key has 1024 bits"),
        (fs::read_to_string(made.file("weak", "crt")).unwrap(), "the RSA key has 1024 bits"),
        ("MII!".to_owned(), "not base64: it holds '!'"),
        (String::new(), "there is no certificate in it"),
        (fs::read_to_string(made.file("weak", "key")).unwrap(), "a private key in it"),
    ] {
        let info =
            format!("<ds:X509Data><ds:X509Certificate>{text}</ds:X509Certificate></ds:X509Data>");
        let xml = root("EntityDescriptor", &id(IDP), &role(&descriptor("signing", &info)));
        let error = IdpMetadata::parse(xml.as_bytes(), None).unwrap_err().to_string();
        assert!(error.contains("1 cannot be used here") && error.contains(said), "{error}");
        assert!(!error.contains("P-521") && error.len() < 500, "{error}");
    }
}

#[test]
fn bundles_are_named_with_the_command_that_opens_them() {
    let own = Key::Rsa2048.certificate_path();
    let pem = openssl(&["crl2pkcs7", "-nocrl", "-certfile"], &[&own]);
    refused(&pem, "this is PKCS#7; take the certificates out first: openssl pkcs7 -in FILE -print");
    let der = openssl(&["crl2pkcs7", "-nocrl", "-outform", "DER", "-certfile"], &[&own]);
    refused(&der, "openssl pkcs7 -inform DER -in FILE -print_certs");
    refused(STANDARD.encode(&der), "base64 -d FILE | openssl pkcs7 -inform DER -print_certs");
    refused(String::from_utf8(pem).unwrap().replace("PKCS7", "CERTIFICATE"), "this is PKCS#7");
    let private = Key::Rsa2048.private_path();
    let both = ["pkcs12", "-export", "-passout", "pass:x", "-in"];
    let output = openssl(&both, &[&own, Path::new("-inkey"), &private]);
    refused(&output, "this is PKCS#12");
    refused(STANDARD.encode(&output), "this is PKCS#12");
}

#[test]
fn a_private_key_is_named_in_every_form_and_not_repeated() {
    let private = Key::Rsa2048.private_path();
    let pkcs8 = fs::read_to_string(&private).unwrap();
    let made = Authority::new();
    made.issue("curve", "/CN=Curve", None, P256);
    let curve = made.file("curve", "key");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    let encrypt = ["pkcs8", "-topk8", "-passout", "pass:x", "-in"];
    let mut forms = vec![
        pkcs8.clone(),
        pkcs8.replace('\n', "\\n"),
        format!("{}{pkcs8}", pem(Key::Rsa2048)),
        text(openssl(&["rsa", "-traditional", "-in"], &[&private])),
        text(openssl(&["ec", "-in"], &[&curve])),
        text(openssl(&encrypt, &[&private])),
    ];
    let bare: Vec<_> = forms.iter().filter(|form| !form.contains("CERTIFICATE")).collect();
    let bare: Vec<_> = bare
        .into_iter()
        .filter(|form| !form.contains("\\n"))
        .map(|form| form.split("-----").nth(2).unwrap().to_owned())
        .collect();
    forms.extend(bare);
    for form in &forms {
        let error = read(form).unwrap_err().to_string();
        assert!(error.contains("a private key in it"), "{form}: {error}");
        assert!(holds_private_key(form.as_bytes()), "{form}");
        for line in form.lines().filter(|line| line.len() > 30) {
            assert!(!error.contains(line), "{error}");
        }
    }
    let der = openssl(&["pkcs8", "-topk8", "-nocrypt", "-outform", "DER", "-in"], &[&private]);
    refused(der, "a private key in it (DER)");
    assert!(!holds_private_key(pem(Key::Rsa2048).as_bytes()) && !holds_private_key(b""));
}
