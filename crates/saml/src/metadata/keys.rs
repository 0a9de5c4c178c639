//! Keys of an IdP: certificates, and bare keys as LemonLDAP::NG and some federations publish them.

use std::collections::HashSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::MD;
use super::chains::the_one;
use crate::dsig::DS;
use crate::key::{Certificate, KeyError, Piece, TrustedKey, pieces_of_text};
use crate::xml::Element;

/// A key as it is kept: a certificate, or a bare SubjectPublicKeyInfo (RFC 5280 §4.1.2.7).
#[derive(Clone, Debug)]
pub struct IdpKey {
    der: Vec<u8>,
    certificate: Option<Certificate>,
}

impl IdpKey {
    /// Reads base64 of DER with white space in it, as settings hold it.
    ///
    /// # Errors
    /// When it is neither, or a kind of key that cannot verify here.
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
    /// [`KeyError::Unsupported`] and [`KeyError::TooShort`].
    pub fn key(&self) -> Result<TrustedKey, KeyError> {
        match &self.certificate {
            Some(certificate) => certificate.key(),
            None => TrustedKey::from_spki_der(&self.der),
        }
    }

    pub(super) fn of_certificate(certificate: Certificate) -> Result<Self, KeyError> {
        certificate.key()?;
        Ok(IdpKey { der: certificate.der().to_owned(), certificate: Some(certificate) })
    }

    pub(super) fn of_public_key(der: Vec<u8>) -> Result<Self, KeyError> {
        TrustedKey::from_spki_der(&der)?;
        Ok(IdpKey { der, certificate: None })
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
#[derive(Default)]
pub(super) struct SigningKeys {
    /// Those that may sign, each once.
    pub(super) keys: Vec<IdpKey>,
    /// Certificates beside theirs, each once.
    pub(super) beside: Vec<Certificate>,
    /// X509Certificate elements that hold several.
    pub(super) crowded: usize,
}

/// Keys for signing; without `use` a key serves both purposes (saml-metadata §2.4.1.1). Keys of a
/// kind that cannot verify here are passed over.
///
/// # Errors
/// [`NoneUsable`].
pub(super) fn signing(role: Element<'_>) -> Result<SigningKeys, NoneUsable> {
    let mut found = SigningKeys::default();
    let (mut names, mut others) = (HashSet::new(), HashSet::new());
    let (mut encryption, mut unusable) = (0, Vec::new());
    for descriptor in role.children_named(MD, "KeyDescriptor") {
        if descriptor.attribute("use").is_some_and(|purpose| purpose != "signing") {
            encryption += 1;
            continue;
        }
        for key in keys_of(descriptor, &mut others, &mut found) {
            match key.and_then(|key| Ok((key.key()?.sha256().to_owned(), key))) {
                Ok((name, key)) => found.keys.extend(names.insert(name).then_some(key)),
                Err(reason) => unusable.push(reason),
            }
        }
    }
    if !found.keys.is_empty() {
        return Ok(found);
    }
    Err(NoneUsable(match (encryption, unusable.as_slice()) {
        (0, []) => String::new(),
        (_, []) => "; it names keys for encryption only".to_owned(),
        (_, [first, ..]) => format!("; {} cannot be used here: {first}", unusable.len()),
    }))
}

/// What one KeyDescriptor names. Certificates first: a bare key beside them says the same with less.
fn keys_of(
    descriptor: Element<'_>,
    others: &mut HashSet<String>,
    found: &mut SigningKeys,
) -> Vec<Result<IdpKey, KeyError>> {
    let infos = || descriptor.children_named(DS, "KeyInfo");
    let all: Vec<Vec<Result<Certificate, KeyError>>> = infos()
        .flat_map(|info| info.children_named(DS, "X509Data"))
        .map(|data| {
            let texts = data.children_named(DS, "X509Certificate");
            texts.flat_map(|text| certificates_of(text, &mut found.crowded)).collect()
        })
        .collect();
    // Whatever stands in one KeyInfo speaks of one key, also in several X509Data (xmldsig-core §4.5).
    let together: Vec<&Certificate> = all.iter().flatten().flatten().collect();
    let mut keys: Vec<Result<IdpKey, KeyError>> = Vec::new();
    let mut ends = HashSet::new();
    for data in all.iter().filter(|data| !data.is_empty()) {
        let end = the_one(data, &together);
        ends.extend(end.iter().map(|end| end.sha256_fingerprint()));
        keys.push(end.and_then(|end| IdpKey::of_certificate(end.clone())));
    }
    for certificate in together {
        let name = certificate.sha256_fingerprint();
        if !ends.contains(&name) && others.insert(name) {
            found.beside.push(certificate.clone());
        }
    }
    let bare = infos().flat_map(|info| info.children()).filter_map(super::spki::of);
    keys.extend(bare.map(|der| IdpKey::of_public_key(der.ok_or(KeyError::Unsupported)?)));
    keys
}

/// The certificates of an X509Certificate. There is one (xmldsig-core §4.5.4), but people paste chains
/// and whole PEM files there.
fn certificates_of(
    element: Element<'_>,
    crowded: &mut usize,
) -> Vec<Result<Certificate, KeyError>> {
    let pieces = match pieces_of_text(&element.text().unwrap_or_default()) {
        Ok(pieces) => pieces,
        Err(reason) => return vec![Err(reason)],
    };
    *crowded += usize::from(pieces.len() > 1);
    let certificate = |piece| match piece {
        Piece::Certificate(certificate) => Ok(*certificate),
        Piece::PublicKey(_) | Piece::RsaPublicKey(_) => Err(KeyError::NotACertificate),
    };
    pieces.into_iter().map(certificate).collect()
}
