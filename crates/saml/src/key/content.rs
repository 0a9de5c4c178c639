//! Content decryption: AES in GCM and in CBC, as XML Encryption lays out its bytes.

use aws_lc_rs::aead::{self, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::cipher::{self, DecryptingKey, DecryptionContext, UnboundCipherKey};
use aws_lc_rs::iv::FixedLength;

/// How content is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ContentCipher {
    pub(crate) mode: Mode,
    /// Bytes of the key: 16, 24 or 32.
    pub(crate) key_length: usize,
}

/// The mode of operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Galois counter mode (xmlenc-core1 §5.2.4): 12 bytes of IV before, 16 bytes of tag behind.
    Gcm,
    /// Cipher block chaining (§5.2.1): 16 bytes of IV before.
    Cbc,
}

const BLOCK: usize = cipher::AES_CBC_IV_LEN;
const TAG: usize = 16;

impl ContentCipher {
    /// Whether so many bytes can be the result of encrypting anything at all.
    pub(crate) fn takes(self, length: usize) -> bool {
        match self.mode {
            Mode::Gcm => length > NONCE_LEN + TAG,
            Mode::Cbc => length >= 2 * BLOCK && length.is_multiple_of(BLOCK),
        }
    }

    /// Decrypts in place and gives the plaintext's part of `data`. All of `data` is decrypted
    /// whatever is wrong; then `None` says that something was.
    pub(crate) fn decrypt<'d>(self, key: &[u8], data: &'d mut [u8]) -> Option<&'d [u8]> {
        match self.mode {
            Mode::Gcm => self.gcm(key, data),
            Mode::Cbc => self.cbc(key, data),
        }
    }

    fn gcm<'d>(self, key: &[u8], data: &'d mut [u8]) -> Option<&'d [u8]> {
        let algorithm = match self.key_length {
            16 => &aead::AES_128_GCM,
            24 => &aead::AES_192_GCM,
            _ => &aead::AES_256_GCM,
        };
        let key = LessSafeKey::new(UnboundKey::new(algorithm, key).ok()?);
        let (nonce, sealed) = data.split_at_mut_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        Some(key.open_in_place(nonce, Aad::empty(), sealed).ok()?)
    }

    fn cbc<'d>(self, key: &[u8], data: &'d mut [u8]) -> Option<&'d [u8]> {
        let algorithm = match self.key_length {
            16 => &cipher::AES_128,
            24 => &cipher::AES_192,
            _ => &cipher::AES_256,
        };
        let key = DecryptingKey::cbc(UnboundCipherKey::new(algorithm, key).ok()?).ok()?;
        let (iv, blocks) = data.split_at_mut_checked(BLOCK)?;
        let iv: &[u8; BLOCK] = (&*iv).try_into().ok()?;
        let context = DecryptionContext::Iv128(FixedLength::from(iv));
        let padded = key.decrypt(blocks, context).ok()?;
        // xmlenc-core1 §5.2: the last byte counts the padding; its other bytes may be anything.
        let padding = usize::from(*padded.last()?);
        let end = padded.len().checked_sub(padding)?;
        (1..=BLOCK).contains(&padding).then(|| padded.get(..end))?
    }
}
