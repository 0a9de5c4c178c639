//! The Jira double: its addresses and what they answer.
//!
//! There are no issues, no projects and no administration: only what a person who logs in, a
//! gateway and an opener meet.

mod pages;
mod people;
mod portal;
mod resources;

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{any, get, post};
use axum::{Extension, Form, Json, Router};
use http::StatusCode;
use serde_json::json;

use crate::app::App;
use crate::app::log_in::{LogIn, LoginReason};
use crate::app::pages::{Credentials, Destination, page, page_with};
use crate::app::profile::Gadget;
use crate::app::visitor::Visitor;

/// Every address of the double, below its context path.
pub(crate) fn router(app: Arc<App>) -> Router {
    let portal = if app.behaviour.customer_portal { portal::router() } else { Router::new() };
    Router::new()
        .route("/", get(front_page))
        .route("/secure/Dashboard.jspa", get(dashboard))
        .route("/browse/{key}", get(issue))
        .route("/login.jsp", get(log_in_page).post(log_in_by_form))
        .route("/rest/gadget/1.0/login", post(log_in_by_gadget))
        .route("/plugins/servlet/gadgets/ifr", get(gadget))
        .route("/logout", any(log_out))
        .route("/secure/Logout.jspa", any(log_out))
        .route("/secure/Logout!default.jspa", get(ask_to_log_out))
        .route("/logoutconfirm.jsp", get(ask_to_log_out))
        .route("/s/double/gadget.js", get(pages::gadget_script))
        .route("/s/double/style.css", get(pages::style))
        .merge(resources::router())
        .merge(people::router())
        .merge(portal)
        .fallback(missing)
        .with_state(app)
}

async fn front_page(
    State(app): State<Arc<App>>,
    Extension(visitor): Extension<Visitor>,
) -> Response {
    // Jira sends everybody on to the dashboard [I].
    dashboard(State(app), Extension(visitor)).await
}

async fn dashboard(
    State(app): State<Arc<App>>,
    Extension(visitor): Extension<Visitor>,
) -> Response {
    let known = visitor.user.as_deref().and_then(|name| app.directories.lock().user(name));
    page(match known {
        Some(known) => pages::dashboard(&app, &known),
        None => pages::dashboard_with_gadget(&app),
    })
}

/// The log-in gadget by itself, for the frame of older versions.
async fn gadget(State(app): State<Arc<App>>) -> Response {
    match app.behaviour.gadget {
        Gadget::Frame => page(pages::gadget_in_frame(&app)),
        Gadget::Inline | Gadget::Link => missing(State(app)).await,
    }
}

async fn issue(
    State(app): State<Arc<App>>,
    Extension(visitor): Extension<Visitor>,
    Path(key): Path<String>,
) -> Response {
    let known = visitor.user.as_deref().and_then(|name| app.directories.lock().user(name));
    match known {
        Some(known) => page(pages::issue(&app, &known, &key)),
        None => app.ask_to_log_in(&format!("/browse/{key}")),
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
    // The form again, with 200 and the reason in a header.
    let mut response = page(pages::log_in(&app, destination.as_deref(), Some(log_in.reason)));
    response.headers_mut().extend(app.seraph_headers(&log_in));
    response
}

async fn log_in_by_gadget(
    State(app): State<Arc<App>>,
    Extension(visitor): Extension<Visitor>,
    Form(form): Form<Credentials>,
) -> Response {
    if !app.modes.lock().login_form {
        return (StatusCode::FORBIDDEN, "The log-in form is disabled.\n").into_response();
    }
    let log_in = app.log_in(&form.os_username, &form.os_password).await;
    let LogIn { reason, .. } = log_in;
    let mut response = Json(json!({
        "loginSucceeded": reason == LoginReason::Ok,
        "captchaFailure": reason == LoginReason::AuthenticationDenied,
        "loginFailedByPermissions": reason == LoginReason::AuthorisationFailed,
    }))
    .into_response();
    if reason == LoginReason::Ok {
        app.logged_in(&visitor, &log_in, &mut response);
    } else {
        response.headers_mut().extend(app.seraph_headers(&log_in));
    }
    response
}

/// Without its token the log-out asks first, and nothing has happened yet [I].
async fn ask_to_log_out(State(app): State<Arc<App>>) -> Response {
    page(pages::ask_to_log_out(&app))
}

async fn log_out(State(app): State<Arc<App>>, Extension(visitor): Extension<Visitor>) -> Response {
    let mut response = page(pages::logged_out(&app));
    app.logged_out(&visitor, &mut response);
    response
}

async fn missing(State(app): State<Arc<App>>) -> Response {
    page_with(StatusCode::NOT_FOUND, pages::missing(&app))
}
