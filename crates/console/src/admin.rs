//! Who is inside: the administrator of a request, and whether the password was given just now.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use installation::password;
use installation::proxies::{self, Peer};
use installation::settings::By;
use store::{Author, ConsoleSession, StoreError};

use super::form::{Errors, Fields};
use super::{Console, frame, sessions};

/// An administrator who is inside. Only [`admit`] lets one in.
#[derive(Clone)]
pub(super) struct Admin {
    session: ConsoleSession,
    address: String,
    now: SystemTime,
    /// Whether there is a password that could be asked for.
    has_password: bool,
}

impl Admin {
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
        } else if super::entrance::is_throttled(store, &self.address, self.now).await? {
            errors.add(CONFIRMATION, "Too many wrong passwords: please wait ten minutes.");
        } else if !fits(store, given).await? {
            store.count_console_failure(&self.address, super::entrance::WINDOW, self.now).await?;
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

/// Whether `password` is the administrator's. Off the threads that answer, since it takes long.
pub(super) async fn fits(store: &store::Store, password: String) -> Result<bool, StoreError> {
    let Some(hash) = store.property(PASSWORD).await? else { return Ok(false) };
    let fits = tokio::task::spawn_blocking(move || password::fits(&password, &hash)).await;
    Ok(fits.unwrap_or(false))
}

impl<S: Send + Sync> FromRequestParts<S> for Admin {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Response> {
        parts.extensions.get::<Admin>().cloned().ok_or_else(frame::outside)
    }
}

/// Lets in who has a living session, and nobody else.
pub(super) async fn admit(
    State(console): State<Arc<Console>>,
    mut request: Request,
    next: Next,
) -> Response {
    let now = console.installation.clock.now();
    let store = &console.installation.store;
    let session = match sessions::living(store, request.headers(), now).await {
        Ok(Some(session)) => session,
        Ok(None) => return entrance_of(&request),
        Err(error) => return frame::database_away(&error),
    };
    let has_password = match store.property(PASSWORD).await {
        Ok(hash) => hash.is_some(),
        Err(error) => return frame::database_away(&error),
    };
    let address = address_of(&console, request.headers(), request.extensions().get());
    request.extensions_mut().insert(Admin { session, address, now, has_password });
    next.run(request).await
}

/// Somebody who is not inside and asks for a page is shown the entrance; a posted form is refused,
/// so that nothing typed is lost silently.
fn entrance_of(request: &Request) -> Response {
    let mut response = frame::outside();
    *response.status_mut() = StatusCode::UNAUTHORIZED;
    if let Some(path) = request.uri().path_and_query().filter(|_| request.method() == "GET") {
        return frame::outside_from(path.as_str());
    }
    response
}

/// The person's address, as the history names it and the throttle counts it: also behind a proxy
/// that is trusted.
pub(super) fn address_of(console: &Console, headers: &HeaderMap, peer: Option<&Peer>) -> String {
    let trusted = &console.installation.trusted_proxies;
    let client = |peer: &Peer| proxies::client_of(trusted, headers, *peer).nearest.to_string();
    peer.map_or_else(String::new, client)
}

/// The property that holds Argon2id of the administrator's password.
pub(super) const PASSWORD: &str = "console.password_hash";

/// The field of the password beside a dangerous change.
pub(super) const CONFIRMATION: &str = "confirmation";

/// A password that was given counts for so long.
const CONFIRMED: Duration = Duration::from_secs(10 * 60);
