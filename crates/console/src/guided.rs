//! Sign-ins that begin here: a test that lets nobody in, and a link that records one sign-in.

use std::sync::Arc;

use axum::extract::{Form, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use installation::guided::{Guided, Purpose};
use maud::html;

use super::Console;
use super::admin::Admin;
use super::form::{Errors, Field, Fields, borrowed};
use super::frame::{self, Failure, Place};

/// `GET /test`.
pub(super) async fn test(
    State(console): State<Arc<Console>>,
    admin: Admin,
    Query(query): Query<Fields>,
) -> Response {
    view(StatusCode::OK, &console, &admin, Purpose::Test, &query, &Errors::default())
}

/// `GET /record`.
pub(super) async fn record(
    State(console): State<Arc<Console>>,
    admin: Admin,
    Query(query): Query<Fields>,
) -> Response {
    view(StatusCode::OK, &console, &admin, Purpose::Record, &query, &Errors::default())
}

/// `POST /test`.
pub(super) async fn begin_test(
    State(console): State<Arc<Console>>,
    admin: Admin,
    Form(fields): Form<Fields>,
) -> Result<Response, Failure> {
    begin(&console, &admin, Purpose::Test, &fields).await
}

/// `POST /record`.
pub(super) async fn begin_record(
    State(console): State<Arc<Console>>,
    admin: Admin,
    Form(fields): Form<Fields>,
) -> Result<Response, Failure> {
    begin(&console, &admin, Purpose::Record, &fields).await
}

/// Makes the link and leads to the page that waits for its sign-in.
async fn begin(
    console: &Console,
    admin: &Admin,
    purpose: Purpose,
    fields: &Fields,
) -> Result<Response, Failure> {
    let settings = console.installation.settings.current();
    let mut errors = Errors::default();
    let idp = fields.some("idp");
    match settings.apps.get(fields.text("app")) {
        None => errors.add("app", "Choose an app."),
        Some(app) if settings.idps_of(app).next().is_none() => {
            errors.add("app", "No identity provider serves this app yet.");
        }
        Some(app)
            if idp.as_ref().is_some_and(|name| settings.idps_of(app).all(|i| i.name != *name)) =>
        {
            errors.add("idp", "This identity provider does not serve the app.");
        }
        Some(_) => {}
    }
    if !errors.is_empty() {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return Ok(view(status, console, admin, purpose, fields, &errors));
    }
    let app = fields.text("app");
    let (link, attempt) = Guided::link(&console.installation, app, idp, purpose, admin.now());
    let by = admin.by();
    let detail = format!("{purpose:?} at {app}");
    console
        .installation
        .store
        .note(&by.author, store::Event::AttemptLinked, &attempt, &detail, by.now)
        .await?;
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("app", app).append_pair("guided", &link);
    Ok(frame::see_other(&format!("/attempts/{attempt}?{}", query.finish())))
}

fn view(
    status: StatusCode,
    console: &Console,
    admin: &Admin,
    purpose: Purpose,
    fields: &Fields,
    errors: &Errors,
) -> Response {
    let settings = console.installation.settings.current();
    let pairs = |names: Vec<&String>| -> Vec<(String, String)> {
        names.into_iter().map(|name| (name.clone(), name.clone())).collect()
    };
    let apps = pairs(settings.apps.keys().collect());
    let mut idps = vec![(String::new(), "the only one, or the person chooses".to_owned())];
    idps.extend(pairs(settings.idps.keys().collect()));
    let (title, action, text, button) = match purpose {
        Purpose::Test => (
            "Test sign-in",
            "/test",
            "Goes to the identity provider and back, and makes every check. Nobody is signed in, and no user is changed.",
            "Make the test",
        ),
        Purpose::Record => (
            "Link that records one sign-in",
            "/record",
            "Hand the link to the person who cannot get in. Their next sign-in by it works as always, and everything about it stands here. It works for a day.",
            "Make the link",
        ),
    };
    let body = html! {
        p { (text) }
        (errors.summary())
        @if apps.is_empty() {
            div class="sheet" { p { "There is no app yet. " a href="/guide" { "Begin with the guide" } "." } }
        } @else {
            form method="post" action=(action) class="sheet" {
                (Field::new("app", "App").value(fields.text("app")).choice(&borrowed(&apps)).render(errors))
                (Field::new("idp", "Identity provider").value(fields.text("idp")).choice(&borrowed(&idps)).render(errors))
                p class="actions" { button class="button" { (button) } }
            }
        }
    };
    frame::inside_with(status, admin, Place::Attempts, title, body)
}
