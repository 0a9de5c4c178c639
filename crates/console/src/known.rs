//! Browsers that have been in the console: each has a cookie that says so, and nothing else. Its
//! wrong passwords count for itself alone, and it does not wait behind strangers, so nobody who
//! guesses from the same address keeps an administrator out. It opens nothing.

use axum::http::HeaderMap;
use installation::Installation;
use installation::cookies::cookies;

/// The name of a browser that has been inside.
pub(super) struct Known(String);

impl Known {
    /// The browser's, when it brings a cookie that was made here.
    pub(super) fn of(installation: &Installation, headers: &HeaderMap) -> Option<Self> {
        let named = |(name, _): &(&str, &str)| *name == NAME || *name == BOUND_NAME;
        let sealed = cookies(headers).find(named)?.1;
        let name = installation.secrets.unseal(PURPOSE, sealed)?;
        String::from_utf8(name).ok().map(Known)
    }

    /// That of a browser that comes in for the first time.
    pub(super) fn fresh(installation: &Installation) -> Self {
        Known(installation.random.token())
    }

    /// Tells it from others.
    pub(super) fn name(&self) -> &str {
        &self.0
    }

    /// The cookie; it lives longer than any session.
    pub(super) fn cookie(&self, installation: &Installation, secure: bool) -> String {
        let sealed = installation.secrets.seal(PURPOSE, self.0.as_bytes(), installation.random);
        let (name, secure) = if secure { (BOUND_NAME, "; Secure") } else { (NAME, "") };
        format!("{name}={sealed}; Path=/; Max-Age={LIFETIME}; HttpOnly; SameSite=Strict{secure}")
    }
}

const PURPOSE: &str = "console.known";
const NAME: &str = "samlgate_console_known";
const BOUND_NAME: &str = "__Host-samlgate_console_known";

/// Seconds: half a year.
const LIFETIME: u32 = 180 * 24 * 3600;
