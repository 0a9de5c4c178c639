//! The ways into the console: a link that works once, and the administrator's password.
//!
//! Each start of the server prints a link. Whoever can read the server's output could read its
//! files as well, so the link is also the way back in when the password is forgotten. Tokens and
//! passwords are kept as hashes; wrong passwords are counted by address, on all nodes together.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use axum::extract::{Extension, Form, Query, State};
use axum::http::header::{LOCATION, RETRY_AFTER, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use installation::proxies::Peer;
use installation::runtime::token_hash;
use installation::ticket::ADMINISTRATOR;
use maud::html;
use serde::Deserialize;
use store::{Author, Store, StoreError};

use super::admin::{self, PASSWORD, address_of};
use super::form::{self, Errors, Fields};
use super::{Console, frame, sessions};

/// How browsers reach the console.
pub struct Entrance {
    /// Whether its listener speaks TLS, so that cookies may be bound to it.
    pub secure: bool,
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
    peer: Option<Extension<Peer>>,
    headers: HeaderMap,
    Query(link): Query<Link>,
) -> Response {
    let (store, now) = (&console.installation.store, console.installation.clock.now());
    let entered = async {
        let Some(author) = store.take_console_ticket(&token_hash(&link.token), now).await? else {
            return Ok(None);
        };
        let has_password = store.property(PASSWORD).await?.is_some();
        let to = if has_password { "/" } else { "/welcome" };
        let author =
            Author { name: author, address: address_of(&console, &headers, peer.as_deref()) };
        begin(&console, &author, "by a link", to).await.map(Some)
    };
    match entered.await {
        Ok(Some(response)) => response,
        Ok(None) => frame::outside(),
        Err(error) => frame::database_away(&error),
    }
}

/// `GET /sign-in`.
pub(super) async fn page() -> Response {
    frame::outside()
}

/// `POST /sign-in`: takes the administrator's password.
pub(super) async fn sign_in(
    State(console): State<Arc<Console>>,
    peer: Option<Extension<Peer>>,
    headers: HeaderMap,
    Form(fields): Form<Fields>,
) -> Response {
    let author = Author {
        name: ADMINISTRATOR.to_owned(),
        address: address_of(&console, &headers, peer.as_deref()),
    };
    match try_password(&console, &author, &fields).await {
        Ok(response) => response,
        Err(error) => frame::database_away(&error),
    }
}

async fn try_password(
    console: &Console,
    author: &Author,
    fields: &Fields,
) -> Result<Response, StoreError> {
    let (store, now) = (&console.installation.store, console.installation.clock.now());
    let mut errors = Errors::default();
    if is_throttled(store, &author.address, now).await? {
        errors.add("password", "Too many wrong passwords: please wait ten minutes.");
        let mut response = frame::sign_in(StatusCode::TOO_MANY_REQUESTS, &errors, fields);
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("600"));
        return Ok(response);
    }
    if admin::fits(store, fields.text("password").to_owned()).await? {
        let to = frame::own_path(fields.text("then"));
        return begin(console, author, "by password", to).await;
    }
    store.count_console_failure(&author.address, WINDOW, now).await?;
    store.count_console_failure(EVERYBODY, WINDOW, now).await?;
    store.note(author, store::Event::ConsoleRefused, "", "a wrong password", now).await?;
    errors.add("password", "This is not the administrator's password.");
    Ok(frame::sign_in(StatusCode::FORBIDDEN, &errors, fields))
}

/// Whether so many wrong passwords came, from one address or from all, that none is looked at.
pub(super) async fn is_throttled(
    store: &Store,
    address: &str,
    now: SystemTime,
) -> Result<bool, StoreError> {
    Ok(store.console_failures(address, WINDOW, now).await? >= FROM_ONE
        || store.console_failures(EVERYBODY, WINDOW, now).await? >= FROM_ALL)
}

async fn begin(
    console: &Console,
    author: &Author,
    how: &str,
    to: &str,
) -> Result<Response, StoreError> {
    let (installation, now) = (&console.installation, console.installation.clock.now());
    tracing::info!(console.author = author.name, "the console was entered {how}");
    let token =
        sessions::begin(&installation.store, &author.name, installation.random, now).await?;
    installation.store.note(author, store::Event::ConsoleEntered, "", how, now).await?;
    let cookie = sessions::cookie(&token, console.entrance.secure);
    let headers = [(LOCATION, to.to_owned()), (SET_COOKIE, cookie)];
    Ok((StatusCode::SEE_OTHER, headers).into_response())
}

/// `POST /leave`: ends the session.
pub(super) async fn leave(State(console): State<Arc<Console>>, headers: HeaderMap) -> Response {
    if let Some(token) = sessions::token(&headers) {
        let ended = console.installation.store.end_console_sessions(Some(&token_hash(token))).await;
        if let Err(error) = ended {
            return frame::database_away(&error);
        }
    }
    frame::plain(
        StatusCode::OK,
        "You have left the console",
        html! { p { a class="button" href="/sign-in" { "Sign in again" } } },
    )
}

/// Wrong passwords count for so long.
pub(super) const WINDOW: Duration = Duration::from_secs(600);

const FROM_ONE: u32 = 5;
const FROM_ALL: u32 = 50;
const EVERYBODY: &str = "*";

/// The field of the password.
pub(super) fn password_field(errors: &Errors) -> maud::Markup {
    form::Field::new("password", "Password").secret("current-password").render(errors)
}
