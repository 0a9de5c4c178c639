//! What Samlgate must remember between sending a person to the IdP and the answer: sealed into a
//! cookie of the browser that asked, so that nothing is stored for the unauthenticated.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use super::trial::{Guided, reference};
use crate::gate::Visit;
use crate::session::{COOKIE_PREFIX, cookies};
use crate::settings::{App, Idp};
use crate::tracker::Refusal;

/// A sign-in that waits for the IdP's answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PendingRequest {
    /// Names the cookie; the only thing that travels as RelayState.
    #[serde(skip)]
    pub reference: String,
    nonce: String,
    app: String,
    /// The IdP that was asked, by its name in the settings.
    pub idp: String,
    /// Where the person wanted to go: a path within the app.
    pub return_to: String,
    /// The attempt's ID, for the tracker.
    pub attempt: String,
    /// Unix milliseconds.
    expires_at: u64,
}

/// A person has this long to sign in at the IdP.
pub(super) const LIFETIME: Duration = Duration::from_secs(600);

/// A browser holds at most this many at once; the oldest makes room.
const AT_MOST: usize = 5;

const SEAL: &str = "signin request";

impl PendingRequest {
    /// Begins a sign-in at `idp`, or what a link of the console asked for.
    pub fn new(visit: &Visit, idp: &Idp, return_to: String, guided: Option<&Guided>) -> Self {
        let random = visit.server.random;
        PendingRequest {
            reference: reference(guided, &random.token()[..32]),
            nonce: random.token(),
            app: visit.app.name.clone(),
            idp: idp.name.clone(),
            return_to,
            attempt: guided.map_or_else(|| random.id(visit.now), |guided| guided.attempt.clone()),
            expires_at: millis(visit.now + LIFETIME),
        }
    }

    /// The request's ID: a keyed hash, so that nobody else can make one that fits, and an NCName,
    /// as `xs:ID` asks (saml-core §1.3.4).
    pub fn request_id(&self, visit: &Visit) -> String {
        let expires_at = self.expires_at.to_string();
        let parts = [&*self.nonce, &self.app, &self.idp, &expires_at];
        format!("_{}", visit.server.secrets.keyed_hash("request id", &parts))
    }

    /// When the request was made.
    pub(super) fn issued_at(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_millis(self.expires_at) - LIFETIME
    }

    /// The pending request whose reference came back as `relay_state`, taken from this browser's
    /// own cookie; `None` when nothing came back, which only an unsolicited response may do.
    ///
    /// # Errors
    /// When the reference has no cookie here, or a cookie that is not ours, not this app's, or too
    /// old.
    pub fn answered_by(visit: &Visit, relay_state: Option<&str>) -> Result<Option<Self>, Refusal> {
        let Some(reference) = relay_state.filter(|reference| !reference.is_empty()) else {
            return Ok(None);
        };
        let own = held(visit).find(|(name, _)| *name == reference);
        let Some((_, sealed)) = own else {
            return Err(Refusal::no_request_cookie());
        };
        let pending = Self::unseal(visit, reference, sealed)
            .filter(|pending| pending.app == visit.app.name)
            .ok_or_else(Refusal::no_request_cookie)?;
        if pending.expires_at < millis(visit.now) {
            return Err(Refusal::request_expired());
        }
        Ok(Some(pending))
    }

    /// The cookie that holds it: cross-site, since the answer arrives by a POST from the IdP.
    pub fn cookie(&self, visit: &Visit) -> String {
        let text = serde_json::to_vec(self).unwrap_or_default();
        let purpose = format!("{SEAL} {}", self.reference);
        let sealed = visit.server.secrets.seal(&purpose, &text, visit.server.random);
        cookie_text(&visit.app, &self.reference, &sealed, LIFETIME.as_secs())
    }

    /// The cookie that takes it away.
    pub fn clearing_cookie(&self, app: &App) -> String {
        cookie_text(app, &self.reference, "", 0)
    }

    fn unseal(visit: &Visit, reference: &str, sealed: &str) -> Option<Self> {
        let text = visit.server.secrets.unseal(&format!("{SEAL} {reference}"), sealed)?;
        let mut pending: Self = serde_json::from_slice(&text).ok()?;
        pending.reference = reference.to_owned();
        Some(pending)
    }
}

/// Cookies that clear the oldest pending requests of this browser, so that with a new one it holds
/// five. Those that cannot be opened go first.
pub(super) fn make_room(visit: &Visit) -> Vec<String> {
    let mut all: Vec<_> = held(visit)
        .map(|(reference, sealed)| {
            let pending = PendingRequest::unseal(visit, reference, sealed);
            (pending.map_or(0, |pending| pending.expires_at), reference)
        })
        .collect();
    all.sort_unstable();
    let too_many = (all.len() + 1).saturating_sub(AT_MOST);
    all.iter()
        .take(too_many)
        .map(|(_, reference)| cookie_text(&visit.app, reference, "", 0))
        .collect()
}

/// References and sealed texts of the request cookies that this browser sent.
fn held(visit: &Visit) -> impl Iterator<Item = (&str, &str)> {
    cookies(&visit.headers).filter_map(|(name, value)| {
        let reference = name.strip_prefix(COOKIE_PREFIX)?.strip_prefix("request_")?;
        let plain = reference.len() == 32 && reference.bytes().all(|b| b.is_ascii_hexdigit());
        plain.then_some((reference, value))
    })
}

fn cookie_text(app: &App, reference: &str, value: &str, seconds: u64) -> String {
    let path = match app.settings.reply_path {
        crate::settings::ReplyPath::Auth => app.prefix.clone(),
        crate::settings::ReplyPath::Samlsso => {
            format!("{}/plugins/servlet/samlsso", app.context_path)
        }
    };
    format!(
        "{COOKIE_PREFIX}request_{reference}={value}; Path={path}; Max-Age={seconds}; Secure; \
         HttpOnly; SameSite=None"
    )
}

fn millis(moment: SystemTime) -> u64 {
    moment.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as u64)
}
