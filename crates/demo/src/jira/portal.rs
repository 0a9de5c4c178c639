//! The service desk's customer portal: its own log-in page, and pages for people who have no
//! access to Jira itself.
//!
//! Address, ids and the answer of the log-in are public [C]; that it takes a customer whom the
//! log-in page of Jira refuses is [I], and so are the other pages. What the page looks like in
//! versions with two steps is [U]; here it is the same in all.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Extension, Form, Json, Router};
use http::Uri;
use http::header::CONTENT_TYPE;
use maud::{Markup, html};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use serde_json::json;

use super::pages;
use crate::app::App;
use crate::app::log_in::LoginReason;
use crate::app::pages::{Credentials, page};
use crate::app::visitor::Visitor;

/// The addresses of the portal, in versions that have one.
pub(super) fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/servicedesk/customer/user/login", get(log_in_page).post(log_in))
        .route("/servicedesk/customer/user/profile", get(profile))
        .route("/servicedesk/customer/portals", get(profile))
        .route("/servicedesk/customer/portal/{id}", get(profile))
        .route("/s/double/portal.js", get(script))
}

/// Where to go after the log-in: a path below `/servicedesk/customer/` [I].
#[derive(Deserialize)]
struct Wanted {
    #[serde(default)]
    destination: Option<String>,
}

async fn log_in_page(State(app): State<Arc<App>>, Query(wanted): Query<Wanted>) -> Response {
    page(place(&app, wanted.destination.as_deref().unwrap_or("portals")))
}

/// The place where the script draws the form.
fn place(app: &App, destination: &str) -> Markup {
    let portal = format!("{}/servicedesk/customer", app.context);
    pages::frame(
        app,
        None,
        "Help Center",
        html! {
            div #portal-login .box data-authenticate={ (portal) "/user/login" }
                data-target={ (portal) "/" (destination) } {
                noscript { p .error { "This page needs scripts." } }
            }
            script src={ (app.context) "/s/double/portal.js" } defer {}
        },
    )
}

async fn log_in(
    State(app): State<Arc<App>>,
    Extension(visitor): Extension<Visitor>,
    Form(form): Form<Credentials>,
) -> Response {
    let log_in = app.log_in_as_customer(&form.os_username, &form.os_password).await;
    let good = log_in.reason == LoginReason::Ok;
    let captcha = log_in.reason == LoginReason::AuthenticationDenied;
    let answer = json!({ "loginSucceeded": good, "captchaFailure": captcha });
    let mut response = Json(answer).into_response();
    if good {
        app.logged_in(&visitor, &log_in, &mut response);
    } else {
        response.headers_mut().extend(app.seraph_headers(&log_in));
    }
    response
}

/// Any page of the portal shows who is there.
async fn profile(
    State(app): State<Arc<App>>,
    Extension(visitor): Extension<Visitor>,
    uri: Uri,
) -> Response {
    let known = visitor.user.as_deref().and_then(|name| app.directories.lock().user(name));
    match known {
        Some(known) => page(pages::frame(&app, Some(&known), "Help Center", pages::about(&known))),
        None => {
            let wanted =
                uri.path().split_once("/servicedesk/customer/").map_or("", |(_, rest)| rest);
            let wanted = utf8_percent_encode(wanted, NON_ALPHANUMERIC);
            app.redirect(&format!("/servicedesk/customer/user/login?destination={wanted}"))
        }
    }
}

async fn script() -> Response {
    let kind = "text/javascript;charset=UTF-8";
    ([(CONTENT_TYPE, kind)], include_str!("portal.js")).into_response()
}
