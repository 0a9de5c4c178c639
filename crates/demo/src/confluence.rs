//! The Confluence double: its addresses and what they answer.
//!
//! There are no spaces, no pages to write and no administration: only what a person who logs in, a
//! gateway and an opener meet.

mod pages;
mod people;

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{any, get, post};
use axum::{Extension, Form, Json, Router};
use http::{HeaderValue, StatusCode, Uri};
use serde_json::json;

use crate::app::App;
use crate::app::log_in::LoginReason;
use crate::app::pages::{Credentials, Destination, page, page_with};
use crate::app::visitor::Visitor;

/// Every address of the double, below its context path.
pub(crate) fn router(app: Arc<App>) -> Router {
    Router::new()
        .route("/", get(content))
        .route("/index.action", get(content))
        .route("/dashboard.action", get(content))
        .route("/display/{*page}", get(content))
        .route("/login.action", get(log_in_page))
        .route("/dologin.action", post(log_in_by_form).get(log_in_page))
        .route("/logout.action", any(log_out))
        .route("/rest/api/user/current", get(current_user))
        .route("/rest/applinks/1.0/manifest", get(manifest))
        .route("/s/double/style.css", get(pages::style))
        .merge(people::router())
        .fallback(missing)
        .with_state(app)
}

/// Every page needs a log-in: anonymous use is off, as shipped [I].
async fn content(
    State(app): State<Arc<App>>,
    Extension(visitor): Extension<Visitor>,
    uri: Uri,
) -> Response {
    let known = visitor.user.as_deref().and_then(|name| app.directories.lock().user(name));
    match known {
        Some(known) => page(pages::content(&app, &known, uri.path())),
        None => app.ask_to_log_in(uri.path_and_query().map_or("/", |wanted| wanted.as_str())),
    }
}

async fn log_in_page(State(app): State<Arc<App>>, Query(query): Query<Destination>) -> Response {
    page(pages::log_in(&app, query.os_destination.as_deref(), None))
}

async fn log_in_by_form(
    State(app): State<Arc<App>>,
    Extension(visitor): Extension<Visitor>,
    Query(query): Query<Destination>,
    Form(form): Form<Credentials>,
) -> Response {
    let destination = form.os_destination.or(query.os_destination);
    if !app.has_legacy_form() {
        return missing(State(app)).await;
    }
    if !app.modes.lock().login_form {
        // What a real one answers to a form that is switched off is [U].
        return page_with(StatusCode::FORBIDDEN, pages::form_disabled(&app));
    }
    let log_in = app.log_in(&form.os_username, &form.os_password).await;
    if log_in.reason == LoginReason::Ok {
        let mut response = app.redirect(&app.destination(destination.as_deref()));
        app.logged_in(&visitor, &log_in, &mut response);
        return response;
    }
    let mut response = page(pages::log_in(&app, destination.as_deref(), Some(log_in.reason)));
    response.headers_mut().extend(app.seraph_headers(&log_in));
    response
}

async fn log_out(State(app): State<Arc<App>>, Extension(visitor): Extension<Visitor>) -> Response {
    let mut response = app.redirect("/login.action?logout=true");
    app.logged_out(&visitor, &mut response);
    response
}

async fn current_user(
    State(app): State<Arc<App>>,
    Extension(visitor): Extension<Visitor>,
) -> Response {
    let known = visitor.user.as_deref().and_then(|name| app.directories.lock().user(name));
    // Confluence has an answer for everybody: an anonymous user when nobody is logged in [I].
    Json(match known {
        Some(known) => json!({
            "type": "known",
            "username": known.user.name,
            "displayName": known.user.full_name,
        }),
        None => json!({ "type": "anonymous", "displayName": "Anonymous" }),
    })
    .into_response()
}

/// By this, other apps learn the version.
async fn manifest(State(app): State<Arc<App>>) -> Response {
    let base = quick_xml::escape::escape(app.url("")).into_owned();
    let version = app.behaviour.version;
    let body = format!(
        "<manifest><name>Confluence double</name><typeId>confluence</typeId>\
         <version>{version}</version><url>{base}</url></manifest>"
    );
    let xml = HeaderValue::from_static("application/xml");
    ([(http::header::CONTENT_TYPE, xml)], body).into_response()
}

async fn missing(State(app): State<Arc<App>>) -> Response {
    page_with(StatusCode::NOT_FOUND, pages::missing(&app))
}
