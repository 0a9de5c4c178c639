//! The console: an administrator's pages, on a listener of their own.
//!
//! Every page is made on the server and works without its script. Whatever it changes goes through
//! the same functions as the command line's. It never answers on the public listener (trust rule
//! 10).

mod admin;
mod applications;
mod apps;
mod attempt;
mod attempts;
mod carried;
mod confirm;
mod documents;
mod entrance;
mod form;
mod frame;
mod groups;
mod guide;
mod guided;
mod history;
mod host;
mod idps;
mod known;
mod overview;
mod password;
mod password_page;
mod people;
mod places;
mod provisioning;
mod removals;
mod sessions;
mod settings;
mod upload;
mod welcome;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};
use installation::Installation;
use tower_http::csrf::CsrfLayer;

pub use entrance::Entrance;

/// What the console's handlers share.
struct Console {
    installation: Arc<Installation>,
    entrance: Entrance,
    tallies: overview::Tallies,
}

impl Console {
    /// Takes over a change at once, so that the next page shows it. When that fails, the change is
    /// stored all the same and comes with the next look of the server.
    async fn refresh(&self) {
        let installation = &self.installation;
        if let Err(error) =
            installation.settings.refresh(&installation.store, &installation.secrets).await
        {
            tracing::warn!(%error, "a change of settings is not taken over yet");
        }
    }
}

/// The console of `server`, entered through `entrance`.
pub fn router(installation: Arc<Installation>, entrance: Entrance) -> Router {
    let console = Arc::new(Console { installation, entrance, tallies: Default::default() });
    let inside = Router::new()
        .route("/", get(overview::page))
        .route("/attempts", get(attempts::page))
        .route("/attempts/{id}", get(attempt::page))
        .route("/attempts/{id}/reveal", post(attempt::reveal))
        .route("/attempts/{id}/support", get(attempt::download))
        .route("/apps", get(apps::list))
        .route("/apps/new", get(apps::add).post(apps::create))
        .route("/apps/{name}", get(apps::edit).post(apps::change))
        .route("/apps/{name}/remove", post(apps::remove))
        .route("/idps", get(idps::list))
        .route("/idps/new", get(idps::add).post(idps::create))
        .route("/idps/{name}", get(idps::edit).post(idps::change))
        .route("/idps/{name}/remove", post(idps::remove))
        .route("/idps/{name}/keys", post(idps::decide))
        .route("/idps/{name}/users", post(idps::keep_users))
        .route("/idps/{name}/provisioning", get(provisioning::page).post(provisioning::save))
        .route("/test", get(guided::test).post(guided::begin_test))
        .route("/record", get(guided::record).post(guided::begin_record))
        .route("/guide", get(guide::page).post(guide::add_app))
        .route("/users", get(people::list))
        .route("/users/{name}", get(people::show))
        .route("/users/{name}/active", post(people::activate))
        .route("/users/{name}/tag", post(people::tag))
        .route("/users/{name}/link", post(people::link))
        .route("/removals", get(removals::list).post(removals::decide))
        .route("/groups", get(groups::list).post(groups::create))
        .route("/groups/{name}", get(groups::show))
        .route("/applications", get(applications::list).post(applications::create))
        .route("/applications/{name}/password", post(applications::renew))
        .route("/applications/{name}/remove", post(applications::remove))
        .route("/history", get(history::page))
        .route("/history.jsonl", get(history::lines))
        .route("/history/{number}/return", post(history::give_back))
        .route("/settings", get(settings::page).post(settings::save))
        .route("/settings/logging", post(settings::logging))
        .route("/settings/export", get(settings::export))
        .route("/settings/apply", post(settings::apply))
        .route("/welcome", get(welcome::page).post(welcome::save))
        .route("/password", get(password_page::page).post(password_page::save))
        .route("/leave", post(entrance::leave))
        .route_layer(from_fn_with_state(console.clone(), confirm::before))
        .route_layer(from_fn_with_state(console.clone(), entrance::admit));
    Router::new()
        .merge(inside)
        .route("/enter", get(entrance::enter))
        .route("/sign-in", get(entrance::ask).post(entrance::sign_in))
        .route(frame::STYLE_PATH, get(frame::style))
        .route(frame::SCRIPT_PATH, get(frame::script))
        .fallback(frame::not_found)
        .layer(from_fn_with_state(console.clone(), host::check))
        .with_state(console)
        .layer(DefaultBodyLimit::max(upload::LARGEST))
        .layer(CsrfLayer::new())
        .layer(from_fn(frame::harden))
}

#[cfg(test)]
mod tests;
