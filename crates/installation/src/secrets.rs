//! Keys of this installation: one 256-bit key in a file, from which every other is derived.
//!
//! What a purpose sealed can be opened for that purpose only. Passwords are not kept here: they
//! are hashed, never sealed.

use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::{hkdf, hmac};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use thiserror::Error;

use crate::runtime::{Random, hex};

/// Why there are no keys.
#[derive(Debug, Error)]
pub enum SecretsError {
    /// The file holds something else.
    #[error(
        "{} is not a Samlgate key file (64 hexadecimal digits); restore it from your backup, or \
         remove it and the database to start anew",
        .0.display()
    )]
    NotAKey(PathBuf),
    /// The file is there and cannot be read.
    #[error("cannot read the key file {}: {reason}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        #[source]
        reason: std::io::Error,
    },
    /// The file is not there and cannot be made.
    #[error("cannot write the key file {}: {reason}", path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        #[source]
        reason: std::io::Error,
    },
}

/// The derived keys. Its `Debug` shows nothing.
pub struct Secrets {
    sealing: LessSafeKey,
    naming: hmac::Key,
    key_id: String,
}

impl Secrets {
    /// Reads the key file; makes it (readable by its owner only) when it is not there yet.
    ///
    /// # Errors
    /// When the file cannot be read or written, or does not hold 64 hexadecimal digits.
    pub fn open_or_create(path: &Path, random: Random) -> Result<Self, SecretsError> {
        match std::fs::read_to_string(path) {
            Ok(text) => {
                let key = parse_key(text.trim());
                let key = key.ok_or_else(|| SecretsError::NotAKey(path.to_owned()))?;
                Ok(Self::from_key(&key))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let key = random.bytes::<32>();
                let write = || -> std::io::Result<()> {
                    let mut options = std::fs::OpenOptions::new();
                    let mut file = options.write(true).create_new(true).mode(0o600).open(path)?;
                    writeln!(file, "{}", hex(&key))?;
                    file.sync_all()
                };
                write()
                    .map_err(|reason| SecretsError::Unwritable { path: path.to_owned(), reason })?;
                Ok(Self::from_key(&key))
            }
            Err(reason) => Err(SecretsError::Unreadable { path: path.to_owned(), reason }),
        }
    }

    /// Derives all keys from the 256-bit `key`.
    pub fn from_key(key: &[u8; 32]) -> Self {
        let root = hkdf::Salt::new(hkdf::HKDF_SHA256, b"samlgate").extract(key);
        let sealing = UnboundKey::new(&AES_256_GCM, &derive(&root, b"seal"))
            .expect("an AES-256 key has 32 bytes");
        Secrets {
            sealing: LessSafeKey::new(sealing),
            naming: hmac::Key::new(hmac::HMAC_SHA256, &derive(&root, b"name")),
            key_id: hex(&derive(&root, b"id")[..8]),
        }
    }

    /// A name of the key that tells nothing about it. A node whose key is not the database's
    /// refuses to start.
    pub fn key_id(&self) -> &str {
        &self.key_id
    }

    /// Seals `text` for `purpose` (AES-256-GCM, random nonce), safe in a cookie.
    pub fn seal(&self, purpose: &str, text: &[u8], random: Random) -> String {
        let nonce = random.bytes::<12>();
        let mut sealed = text.to_vec();
        self.sealing
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(purpose.as_bytes()),
                &mut sealed,
            )
            .expect("a cookie is far below the cipher's limit");
        sealed.splice(0..0, nonce);
        URL_SAFE_NO_PAD.encode(sealed)
    }

    /// Opens what [`Secrets::seal`] made for the same `purpose`; anything else is `None`.
    pub fn unseal(&self, purpose: &str, sealed: &str) -> Option<Vec<u8>> {
        let mut bytes = URL_SAFE_NO_PAD.decode(sealed).ok()?;
        let nonce = bytes.get(..12)?.try_into().ok()?;
        let mut body = bytes.split_off(12);
        let nonce = Nonce::assume_unique_for_key(nonce);
        let text =
            self.sealing.open_in_place(nonce, Aad::from(purpose.as_bytes()), &mut body).ok()?;
        Some(text.to_vec())
    }

    /// A keyed hash of `parts`, each with its length, for `purpose`: 256 bits in hexadecimal.
    pub fn keyed_hash(&self, purpose: &str, parts: &[&str]) -> String {
        let mut context = hmac::Context::with_key(&self.naming);
        for part in std::iter::once(&purpose).chain(parts) {
            context.update(&(part.len() as u64).to_be_bytes());
            context.update(part.as_bytes());
        }
        hex(context.sign().as_ref())
    }
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Secrets({})", self.key_id)
    }
}

fn derive(root: &hkdf::Prk, purpose: &[u8]) -> [u8; 32] {
    let mut key = [0; 32];
    root.expand(&[purpose], hkdf::HKDF_SHA256)
        .and_then(|okm| okm.fill(&mut key))
        .expect("32 bytes are within HKDF's limit");
    key
}

fn parse_key(text: &str) -> Option<[u8; 32]> {
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    let mut key = [0; 32];
    for (byte, digits) in key.iter_mut().zip(text.as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    }
    Some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_one_purpose_sealed_no_other_opens() {
        let secrets = Secrets::from_key(&[7; 32]);
        let sealed = secrets.seal("request", b"return here", Random);
        assert_eq!(secrets.unseal("request", &sealed).as_deref(), Some(&b"return here"[..]));
        assert_eq!(secrets.unseal("other", &sealed), None);
        assert_eq!(Secrets::from_key(&[8; 32]).unseal("request", &sealed), None);
    }

    #[test]
    fn a_changed_or_cut_seal_opens_to_nothing() {
        let secrets = Secrets::from_key(&[7; 32]);
        let sealed = secrets.seal("request", b"return here", Random);
        for end in 0..sealed.len() {
            assert_eq!(secrets.unseal("request", &sealed[..end]), None);
        }
        assert_eq!(secrets.unseal("request", "!"), None);
    }

    #[test]
    fn parts_of_a_keyed_hash_do_not_run_together() {
        let secrets = Secrets::from_key(&[7; 32]);
        assert_ne!(secrets.keyed_hash("p", &["ab", "c"]), secrets.keyed_hash("p", &["a", "bc"]));
    }

    #[test]
    fn the_key_file_is_made_once_and_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("samlgate.key");
        let first = Secrets::open_or_create(&path, Random).unwrap();
        let again = Secrets::open_or_create(&path, Random).unwrap();
        assert_eq!(first.key_id(), again.key_id());
        std::fs::write(&path, "not a key").unwrap();
        let error = Secrets::open_or_create(&path, Random).unwrap_err().to_string();
        assert!(error.contains("is not a Samlgate key file"), "{error}");
    }
}
