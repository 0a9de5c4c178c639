//! Who is inside: the administrator of a request, and whether the password was given just now.

use std::time::{Duration, SystemTime};

use axum::http::HeaderMap;
use installation::config::Listener;
use installation::proxies::{self, Peer};
use installation::settings::By;
use store::{Author, ConsoleSession, StoreError};

use super::form::{Errors, Fields};
use super::password::{self, CONFIRMATION, PASSWORD};
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
        let address = address_of(console, headers, peer);
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

    /// Whether a dangerous change asks for the password again.
    pub(super) fn must_confirm(&self) -> bool {
        self.has_password && self.now > self.session.confirmed_at + CONFIRMED
    }

    /// Checks the password that stands in the form beside a dangerous change; a wrong one is an
    /// error at its field, and counts like a wrong one at the entrance. None is no guess.
    ///
    /// # Errors
    /// When the database is away.
    pub(super) async fn confirm(
        &self,
        console: &Console,
        fields: &Fields,
        errors: &mut Errors,
    ) -> Result<(), StoreError> {
        if !self.must_confirm() {
            return Ok(());
        }
        let store = &console.installation.store;
        let given = fields.text(CONFIRMATION).to_owned();
        if given.is_empty() {
            errors.add(CONFIRMATION, "This change asks for your password.");
        } else if password::is_throttled(store, &self.address, self.now).await? {
            errors.add(CONFIRMATION, "Too many wrong passwords: please wait ten minutes.");
        } else if !password::fits(store, given).await? {
            store.count_console_failure(&self.address, password::WINDOW, self.now).await?;
            errors.add(CONFIRMATION, "This is not the administrator's password.");
        } else {
            let session = ConsoleSession { confirmed_at: self.now, ..self.session.clone() };
            store.touch_console_session(&session).await?;
        }
        Ok(())
    }

    /// The same for a form in which nothing else can be wrong.
    ///
    /// # Errors
    /// When the database is away.
    pub(super) async fn confirmed(
        &self,
        console: &Console,
        fields: &Fields,
    ) -> Result<Errors, StoreError> {
        let mut errors = Errors::default();
        self.confirm(console, fields, &mut errors).await?;
        Ok(errors)
    }
}

/// The person's address, as the history names it and the throttle counts it: also behind a proxy
/// that is trusted.
pub(super) fn address_of(console: &Console, headers: &HeaderMap, peer: Option<&Peer>) -> String {
    let trusted = console.installation.proxies.before(Listener::Console);
    let client = |peer: &Peer| proxies::client_of(trusted, headers, *peer).nearest.to_string();
    peer.map_or_else(String::new, client)
}

/// A password that was given counts for so long.
const CONFIRMED: Duration = Duration::from_secs(10 * 60);
