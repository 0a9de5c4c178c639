//! Passwords typed for a managed name are refused before the app sees them (rule 11).
//!
//! A managed name has no password that anybody could know. Whoever types one guesses, and after a
//! few guesses the app would ask for a CAPTCHA, which locks the real person out. So nobody can
//! lock out another person here.
//!
//! What is read: Basic credentials and queries of every request; log-in posts of at most
//! [`LARGEST`] bytes, whole; any other form, however long, in passing ([`watch`]), since Seraph takes
//! `os_username` from a form wherever it is posted to. Every other body passes unread. A log-in post
//! in a form that cannot be read for certain is refused, not passed: the app might read it.
//!
//! Not covered: the `login` calls of the old RPC interfaces, which are off unless an administrator
//! switches them on.

mod fields;
mod watch;

use std::sync::OnceLock;

use gateway::Body;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};
use http::request::Parts;
use http::{HeaderMap, Method, Request, Response, StatusCode};
use percent_encoding::percent_decode_str;
use store::{Store, StoreError};

use super::button::is_portal_login;
use super::database_away;
use crate::answer;
use crate::page;
use crate::server::Server;
use crate::settings::App;
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
    LogIn,
    /// It is a short form to another address: whole.
    ShortForm,
    /// It is a long form, or one of unknown length: while it passes.
    Passing,
}

/// Lets a request pass, or answers it. `user` is whose session the request belongs to, if it is
/// known: a confirmation of the password names nobody.
pub(super) async fn check(
    server: &Server,
    app: &App,
    request: Request<Body>,
    user: Option<&str>,
) -> Result<Passed, Response<Body>> {
    let (parts, body) = request.into_parts();
    let mut names = fields::in_head(&parts);
    let path = plain(app.below(parts.uri.path()));
    if let Some(user) = user.filter(|_| parts.method == Method::POST && confirms_password(&path)) {
        match managed(&server.store, &[user.to_owned()]).await {
            Ok(None) => {}
            Ok(Some(name)) => return Err(page::no_password_to_confirm(app, &name)),
            Err(error) => return Err(database_away(&error)),
        }
    }
    let reading = reading(&parts, &path).map_err(unreadable)?;
    let mut watch = None;
    let body = match reading {
        Reading::Unread => body,
        Reading::Passing => {
            let (watched, body) = Watch::over(body, server.store.clone());
            watch = Some(watched);
            body
        }
        Reading::LogIn | Reading::ShortForm => {
            let Ok((bytes, body)) = gateway::peek(body, LARGEST).await else {
                let reason = "A log-in form has at most 16 kB.";
                return Err(answer::text(StatusCode::PAYLOAD_TOO_LARGE, reason));
            };
            names.extend(match reading {
                Reading::LogIn => {
                    fields::in_log_in(&bytes, is_json(&parts.headers)).map_err(unreadable)?
                }
                _ => fields::in_form(&bytes),
            });
            body
        }
    };
    match managed(&server.store, &names).await {
        Ok(None) => Ok(Passed { request: Request::from_parts(parts, body), watch }),
        Ok(Some(name)) => Err(refused(app, &name)),
        Err(error) => Err(database_away(&error)),
    }
}

/// The answer to a password for this managed name.
pub(super) fn refused(app: &App, name: &str) -> Response<Body> {
    tracing::warn!(app = app.name, user.name = name, "password for a managed name refused");
    page::password_refused(app)
}

/// The first of `names` that is managed: a user of the directory without a password of its own.
async fn managed(store: &Store, names: &[String]) -> Result<Option<String>, StoreError> {
    for name in names {
        // As Java trims: control characters go too.
        let name = name.trim_matches(|c: char| c <= ' ' || c.is_whitespace());
        if let Some(user) = store.user(name).await?
            && store.password_hash(&user.id).await?.is_none()
        {
            return Ok(Some(user.name));
        }
    }
    Ok(None)
}

fn reading(parts: &Parts, path: &str) -> Result<Reading, &'static str> {
    // A container may decode the query with the letters of the body, also where there is no body.
    if parts.uri.query().is_some() && !declares_only(&parts.headers, is_like_ascii) {
        return Err("Please send requests in UTF-8.");
    }
    if matches!(parts.method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return Ok(Reading::Unread);
    }
    let log_in = takes_password(path);
    let form = is_form(&parts.headers);
    if !log_in && !form {
        return Ok(Reading::Unread);
    }
    if !declares_only(&parts.headers, is_read_here) {
        return Err("Please send forms in UTF-8.");
    }
    if log_in {
        let kind = media_type(&parts.headers);
        if !kind.is_empty() && !form && !is_json(&parts.headers) {
            return Err("A log-in is a form or a JSON object.");
        }
        if parts.headers.contains_key(CONTENT_ENCODING) {
            return Err("A log-in is not compressed.");
        }
        return Ok(Reading::LogIn);
    }
    let length = parts.headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok());
    let short = length.and_then(|length| length.parse().ok()).is_some_and(|n: usize| n <= LARGEST);
    Ok(if short { Reading::ShortForm } else { Reading::Passing })
}

/// The path as a servlet container reads it: decoded, without `;parameters`, doubled slashes and
/// dots; in lower case, since some compare so.
fn plain(below: &str) -> String {
    let decoded = percent_decode_str(below).decode_utf8_lossy().to_ascii_lowercase();
    let mut segments: Vec<&str> = Vec::new();
    for segment in decoded.split(['/', '\\']) {
        match segment.split(';').next().unwrap_or_default() {
            "" | "." => {}
            ".." => drop(segments.pop()),
            segment => segments.push(segment),
        }
    }
    segments.into_iter().fold(String::new(), |path, segment| path + "/" + segment)
}

/// Addresses of Jira, Jira Service Management, Confluence, Bitbucket and Bamboo that take a name and
/// a password.
fn takes_password(path: &str) -> bool {
    // REST resources take the form of their answer as an extension, too.
    let path = [".json", ".xml"].iter().find_map(|end| path.strip_suffix(end)).unwrap_or(path);
    let versioned = |start: &str, end: &str| path.starts_with(start) && path.ends_with(end);
    matches!(
        path,
        "/login.jsp"
            | "/dologin.action"
            | "/login.action"
            | "/j_atl_security_check"
            | "/userlogin.action"
    ) || is_portal_login(path)
        || versioned("/rest/auth/", "/session")
        || versioned("/rest/tsv/", "/authenticate")
        || versioned("/rest/gadget/", "/login")
}

/// Addresses where somebody who is logged in confirms the password ("WebSudo").
fn confirms_password(path: &str) -> bool {
    matches!(path, "/doauthenticate.action" | "/authenticate.action")
        || path.starts_with("/secure/admin/websudoauthenticate")
}

fn media_type(headers: &HeaderMap) -> String {
    let declared = headers.get(CONTENT_TYPE).map(|value| String::from_utf8_lossy(value.as_bytes()));
    let essence = declared.as_deref().and_then(|text| text.split(';').next()).unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}

fn is_form(headers: &HeaderMap) -> bool {
    media_type(headers) == "application/x-www-form-urlencoded"
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = media_type(headers);
    kind == "application/json" || kind == "text/json" || kind.ends_with("+json")
}

/// Whether names look the same to us and to the app: in UTF-16 or EBCDIC, say, `os_username` is
/// written in other bytes, and in ISO 8859-2 a name is another one than in ISO 8859-1.
fn is_read_here(charset: &str) -> bool {
    matches!(charset, "utf-8" | "utf8" | "us-ascii" | "ascii" | "iso-8859-1" | "latin1")
}

/// Whether at least the names of fields look the same: enough for a query beside a body that is no
/// form, as with the upload of a text.
fn is_like_ascii(charset: &str) -> bool {
    let families = ["iso-8859-", "windows-125", "koi8-", "gb", "euc-"];
    is_read_here(charset) || families.iter().any(|family| charset.starts_with(family))
}

/// Whether every charset that a request declares is one of these.
fn declares_only(headers: &HeaderMap, known: impl Fn(&str) -> bool) -> bool {
    headers.get_all(CONTENT_TYPE).iter().all(|value| {
        let text = String::from_utf8_lossy(value.as_bytes()).to_ascii_lowercase();
        let mut sets = text.split(';').skip(1).filter_map(|parameter| {
            let (name, value) = parameter.split_once('=')?;
            (name.trim() == "charset").then(|| value.trim().trim_matches(['"', '\'']).to_owned())
        });
        sets.all(|set| known(&set))
    })
}

fn unreadable(reason: &'static str) -> Response<Body> {
    answer::text(StatusCode::UNSUPPORTED_MEDIA_TYPE, reason)
}

/// A name that was found in a body in passing.
type Found = std::sync::Arc<OnceLock<Result<String, StoreError>>>;

#[cfg(test)]
mod tests;
