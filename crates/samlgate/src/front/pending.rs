//! What must be remembered between a message to the IdP and its answer: sealed into a cookie of the
//! browser that is sent, so that nothing is stored for the unauthenticated.
//!
//! The cookie's name is a random reference, the only thing that travels as RelayState.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use installation::cookies::cookies;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::front::session::COOKIE_PREFIX;
use crate::front::visit::Visit;

/// A kind of thing that waits for an answer.
pub trait Pending: Serialize + DeserializeOwned {
    /// Begins the names of its cookies: `samlgate_<NAME>_<reference>`.
    const NAME: &'static str;

    /// When it is too late, in Unix milliseconds.
    fn expires_at(&self) -> u64;
}

/// A person has this long at the IdP.
pub const LIFETIME: Duration = Duration::from_secs(600);

/// A browser holds at most this many of a kind; the oldest makes room.
const AT_MOST: usize = 5;

/// A new reference: 128 random bits.
pub fn reference(visit: &Visit) -> String {
    visit.installation().random.token()[..32].to_owned()
}

/// Whether a RelayState could be one of our references.
pub fn is_reference(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// When something that begins now is too late.
pub fn expiry(visit: &Visit) -> u64 {
    millis(visit.now + LIFETIME)
}

/// When it began, to the millisecond.
pub fn began<P: Pending>(pending: &P) -> SystemTime {
    UNIX_EPOCH + Duration::from_millis(pending.expires_at()) - LIFETIME
}

/// Whether it is too late for `pending`.
pub fn expired<P: Pending>(visit: &Visit, pending: &P) -> bool {
    pending.expires_at() < millis(visit.now)
}

/// The Set-Cookie lines that give `pending` to the browser: cross-site, since the answer may come
/// by a POST from the IdP. The oldest of its kind go.
pub fn cookies_for<P: Pending>(
    visit: &Visit,
    path: &str,
    reference: &str,
    pending: &P,
) -> Vec<String> {
    let text = serde_json::to_vec(pending).unwrap_or_default();
    let sealed = visit.installation().secrets.seal(
        &purpose::<P>(reference),
        &text,
        visit.installation().random,
    );
    let mut lines = make_room::<P>(visit, path);
    lines.push(line::<P>(path, reference, &sealed, LIFETIME.as_secs()));
    lines
}

/// The Set-Cookie line that takes it away.
pub fn clearing_cookie<P: Pending>(path: &str, reference: &str) -> String {
    line::<P>(path, reference, "", 0)
}

/// The pending things of a kind that this browser sent, with their references; those that cannot
/// be opened are left out.
pub fn held<P: Pending>(visit: &Visit) -> impl Iterator<Item = (&str, P)> {
    sent::<P>(visit)
        .filter_map(|(reference, sealed)| Some((reference, open(visit, reference, sealed)?)))
}

fn open<P: Pending>(visit: &Visit, reference: &str, sealed: &str) -> Option<P> {
    let text = visit.installation().secrets.unseal(&purpose::<P>(reference), sealed)?;
    serde_json::from_slice(&text).ok()
}

/// Lines that clear the oldest, so that with a new one the browser holds five. Those that cannot
/// be opened go first.
fn make_room<P: Pending>(visit: &Visit, path: &str) -> Vec<String> {
    let mut all: Vec<_> = sent::<P>(visit)
        .map(|(reference, sealed)| {
            let pending: Option<P> = open(visit, reference, sealed);
            (pending.map_or(0, |pending| pending.expires_at()), reference)
        })
        .collect();
    all.sort_unstable();
    let too_many = (all.len() + 1).saturating_sub(AT_MOST);
    all.iter().take(too_many).map(|(_, reference)| clearing_cookie::<P>(path, reference)).collect()
}

/// References and sealed texts.
fn sent<P: Pending>(visit: &Visit) -> impl Iterator<Item = (&str, &str)> {
    cookies(&visit.headers).filter_map(|(name, value)| {
        let kind = name.strip_prefix(COOKIE_PREFIX)?.strip_prefix(P::NAME)?;
        let reference = kind.strip_prefix('_')?;
        is_reference(reference).then_some((reference, value))
    })
}

fn purpose<P: Pending>(reference: &str) -> String {
    format!("pending {} {reference}", P::NAME)
}

fn line<P: Pending>(path: &str, reference: &str, value: &str, seconds: u64) -> String {
    format!(
        "{COOKIE_PREFIX}{}_{reference}={value}; Path={path}; Max-Age={seconds}; Secure; HttpOnly; \
         SameSite=None",
        P::NAME
    )
}

fn millis(moment: SystemTime) -> u64 {
    moment.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_or_an_address_is_no_reference() {
        let random = "0123456789abcdef0123456789abcdef";
        assert!(is_reference(random));
        let word = format!("test-{random}");
        for text in ["", "/browse/A-1", "https://jira.example.com/", &random[1..], &word] {
            assert!(!is_reference(text), "{text}");
        }
    }
}
