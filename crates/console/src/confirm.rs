//! The password that is asked for again before a change that can decide who gets in, so that nobody
//! makes one at an open screen. It stands before the handlers: none of them can forget it, and what
//! was entered waits on the page that asks.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{FromRequest as _, MatchedPath, Request, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::middleware::Next;
use axum::response::Response;
use maud::html;

use self::Asks::{Always, Never, Unless};
use super::admin::Admin;
use super::form::{Errors, Field, Fields};
use super::frame::{self, Failure, Place};
use super::password::CONFIRMATION;
use super::upload::{self, Posted};
use super::{Console, idps, provisioning, settings};

/// Whether what is posted to an address asks for the password, when that was given more than ten
/// minutes ago.
#[derive(Clone, Copy)]
pub(super) enum Asks {
    /// It can decide who gets in.
    Always,
    /// The same, but the form has a button as well that only shows something, and was pressed when
    /// this is so. The handler asks the same function.
    Unless(fn(&Fields) -> bool),
    /// It decides about nobody.
    Never,
}

/// Every address inside to which something is posted. One that does not stand here asks.
pub(super) const POSTED: [(&str, Asks); 28] = [
    ("/apps/new", Always),
    ("/apps/{name}", Always),
    ("/apps/{name}/remove", Always),
    ("/idps/new", Unless(idps::only_resolves)),
    ("/idps/{name}", Unless(idps::only_resolves)),
    ("/idps/{name}/remove", Always),
    ("/idps/{name}/keys", Always),
    ("/idps/{name}/users", Always),
    ("/idps/{name}/provisioning", Unless(provisioning::only_tries)),
    ("/guide", Always),
    ("/users/{name}/active", Always),
    ("/users/{name}/tag", Always),
    ("/users/{name}/link", Always),
    ("/removals", Always),
    // A group that is there is given to whom the IdP names for it.
    ("/groups", Always),
    ("/applications", Always),
    ("/applications/{name}/password", Always),
    ("/applications/{name}/remove", Always),
    ("/history/{number}/return", Always),
    // The administrators' group, and the console's address.
    ("/settings", Always),
    ("/settings/apply", Unless(settings::only_shows)),
    ("/password", Always),
    // It sets the password while there is none that could be asked for.
    ("/welcome", Never),
    // Sign-ins that are made to be looked at: one lets nobody in, the other lets in as always.
    ("/test", Never),
    ("/record", Never),
    // These show more, to somebody who is inside.
    ("/attempts/{id}/reveal", Never),
    ("/settings/logging", Never),
    ("/leave", Never),
];

/// Stands before the handlers of everything inside.
pub(super) async fn before(
    State(console): State<Arc<Console>>,
    mut admin: Admin,
    path: MatchedPath,
    request: Request,
    next: Next,
) -> Result<Response, Failure> {
    let listed = POSTED.iter().find(|(posted, _)| *posted == path.as_str());
    let asks = listed.map_or(Always, |(_, asks)| *asks);
    let only_reads = request.method().is_safe();
    if only_reads || matches!(asks, Never) || !admin.must_confirm() {
        return Ok(next.run(request).await);
    }
    let (mut parts, body) = request.into_parts();
    let body = to_bytes(body, upload::LARGEST).await.map_err(|_| upload::unread())?;
    let Posted(fields) = match parts.headers.contains_key(CONTENT_TYPE) {
        true => {
            let read = Request::from_parts(parts.clone(), Body::from(body.clone()));
            Posted::from_request(read, &()).await?
        }
        // A button alone may send nothing.
        false => Posted(Fields::default()),
    };
    let only_shows = matches!(asks, Unless(only_shows) if only_shows(&fields));
    if !only_shows && let Some(refusal) = admin.confirm(&console, &fields).await? {
        return Ok(ask(&admin, parts.uri.path(), &fields, refusal));
    }
    // The handler meets somebody who has just given the password.
    parts.extensions.insert(admin);
    Ok(next.run(Request::from_parts(parts, Body::from(body))).await)
}

/// The page that asks; the form goes on from it as it was.
fn ask(admin: &Admin, path: &str, fields: &Fields, refusal: &'static str) -> Response {
    let mut errors = Errors::default();
    // Who is asked for the first time has done nothing wrong.
    if fields.pairs().any(|(name, _)| name == CONFIRMATION) {
        errors.add(CONFIRMATION, refusal);
    }
    let entered = fields.pairs().filter(|(name, _)| *name != CONFIRMATION);
    let body = html! {
        p { "This change can decide who gets in, and you last entered your password more than ten minutes ago. Enter it once more to make the change; what you filled in is kept." }
        (errors.summary())
        form method="post" action=(path) class="sheet" {
            @for (name, text) in entered { input type="hidden" name=(name) value=(text); }
            (Field::new(CONFIRMATION, "Your password").secret("current-password").required().render(&errors))
            p class="actions" { button class="button" { "Go on" } a href="/" { "Cancel" } }
        }
    };
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    frame::inside_with(status, admin, Place::Overview, "Your password, please", body)
}
