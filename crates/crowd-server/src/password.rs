//! Slow hashes: argon2id of an application's or a person's own password.
//!
//! Does not know one-time passwords. Few run at once, since each takes a core and 19 MiB; the others
//! wait. That an *application's* password was right is remembered for a minute, because it comes
//! with every request; a person's is checked each time.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use aws_lc_rs::hmac;
use installation::runtime::Random;
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

/// Checks passwords against PHC strings.
pub(super) struct PasswordChecks {
    running: Semaphore,
    /// Of this process alone: what is remembered tells nothing about a password.
    key: hmac::Key,
    remembered: Mutex<HashMap<Vec<u8>, SystemTime>>,
}

impl PasswordChecks {
    pub(super) fn new(random: Random) -> Self {
        Self {
            running: Semaphore::new(AT_ONCE),
            key: hmac::Key::new(hmac::HMAC_SHA256, &random.bytes::<32>()),
            remembered: Mutex::default(),
        }
    }

    /// Whether the password is that of the PHC string.
    pub(super) async fn fits(&self, stored: &str, presented: &str) -> bool {
        // The semaphore is never closed; were it, nothing would fit.
        let Ok(_permit) = self.running.acquire().await else { return false };
        let (stored, presented) = (stored.to_owned(), Zeroizing::new(presented.to_owned()));
        let check = move || installation::password::fits(&presented, &stored);
        tokio::task::spawn_blocking(check).await.unwrap_or(false)
    }

    /// The same, or that it was so within the last minute. What is remembered holds the PHC string
    /// too: a changed password is not taken for the old one.
    pub(super) async fn fits_lately(&self, stored: &str, presented: &str, now: SystemTime) -> bool {
        let mut context = hmac::Context::with_key(&self.key);
        for part in [stored, "\0", presented] {
            context.update(part.as_bytes());
        }
        let mark = context.sign().as_ref().to_vec();
        if self.lock().get(&mark).is_some_and(|until| now < *until) {
            return true;
        }
        let fits = self.fits(stored, presented).await;
        if fits {
            let mut remembered = self.lock();
            remembered.retain(|_, until| now < *until);
            remembered.insert(mark, now + REMEMBERED);
        }
        fits
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<Vec<u8>, SystemTime>> {
        self.remembered.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

const AT_ONCE: usize = 2;
const REMEMBERED: Duration = Duration::from_secs(60);
