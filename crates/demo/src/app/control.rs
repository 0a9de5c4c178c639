//! The control surface of a double: what an administrator of the app would click, for tests.
//!
//! It listens on loopback, on a port of its own, and asks for no password. It is no interface of
//! any real app.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{delete, get, post, put};
use axum::{Json, Router};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::App;
use super::crowd_client::{CrowdClient, WireFormat};
use super::directory::{CrowdSource, Directory, GroupsOnLogIn, Source, key};
use super::settings::{InternalUser, Modes};
use super::synchronising::Wanted;

/// Everything a test can do to a double.
pub(super) fn router(app: Arc<App>) -> Router {
    Router::new()
        .route("/state", get(state))
        .route("/directories", post(add_directory))
        .route("/directories/order", put(reorder))
        .route("/directories/test", post(test_new))
        .route("/directories/{id}", delete(remove_directory))
        .route("/directories/{id}/test", post(test_known))
        .route("/sync", post(synchronise_all))
        .route("/users", post(add_user))
        .route("/users/{name}", get(user))
        .route("/modes", put(set_modes))
        .route("/connector", put(set_connector))
        .route("/captcha", put(set_captcha_limit))
        .route("/captcha/{name}", post(lock_out).delete(reset_failures))
        .route("/second-step/{name}", put(enrol).delete(withdraw))
        .route("/sessions", delete(end_sessions))
        .with_state(app)
}

/// A Crowd directory as its form in the app asks for it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewDirectory {
    #[serde(default)]
    directory_name: Option<String>,
    url: String,
    name: String,
    password: String,
    #[serde(default)]
    format: WireFormat,
    #[serde(default)]
    groups_on_log_in: GroupsOnLogIn,
    #[serde(default)]
    nested_groups: bool,
    /// 0 is the first; absent: the last.
    #[serde(default)]
    position: Option<usize>,
}

async fn state(State(app): State<Arc<App>>) -> Json<Value> {
    let directories: Vec<Value> = app.directories.lock().iter().map(describe).collect();
    Json(json!({
        "profile": app.profile,
        "base_url": app.url(""),
        "directories": directories,
        "modes": *app.modes.lock(),
        "captcha_after": app.failures.lock().limit,
        "sessions": app.sessions.lock().logged_in(),
    }))
}

fn describe(directory: &Directory) -> Value {
    let (requests, password_checks) = match &directory.source {
        Source::Internal => (0, 0),
        Source::Crowd(source) => source.client.counted(),
    };
    let users: Vec<&String> = directory.users.values().map(|user| &user.name).collect();
    let groups: Vec<&String> = directory.groups.values().map(|group| &group.name).collect();
    json!({
        "id": directory.id,
        "name": directory.name,
        "kind": if matches!(directory.source, Source::Internal) { "internal" } else { "crowd" },
        "users": users,
        "groups": groups,
        "in_step": directory.in_step,
        "trouble": directory.trouble,
        "requests": requests,
        "password_checks": password_checks,
    })
}

impl NewDirectory {
    fn source(&self) -> anyhow::Result<CrowdSource> {
        let client = CrowdClient::new(&self.url, &self.name, &self.password, self.format)?;
        Ok(CrowdSource {
            client: Arc::new(client),
            on_log_in: self.groups_on_log_in,
            nested_groups: self.nested_groups,
        })
    }
}

async fn add_directory(State(app): State<Arc<App>>, Json(new): Json<NewDirectory>) -> Response {
    let source = match new.source() {
        Ok(source) => source,
        Err(error) => return wrong(&error),
    };
    let name = new.directory_name.as_deref().unwrap_or("Crowd Server");
    let id = app.directories.lock().add(name, Source::Crowd(source), new.position);
    Json(json!({ "id": id })).into_response()
}

async fn test_new(State(app): State<Arc<App>>, Json(new): Json<NewDirectory>) -> Response {
    match new.source() {
        Ok(source) => test(&app, &source).await,
        Err(error) => wrong(&error),
    }
}

async fn test_known(State(app): State<Arc<App>>, Path(id): Path<u32>) -> Response {
    let source = match app.directories.lock().get(id).map(|directory| &directory.source) {
        Some(Source::Crowd(source)) => source.clone(),
        Some(Source::Internal) | None => return missing(),
    };
    test(&app, &source).await
}

async fn test(app: &App, source: &CrowdSource) -> Response {
    match source.client.test(app.behaviour.test_search).await {
        Ok(()) => {
            Json(json!({ "ok": true, "message": "Connection test successful" })).into_response()
        }
        Err(failure) => {
            Json(json!({ "ok": false, "message": failure.to_string() })).into_response()
        }
    }
}

async fn remove_directory(State(app): State<Arc<App>>, Path(id): Path<u32>) -> Response {
    if app.directories.lock().remove(id) { done() } else { missing() }
}

async fn reorder(State(app): State<Arc<App>>, Json(ids): Json<Vec<u32>>) -> Response {
    app.directories.lock().reorder(&ids);
    done()
}

async fn synchronise_all(State(app): State<Arc<App>>) -> Response {
    let all = app.synchronise_all(Wanted::Fresh).await;
    let directories: Vec<Value> = app.directories.lock().iter().map(describe).collect();
    let status = if all { StatusCode::OK } else { StatusCode::BAD_GATEWAY };
    (status, Json(json!({ "ok": all, "directories": directories }))).into_response()
}

async fn add_user(State(app): State<Arc<App>>, Json(user): Json<InternalUser>) -> Response {
    match app.directories.lock().internal_mut() {
        Some(internal) => internal.put(user.known(), &user.groups),
        None => return missing(),
    }
    done()
}

async fn user(State(app): State<Arc<App>>, Path(name): Path<String>) -> Response {
    let Some(known) = app.directories.lock().user(&name) else { return missing() };
    let access = app.grants_access(&known.groups);
    let failures = app.failures.lock();
    Json(json!({
        "user": known,
        "access": access,
        "failed": failures.of(&name).failed,
        "captcha": failures.asks_for_captcha(&name),
    }))
    .into_response()
}

async fn set_modes(State(app): State<Arc<App>>, Json(modes): Json<Modes>) -> Response {
    *app.modes.lock() = modes;
    done()
}

#[derive(Deserialize)]
struct PublicUrl {
    public_url: String,
}

async fn set_connector(State(app): State<Arc<App>>, Json(new): Json<PublicUrl>) -> Response {
    match app.connector.lock().move_to(&new.public_url) {
        Ok(()) => done(),
        Err(error) => wrong(&error),
    }
}

#[derive(Deserialize)]
struct CaptchaLimit {
    after: Option<u32>,
}

async fn set_captcha_limit(State(app): State<Arc<App>>, Json(new): Json<CaptchaLimit>) -> Response {
    app.failures.lock().limit = new.after;
    done()
}

async fn lock_out(State(app): State<Arc<App>>, Path(name): Path<String>) -> Response {
    app.failures.lock().lock(&name);
    done()
}

async fn reset_failures(State(app): State<Arc<App>>, Path(name): Path<String>) -> Response {
    app.failures.lock().reset(&name);
    done()
}

async fn enrol(State(app): State<Arc<App>>, Path(name): Path<String>) -> Response {
    app.second_steps.lock().insert(key(&name));
    done()
}

async fn withdraw(State(app): State<Arc<App>>, Path(name): Path<String>) -> Response {
    app.second_steps.lock().remove(&key(&name));
    done()
}

async fn end_sessions(State(app): State<Arc<App>>) -> Response {
    app.sessions.lock().end_all();
    done()
}

fn done() -> Response {
    StatusCode::NO_CONTENT.into_response()
}

fn missing() -> Response {
    (StatusCode::NOT_FOUND, Json(json!({ "error": "there is none" }))).into_response()
}

fn wrong(error: &anyhow::Error) -> Response {
    (StatusCode::BAD_REQUEST, Json(json!({ "error": format!("{error:#}") }))).into_response()
}
