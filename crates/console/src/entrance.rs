//! The ways into the console: a link that works once, and the administrator's password.
//!
//! The command line makes the link, and the first start prints one at a terminal. Whoever can type
//! there could read the server's files as well, so the link is also the way back in when the password
//! is forgotten. Tokens and passwords are kept as hashes; guesses are counted by whoever makes them,
//! on all nodes together, before they are looked at.

mod page;

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Extension, Form, FromRequestParts, Query, Request, State};
use axum::http::header::{LOCATION, RETRY_AFTER, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{AppendHeaders, IntoResponse as _, Response};
use installation::password::Verdict;
use installation::proxies::Peer;
use installation::runtime::token_hash;
use installation::ticket::ADMINISTRATOR;
use maud::html;
use serde::Deserialize;
use store::{Author, StoreError};

use super::admin::{Admin, address_text, sender_of};
use super::form::{Errors, Fields};
use super::known::Known;
use super::password::{self, Guesser, PASSWORD};
use super::{Console, frame, sessions};

/// How browsers reach the console.
#[derive(Default)]
pub struct Entrance {
    /// Whether its listener speaks TLS, so that cookies may be bound to it.
    pub secure: bool,
    /// Names and addresses by which it is reached, beside loopback and its address in the settings.
    pub names: Vec<String>,
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
        let sender = sender_of(&console, &headers, peer.as_deref());
        let author = Author { name: author, address: address_text(sender) };
        begin(&console, &author, &headers, "by a link", to).await.map(Some)
    };
    match entered.await {
        Ok(Some(response)) => response,
        Ok(None) => page::outside(),
        Err(error) => frame::database_away(&error),
    }
}

/// `GET /sign-in`.
pub(super) async fn ask() -> Response {
    page::outside()
}

/// `POST /sign-in`: takes the administrator's password.
pub(super) async fn sign_in(
    State(console): State<Arc<Console>>,
    peer: Option<Extension<Peer>>,
    headers: HeaderMap,
    Form(fields): Form<Fields>,
) -> Response {
    let sender = sender_of(&console, &headers, peer.as_deref());
    match try_password(&console, sender, &headers, &fields).await {
        Ok(response) => response,
        Err(error) => frame::database_away(&error),
    }
}

async fn try_password(
    console: &Console,
    sender: Option<IpAddr>,
    headers: &HeaderMap,
    fields: &Fields,
) -> Result<Response, StoreError> {
    let installation = &console.installation;
    let author = Author { name: ADMINISTRATOR.to_owned(), address: address_text(sender) };
    let known = Known::of(installation, headers);
    let guesser = known.as_ref().map_or(Guesser::At(sender), Guesser::Known);
    let verdict = password::guess(installation, guesser, fields.text("password")).await?;
    let Some(refusal) = password::refusal(verdict) else {
        let to = page::own_path(fields.text("then"));
        return begin(console, &author, headers, "by password", to).await;
    };
    let (status, wait) = match verdict {
        Verdict::TooMany => (StatusCode::TOO_MANY_REQUESTS, Some("600")),
        Verdict::Busy => (StatusCode::TOO_MANY_REQUESTS, Some("2")),
        Verdict::Wrong | Verdict::Right => (StatusCode::FORBIDDEN, None),
    };
    if verdict == Verdict::Wrong {
        password::note_refused(installation, &author).await?;
    }
    let mut errors = Errors::default();
    errors.add("password", refusal);
    let mut response = page::sign_in(status, &errors, fields);
    if let Some(seconds) = wait {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static(seconds));
    }
    Ok(response)
}

async fn begin(
    console: &Console,
    author: &Author,
    headers: &HeaderMap,
    how: &str,
    to: &str,
) -> Result<Response, StoreError> {
    let (installation, now) = (&console.installation, console.installation.clock.now());
    tracing::info!(console.author = author.name, "the console was entered {how}");
    let token =
        sessions::begin(&installation.store, &author.name, installation.random, now).await?;
    installation.store.note(author, store::Event::ConsoleEntered, "", how, now).await?;
    let secure = console.entrance.secure;
    let known = Known::of(installation, headers).unwrap_or_else(|| Known::fresh(installation));
    let cookies = AppendHeaders([
        (SET_COOKIE, sessions::cookie(&token, secure)),
        (SET_COOKIE, known.cookie(installation, secure)),
    ]);
    Ok((StatusCode::SEE_OTHER, [(LOCATION, to.to_owned())], cookies).into_response())
}

/// Lets in who has a living session, and nobody else.
pub(super) async fn admit(
    State(console): State<Arc<Console>>,
    mut request: Request,
    next: Next,
) -> Response {
    let peer = request.extensions().get();
    match Admin::of(&console, request.headers(), peer).await {
        Ok(Some(admin)) => {
            request.extensions_mut().insert(admin);
            next.run(request).await
        }
        Ok(None) => instead_of(&request),
        Err(error) => frame::database_away(&error),
    }
}

/// Somebody who is not inside and asks for a page is shown the entrance; a posted form is refused,
/// so that nothing typed is lost silently.
fn instead_of(request: &Request) -> Response {
    match request.uri().path_and_query().filter(|_| request.method() == "GET") {
        Some(path) => page::outside_from(path.as_str()),
        None => page::outside(),
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Admin {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Response> {
        parts.extensions.get::<Admin>().cloned().ok_or_else(page::outside)
    }
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
