//! Jira's REST resources that an opener and scripts use.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Extension, Json, Router};
use http::{HeaderValue, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::app::App;
use crate::app::log_in::LoginReason;
use crate::app::sessions::SESSION_COOKIE;
use crate::app::visitor::Visitor;

/// The resources below `/rest/`.
pub(super) fn router() -> Router<Arc<App>> {
    let session = get(session).post(open_session).delete(end_session);
    Router::new()
        .route("/rest/auth/1/session", session.clone())
        .route("/rest/auth/latest/session", session)
        .route("/rest/api/2/myself", get(myself))
        .route("/rest/api/latest/myself", get(myself))
        .route("/rest/api/2/serverInfo", get(server_info))
        .route("/rest/api/latest/serverInfo", get(server_info))
}

/// The body of a JSON log-in [C].
#[derive(Deserialize)]
struct Credentials {
    username: String,
    password: String,
}

async fn open_session(
    State(app): State<Arc<App>>,
    Extension(visitor): Extension<Visitor>,
    Json(body): Json<Credentials>,
) -> Response {
    if !app.modes.lock().session_resource {
        return (StatusCode::FORBIDDEN, errors("Password log-in has been disabled here."))
            .into_response();
    }
    let before = app.failures.lock().of(&body.username);
    let log_in = app.log_in(&body.username, &body.password).await;
    let refusal = match log_in.reason {
        LoginReason::Ok | LoginReason::Out => None,
        LoginReason::AuthenticatedFailed => Some((StatusCode::UNAUTHORIZED, "Login failed")),
        // 403 for a CAPTCHA is published [C]; for missing access it is [I].
        LoginReason::AuthenticationDenied | LoginReason::AuthorisationFailed => {
            Some((StatusCode::FORBIDDEN, "Login denied"))
        }
    };
    if let Some((status, text)) = refusal {
        let mut response = (status, errors(text)).into_response();
        response.headers_mut().extend(app.seraph_headers(&log_in));
        if status == StatusCode::UNAUTHORIZED {
            response
                .headers_mut()
                .insert(http::header::WWW_AUTHENTICATE, HeaderValue::from_static("JIRA REST POST"));
        }
        return response;
    }
    let mut response = StatusCode::OK.into_response();
    app.logged_in(&visitor, &log_in, &mut response);
    let id = session_id(&response).unwrap_or_default();
    let (head, _) = response.into_parts();
    let body = json!({
        "session": { "name": SESSION_COOKIE, "value": id },
        "loginInfo": { "failedLoginCount": before.failed, "loginCount": before.good + 1 },
    });
    let mut response = Json(body).into_response();
    for (name, value) in &head.headers {
        if name != http::header::CONTENT_LENGTH {
            response.headers_mut().append(name, value.clone());
        }
    }
    response
}

async fn session(State(app): State<Arc<App>>, Extension(visitor): Extension<Visitor>) -> Response {
    let Some(name) = visitor.user else { return anonymous() };
    let count = app.failures.lock().of(&name);
    Json(json!({
        "self": user_address(&app, &name),
        "name": name,
        "loginInfo": { "failedLoginCount": count.failed, "loginCount": count.good },
    }))
    .into_response()
}

async fn end_session(
    State(app): State<Arc<App>>,
    Extension(visitor): Extension<Visitor>,
) -> Response {
    if visitor.user.is_none() {
        return anonymous();
    }
    let mut response = StatusCode::NO_CONTENT.into_response();
    app.logged_out(&visitor, &mut response);
    response
}

async fn myself(State(app): State<Arc<App>>, Extension(visitor): Extension<Visitor>) -> Response {
    let known = visitor.user.as_deref().and_then(|name| app.directories.lock().user(name));
    let Some(known) = known else { return anonymous() };
    let groups: Vec<Value> = known.groups.iter().map(|name| json!({ "name": name })).collect();
    Json(json!({
        "self": user_address(&app, &known.user.name),
        "name": known.user.name,
        "emailAddress": known.user.email,
        "displayName": known.user.full_name,
        "active": known.user.active,
        "groups": { "size": groups.len(), "items": groups },
    }))
    .into_response()
}

async fn server_info(State(app): State<Arc<App>>) -> Response {
    let version = app.behaviour.version;
    let numbers: Vec<u32> = version.split('.').filter_map(|number| number.parse().ok()).collect();
    Json(json!({
        "baseUrl": app.url(""),
        "version": version,
        "versionNumbers": numbers,
        "deploymentType": "Server",
        "serverTitle": "Jira double",
    }))
    .into_response()
}

fn session_id(response: &Response) -> Option<String> {
    let cookies = response.headers().get_all(http::header::SET_COOKIE).iter();
    cookies
        .filter_map(|value| value.to_str().ok()?.strip_prefix("JSESSIONID="))
        .find_map(|rest| rest.split(';').next())
        .map(str::to_owned)
}

fn user_address(app: &App, name: &str) -> String {
    let name: String = url::form_urlencoded::byte_serialize(name.as_bytes()).collect();
    app.url(&format!("/rest/api/2/user?username={name}"))
}

fn anonymous() -> Response {
    (StatusCode::UNAUTHORIZED, errors("You are not logged in.")).into_response()
}

fn errors(text: &str) -> Json<Value> {
    Json(json!({ "errorMessages": [text], "errors": {} }))
}
