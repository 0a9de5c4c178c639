//! The log-in of newer versions: a form drawn by a script, posted as JSON, with a second step for
//! users who have enrolled. The doubles have no second step to take: an enrolled user stays outside.
//!
//! Address, fields and ids are public [C]; the shapes of the answers are [U].

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Extension, Json, Router};
use http::StatusCode;
use http::header::CONTENT_TYPE;
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::json;

use super::App;
use super::directory::key;
use super::log_in::LoginReason;
use super::visitor::Visitor;

/// The addresses that versions with this log-in have and others have not.
pub(crate) fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/rest/tsv/1.0/authenticate", post(authenticate))
        .route("/s/double/two-step.js", get(script))
}

/// The place where the script draws the form.
pub(crate) fn place(app: &App, destination: Option<&str>) -> Markup {
    html! {
        div #two-step .box
            data-authenticate={ (app.context) "/rest/tsv/1.0/authenticate" }
            data-target={ (app.context) (app.destination(destination)) } {
            noscript { p .error { "This page needs scripts." } }
        }
        script src={ (app.context) "/s/double/two-step.js" } defer {}
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Credentials {
    username: String,
    password: String,
    #[serde(default)]
    target_url: Option<String>,
}

async fn authenticate(
    State(app): State<Arc<App>>,
    Extension(visitor): Extension<Visitor>,
    Json(body): Json<Credentials>,
) -> Response {
    if !app.modes.lock().login_form {
        let text = json!({ "message": "The log-in form is disabled." });
        return (StatusCode::FORBIDDEN, Json(text)).into_response();
    }
    let log_in = app.log_in(&body.username, &body.password).await;
    let (status, message) = match log_in.reason {
        LoginReason::Ok | LoginReason::Out => {
            if app.second_steps.lock().contains(&key(&body.username)) {
                // Half a log-in opens no session.
                return Json(json!({ "nextStep": "SECOND_FACTOR" })).into_response();
            }
            let target = body.target_url.unwrap_or_else(|| format!("{}/", app.context));
            let mut response = Json(json!({ "redirectUrl": target })).into_response();
            app.logged_in(&visitor, &log_in, &mut response);
            return response;
        }
        LoginReason::AuthenticatedFailed => (StatusCode::UNAUTHORIZED, "Wrong name or password."),
        LoginReason::AuthenticationDenied => (StatusCode::FORBIDDEN, "A CAPTCHA is needed."),
        LoginReason::AuthorisationFailed => (StatusCode::FORBIDDEN, "No application access."),
    };
    let mut response = (status, Json(json!({ "message": message }))).into_response();
    response.headers_mut().extend(app.seraph_headers(&log_in));
    response
}

async fn script() -> Response {
    let kind = "text/javascript;charset=UTF-8";
    ([(CONTENT_TYPE, kind)], include_str!("two_step.js")).into_response()
}
