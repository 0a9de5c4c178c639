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

/// Keys for signing; without `use` a key serves both purposes (saml-metadata §2.4.1.1). Keys of a
/// kind that cannot verify here are passed over.
///
/// # Errors
/// [`NoneUsable`].
pub(super) fn signing(role: Element<'_>) -> Result<Vec<IdpKey>, NoneUsable> {
    let mut found = Vec::new();
    let mut names = HashSet::new();
    let (mut encryption, mut unusable) = (0, 0);
    for descriptor in role.children_named(MD, "KeyDescriptor") {
        if descriptor.attribute("use").is_some_and(|purpose| purpose != "signing") {
            encryption += 1;
            continue;
        }
        let infos = descriptor.children_named(DS, "KeyInfo");
        // Certificates first: a bare key beside them says the same with less.
        let certificates = infos
            .flat_map(|info| info.children_named(DS, "X509Data"))
            .flat_map(|data| data.children_named(DS, "X509Certificate"))
            .map(|text| IdpKey::from_base64(&text.text().unwrap_or_default()).ok());
        let infos = descriptor.children_named(DS, "KeyInfo");
        let bare = infos.flat_map(|info| info.children()).filter_map(super::spki::of).map(|der| {
            let key = IdpKey { der: der?, certificate: None };
            key.key().is_ok().then_some(key)
        });
        for key in certificates.chain(bare) {
            match key.and_then(|key| Some((key.key().ok()?.sha256().to_owned(), key))) {
                Some((name, key)) => found.extend(names.insert(name).then_some(key)),
                None => unusable += 1,
            }
        }
    }
    if !found.is_empty() {
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
