//! The operations listener, for the monitoring: alive, and ready. Off unless set; it tells nothing
//! about people.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use installation::Installation;

/// `/live` answers while the process does; `/ready` when the database answers too.
pub(super) fn router(installation: Arc<Installation>) -> Router {
    Router::new()
        .route("/live", get(|| async { "alive\n" }))
        .route("/ready", get(ready))
        .with_state(installation)
}

async fn ready(State(installation): State<Arc<Installation>>) -> (StatusCode, &'static str) {
    match installation.store.revision().await {
        Ok(_) => (StatusCode::OK, "ready\n"),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database is away\n"),
    }
}
