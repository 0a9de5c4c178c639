//! Jira's REST resources that list users and groups: for administrators only here [I: browsing
//! users is a permission of its own].

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Extension, Json, Router};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::app::App;
use crate::app::directory::{KnownUser, key};
use crate::app::visitor::Visitor;

pub(super) fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/rest/api/2/user", get(user))
        .route("/rest/api/2/user/search", get(search))
        .route("/rest/api/2/groups/picker", get(pick_groups))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Search {
    username: String,
    #[serde(default)]
    start_at: usize,
    #[serde(default = "fifty")]
    max_results: usize,
    #[serde(default)]
    include_inactive: bool,
}

#[derive(Deserialize)]
struct One {
    username: String,
    #[serde(default)]
    expand: String,
}

fn fifty() -> usize {
    50
}

/// A dot finds everybody; more than 1,000 are never given at once [C].
async fn search(
    State(app): State<Arc<App>>,
    Extension(visitor): Extension<Visitor>,
    Query(search): Query<Search>,
) -> Response {
    if !app.is_administrator(visitor.user.as_deref()) {
        return refused(&visitor);
    }
    let everybody = app.directories.lock().everybody();
    let wanted = |known: &KnownUser| {
        (search.username == "." || key(&known.user.name).contains(&key(&search.username)))
            && (search.include_inactive || known.user.active)
    };
    let found = everybody.iter().filter(|known| wanted(known));
    let page = found.skip(search.start_at).take(search.max_results.min(1000));
    Json(page.map(described).collect::<Vec<_>>()).into_response()
}

async fn user(
    State(app): State<Arc<App>>,
    Extension(visitor): Extension<Visitor>,
    Query(one): Query<One>,
) -> Response {
    if !app.is_administrator(visitor.user.as_deref()) {
        return refused(&visitor);
    }
    let Some(known) = app.directories.lock().user(&one.username) else {
        let error = json!({ "errorMessages": ["There is no such user."], "errors": {} });
        return (StatusCode::NOT_FOUND, Json(error)).into_response();
    };
    let mut answer = described(&known);
    let items: Vec<Value> = known.groups.iter().map(|name| json!({ "name": name })).collect();
    answer["groups"] = json!({ "size": items.len() });
    if one.expand.split(',').any(|part| part == "groups") {
        answer["groups"]["items"] = items.into();
    }
    Json(answer).into_response()
}

/// Twenty at most, whatever is asked for [C: a limit of its own].
async fn pick_groups(
    State(app): State<Arc<App>>,
    Extension(visitor): Extension<Visitor>,
) -> Response {
    if !app.is_administrator(visitor.user.as_deref()) {
        return refused(&visitor);
    }
    let names = app.directories.lock().group_names();
    let total = names.len();
    let groups: Vec<Value> = names.iter().take(20).map(|name| json!({ "name": name })).collect();
    Json(json!({ "total": total, "groups": groups })).into_response()
}

fn described(known: &KnownUser) -> Value {
    json!({
        "key": key(&known.user.name),
        "name": known.user.name,
        "emailAddress": known.user.email,
        "displayName": known.user.full_name,
        "active": known.user.active,
    })
}

fn refused(visitor: &Visitor) -> Response {
    let status = match visitor.user {
        Some(_) => StatusCode::FORBIDDEN,
        None => StatusCode::UNAUTHORIZED,
    };
    (status, Json(json!({ "errorMessages": ["No permission."], "errors": {} }))).into_response()
}
