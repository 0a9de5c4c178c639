//! Private keys that unwrap content keys.

use aws_lc_rs::digest;
use aws_lc_rs::encoding::{AsDer as _, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rsa::{self, OaepPrivateDecryptingKey, PrivateDecryptingKey};
use rustls_pki_types::PrivateKeyDer;
use rustls_pki_types::pem::PemObject as _;
use zeroize::Zeroizing;

use super::oaep::MixedHashes;
use super::{DigestAlgorithm, KeyError, hex};

/// A private RSA key for what IdPs encrypt to us; several at once make rotation seamless.
pub struct DecryptionKey {
    key: OaepPrivateDecryptingKey,
    /// The same key for two different hashes.
    mixed: MixedHashes,
    /// Made of the key: known to nobody without it.
    secret: Zeroizing<Vec<u8>>,
    sha256: String,
}

impl DecryptionKey {
    /// Reads PKCS#8 in DER.
    ///
    /// # Errors
    /// [`KeyError::NotForDecryption`].
    pub fn from_pkcs8_der(der: &[u8]) -> Result<Self, KeyError> {
        let refused = |_| KeyError::NotForDecryption;
        let key = PrivateDecryptingKey::from_pkcs8(der).map_err(refused)?;
        let public = key.public_key();
        let spki: PublicKeyX509Der<'_> = public.as_der().map_err(|_| KeyError::NotForDecryption)?;
        let sha256 = hex(digest::digest(&digest::SHA256, spki.as_ref()).as_ref());
        let key = OaepPrivateDecryptingKey::new(key).map_err(|_| KeyError::NotForDecryption)?;
        let mixed = MixedHashes::from_pkcs8_der(der).ok_or(KeyError::NotForDecryption)?;
        let secret = digest::digest(&digest::SHA256, der).as_ref().to_vec();
        Ok(DecryptionKey { key, mixed, secret: Zeroizing::new(secret), sha256 })
    }

    /// Reads the first private key of a PEM file: `PRIVATE KEY` or `RSA PRIVATE KEY`.
    ///
    /// # Errors
    /// [`KeyError::NotForDecryption`].
    pub fn from_pem(pem: &[u8]) -> Result<Self, KeyError> {
        let refused = |_| KeyError::NotForDecryption;
        match PrivateKeyDer::from_pem_slice(pem).map_err(|_| KeyError::NotForDecryption)? {
            PrivateKeyDer::Pkcs8(der) => Self::from_pkcs8_der(der.secret_pkcs8_der()),
            PrivateKeyDer::Pkcs1(der) => {
                let pair = rsa::KeyPair::from_der(der.secret_pkcs1_der()).map_err(refused)?;
                let der: Pkcs8V1Der<'_> = pair.as_der().map_err(|_| KeyError::NotForDecryption)?;
                Self::from_pkcs8_der(der.as_ref())
            }
            _ => Err(KeyError::NotForDecryption),
        }
    }

    /// SHA-256 of its SubjectPublicKeyInfo in hexadecimal.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// How many bytes an encrypted key for it has.
    pub(crate) fn size(&self) -> usize {
        self.key.key_size_bytes()
    }

    /// Decrypts a content key of `length` bytes into `out`; `None` when it cannot be, whatever the
    /// cause is.
    pub(crate) fn unwrap(&self, scheme: Oaep, wrapped: &[u8], length: usize) -> Option<Unwrapped> {
        let mut out = Zeroizing::new(vec![0; self.size()]);
        let unwrapped = match scheme.safe_algorithm() {
            Some(algorithm) => self.key.decrypt(algorithm, wrapped, &mut out, None).ok()?.len(),
            None => self.mixed.decrypt(scheme.digest, scheme.mgf1, wrapped, &mut out)?,
        };
        (unwrapped == length).then_some(())?;
        out.truncate(length);
        Some(out)
    }

    /// Stands in for a content key that could not be unwrapped: nobody without the private key can
    /// tell it, and the same message gives the same one (implicit rejection).
    pub(crate) fn stand_in(&self, wrapped: &[u8], length: usize) -> Unwrapped {
        let mut context = digest::Context::new(&digest::SHA256);
        context.update(&self.secret);
        context.update(wrapped);
        let mut key = context.finish().as_ref().to_vec();
        key.truncate(length);
        Zeroizing::new(key)
    }
}

impl std::fmt::Debug for DecryptionKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DecryptionKey").field("sha256", &self.sha256).finish_non_exhaustive()
    }
}

/// A content key in the clear; wiped when dropped.
type Unwrapped = Zeroizing<Vec<u8>>;

/// How a content key is wrapped: RSAES-OAEP with its two hashes (RFC 8017 §7.1), no label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Oaep {
    pub(crate) digest: DigestAlgorithm,
    pub(crate) mgf1: DigestAlgorithm,
}

impl Oaep {
    /// The library's own algorithm, when both hashes are the same.
    fn safe_algorithm(self) -> Option<&'static rsa::OaepAlgorithm> {
        if self.digest != self.mgf1 {
            return None;
        }
        Some(match self.digest {
            DigestAlgorithm::Sha1 => &rsa::OAEP_SHA1_MGF1SHA1,
            DigestAlgorithm::Sha256 => &rsa::OAEP_SHA256_MGF1SHA256,
            DigestAlgorithm::Sha384 => &rsa::OAEP_SHA384_MGF1SHA384,
            DigestAlgorithm::Sha512 => &rsa::OAEP_SHA512_MGF1SHA512,
        })
    }
}
