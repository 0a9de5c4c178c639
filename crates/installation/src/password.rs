//! Passwords at rest: Argon2id, as PHC strings, and nothing else.

mod checks;

pub use checks::{Busy, Checks, Guess, Lane, Verdict, WINDOW, source};

use std::sync::{Mutex, PoisonError};

use argon2::password_hash::PasswordHasher as _;
use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Block, Params, Version};

use thiserror::Error;

use crate::runtime::Random;

/// The library refuses to hash a password.
#[derive(Debug, Error)]
#[error("the password cannot be hashed: {0}")]
pub struct HashError(argon2::password_hash::Error);

/// Argon2id of `password` with a fresh salt, as a PHC string.
///
/// # Errors
/// When the library refuses, which a checked password gives no reason for.
pub fn hash(password: &str, random: Random) -> Result<String, HashError> {
    let hash =
        Argon2::default().hash_password_with_salt(password.as_bytes(), &random.bytes::<16>());
    Ok(hash.map_err(HashError)?.to_string())
}

/// Whether `password` is the one that `hash` was made of. Takes tens of milliseconds on purpose.
pub fn fits(password: &str, hash: &str) -> bool {
    let computed = PasswordHash::new(hash).ok().and_then(|stored| {
        let argon2 = Argon2::new(
            Algorithm::try_from(stored.algorithm.as_str()).ok()?,
            Version::try_from(stored.version?).ok()?,
            Params::try_from(&stored).ok()?,
        );
        let (salt, expected) = (stored.salt?, stored.hash?);
        let mut out = vec![0; expected.as_bytes().len()];
        with_memory(argon2.params().block_count(), |memory| {
            argon2.hash_password_into_with_memory(password.as_bytes(), &salt, &mut out, memory)
        })
        .ok()?;
        Some((out, expected))
    });
    computed.is_some_and(|(out, expected)| {
        aws_lc_rs::constant_time::verify_slices_are_equal(&out, expected.as_bytes()).is_ok()
    })
}

/// Blocks of earlier checks. A fresh 19 MiB for each check, on whichever thread, made the allocator
/// keep hundreds of MiB after a few dozen wrong passwords.
static SPARE: Mutex<Vec<Vec<Block>>> = Mutex::new(Vec::new());

/// So many checks at once find their blocks again.
const SPARES: usize = 2;

fn with_memory<T>(blocks: usize, work: impl FnOnce(&mut [Block]) -> T) -> T {
    let spare = || SPARE.lock().unwrap_or_else(PoisonError::into_inner);
    let mut memory = spare().pop().unwrap_or_default();
    memory.resize(blocks, Block::new());
    let result = work(&mut memory);
    let mut spare = spare();
    if spare.len() < SPARES {
        spare.push(memory);
    }
    result
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
    #[test]
    fn checks_one_after_another_use_the_same_memory() {
        let stored = hash("correct horse", Random).unwrap();
        for round in 0..4 {
            assert_eq!(
                fits(if round == 2 { "correct horse" } else { "wrong" }, &stored),
                round == 2
            );
        }
        let spare = SPARE.lock().unwrap().len();
        assert!((1..=SPARES).contains(&spare), "{spare}");
    }

    #[test]
    fn hashes_of_other_kinds_and_without_their_parts_fit_nothing() {
        let stored = hash("x", Random).unwrap();
        let short = stored.rsplit_once('$').unwrap().0;
        let other = stored.replace("argon2id", "argon2i");
        for text in
            [short, &other, &stored.replace("v=19", "v=7"), "$argon2id$v=19$m=1,t=0,p=0$", ""]
        {
            assert!(!fits("x", text), "{text}");
        }
    }
}
