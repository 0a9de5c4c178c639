//! Our own signatures.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature as crypto;

use super::KeyError;

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
