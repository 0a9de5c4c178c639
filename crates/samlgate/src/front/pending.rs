//! What must be remembered between a message to the IdP and its answer: sealed into a cookie of the
//! browser that is sent, so that nothing is stored for the unauthenticated.
//!
//! The cookie's name is a random reference, the only thing that travels as RelayState. Another host
//! of the same domain can plant a cookie of any such name here; so each is sealed for one browser
//! ([`browser`]), and none opens in another.

mod browser;
mod room;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use installation::cookies::cookies;
use installation::settings::App;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::front::session::COOKIE_PREFIX;
use crate::front::visit::Visit;
use browser::Browser;

/// A kind of thing that waits for an answer.
pub trait Pending: Serialize + DeserializeOwned {
    /// Begins the names of its cookies: `samlgate_<NAME>_<reference>`.
    const NAME: &'static str;

    /// When it is too late, in Unix milliseconds.
    fn expires_at(&self) -> u64;

    /// How long it waits from its beginning.
    fn lifetime(&self) -> Duration;

    /// How long the browser keeps it from its beginning: it may still be told what is too late.
    fn kept(&self) -> Duration {
        self.lifetime()
    }

    /// Bytes of it that can be left out when a browser holds too much.
    fn spare(&self) -> usize {
        0
    }

    /// Leaves them out.
    fn leave_out(&mut self, _app: &App) {}
}

/// A person has this long at the IdP where it must be soon.
pub const SHORT: Duration = Duration::from_secs(10 * 60);

/// And else: whoever begins in the morning and is called away comes back before the evening.
pub const LONG: Duration = Duration::from_secs(8 * 3600);

/// A browser keeps what it was given for so long, and the name that it was given for it.
pub const KEPT: Duration = Duration::from_secs(24 * 3600);

/// Of what a browser sends of a kind, so many are opened to see what they are.
const LOOKED_AT: usize = 100;

/// A new reference: 128 random bits.
pub fn reference(visit: &Visit) -> String {
    visit.installation().random.token()[..32].to_owned()
}

/// Whether a RelayState could be one of our references.
pub fn is_reference(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// When something that begins now is too late.
pub fn expiry(visit: &Visit, lifetime: Duration) -> u64 {
    millis(visit.now + lifetime)
}

/// When it is too late for it.
pub fn ends<P: Pending>(pending: &P) -> SystemTime {
    UNIX_EPOCH + Duration::from_millis(pending.expires_at())
}

/// When it began, to the millisecond.
pub fn began<P: Pending>(pending: &P) -> SystemTime {
    ends(pending) - pending.lifetime()
}

/// Whether it is too late for `pending`.
pub fn expired<P: Pending>(visit: &Visit, pending: &P) -> bool {
    pending.expires_at() < millis(visit.now)
}

/// The Set-Cookie lines that give `pending` to the browser: cross-site, since the answer may come
/// by a POST from the IdP. What the browser holds beyond its bounds goes.
pub fn cookies_for<P: Pending>(
    visit: &Visit,
    path: &str,
    reference: &str,
    pending: P,
) -> Vec<String> {
    let browser = Browser::of(visit);
    let mut lines = room::lines(visit, path, &browser, (reference, pending));
    lines.push(browser.cookie());
    lines
}

/// The Set-Cookie line that leaves `pending` to the browser for a while after its answer came, so that
/// Reload and Back are known again; none for a browser without a name.
pub fn last_cookie<P: Pending>(
    visit: &Visit,
    path: &str,
    reference: &str,
    pending: &P,
) -> Option<String> {
    let browser = Browser::sent(visit).next()?;
    Some(line::<P>(path, reference, &seal(visit, &browser, reference, pending), SHORT))
}

/// The Set-Cookie line that takes it away.
pub fn clearing_cookie<P: Pending>(path: &str, reference: &str) -> String {
    line::<P>(path, reference, "", Duration::ZERO)
}

/// The pending things of a kind that this browser sent, with their references; those that cannot
/// be opened are left out.
pub fn held<P: Pending>(visit: &Visit) -> impl Iterator<Item = (&str, P)> {
    sent::<P>(visit)
        .take(LOOKED_AT)
        .filter_map(|(reference, sealed)| Some((reference, open(visit, reference, sealed)?)))
}

/// The one of this reference.
pub fn named<P: Pending>(visit: &Visit, reference: &str) -> Option<P> {
    // Planted ones of the same name may stand before it.
    let mut own = sent::<P>(visit).filter(|(name, _)| *name == reference);
    own.find_map(|(reference, sealed)| open(visit, reference, sealed))
}

fn seal<P: Pending>(visit: &Visit, browser: &Browser, reference: &str, pending: &P) -> String {
    let text = serde_json::to_vec(pending).unwrap_or_default();
    let installation = visit.installation();
    let purpose = purpose::<P>(reference, browser);
    installation.secrets.seal(&purpose, &text, installation.random)
}

fn open<P: Pending>(visit: &Visit, reference: &str, sealed: &str) -> Option<P> {
    let secrets = &visit.installation().secrets;
    let text = Browser::sent(visit)
        .find_map(|browser| secrets.unseal(&purpose::<P>(reference, &browser), sealed))
        .or_else(|| secrets.unseal(&unbound_purpose::<P>(reference), sealed))?;
    serde_json::from_slice(&text).ok()
}

/// References and sealed texts.
fn sent<P: Pending>(visit: &Visit) -> impl Iterator<Item = (&str, &str)> {
    cookies(&visit.headers).filter_map(|(name, value)| {
        let kind = name.strip_prefix(COOKIE_PREFIX)?.strip_prefix(P::NAME)?;
        let reference = kind.strip_prefix('_')?;
        is_reference(reference).then_some((reference, value))
    })
}

fn purpose<P: Pending>(reference: &str, browser: &Browser) -> String {
    format!("pending {} {reference} of {}", P::NAME, browser.id())
}

/// What versions sealed it for that knew no browser: what was begun with one may be ended after the
/// update. Nothing is sealed so any more, and whatever was is too late after ten minutes.
fn unbound_purpose<P: Pending>(reference: &str) -> String {
    format!("pending {} {reference}", P::NAME)
}

fn line<P: Pending>(path: &str, reference: &str, value: &str, lifetime: Duration) -> String {
    format!(
        "{}={value}; Path={path}; Max-Age={}; Secure; HttpOnly; SameSite=None",
        name::<P>(reference),
        lifetime.as_secs()
    )
}

fn name<P: Pending>(reference: &str) -> String {
    format!("{COOKIE_PREFIX}{}_{reference}", P::NAME)
}

fn millis(moment: SystemTime) -> u64 {
    moment.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as u64)
}

#[cfg(test)]
mod tests;
