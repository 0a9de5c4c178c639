//! The console: an administrator's pages, on a listener of their own.
//!
//! It has no passwords yet: who can read the server's output gets in by a link that works once.
//! Pages need no script. It never answers on the public listener (trust rule 10).

mod attempt;
mod attempts;
mod entrance;
mod frame;
mod sessions;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::Response;
use axum::routing::{get, post};
use tower_http::csrf::CsrfLayer;

use crate::server::Server;
use sessions::Sessions;

pub use entrance::Entrance;

/// What the console's handlers share.
struct Console {
    server: Arc<Server>,
    entrance: Entrance,
    sessions: Sessions,
}

/// The console of `server`, entered through `entrance`.
pub fn router(server: Arc<Server>, entrance: Entrance) -> Router {
    let console = Arc::new(Console { server, entrance, sessions: Sessions::default() });
    let inside = Router::new()
        .route("/", get(attempts::page))
        .route("/attempts/{id}", get(attempt::page))
        .route("/leave", post(entrance::leave))
        .route_layer(from_fn_with_state(console.clone(), admit));
    Router::new()
        .merge(inside)
        .route("/enter", get(entrance::enter))
        .route(frame::STYLE_PATH, get(frame::style))
        .fallback(frame::not_found)
        .with_state(console)
        .layer(CsrfLayer::new())
        .layer(from_fn(frame::harden))
}

/// Lets in who has a living session, and nobody else.
async fn admit(State(console): State<Arc<Console>>, request: Request, next: Next) -> Response {
    let now = console.server.clock.now();
    match sessions::token(request.headers()) {
        Some(token) if console.sessions.touch(token, now) => next.run(request).await,
        _ => frame::outside(),
    }
}

#[cfg(test)]
mod tests;
