//! First start: the administrator chooses a password, so that the link is not needed again.

use std::sync::Arc;

use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::response::Response;
use maud::html;

use super::Console;
use super::admin::Admin;
use super::form::{Errors, Field, Fields};
use super::frame::{self, Failure};
use super::password::{self, PASSWORD};

/// `GET /welcome`.
pub(super) async fn page(
    State(console): State<Arc<Console>>,
    _admin: Admin,
) -> Result<Response, Failure> {
    if console.installation.store.property(PASSWORD).await?.is_some() {
        return Ok(frame::see_other("/"));
    }
    Ok(view(StatusCode::OK, &Errors::default()))
}

/// `POST /welcome`.
pub(super) async fn save(
    State(console): State<Arc<Console>>,
    admin: Admin,
    Form(fields): Form<Fields>,
) -> Result<Response, Failure> {
    if console.installation.store.property(PASSWORD).await?.is_some() {
        return Ok(frame::see_other("/password"));
    }
    let mut errors = Errors::default();
    password::check(fields.text("password"), &mut errors);
    if !errors.is_empty() {
        return Ok(view(StatusCode::UNPROCESSABLE_ENTITY, &errors));
    }
    password::set(&console.installation, admin.by(), fields.text("password").to_owned()).await?;
    Ok(frame::see_other("/"))
}

fn view(status: StatusCode, errors: &Errors) -> Response {
    let body = html! {
        p {
            "You came in by the link, which has done its work. Choose the password with which you "
            "come in from now on."
        }
        (errors.summary())
        form method="post" action="/welcome" {
            (Field::new("password", "Administrator's password")
                .secret("new-password")
                .required()
                .help("At least 12 characters; a sentence is a good one. It is stored as an Argon2id hash.")
                .render(errors))
            p class="actions" {
                button class="button" { "Set the password" }
                a href="/" { "Decide later" }
            }
        }
    };
    frame::plain(status, "Welcome to Samlgate", body)
}
