//! Keys and certificates: the only file that names the crypto library.
//!
//! A certificate is a carrier of a key here: its dates and issuer decide nothing (implementation
//! profile IIP-MD12), people are only told of them.

use std::time::SystemTime;

use aws_lc_rs::digest;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature as crypto;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;
use thiserror::Error;
use x509_cert::der::{Decode as _, Encode as _};

use crate::dsig::{DigestAlgorithm, SignatureAlgorithm};

/// Why a key or certificate cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum KeyError {
    /// Neither PEM nor DER of an X.509 certificate.
    #[error("this is no X.509 certificate in PEM or DER form")]
    NotACertificate,
    /// RSA from 2048 to 8192 bits and the curves P-256, P-384 and P-521 are accepted.
    #[error("the key is neither RSA of 2048 to 8192 bits nor on the curves P-256, P-384 or P-521")]
    Unsupported,
    /// The private key cannot be read or used.
    #[error("the private key cannot be used")]
    PrivateKey,
}

/// A public key that may verify signatures, parsed once for every algorithm of its family.
#[derive(Debug)]
pub struct TrustedKey {
    parsed: Vec<(SignatureAlgorithm, crypto::ParsedPublicKey)>,
    sha256: String,
}

impl TrustedKey {
    /// The key of a certificate.
    ///
    /// # Errors
    /// See [`KeyError`].
    pub fn from_certificate_der(der: &[u8]) -> Result<Self, KeyError> {
        Certificate::from_pem_or_der(der)?.key()
    }

    /// The key of a SubjectPublicKeyInfo (RFC 5280 §4.1.2.7).
    ///
    /// # Errors
    /// [`KeyError::Unsupported`].
    pub fn from_spki_der(der: &[u8]) -> Result<Self, KeyError> {
        // The key decides the family: an RSA key can never be asked for another's algorithm.
        let parse = |(algorithm, verification): &Verification| {
            let parsed = crypto::ParsedPublicKey::new(*verification, der).ok()?;
            Some((*algorithm, parsed))
        };
        let parsed: Vec<_> = VERIFICATIONS.iter().filter_map(parse).collect();
        if parsed.is_empty() {
            return Err(KeyError::Unsupported);
        }
        Ok(TrustedKey { parsed, sha256: hex(digest::digest(&digest::SHA256, der).as_ref()) })
    }

    /// SHA-256 of the SubjectPublicKeyInfo in hexadecimal.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// Whether the signature over `message` verifies; `None` when the key is of another family.
    pub(crate) fn verifies(
        &self,
        algorithm: SignatureAlgorithm,
        message: &[u8],
        signature: &[u8],
    ) -> Option<bool> {
        let (_, key) = self.parsed.iter().find(|(known, _)| *known == algorithm)?;
        Some(key.verify_sig(message, signature).is_ok())
    }
}

type Verification = (SignatureAlgorithm, &'static dyn crypto::VerificationAlgorithm);

static VERIFICATIONS: &[Verification] = &[
    (SignatureAlgorithm::RsaSha256, &crypto::RSA_PKCS1_2048_8192_SHA256),
    (SignatureAlgorithm::RsaSha384, &crypto::RSA_PKCS1_2048_8192_SHA384),
    (SignatureAlgorithm::RsaSha512, &crypto::RSA_PKCS1_2048_8192_SHA512),
    (SignatureAlgorithm::RsaSha1, &crypto::RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY),
    (SignatureAlgorithm::RsaPssSha256, &crypto::RSA_PSS_2048_8192_SHA256),
    (SignatureAlgorithm::RsaPssSha384, &crypto::RSA_PSS_2048_8192_SHA384),
    (SignatureAlgorithm::RsaPssSha512, &crypto::RSA_PSS_2048_8192_SHA512),
    (SignatureAlgorithm::EcdsaSha256, &crypto::ECDSA_P256_SHA256_FIXED),
    (SignatureAlgorithm::EcdsaSha384, &crypto::ECDSA_P384_SHA384_FIXED),
    (SignatureAlgorithm::EcdsaSha512, &crypto::ECDSA_P521_SHA512_FIXED),
];

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
        let parsed =
            x509_cert::Certificate::from_der(&der).map_err(|_| KeyError::NotACertificate)?;
        Ok(Certificate { der, parsed })
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

/// A private RSA key that signs with SHA-256.
#[derive(Debug)]
pub struct SigningKey {
    pair: crypto::RsaKeyPair,
}

impl SigningKey {
    /// Reads PKCS#8 in DER.
    ///
    /// # Errors
    /// [`KeyError::PrivateKey`].
    pub fn from_pkcs8_der(der: &[u8]) -> Result<Self, KeyError> {
        let pair = crypto::RsaKeyPair::from_pkcs8(der).map_err(|_| KeyError::PrivateKey)?;
        Ok(SigningKey { pair })
    }

    /// The signature over `message`: RSASSA-PKCS1-v1_5 with SHA-256.
    pub(crate) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        let mut signature = vec![0; self.pair.public_modulus_len()];
        // The padding is deterministic; the library asks for a generator all the same.
        self.pair
            .sign(&crypto::RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature)
            .map_err(|_| KeyError::PrivateKey)?;
        Ok(signature)
    }
}

/// A running digest that takes small pieces cheaply.
pub(crate) struct Digest {
    context: digest::Context,
    buffer: [u8; 4096],
    filled: usize,
    length: usize,
}

impl Digest {
    pub(crate) fn new(algorithm: DigestAlgorithm) -> Self {
        let algorithm = match algorithm {
            DigestAlgorithm::Sha1 => &digest::SHA1_FOR_LEGACY_USE_ONLY,
            DigestAlgorithm::Sha256 => &digest::SHA256,
            DigestAlgorithm::Sha384 => &digest::SHA384,
            DigestAlgorithm::Sha512 => &digest::SHA512,
        };
        let context = digest::Context::new(algorithm);
        Digest { context, buffer: [0; 4096], filled: 0, length: 0 }
    }

    pub(crate) fn update(&mut self, bytes: &[u8]) {
        self.length += bytes.len();
        match self.buffer.get_mut(self.filled..self.filled + bytes.len()) {
            Some(free) => {
                free.copy_from_slice(bytes);
                self.filled += bytes.len();
            }
            None => {
                self.context.update(self.buffer.get(..self.filled).unwrap_or_default());
                self.filled = 0;
                match self.buffer.get_mut(..bytes.len()).filter(|_| bytes.len() < 1024) {
                    Some(free) => {
                        free.copy_from_slice(bytes);
                        self.filled = bytes.len();
                    }
                    None => self.context.update(bytes),
                }
            }
        }
    }

    /// The digest and how many bytes it covers.
    pub(crate) fn finish(mut self) -> (digest::Digest, usize) {
        self.context.update(self.buffer.get(..self.filled).unwrap_or_default());
        (self.context.finish(), self.length)
    }
}

/// Equality in constant time.
pub(crate) fn same_bytes(a: &[u8], b: &[u8]) -> bool {
    aws_lc_rs::constant_time::verify_slices_are_equal(a, b).is_ok()
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |nibble: u8| DIGITS.get(usize::from(nibble)).copied().map_or('0', char::from);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}
