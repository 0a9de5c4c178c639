//! The page on which the administrator's password is changed by whoever knows it.

use std::sync::Arc;

use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::response::Response;
use maud::html;

use super::Console;
use super::admin::Admin;
use super::form::{Errors, Field, Fields};
use super::frame::{self, Failure, Place};
use super::password::{self, CONFIRMATION};

/// `GET /password`.
pub(super) async fn page(admin: Admin) -> Response {
    view(StatusCode::OK, &admin, &Errors::default())
}

/// `POST /password`: sets a new one and ends every other session.
pub(super) async fn save(
    State(console): State<Arc<Console>>,
    admin: Admin,
    Form(fields): Form<Fields>,
) -> Result<Response, Failure> {
    let mut errors = Errors::default();
    password::check(fields.text("password"), &mut errors);
    if !errors.is_empty() {
        return Ok(view(StatusCode::UNPROCESSABLE_ENTITY, &admin, &errors));
    }
    password::set(&console.installation, admin.by(), fields.text("password").to_owned()).await?;
    let store = &console.installation.store;
    let own = store.console_session(admin.token_hash()).await?;
    store.end_console_sessions(None).await?;
    if let Some(own) = own {
        store.open_console_session(&own, own.begun_at).await?;
    }
    Ok(frame::see_other("/settings"))
}

fn view(status: StatusCode, admin: &Admin, errors: &Errors) -> Response {
    let body = html! {
        (errors.summary())
        form method="post" action="/password" class="sheet" {
            (Field::new("password", "New password")
                .secret("new-password")
                .required()
                .help("At least 12 characters. Everybody else who is inside has to sign in again.")
                .render(errors))
            @if admin.must_confirm() {
                (Field::new(CONFIRMATION, "Password until now").secret("current-password").required().render(errors))
            }
            p class="actions" { button class="button" { "Set the password" } }
        }
    };
    frame::inside_with(status, admin, Place::Settings, "Administrator's password", body)
}
