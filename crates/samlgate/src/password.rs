//! Passwords at rest: Argon2id, as PHC strings, and nothing else.

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};

use crate::runtime::Random;

/// Argon2id of `password` with a fresh salt, as a PHC string.
///
/// # Errors
/// When the library refuses, which a checked password gives no reason for.
pub fn hash(password: &str, random: Random) -> anyhow::Result<String> {
    let hash =
        Argon2::default().hash_password_with_salt(password.as_bytes(), &random.bytes::<16>());
    Ok(hash.map_err(|error| anyhow::anyhow!("the password cannot be hashed: {error}"))?.to_string())
}

/// Whether `password` is the one that `hash` was made of. Takes tens of milliseconds on purpose.
pub fn fits(password: &str, hash: &str) -> bool {
    Argon2::default().verify_password(password.as_bytes(), hash).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_argon2id_fits_its_password_alone_and_is_salted() {
        let first = hash("correct horse", Random).unwrap();
        assert!(first.starts_with("$argon2id$v=19$"), "{first}");
        assert_ne!(first, hash("correct horse", Random).unwrap());
        assert!(fits("correct horse", &first));
        assert!(!fits("correct horsf", &first));
        assert!(!fits("correct horse", "no hash"));
    }
}
