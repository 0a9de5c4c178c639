//! The operations listener, for the monitoring: alive, and ready. Off unless set; it tells nothing
//! about people.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;

use crate::server::Server;

/// `/live` answers while the process does; `/ready` when the database answers too.
pub fn router(server: Arc<Server>) -> Router {
    Router::new()
        .route("/live", get(|| async { "alive\n" }))
        .route("/ready", get(ready))
        .with_state(server)
}

async fn ready(State(server): State<Arc<Server>>) -> (StatusCode, &'static str) {
    match server.store.revision().await {
        Ok(_) => (StatusCode::OK, "ready\n"),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database is away\n"),
    }
}
