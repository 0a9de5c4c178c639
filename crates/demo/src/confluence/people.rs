//! Confluence's resources that list groups and their members, and the older remote API's word on one
//! user, which is the only one that tells the e-mail address.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Extension, Json, Router};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::app::App;
use crate::app::directory::key;
use crate::app::visitor::Visitor;

pub(super) fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/rest/api/group", get(groups))
        .route("/rest/api/group/{name}/member", get(members))
        .route("/rpc/json-rpc/confluenceservice-v2/getUser", post(remote_user))
}

#[derive(Deserialize)]
struct Page {
    #[serde(default)]
    start: usize,
    #[serde(default = "two_hundred")]
    limit: usize,
}

fn two_hundred() -> usize {
    200
}

impl Page {
    fn of(&self, all: Vec<Value>) -> Response {
        let page: Vec<Value> = all.into_iter().skip(self.start).take(self.limit.min(200)).collect();
        let size = page.len();
        let answer =
            json!({ "results": page, "start": self.start, "limit": self.limit, "size": size });
        Json(answer).into_response()
    }
}

async fn groups(
    State(app): State<Arc<App>>,
    Extension(visitor): Extension<Visitor>,
    Query(page): Query<Page>,
) -> Response {
    if !app.is_administrator(visitor.user.as_deref()) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let names = app.directories.lock().group_names();
    page.of(names.iter().map(|name| json!({ "type": "group", "name": name })).collect())
}

async fn members(
    State(app): State<Arc<App>>,
    Extension(visitor): Extension<Visitor>,
    Path(name): Path<String>,
    Query(page): Query<Page>,
) -> Response {
    if !app.is_administrator(visitor.user.as_deref()) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let everybody = app.directories.lock().everybody();
    let members =
        everybody.iter().filter(|known| known.groups.iter().any(|group| key(group) == key(&name)));
    let shown = members.map(|known| {
        let user = &known.user;
        json!({ "type": "known", "username": user.name, "displayName": user.full_name })
    });
    page.of(shown.collect())
}

async fn remote_user(
    State(app): State<Arc<App>>,
    Extension(visitor): Extension<Visitor>,
    Json(names): Json<Vec<String>>,
) -> Response {
    if !app.is_administrator(visitor.user.as_deref()) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let known = names.first().and_then(|name| app.directories.lock().user(name));
    match known {
        Some(known) => {
            let user = known.user;
            let (name, full_name) = (user.name, user.full_name);
            Json(json!({ "name": name, "fullname": full_name, "email": user.email }))
                .into_response()
        }
        None => {
            Json(json!({ "error": { "code": 500, "message": "no such user" } })).into_response()
        }
    }
}
