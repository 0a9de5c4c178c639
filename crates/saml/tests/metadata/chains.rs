//! Several certificates for one key: an authority beside the IdP's own, in any order. Only what the
//! IdP signs with becomes a key (xmldsig-core §4.5.4).

use std::path::{Path, PathBuf};
use std::process::Command;

use saml::{Certificate, IdpMetadata, MetadataError};

use crate::documents::{IDP, descriptor, id, role, root};

/// Certificates made by openssl for one test.
pub(crate) struct Authority(tempfile::TempDir);

impl Authority {
    pub(crate) fn new() -> Self {
        Authority(tempfile::tempdir().unwrap())
    }

    pub(crate) fn file(&self, name: &str, kind: &str) -> PathBuf {
        self.0.path().join(format!("{name}.{kind}"))
    }

    /// Makes a certificate for `subject` with a key of its own, issued by itself or by `issuer`.
    pub(crate) fn issue(
        &self,
        name: &str,
        subject: &str,
        issuer: Option<&str>,
        key: &[&str],
    ) -> Certificate {
        let mut openssl = Command::new("openssl");
        openssl.args(["req", "-x509", "-nodes", "-days", "3650", "-subj", subject]).args(key);
        openssl.arg("-keyout").arg(self.file(name, "key")).arg("-out").arg(self.file(name, "crt"));
        if let Some(issuer) = issuer {
            openssl.arg("-CA").arg(self.file(issuer, "crt"));
            openssl.arg("-CAkey").arg(self.file(issuer, "key"));
        }
        let made = openssl.output().unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        read(&self.file(name, "crt"))
    }
}

fn read(path: &Path) -> Certificate {
    Certificate::from_pem_or_der(&std::fs::read(path).unwrap()).unwrap()
}

pub(crate) const P256: &[&str] = &["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"];
pub(crate) const RSA_1024: &[&str] = &["-newkey", "rsa:1024"];

/// An X509Data with these.
fn data(certificates: &[&Certificate]) -> String {
    use base64::Engine as _;
    let base64 = |certificate: &&Certificate| {
        let text = base64::engine::general_purpose::STANDARD.encode(certificate.der());
        format!("<ds:X509Certificate>{text}</ds:X509Certificate>")
    };
    format!("<ds:X509Data>{}</ds:X509Data>", certificates.iter().map(base64).collect::<String>())
}

fn parse(keys: &str) -> Result<IdpMetadata, MetadataError> {
    IdpMetadata::parse(root("EntityDescriptor", &id(IDP), &role(keys)).as_bytes(), None)
}

/// The subjects of the certificates whose keys may sign, and of those that only stand beside them.
fn subjects(info: &str) -> (Vec<String>, Vec<String>) {
    let idp = parse(&descriptor("signing", info)).unwrap();
    let keys = idp.signing_keys.iter().map(|key| key.certificate().unwrap().subject());
    let mut beside: Vec<_> = idp.beside_keys.iter().map(Certificate::subject).collect();
    beside.sort();
    (keys.collect(), beside)
}

#[test]
fn of_a_chain_only_the_certificate_at_its_end_has_the_key_in_whatever_order_they_stand() {
    let made = Authority::new();
    let top = made.issue("top", "/CN=Top", None, P256);
    let middle = made.issue("middle", "/CN=Middle", Some("top"), P256);
    let own = made.issue("own", "/CN=IdP", Some("middle"), P256);
    let orders = [
        [&own, &middle, &top],
        [&own, &top, &middle],
        [&middle, &own, &top],
        [&middle, &top, &own],
        [&top, &own, &middle],
        [&top, &middle, &own],
    ];
    for order in orders {
        let [first, second, third] = order;
        for info in [
            data(&order),
            // One KeyInfo speaks of one key, also when its chain is cut into pieces.
            data(&[first, second]) + &data(&[third]),
            order.map(|one| data(&[one])).concat(),
            data(&[first, second, third, first]),
        ] {
            let (keys, beside) = subjects(&info);
            assert_eq!(keys, ["CN=IdP"], "{info}");
            assert_eq!(beside, ["CN=Middle", "CN=Top"], "{info}");
        }
    }
    let (keys, beside) = subjects(&data(&[&top]));
    assert_eq!((keys, beside.len()), (vec!["CN=Top".to_owned()], 0), "alone it is the IdP's");
}

#[test]
fn of_certificates_that_do_not_belong_together_the_first_usable_has_the_key() {
    let made = Authority::new();
    let one = made.issue("one", "/CN=One", None, P256);
    let other = made.issue("other", "/CN=Other", None, P256);
    let renewed = made.issue("renewed", "/CN=One", None, P256);
    let weak = made.issue("weak", "/CN=Weak", None, RSA_1024);
    assert_eq!(subjects(&data(&[&one, &other])).0, ["CN=One"]);
    assert_eq!(subjects(&data(&[&other, &one])).0, ["CN=Other"]);
    assert_eq!(subjects(&data(&[&weak, &other])).0, ["CN=Other"]);
    let broken = "<ds:X509Data><ds:X509Certificate>AAAA</ds:X509Certificate>";
    let info = data(&[&one]).replacen("<ds:X509Data>", broken, 1);
    assert_eq!(subjects(&info).0, ["CN=One"]);
    // Certificates that vouch for themselves are in no chain, whatever they are called.
    let idp = parse(&descriptor("", &data(&[&one, &renewed]))).unwrap();
    let kept: Vec<_> = idp.signing_keys.iter().filter_map(|key| key.certificate()).collect();
    assert_eq!(kept.len(), 1);
    assert_eq!(kept[0].der(), one.der());
    let two = descriptor("", &data(&[&one])) + &descriptor("", &data(&[&other]));
    assert_eq!(parse(&two).unwrap().signing_keys.len(), 2, "two descriptors are two keys");
}

#[test]
fn no_authority_signs_for_an_idp_whose_own_key_cannot_be_used() {
    let made = Authority::new();
    let top = made.issue("top", "/CN=Top", None, P256);
    let weak = made.issue("weak", "/CN=IdP", Some("top"), RSA_1024);
    for order in [[&top, &weak], [&weak, &top]] {
        let error = parse(&descriptor("signing", &data(&order))).unwrap_err().to_string();
        assert!(error.contains("cannot be used here"), "{error}");
    }
}

#[test]
fn authorities_that_vouch_for_each_other_are_no_endless_chain() {
    let made = Authority::new();
    made.issue("a", "/CN=A", None, P256);
    made.issue("b", "/CN=B", None, P256);
    let a = made.issue("a-by-b", "/CN=A", Some("b"), P256);
    let b = made.issue("b-by-a", "/CN=B", Some("a"), P256);
    assert_eq!(subjects(&data(&[&a, &b])).0.len(), 1);
}

#[test]
fn the_certificate_of_a_key_is_that_of_the_idp_with_its_own_date() {
    let xml = include_bytes!("../vectors/chains/signed-by-the-authority/metadata.xml");
    let idp = IdpMetadata::parse(xml, None).unwrap();
    let [key] = &idp.signing_keys[..] else { panic!("{:?}", idp.signing_keys) };
    let certificate = key.certificate().unwrap();
    assert!(certificate.sha256_fingerprint().starts_with("b67c3ba6711489fa"));
    let end = certificate.not_after().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    assert_eq!(end / 86_400, 22_431, "2031-06-01");
    let [authority] = &idp.beside_keys[..] else { panic!("{:?}", idp.beside_keys) };
    assert!(authority.sha256_fingerprint().starts_with("02a36d7d08cb0e4f"));
}
