//! What DER holds, as far as somebody takes it for a certificate.

use x509_cert::der::asn1::{AnyRef, BitStringRef};
use x509_cert::der::{Decode as _, Reader as _, SliceReader};
use x509_cert::spki::SubjectPublicKeyInfo;

/// A kind of DER, told by its first bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DerKind {
    /// A certificate, a public key, or something that nobody asked for.
    Other,
    /// PKCS#1, PKCS#8 or RFC 5915, with or without a passphrase.
    PrivateKey,
    /// PKCS#7 or CMS: certificates in a bundle.
    Pkcs7,
    /// PKCS#12: certificates with their private keys.
    Pkcs12,
}

impl DerKind {
    /// The kind of what begins with `der`; `None` when that is no sequence.
    pub(crate) fn of(der: &[u8]) -> Option<Self> {
        let content = match der {
            [0x30, 0x82, _, _, content @ ..]
            | [0x30, 0x81 | 0x83, _, content @ ..]
            | [0x30, 0x80, content @ ..] => content,
            // Shorter than 128 bytes: an elliptic key.
            [0x30, length, content @ ..] if usize::from(*length) <= content.len() => content,
            _ => return None,
        };
        let after_version = |version: u8| content.strip_prefix(&[0x02, 0x01, version]);
        Some(match content {
            // An INTEGER 0 stands before an algorithm or a modulus, a 1 before the bytes of a curve's key.
            _ if after_version(0).is_some() => DerKind::PrivateKey,
            _ if after_version(1).is_some_and(|rest| rest.first() == Some(&0x04)) => {
                DerKind::PrivateKey
            }
            [0x30, _, 0x06, _, rest @ ..]
                if PASSPHRASES.iter().any(|start| rest.starts_with(start)) =>
            {
                DerKind::PrivateKey
            }
            _ if content.starts_with(SIGNED_DATA) => DerKind::Pkcs7,
            _ if after_version(3).is_some() => DerKind::Pkcs12,
            _ => DerKind::Other,
        })
    }
}

/// The elements that stand one after the other in `der`; `None` when something else stands there.
pub(super) fn elements(der: &[u8]) -> Option<Vec<&[u8]>> {
    let mut reader = SliceReader::new(der).ok()?;
    let mut all = Vec::new();
    while !reader.is_finished() {
        all.push(reader.tlv_bytes().ok()?);
    }
    Some(all)
}

/// The first of them; OpenSSL's trusted certificates have settings behind it.
pub(super) fn first_element(der: &[u8]) -> Option<&[u8]> {
    SliceReader::new(der).ok()?.tlv_bytes().ok()
}

/// Whether it is a SubjectPublicKeyInfo.
pub(super) fn is_public_key(der: &[u8]) -> bool {
    SubjectPublicKeyInfo::<AnyRef<'_>, BitStringRef<'_>>::from_der(der).is_ok()
}

/// signedData (RFC 5652 §5.1).
const SIGNED_DATA: &[u8] = &[0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];
/// What encrypts a private key: PKCS#5 and PKCS#12.
const PASSPHRASES: &[&[u8]] = &[
    &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05],
    &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c],
];
