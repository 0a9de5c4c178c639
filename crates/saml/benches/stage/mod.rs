//! The messages whose cost is measured: by the bench in time, by a test in instructions and
//! allocations. Keys are the fixtures', so that counts stay the same from run to run.

use std::fs;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::cipher::{AES_128, EncryptingKey, EncryptionContext, UnboundCipherKey};
use aws_lc_rs::iv::FixedLength;
use aws_lc_rs::rsa::{
    OAEP_SHA1_MGF1SHA1, OaepPrivateDecryptingKey, OaepPublicEncryptingKey, PrivateDecryptingKey,
};
use aws_lc_rs::signature::{ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustls_pki_types::PrivatePkcs8KeyDer;
use rustls_pki_types::pem::PemObject as _;
use saml::dsig::{SigningKey, sign_enveloped};
use saml::{
    Certificate, DecryptionKey, Expected, RawResponse, Rejection, ServiceProvider, TrustedIdp,
    VerifiedAssertion, accept,
};
use testkit::Key;

const ACS: &str = "https://jira.example.org/plugins/servlet/saml/auth";
const IDP: &str = "https://idp.example.org/";

/// How an assertion is encrypted in these messages, always with a content key of these bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cipher {
    Gcm,
    Cbc,
}

/// Who takes the messages.
pub(crate) struct Stage {
    idp: TrustedIdp,
    signing: SigningKey,
    decryption: Vec<DecryptionKey>,
    private: OaepPrivateDecryptingKey,
    public: OaepPublicEncryptingKey,
    verifying: ParsedPublicKey,
}

impl Stage {
    pub(crate) fn new() -> Self {
        let pem = fs::read(Key::Rsa2048.private_path()).expect("the fixture's key");
        let der = PrivatePkcs8KeyDer::from_pem_slice(&pem).expect("PKCS#8");
        let der = der.secret_pkcs8_der();
        let certificate = Certificate::from_pem_or_der(Key::Rsa2048.certificate_pem().as_bytes());
        let certificate = certificate.expect("the fixture's certificate");
        let private = PrivateDecryptingKey::from_pkcs8(der).expect("a private key");
        let spki = aws_lc_rs::encoding::AsDer::<aws_lc_rs::encoding::PublicKeyX509Der<'_>>::as_der(
            &private.public_key(),
        );
        let spki = spki.expect("a public key");
        Stage {
            idp: TrustedIdp {
                entity_id: IDP.to_owned(),
                keys: vec![certificate.key().expect("an RSA key")],
                allow_sha1: false,
            },
            signing: SigningKey::from_pkcs8_der(der).expect("a signing key"),
            decryption: vec![DecryptionKey::from_pkcs8_der(der).expect("a decryption key")],
            public: OaepPublicEncryptingKey::new(private.public_key()).expect("a public key"),
            private: OaepPrivateDecryptingKey::new(private).expect("a private key"),
            verifying: ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, spki.as_ref())
                .expect("the key"),
        }
    }

    /// From the posted text to the verified assertion, or to the refusal.
    pub(crate) fn accept(&self, posted: &str) -> Result<VerifiedAssertion, Rejection> {
        let raw = RawResponse::from_post_value(posted)?;
        let sp = ServiceProvider {
            entity_id: "https://jira.example.org/",
            acs_url: ACS,
            decryption_keys: &self.decryption,
        };
        accept(&raw, &self.idp, &sp, Expected::Request("_r"), now(), Duration::from_secs(180))
    }

    /// A response with so many group values, its assertion signed, as XML.
    pub(crate) fn signed(&self, groups: usize) -> String {
        self.sign(&response(groups))
    }

    pub(crate) fn sign(&self, response: &str) -> String {
        let certificate = STANDARD.decode(Key::Rsa2048.certificate_base64()).expect("base64");
        sign_enveloped(response, "_a", &self.signing, &certificate).expect("it signs")
    }

    /// The same response with its assertion encrypted.
    pub(crate) fn encrypted(&self, signed: &str, cipher: Cipher) -> String {
        self.encrypted_with(signed, assertion_in(signed), cipher)
    }

    /// The same with something else in the place of the assertion.
    pub(crate) fn encrypted_with(&self, signed: &str, plain: &str, cipher: Cipher) -> String {
        let (uri, content_key) = match cipher {
            Cipher::Gcm => ("http://www.w3.org/2009/xmlenc11#aes256-gcm", [7; 32].as_slice()),
            Cipher::Cbc => ("http://www.w3.org/2001/04/xmlenc#aes128-cbc", [7; 16].as_slice()),
        };
        let content = match cipher {
            Cipher::Gcm => gcm(content_key, plain),
            Cipher::Cbc => cbc(content_key, plain),
        };
        let encrypted = format!(
            "<saml:EncryptedAssertion><e:EncryptedData xmlns:e=\"{XENC}\" Type=\"{XENC}Element\">\
             <e:EncryptionMethod Algorithm=\"{uri}\"/><KeyInfo xmlns=\"http://www.w3.org/2000/09/\
             xmldsig#\"><e:EncryptedKey><e:EncryptionMethod Algorithm=\"{XENC}rsa-oaep-mgf1p\"/>\
             <e:CipherData><e:CipherValue>{}</e:CipherValue></e:CipherData></e:EncryptedKey>\
             </KeyInfo><e:CipherData><e:CipherValue>{}</e:CipherValue></e:CipherData>\
             </e:EncryptedData></saml:EncryptedAssertion>",
            STANDARD.encode(self.wrap(content_key)),
            STANDARD.encode(content)
        );
        signed.replacen(assertion_in(signed), &encrypted, 1)
    }

    fn wrap(&self, content_key: &[u8]) -> Vec<u8> {
        let mut wrapped = vec![0; self.public.ciphertext_size()];
        self.public
            .encrypt(&OAEP_SHA1_MGF1SHA1, content_key, &mut wrapped, None)
            .expect("it encrypts");
        wrapped
    }

    /// What the crypto library alone costs for `signed`: one verification, and the digest of the
    /// canonical bytes. Run it as often as it is to be measured.
    pub(crate) fn floor(&self, signed: &str) -> impl FnMut() + use<'_> {
        let assertion = assertion_in(signed);
        let start = assertion.find("<ds:Signature").expect("a signature");
        let end = assertion.find("</ds:Signature>").expect("its end") + "</ds:Signature>".len();
        let bytes = vec![b'x'; assertion.len() - (end - start)];
        move || {
            std::hint::black_box(aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &bytes));
            // The time does not depend on whether it verifies.
            let _ = std::hint::black_box(self.verifying.verify_sig(&bytes[..700], &[1; 256]));
        }
    }

    /// The same with what decrypting costs: one private-key operation and the content.
    pub(crate) fn floor_encrypted(&self, signed: &str) -> impl FnMut() + use<'_> {
        let mut verify = self.floor(signed);
        let wrapped = self.wrap(&[7; 32]);
        let sealed = gcm(&[7; 32], assertion_in(signed));
        move || {
            let mut key = [0; 256];
            let key = self.private.decrypt(&OAEP_SHA1_MGF1SHA1, &wrapped, &mut key, None);
            let key = UnboundKey::new(&AES_256_GCM, key.expect("it decrypts")).expect("a key");
            let nonce = Nonce::try_assume_unique_for_key(&sealed[..12]).expect("a nonce");
            let mut content = sealed[12..].to_vec();
            let plain = LessSafeKey::new(key).open_in_place(nonce, Aad::empty(), &mut content);
            std::hint::black_box(plain.expect("it decrypts").len());
            verify();
        }
    }
}

/// The moment at which the messages are taken.
fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_800_000_000)
}

pub(crate) fn post(xml: &str) -> String {
    STANDARD.encode(xml)
}

/// The assertion of a message.
pub(crate) fn assertion_in(signed: &str) -> &str {
    let end = "</saml:Assertion>";
    let start = signed.find("<saml:Assertion").expect("an assertion");
    &signed[start..signed.find(end).expect("its end") + end.len()]
}

fn gcm(key: &[u8], plain: &str) -> Vec<u8> {
    let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key).expect("a key"));
    let mut sealed = plain.as_bytes().to_vec();
    let nonce = Nonce::assume_unique_for_key([9; 12]);
    key.seal_in_place_append_tag(nonce, Aad::empty(), &mut sealed).expect("it encrypts");
    [[9; 12].as_slice(), &sealed].concat()
}

fn cbc(key: &[u8], plain: &str) -> Vec<u8> {
    let key = UnboundCipherKey::new(&AES_128, key).expect("a key");
    let mut blocks = plain.as_bytes().to_vec();
    let padding = 16 - blocks.len() % 16;
    blocks.resize(blocks.len() + padding, padding as u8);
    let context = EncryptionContext::Iv128(FixedLength::from(&[9; 16]));
    let key = EncryptingKey::cbc(key).expect("a key");
    key.less_safe_encrypt(&mut blocks, context).expect("it encrypts");
    [[9; 16].as_slice(), &blocks].concat()
}

/// A response of usual content: eleven attributes beside the groups.
pub(crate) fn response(groups: usize) -> String {
    let (now, end) = ("2027-01-15T08:00:00Z", "2027-01-15T08:05:00Z");
    let groups: String = (0..groups)
        .map(|n| format!("<saml:AttributeValue>group-{n}</saml:AttributeValue>"))
        .collect();
    let others: String = (0..11)
        .map(|n| {
            format!(
                "<saml:Attribute Name=\"http://schemas.example.org/identity/claims/number-{n}\" \
                 NameFormat=\"urn:oasis:names:tc:SAML:2.0:attrname-format:uri\"><saml:AttributeValue>\
                 a value of usual length, number {n}</saml:AttributeValue></saml:Attribute>"
            )
        })
        .collect();
    format!(
        "<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" \
         xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"_b\" Version=\"2.0\" \
         IssueInstant=\"{now}\" Destination=\"{ACS}\" InResponseTo=\"_r\"><saml:Issuer>\
         {IDP}</saml:Issuer><samlp:Status><samlp:StatusCode \
         Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\"/></samlp:Status><saml:Assertion \
         ID=\"_a\" Version=\"2.0\" IssueInstant=\"{now}\"><saml:Issuer>{IDP}\
         </saml:Issuer><saml:Subject><saml:NameID>camilla</saml:NameID><saml:SubjectConfirmation \
         Method=\"urn:oasis:names:tc:SAML:2.0:cm:bearer\"><saml:SubjectConfirmationData \
         InResponseTo=\"_r\" NotOnOrAfter=\"{end}\" Recipient=\"{ACS}\"/></saml:SubjectConfirmation>\
         </saml:Subject><saml:Conditions NotBefore=\"{now}\" NotOnOrAfter=\"{end}\">\
         <saml:AudienceRestriction><saml:Audience>https://jira.example.org/</saml:Audience>\
         </saml:AudienceRestriction></saml:Conditions><saml:AuthnStatement AuthnInstant=\"{now}\" \
         SessionIndex=\"_s\"><saml:AuthnContext><saml:AuthnContextClassRef>\
         urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef>\
         </saml:AuthnContext></saml:AuthnStatement><saml:AttributeStatement>{others}<saml:Attribute \
         Name=\"groups\">{groups}</saml:Attribute></saml:AttributeStatement></saml:Assertion>\
         </samlp:Response>"
    )
}

const XENC: &str = "http://www.w3.org/2001/04/xmlenc#";
