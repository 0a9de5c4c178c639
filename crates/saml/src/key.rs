//! Keys, certificates and digests: the only module that names the crypto library.
//!
//! A certificate is a carrier of a key here: its dates and issuer decide nothing (implementation
//! profile IIP-MD12), people are only told of them.

mod algorithm;
mod certificate;
mod content;
mod decryption;
mod der;
mod digest;
mod given;
mod idp;
mod oaep;
mod signing;
mod trusted;

use thiserror::Error;

use crate::given::NotText;

pub(crate) use algorithm::{DigestAlgorithm, SignatureAlgorithm};
pub use certificate::Certificate;
pub(crate) use content::{ContentCipher, Mode};
pub use decryption::DecryptionKey;
pub(crate) use decryption::Oaep;
pub(crate) use der::DerKind;
pub(crate) use digest::Digest;
pub use given::holds_private_key;
pub(crate) use given::{Piece, pieces, pieces_of_text};
pub use idp::TrustedIdp;
pub use signing::SigningKey;
pub use trusted::TrustedKey;

/// Why a key or certificate cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum KeyError {
    /// Neither PEM nor DER of an X.509 certificate.
    #[error("this is no X.509 certificate in PEM or DER form")]
    NotACertificate,
    /// RSA from 2048 to 8192 bits and the curves P-256, P-384 and P-521 are accepted.
    #[error("the key is neither RSA of 2048 to 8192 bits nor on the curves P-256, P-384 or P-521")]
    Unsupported,
    /// An RSA key of fewer than 2048 bits: such keys can be broken (NIST SP 800-131A).
    #[error(
        "the RSA key has {bits} bits, and at least 2048 are needed: give the IdP a new signing \
         certificate, which it can make in its own settings"
    )]
    TooShort {
        /// The bits of its modulus.
        bits: usize,
    },
    /// There is nothing.
    #[error("there is no certificate in it")]
    Empty,
    /// What stands where base64 should is something else.
    #[error("what stands there is not base64: it holds {0:?}")]
    NotBase64(char),
    /// A part is missing, or too much was copied.
    #[error("the certificate was cut off or copied wrongly: get it anew")]
    CutOff,
    /// The bytes are no text, and no DER either.
    #[error(transparent)]
    NotText(#[from] NotText),
    /// XML or HTML.
    #[error("this is XML or HTML and no certificate; metadata is given with --metadata")]
    Markup,
    /// A private key in place of a certificate, or beside one.
    #[error(
        "there is a private key in it ({0}), which was neither stored nor shown: give the \
         certificate alone. Nobody but its owner may have the key: if it is the IdP's, the IdP needs \
         a new one"
    )]
    HoldsPrivateKey(String),
    /// A bundle, and the command that opens it.
    #[error(
        "this is PKCS#7; take the certificates out first: {0} -print_certs -out certificates.pem"
    )]
    Pkcs7(&'static str),
    /// Certificates with their private keys.
    #[error(
        "this is PKCS#12 (.p12, .pfx), which holds private keys too; take the certificates out \
         first: openssl pkcs12 -in FILE -nokeys -out certificates.pem"
    )]
    Pkcs12,
    /// PEM of another kind.
    #[error("this is neither a certificate nor a public key, but {0}")]
    OtherPem(String),
    /// Which of several cannot be used.
    #[error("number {number} in it: {reason}")]
    Number {
        /// Counted from 1.
        number: usize,
        /// What is wrong with it.
        reason: Box<KeyError>,
    },
    /// One key was asked for.
    #[error("there are {0} keys in it; give one")]
    Several(usize),
    /// The private key cannot be read or used.
    #[error("the private key cannot be used")]
    PrivateKey,
    /// A decryption key must be RSA, because XML Encryption wraps content keys with RSA-OAEP.
    #[error("a decryption key is an RSA key of 2048 to 8192 bits in PKCS#8, without a passphrase")]
    NotForDecryption,
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
