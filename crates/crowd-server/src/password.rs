//! Applications' passwords. That one was right is remembered while it is used, because it comes with
//! every request; only what is not remembered is a guess, and costs a slow hash.
//!
//! Does not know people, nor one-time passwords.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use aws_lc_rs::hmac;
use installation::Installation;
use installation::address::AddressRange;
use installation::password::{self, Guess, Lane, Verdict};
use installation::runtime::Random;
use store::StoreError;
use tokio::sync::OnceCell;

/// The passwords that were right lately, and those that are being judged.
pub(super) struct Passwords {
    /// Of this process alone: what is remembered tells nothing about a password.
    key: hmac::Key,
    marks: Mutex<HashMap<Vec<u8>, Mark>>,
}

/// What is known of one password of one name.
struct Mark {
    /// Empty while it is being judged.
    verdict: Arc<OnceCell<Verdict>>,
    until: SystemTime,
}

/// The name and password that a request brings, and from where.
pub(super) struct Presented<'a> {
    pub(super) name: &'a str,
    pub(super) password: &'a str,
    pub(super) client: IpAddr,
}

impl Passwords {
    pub(super) fn new(random: Random) -> Self {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &random.bytes::<32>());
        Self { key, marks: Mutex::default() }
    }

    /// Judges a password; without `stored` there is no application of the name, which takes as long.
    /// What is remembered holds the stored hash too: a changed password is not taken for the old one.
    /// An application that sends many requests at once is judged once.
    pub(super) async fn judge(
        &self,
        installation: &Installation,
        presented: &Presented<'_>,
        stored: Option<&str>,
    ) -> Result<Verdict, StoreError> {
        let name = self.mark(presented, stored.unwrap_or_default());
        let verdict = self.remembered(&name, installation.clock.now());
        let judged = verdict.get_or_try_init(|| guess(installation, presented, stored)).await;
        if !matches!(judged, Ok(Verdict::Right)) {
            self.lock().remove(&name);
        }
        judged.copied()
    }

    /// The place for a mark's verdict, which is remembered for a day from now once it is there.
    fn remembered(&self, name: &[u8], now: SystemTime) -> Arc<OnceCell<Verdict>> {
        let mut marks = self.lock();
        if !marks.contains_key(name) {
            marks.retain(|_, mark| mark.is_right(now) || mark.is_waited_for());
        }
        let mark = marks.entry(name.to_vec());
        let mark = mark.or_insert_with(|| Mark { verdict: Arc::default(), until: now });
        mark.until = now + REMEMBERED;
        mark.verdict.clone()
    }

    fn mark(&self, presented: &Presented<'_>, stored: &str) -> Vec<u8> {
        let mut context = hmac::Context::with_key(&self.key);
        for part in [stored, presented.name, presented.password] {
            context.update(&(part.len() as u64).to_be_bytes());
            context.update(part.as_bytes());
        }
        context.sign().as_ref().to_vec()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Vec<u8>, Mark>> {
        self.marks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Mark {
    fn is_waited_for(&self) -> bool {
        Arc::strong_count(&self.verdict) > 1
    }

    fn is_right(&self, now: SystemTime) -> bool {
        now < self.until && self.verdict.get() == Some(&Verdict::Right)
    }
}

/// Counts by the pair of name and sender, and by the stored hash: who corrects a password that was
/// wrong for long does not wait.
async fn guess(
    installation: &Installation,
    presented: &Presented<'_>,
    stored: Option<&str>,
) -> Result<Verdict, StoreError> {
    let sender = AddressRange::of_sender(presented.client).to_string();
    let parts = ["application", presented.name, &sender, stored.unwrap_or_default()];
    let source = password::source(&installation.secrets, &parts);
    let (lane, presented) = (Lane::Applications, presented.password);
    let guess = Guess { source, most: MOST, lane, presented, stored };
    let (store, now) = (&installation.store, installation.clock.now());
    installation.passwords.judge(store, guess, now).await
}

/// Wrong passwords of one name from one sender that are looked at in ten minutes.
const MOST: u32 = 10;

/// Unused for so long, a right password is judged anew.
const REMEMBERED: Duration = Duration::from_secs(24 * 3600);
