//! Public keys that may verify signatures.

use aws_lc_rs::digest;
use aws_lc_rs::signature as crypto;
use x509_cert::der::asn1::{AnyRef, BitStringRef, ObjectIdentifier, UintRef};
use x509_cert::der::{Decode as _, Reader as _, SliceReader};
use x509_cert::spki::SubjectPublicKeyInfo;

use super::{KeyError, SignatureAlgorithm, hex};

/// A public key that may verify signatures, parsed once for every algorithm of its family.
#[derive(Debug)]
pub struct TrustedKey {
    parsed: Vec<(&'static Verification, crypto::ParsedPublicKey)>,
    sha256: String,
    /// Bytes of a signature.
    signature_length: usize,
}

impl TrustedKey {
    /// The key of a certificate.
    ///
    /// # Errors
    /// See [`KeyError`].
    pub fn from_certificate_der(der: &[u8]) -> Result<Self, KeyError> {
        super::Certificate::from_pem_or_der(der)?.key()
    }

    /// The key of a SubjectPublicKeyInfo (RFC 5280 §4.1.2.7).
    ///
    /// # Errors
    /// [`KeyError::Unsupported`] and [`KeyError::TooShort`].
    pub fn from_spki_der(der: &[u8]) -> Result<Self, KeyError> {
        let signature_length = match kind(der).ok_or(KeyError::Unsupported)? {
            Kind::Rsa { bits } if bits < 2048 => return Err(KeyError::TooShort { bits }),
            Kind::Rsa { bits } => bits.div_ceil(8),
            Kind::Curve { signature_length } => signature_length,
        };
        // The key decides the family: an RSA key can never be asked for another's algorithm.
        let parse = |verification: &'static Verification| {
            let parsed = crypto::ParsedPublicKey::new(verification.of, der).ok()?;
            Some((verification, parsed))
        };
        let parsed: Vec<_> = VERIFICATIONS.iter().filter_map(parse).collect();
        if parsed.is_empty() {
            return Err(KeyError::Unsupported);
        }
        let sha256 = hex(digest::digest(&digest::SHA256, der).as_ref());
        Ok(TrustedKey { parsed, sha256, signature_length })
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
        let mut parsed = self.parsed.iter();
        let (verification, key) = parsed.find(|(known, _)| known.algorithm == algorithm)?;
        Some(match verification.coordinate {
            None => key.verify_sig(message, signature).is_ok(),
            Some(length) => ecdsa_der(signature, length)
                .is_some_and(|signature| key.verify_sig(message, &signature).is_ok()),
        })
    }

    /// Checks a signature that cannot be one, with the key's first algorithm.
    pub(crate) fn waste(&self, message: &[u8]) -> bool {
        let Some((verification, _)) = self.parsed.first() else { return false };
        // Within the range of every modulus and curve order, so that no shortcut is taken.
        let signature = vec![1; self.signature_length];
        self.verifies(verification.algorithm, message, &signature) == Some(true)
    }
}

/// One algorithm of the allow-list for one kind of key.
#[derive(Debug)]
struct Verification {
    algorithm: SignatureAlgorithm,
    of: &'static dyn crypto::VerificationAlgorithm,
    /// For ECDSA with a digest that is not the curve's own: bytes of one coordinate. The library
    /// takes these pairs in DER only, and XML Signature writes both numbers side by side.
    coordinate: Option<usize>,
}

const fn plain(
    algorithm: SignatureAlgorithm,
    of: &'static dyn crypto::VerificationAlgorithm,
) -> Verification {
    Verification { algorithm, of, coordinate: None }
}

const fn in_der(
    algorithm: SignatureAlgorithm,
    of: &'static dyn crypto::VerificationAlgorithm,
    coordinate: usize,
) -> Verification {
    Verification { algorithm, of, coordinate: Some(coordinate) }
}

static VERIFICATIONS: &[Verification] = &[
    plain(SignatureAlgorithm::RsaSha256, &crypto::RSA_PKCS1_2048_8192_SHA256),
    plain(SignatureAlgorithm::RsaSha384, &crypto::RSA_PKCS1_2048_8192_SHA384),
    plain(SignatureAlgorithm::RsaSha512, &crypto::RSA_PKCS1_2048_8192_SHA512),
    plain(SignatureAlgorithm::RsaSha1, &crypto::RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY),
    plain(SignatureAlgorithm::RsaPssSha256, &crypto::RSA_PSS_2048_8192_SHA256),
    plain(SignatureAlgorithm::RsaPssSha384, &crypto::RSA_PSS_2048_8192_SHA384),
    plain(SignatureAlgorithm::RsaPssSha512, &crypto::RSA_PSS_2048_8192_SHA512),
    plain(SignatureAlgorithm::EcdsaSha256, &crypto::ECDSA_P256_SHA256_FIXED),
    in_der(SignatureAlgorithm::EcdsaSha384, &crypto::ECDSA_P256_SHA384_ASN1, 32),
    in_der(SignatureAlgorithm::EcdsaSha512, &crypto::ECDSA_P256_SHA512_ASN1, 32),
    in_der(SignatureAlgorithm::EcdsaSha256, &crypto::ECDSA_P384_SHA256_ASN1, 48),
    plain(SignatureAlgorithm::EcdsaSha384, &crypto::ECDSA_P384_SHA384_FIXED),
    in_der(SignatureAlgorithm::EcdsaSha512, &crypto::ECDSA_P384_SHA512_ASN1, 48),
    plain(SignatureAlgorithm::EcdsaSha256, &crypto::ECDSA_P521_SHA256_FIXED),
    plain(SignatureAlgorithm::EcdsaSha384, &crypto::ECDSA_P521_SHA384_FIXED),
    plain(SignatureAlgorithm::EcdsaSha512, &crypto::ECDSA_P521_SHA512_FIXED),
];

/// An ECDSA signature of two numbers side by side (xmldsig-core §6.4.3) as Ecdsa-Sig-Value (RFC
/// 3279 §2.2.3); `None` when its length is not that of the curve.
fn ecdsa_der(signature: &[u8], coordinate: usize) -> Option<Vec<u8>> {
    if signature.len() != 2 * coordinate {
        return None;
    }
    let mut body = Vec::with_capacity(signature.len() + 6);
    for number in signature.chunks_exact(coordinate) {
        let zeros = number.iter().take_while(|byte| **byte == 0).count().min(coordinate - 1);
        let number = number.get(zeros..)?;
        let sign = usize::from(*number.first()? >= 0x80);
        body.extend_from_slice(&[0x02, u8::try_from(number.len() + sign).ok()?]);
        body.extend(std::iter::repeat_n(0, sign));
        body.extend_from_slice(number);
    }
    // At most 104 bytes: the length fits into one byte of the short form.
    let mut der = vec![0x30, u8::try_from(body.len()).ok()?];
    der.append(&mut body);
    Some(der)
}

/// What kind of key it is, as far as its sizes go.
enum Kind {
    Rsa { bits: usize },
    Curve { signature_length: usize },
}

fn kind(spki: &[u8]) -> Option<Kind> {
    const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
    let spki = SubjectPublicKeyInfo::<AnyRef<'_>, BitStringRef<'_>>::from_der(spki).ok()?;
    let key = spki.subject_public_key.as_bytes()?;
    if spki.algorithm.oid != RSA {
        // An uncompressed point: one byte and two numbers, as a signature has two.
        return Some(Kind::Curve { signature_length: key.len().checked_sub(1)? });
    }
    let modulus = SliceReader::new(key).ok()?.sequence(|numbers| {
        let modulus = UintRef::decode(numbers)?;
        UintRef::decode(numbers)?;
        Ok::<_, x509_cert::der::Error>(modulus)
    });
    let modulus = modulus.ok()?.as_bytes();
    Some(Kind::Rsa { bits: 8 * modulus.len() - modulus.first()?.leading_zeros() as usize })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ecdsa_numbers_are_written_in_the_shortest_form() {
        let signature = [[0, 0, 0x80], [0, 0, 0]].concat();
        assert_eq!(ecdsa_der(&signature, 3), Some(vec![0x30, 7, 2, 2, 0, 0x80, 2, 1, 0]));
        assert_eq!(ecdsa_der(&signature, 4), None);
    }
}
