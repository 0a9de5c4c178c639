//! The way into the console: a link that works once, within an hour of the start.
//!
//! The link's token is kept as a hash, like every token; only the server's own output shows it.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use axum::extract::{Query, State};
use axum::http::header::{LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;

use super::{Console, frame, sessions};
use crate::runtime::{Random, token_hash};

/// One unused way in.
pub struct Entrance {
    open: Mutex<Option<Ticket>>,
    secure: bool,
}

struct Ticket {
    hash: String,
    until: SystemTime,
}

impl Entrance {
    /// A way in that works once until an hour after `now`, and its token, to be printed as
    /// `/enter?token=...` after the console's origin and nowhere else. `secure` says whether the
    /// console's listener speaks TLS, so that cookies may be bound to it.
    pub fn open(random: Random, now: SystemTime, secure: bool) -> (Self, String) {
        let token = random.token();
        let ticket = Ticket { hash: token_hash(&token), until: now + LIFETIME };
        (Entrance { open: Mutex::new(Some(ticket)), secure }, token)
    }

    /// Whether `token` opens the console at `now`; it never does again. A wrong token changes
    /// nothing, so nobody can close the way for others by guessing.
    fn take(&self, token: &str, now: SystemTime) -> bool {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let hash = token_hash(token);
        open.take_if(|ticket| ticket.hash == hash).is_some_and(|ticket| now < ticket.until)
    }
}

/// The query of the link.
#[derive(Deserialize)]
pub(super) struct Link {
    #[serde(default)]
    token: String,
}

/// `GET /enter?token=...`: takes the link and gives a session.
pub(super) async fn enter(
    State(console): State<Arc<Console>>,
    Query(link): Query<Link>,
) -> Response {
    let now = console.server.clock.now();
    if !console.entrance.take(&link.token, now) {
        return frame::outside();
    }
    tracing::info!("the console was entered by its link");
    let token = console.sessions.begin(console.server.random, now);
    let cookie = sessions::cookie(&token, console.entrance.secure);
    (StatusCode::SEE_OTHER, [(LOCATION, "/".to_owned()), (SET_COOKIE, cookie)]).into_response()
}

/// `POST /leave`: ends the session.
pub(super) async fn leave(State(console): State<Arc<Console>>, headers: HeaderMap) -> Response {
    if let Some(token) = sessions::token(&headers) {
        console.sessions.end(token);
    }
    let mut response = frame::outside();
    *response.status_mut() = StatusCode::OK;
    response
}

const LIFETIME: Duration = Duration::from_secs(3600);
