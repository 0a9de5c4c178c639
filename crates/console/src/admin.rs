//! Who is inside: the administrator of a request, and whether the password was given just now.

use std::net::IpAddr;
use std::time::{Duration, SystemTime};

use axum::http::HeaderMap;
use installation::config::Listener;
use installation::proxies::{self, Peer};
use installation::settings::By;
use store::{Author, ConsoleSession, StoreError};

use super::form::Fields;
use super::password::{self, CONFIRMATION, Guesser, PASSWORD};
use super::{Console, sessions};

/// An administrator who is inside. Only [`Admin::of`] lets one in.
#[derive(Clone)]
pub(super) struct Admin {
    session: ConsoleSession,
    address: String,
    now: SystemTime,
    /// Whether there is a password that could be asked for.
    has_password: bool,
}

impl Admin {
    /// Whoever has a living session, and nobody else.
    ///
    /// # Errors
    /// When the database is away.
    pub(super) async fn of(
        console: &Console,
        headers: &HeaderMap,
        peer: Option<&Peer>,
    ) -> Result<Option<Self>, StoreError> {
        let (store, now) = (&console.installation.store, console.installation.clock.now());
        let Some(session) = sessions::living(store, headers, now).await? else { return Ok(None) };
        let has_password = store.property(PASSWORD).await?.is_some();
        let address = address_text(sender_of(console, headers, peer));
        Ok(Some(Admin { session, address, now, has_password }))
    }

    /// The name that stands in the history.
    pub(super) fn name(&self) -> &str {
        &self.session.author
    }

    /// Who acts now, for the history.
    pub(super) fn by(&self) -> By {
        let author = Author { name: self.session.author.clone(), address: self.address.clone() };
        By { author, now: self.now }
    }

    /// When the request came.
    pub(super) fn now(&self) -> SystemTime {
        self.now
    }

    /// The hash of the session's token.
    pub(super) fn token_hash(&self) -> &str {
        &self.session.token_hash
    }

    /// Whether a change that can decide who gets in asks for the password again.
    pub(super) fn must_confirm(&self) -> bool {
        self.has_password && self.now > self.session.confirmed_at + CONFIRMED
    }

    /// Takes the password that was given with a change; says what is wrong with it, and it counts for
    /// this session. None is no guess.
    ///
    /// # Errors
    /// When the database is away.
    pub(super) async fn confirm(
        &mut self,
        console: &Console,
        fields: &Fields,
    ) -> Result<Option<&'static str>, StoreError> {
        let given = fields.text(CONFIRMATION);
        if given.is_empty() {
            return Ok(Some("This change asks for your password."));
        }
        let guesser = Guesser::Inside(self.token_hash());
        let verdict = password::guess(&console.installation, guesser, given).await?;
        let refusal = password::refusal(verdict);
        if refusal.is_none() {
            self.session.confirmed_at = self.now;
            console.installation.store.touch_console_session(&self.session).await?;
        }
        Ok(refusal)
    }
}

/// The person's address, as the history names it and guesses are counted by: also behind a proxy
/// that is trusted.
pub(super) fn sender_of(
    console: &Console,
    headers: &HeaderMap,
    peer: Option<&Peer>,
) -> Option<IpAddr> {
    let trusted = console.installation.proxies.before(Listener::Console);
    peer.map(|peer| proxies::client_of(trusted, headers, *peer).nearest)
}

/// An address as it stands in the history.
pub(super) fn address_text(address: Option<IpAddr>) -> String {
    address.map_or_else(String::new, |address| address.to_string())
}

/// A password that was given counts for so long.
const CONFIRMED: Duration = Duration::from_secs(10 * 60);
