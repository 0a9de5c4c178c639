//! The demo's own clock and randomness, in one place.
//!
//! Neither can be set from outside: the doubles are real processes with a life of their own.

use std::time::SystemTime;

/// The moment it is.
#[expect(
    clippy::disallowed_methods,
    reason = "a double is a process of its own, with its own clock"
)]
pub(crate) fn now() -> SystemTime {
    SystemTime::now()
}

/// 128 random bits as 32 hexadecimal digits.
#[expect(clippy::disallowed_methods, reason = "a double makes its own cookies and ids")]
pub(crate) fn token() -> String {
    let mut bytes = [0_u8; 16];
    aws_lc_rs::rand::fill(&mut bytes).expect("the system gives random bytes");
    hex(&bytes)
}

/// Lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
