//! Certificates: carriers of keys.

use std::time::SystemTime;

use aws_lc_rs::digest;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;
use x509_cert::der::{Decode as _, Encode as _};

use super::{KeyError, TrustedKey, hex};

/// A certificate, for its key and for people.
#[derive(Clone, Debug)]
pub struct Certificate {
    der: Vec<u8>,
    parsed: x509_cert::Certificate,
}

impl Certificate {
    /// Reads PEM (the first certificate in it) or DER.
    ///
    /// # Errors
    /// [`KeyError::NotACertificate`].
    pub fn from_pem_or_der(bytes: &[u8]) -> Result<Self, KeyError> {
        let der = match CertificateDer::from_pem_slice(bytes) {
            Ok(der) => der.to_vec(),
            Err(_) => bytes.to_vec(),
        };
        Self::from_der(&der)
    }

    pub(super) fn from_der(der: &[u8]) -> Result<Self, KeyError> {
        let parsed =
            x509_cert::Certificate::from_der(der).map_err(|_| KeyError::NotACertificate)?;
        Ok(Certificate { der: der.to_owned(), parsed })
    }

    /// Reads base64 of DER with white space in it, as metadata holds it.
    ///
    /// # Errors
    /// [`KeyError::NotACertificate`].
    pub fn from_base64(text: &str) -> Result<Self, KeyError> {
        let plain: String = text.split_ascii_whitespace().collect();
        let der = STANDARD.decode(plain).map_err(|_| KeyError::NotACertificate)?;
        Self::from_pem_or_der(&der)
    }

    /// Its DER form.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// Its subject, as people write it.
    pub fn subject(&self) -> String {
        self.parsed.tbs_certificate().subject().to_string()
    }

    /// Whether its issuer is the subject of `issuer`, which signed it then. What a certificate says of
    /// itself proves nothing; it only orders those that stand together (RFC 5280 §6.1).
    pub(crate) fn is_issued_by(&self, issuer: &Certificate) -> bool {
        let (own, other) = (self.parsed.tbs_certificate(), issuer.parsed.tbs_certificate());
        let is_self_issued = own.issuer() == own.subject();
        !is_self_issued && own.issuer().to_string() == other.subject().to_string()
    }

    /// From when it says it is valid.
    pub fn not_before(&self) -> SystemTime {
        self.parsed.tbs_certificate().validity().not_before.to_system_time()
    }

    /// Until when it says it is valid.
    pub fn not_after(&self) -> SystemTime {
        self.parsed.tbs_certificate().validity().not_after.to_system_time()
    }

    /// SHA-256 of its DER form in hexadecimal.
    pub fn sha256_fingerprint(&self) -> String {
        hex(digest::digest(&digest::SHA256, &self.der).as_ref())
    }

    /// Its key.
    ///
    /// # Errors
    /// [`KeyError::Unsupported`].
    pub fn key(&self) -> Result<TrustedKey, KeyError> {
        let spki = self.parsed.tbs_certificate().subject_public_key_info().to_der();
        TrustedKey::from_spki_der(&spki.map_err(|_| KeyError::NotACertificate)?)
    }
}
