//! Keys of an IdP: certificates, and bare keys as LemonLDAP::NG and some federations publish them.

use std::collections::HashSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::MD;
use crate::dsig::DS;
use crate::key::{Certificate, KeyError, TrustedKey};
use crate::xml::Element;

/// A key as it is kept: a certificate, or a bare SubjectPublicKeyInfo (RFC 5280 §4.1.2.7).
#[derive(Clone, Debug)]
pub struct IdpKey {
    der: Vec<u8>,
    certificate: Option<Certificate>,
}

impl IdpKey {
    /// Reads a certificate or a public key: DER, PEM, or the base64 of DER that consoles show.
    ///
    /// # Errors
    /// When it is neither, or a kind of key that cannot verify here.
    pub fn read(bytes: &[u8]) -> Result<Self, KeyError> {
        let text = std::str::from_utf8(bytes).ok();
        match text {
            Some(text) if text.contains("-----BEGIN ") => Self::from_pem(text),
            Some(text) => Self::from_base64(text),
            None => Self::from_der(bytes.to_vec()),
        }
    }

    /// Reads base64 of DER with white space in it, as settings and metadata hold it.
    ///
    /// # Errors
    /// As [`IdpKey::read`].
    pub fn from_base64(text: &str) -> Result<Self, KeyError> {
        let plain: String = text.split_ascii_whitespace().collect();
        Self::from_der(STANDARD.decode(plain).map_err(|_| KeyError::NotACertificate)?)
    }

    /// base64 of DER, as the settings keep it.
    pub fn to_base64(&self) -> String {
        STANDARD.encode(&self.der)
    }

    /// The certificate around it, if there is one.
    pub fn certificate(&self) -> Option<&Certificate> {
        self.certificate.as_ref()
    }

    /// The key for verification.
    ///
    /// # Errors
    /// [`KeyError::Unsupported`].
    pub fn key(&self) -> Result<TrustedKey, KeyError> {
        match &self.certificate {
            Some(certificate) => certificate.key(),
            None => TrustedKey::from_spki_der(&self.der),
        }
    }

    /// The text between the first two armour lines of a kind that is understood.
    fn from_pem(text: &str) -> Result<Self, KeyError> {
        for kind in ["CERTIFICATE", "PUBLIC KEY"] {
            let (begin, end) = (format!("-----BEGIN {kind}-----"), format!("-----END {kind}-----"));
            let found = text.split_once(&begin).and_then(|(_, rest)| rest.split_once(&end));
            if let Some((body, _)) = found {
                return Self::from_base64(body);
            }
        }
        Err(KeyError::NotACertificate)
    }

    fn from_der(der: Vec<u8>) -> Result<Self, KeyError> {
        let certificate = Certificate::from_pem_or_der(&der).ok();
        let key = IdpKey { der, certificate };
        match key.key() {
            Ok(_) => Ok(key),
            // What is no certificate and no key either was meant to be a certificate.
            Err(_) if key.certificate.is_none() => Err(KeyError::NotACertificate),
            Err(error) => Err(error),
        }
    }
}

/// No key is left that may sign; what stands there instead, as the end of a sentence.
pub(super) struct NoneUsable(pub(super) String);

/// What the keys of a role say.
pub(super) struct SigningKeys {
    /// Those that may sign, each once.
    pub(super) keys: Vec<IdpKey>,
    /// Certificates beside theirs, each once.
    pub(super) beside: Vec<Certificate>,
}

/// Keys for signing; without `use` a key serves both purposes (saml-metadata §2.4.1.1). Keys of a
/// kind that cannot verify here are passed over.
///
/// # Errors
/// [`NoneUsable`].
pub(super) fn signing(role: Element<'_>) -> Result<SigningKeys, NoneUsable> {
    let mut found = SigningKeys { keys: Vec::new(), beside: Vec::new() };
    let (mut names, mut others) = (HashSet::new(), HashSet::new());
    let (mut encryption, mut unusable) = (0, 0);
    for descriptor in role.children_named(MD, "KeyDescriptor") {
        if descriptor.attribute("use").is_some_and(|purpose| purpose != "signing") {
            encryption += 1;
            continue;
        }
        for key in keys_of(descriptor, &mut others, &mut found.beside) {
            match key.and_then(|key| Some((key.key().ok()?.sha256().to_owned(), key))) {
                Some((name, key)) => found.keys.extend(names.insert(name).then_some(key)),
                None => unusable += 1,
            }
        }
    }
    if !found.keys.is_empty() {
        return Ok(found);
    }
    Err(NoneUsable(match (encryption, unusable) {
        (0, 0) => String::new(),
        (_, 0) => "; it names keys for encryption only".to_owned(),
        _ => format!(
            "; {unusable} cannot be used here: RSA from 2048 bits and P-256, P-384, P-521 can"
        ),
    }))
}

/// What one KeyDescriptor names; `None` for what cannot be used. Certificates first: a bare key beside
/// them says the same with less.
fn keys_of(
    descriptor: Element<'_>,
    others: &mut HashSet<String>,
    beside: &mut Vec<Certificate>,
) -> Vec<Option<IdpKey>> {
    let infos = descriptor.children_named(DS, "KeyInfo");
    let all: Vec<Vec<Option<Certificate>>> = infos
        .flat_map(|info| info.children_named(DS, "X509Data"))
        .map(|data| {
            let texts = data.children_named(DS, "X509Certificate");
            texts
                .map(|text| Certificate::from_base64(&text.text().unwrap_or_default()).ok())
                .collect()
        })
        .collect();
    // Whatever stands in one KeyInfo speaks of one key, also in several X509Data (xmldsig-core §4.5).
    let together: Vec<&Certificate> = all.iter().flatten().flatten().collect();
    let mut keys: Vec<Option<IdpKey>> = Vec::new();
    let mut ends = HashSet::new();
    for data in all.iter().filter(|data| !data.is_empty()) {
        let end = the_one(data, &together);
        ends.extend(end.map(Certificate::sha256_fingerprint));
        keys.push(end.and_then(|end| IdpKey::from_der(end.der().to_vec()).ok()));
    }
    for certificate in together {
        let name = certificate.sha256_fingerprint();
        if !ends.contains(&name) && others.insert(name) {
            beside.push(certificate.clone());
        }
    }
    let infos = descriptor.children_named(DS, "KeyInfo");
    keys.extend(infos.flat_map(|info| info.children()).filter_map(super::spki::of).map(|der| {
        let key = IdpKey { der: der?, certificate: None };
        key.key().is_ok().then_some(key)
    }));
    keys
}

/// The certificate of the key that an X509Data means: the first usable one; or the end of the chain
/// that begins there, when that one issued another (xmldsig-core §4.5.4: all certificates contain the
/// key or belong to a chain that ends with it). So no authority's key signs, in whatever order they
/// stand, nor when the end of its chain cannot be used.
fn the_one<'a>(
    data: &'a [Option<Certificate>],
    together: &[&'a Certificate],
) -> Option<&'a Certificate> {
    let mut end = data.iter().flatten().find(|certificate| certificate.key().is_ok())?;
    // Authorities can vouch for each other: no chain is longer than its certificates are many.
    for _ in together {
        match together.iter().find(|other| other.is_issued_by(end)) {
            Some(issued) => end = issued,
            None => break,
        }
    }
    Some(end)
}
