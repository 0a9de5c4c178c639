//! Passwords typed for a managed name are refused before the app sees them (rule 11).
//!
//! A managed name has no password that anybody could know. Whoever types one guesses, and after a
//! few guesses the app would ask for a CAPTCHA, which locks the real person out. So nobody can
//! lock out another person here.
//!
//! What is read: Basic credentials and queries of every request; log-in posts of at most
//! [`LARGEST`] bytes, whole; any other form, however long, in passing ([`watch`]), since Seraph takes
//! `os_username` from a form wherever it is posted to. Every other body passes unread. What could be
//! read in two ways is refused, not passed: the app might read it in the other.
//!
//! Not covered: the `login` calls of the old RPC interfaces, which are off unless an administrator
//! switches them on. And fields of a `multipart/form-data` away from the log-in addresses: a container
//! takes them for parameters only where a servlet asks for it.

mod addresses;
mod fields;
mod json;
mod letters;
mod names;
mod tokens;
mod watch;

use gateway::{Body, GatewayError};
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH};
use http::request::Parts;
use http::{HeaderMap, Method, Request, Response, StatusCode};
use http_body::Body as _;
use installation::Installation;
use installation::settings::{App, AppKind};
use store::StoreError;

use self::addresses::{confirms_password, takes_password, takes_token};
use self::fields::{ANYWHERE, IN_LOG_IN};
use self::letters::Declared;
use self::names::Names;
use super::passage::database_away;
use crate::front::answer;
use crate::front::page;
use crate::front::reader::Reader;
pub(super) use watch::Watch;

/// Bodies of log-in posts are a few hundred bytes; more is refused.
pub(super) const LARGEST: usize = 16 * 1024;

/// A request that may go to the app, as far as its head and a short body tell.
pub(super) struct Passed {
    pub(super) request: Request<Body>,
    /// A longer form is read while it passes.
    pub(super) watch: Option<Watch>,
}

/// How the body is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reading {
    /// Not at all.
    Unread,
    /// It is a log-in's: whole, and it must be understood.
    LogIn {
        /// It says that it is JSON.
        is_json: bool,
    },
    /// It is a short form to another address: whole.
    ShortForm,
    /// It is a long form, or one of unknown length: while it passes.
    Passing,
}

/// Why a request might be read in two ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Doubt {
    /// The request itself: 400.
    Request(&'static str),
    /// What it says of its body: 415.
    Kind(&'static str),
}

/// Why a body that was read in passing broke off.
pub(super) enum Found {
    /// It brought a password for this managed name.
    Managed(String),
    /// It could be read in two ways.
    Doubt(Doubt),
    /// Nobody could tell.
    Away(StoreError),
}

impl Found {
    /// The answer in place of the app's.
    pub(super) fn answer(&self, app: &App, reader: Reader) -> Response<Body> {
        match self {
            Found::Managed(name) => refused(app, name, reader),
            Found::Doubt(doubt) => doubtful(*doubt),
            Found::Away(error) => database_away(error),
        }
    }
}

/// Lets a request pass, or answers it. `user` is whose session the request belongs to, if it is
/// known: a confirmation of the password names nobody. The answer is for `reader`.
pub(super) async fn check(
    installation: &Installation,
    app: &App,
    request: Request<Body>,
    user: Option<&str>,
    reader: Reader,
) -> Result<Passed, Response<Body>> {
    let (parts, body) = request.into_parts();
    let below = app.below(parts.uri.path());
    if let Some(user) = user.filter(|_| parts.method == Method::POST && confirms_password(below)) {
        match installation.store.managed_among(&[user.to_owned()]).await {
            Ok(None) => {}
            Ok(Some(_)) => return Err(page::no_password_to_confirm(app, reader)),
            Err(error) => return Err(database_away(&error)),
        }
    }
    let place = Place { below, has_tokens: app.settings.kind == AppKind::Bitbucket };
    let (reading, mut names) =
        judge_head(&parts, place, !body.is_end_stream()).map_err(doubtful)?;
    let mut watch = None;
    let body = match reading {
        Reading::Unread => body,
        Reading::Passing => {
            let (watched, body) = Watch::over(body, names.clone(), installation.store.clone());
            watch = Some(watched);
            body
        }
        Reading::LogIn { .. } | Reading::ShortForm => {
            let (bytes, body) = gateway::peek(body, LARGEST).await.map_err(unread)?;
            judge_body(reading, &bytes, &mut names).map_err(doubtful)?;
            body
        }
    };
    match installation.store.managed_among(names.as_slice()).await {
        Ok(None) => Ok(Passed { request: Request::from_parts(parts, body), watch }),
        Ok(Some(name)) => Err(refused(app, &name, reader)),
        Err(error) => Err(database_away(&error)),
    }
}

/// The answer to a password for this managed name: the same for every name, and it repeats none.
fn refused(app: &App, name: &str, reader: Reader) -> Response<Body> {
    tracing::warn!(app = app.name, user.name = name, "password for a managed name refused");
    page::password_refused(app, reader)
}

/// The answer to a form that did not come whole.
fn unread(error: GatewayError) -> Response<Body> {
    let (status, reason) = match error {
        GatewayError::TooLarge(_) => {
            (StatusCode::PAYLOAD_TOO_LARGE, "A log-in form has at most 16 kB.")
        }
        GatewayError::Busy => (StatusCode::SERVICE_UNAVAILABLE, "Please try again in a moment."),
        GatewayError::BodySlow(_) => {
            (StatusCode::REQUEST_TIMEOUT, "The form did not arrive within 30 seconds.")
        }
        _ => (StatusCode::BAD_REQUEST, "The form broke off."),
    };
    answer::text(status, reason)
}

fn doubtful(doubt: Doubt) -> Response<Body> {
    match doubt {
        Doubt::Request(reason) => answer::text(StatusCode::BAD_REQUEST, reason),
        Doubt::Kind(reason) => answer::text(StatusCode::UNSUPPORTED_MEDIA_TYPE, reason),
    }
}

/// Where a request goes.
#[derive(Clone, Copy)]
struct Place<'a> {
    /// The path below the app's context.
    below: &'a str,
    /// The app takes tokens in the place of passwords, at some places.
    has_tokens: bool,
}

/// Reads the names in the head of a request, and says how its body must be read.
fn judge_head(parts: &Parts, place: Place<'_>, has_body: bool) -> Result<(Reading, Names), Doubt> {
    let declared = Declared::of(&parts.headers)?;
    let log_in = takes_password(place.below);
    if log_in && place.below.to_ascii_lowercase().contains("%2f") {
        return Err(Doubt::Request("A log-in has no encoded slash in its path."));
    }
    let mut names = Names::default();
    if let Some(query) = parts.uri.query() {
        // A container puts the fields of query and body together.
        let fields = if log_in { &IN_LOG_IN[..] } else { &ANYWHERE };
        fields::add_fields(query.as_bytes(), fields, &mut names)?;
        // It may decode the query with the letters of the body, also where there is no body.
        let alike = names.as_slice().is_empty() && declared.is_like_ascii();
        if !alike && !declared.is_read_here() {
            return Err(Doubt::Kind("Please send requests in UTF-8."));
        }
    }
    // Rare, so the place is judged last.
    let is_token =
        place.has_tokens && tokens::brings_token(&parts.headers) && takes_token(place.below);
    if !is_token {
        fields::add_basic(&parts.headers, &mut names)?;
    }
    Ok((reading(parts, &declared, log_in, has_body)?, names))
}

fn reading(
    parts: &Parts,
    declared: &Declared,
    log_in: bool,
    has_body: bool,
) -> Result<Reading, Doubt> {
    let form = declared.is_form();
    if !has_body || !log_in && !form {
        return Ok(Reading::Unread);
    }
    if !declared.is_read_here() {
        return Err(Doubt::Kind("Please send forms in UTF-8."));
    }
    if is_compressed(&parts.headers) {
        return Err(Doubt::Kind("A form is not compressed."));
    }
    if log_in {
        let is_json = declared.is_json();
        if !declared.kind.is_empty() && !form && !is_json {
            return Err(Doubt::Kind("A log-in is a form or a JSON object."));
        }
        return Ok(Reading::LogIn { is_json });
    }
    let length = parts.headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok());
    let short = length.and_then(|length| length.parse().ok()).is_some_and(|n: usize| n <= LARGEST);
    Ok(if short { Reading::ShortForm } else { Reading::Passing })
}

fn is_compressed(headers: &HeaderMap) -> bool {
    let mut encodings = headers.get_all(CONTENT_ENCODING).iter();
    encodings.any(|encoding| !encoding.as_bytes().eq_ignore_ascii_case(b"identity"))
}

/// Reads the names in a body that is read whole.
fn judge_body(reading: Reading, body: &[u8], names: &mut Names) -> Result<(), Doubt> {
    match reading {
        Reading::LogIn { is_json } => fields::add_log_in(body, is_json, names),
        Reading::ShortForm => fields::add_fields(body, &ANYWHERE, names),
        Reading::Unread | Reading::Passing => Ok(()),
    }
}

#[cfg(test)]
mod tests;
