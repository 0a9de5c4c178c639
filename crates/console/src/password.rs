//! The administrator's password: set, and changed by whoever knows it.

use std::sync::Arc;

use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::response::Response;
use installation::password;
use maud::html;

use super::Console;
use super::admin::{Admin, PASSWORD};
use super::form::{Errors, Field, Fields};
use super::frame::{self, Failure, Place};

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
    check(fields.text("password"), &mut errors);
    admin.confirm(&console, &fields, &mut errors).await?;
    if !errors.is_empty() {
        return Ok(view(StatusCode::UNPROCESSABLE_ENTITY, &admin, &errors));
    }
    set(&console, &admin, fields.text("password").to_owned()).await?;
    let store = &console.installation.store;
    let own = store.console_session(admin.token_hash()).await?;
    store.end_console_sessions(None).await?;
    if let Some(own) = own {
        store.open_console_session(&own, own.begun_at).await?;
    }
    Ok(frame::see_other("/settings"))
}

/// Says at the field what a password lacks. Length is what counts, and the library's own limit.
pub(super) fn check(text: &str, errors: &mut Errors) {
    match text.chars().count() {
        0..12 => errors.add("password", "A password has at least 12 characters."),
        12..=256 => {}
        _ => errors.add("password", "A password has at most 256 characters."),
    }
}

/// Stores the password's hash and notes who set it.
///
/// # Errors
/// When the database is away.
pub(super) async fn set(console: &Console, admin: &Admin, text: String) -> Result<(), Failure> {
    let random = console.installation.random;
    let hash = tokio::task::spawn_blocking(move || password::hash(&text, random)).await;
    let Ok(Ok(hash)) = hash else {
        return Err(Failure::from(store::StoreError::Corrupt("no hash could be made".to_owned())));
    };
    let by = admin.by();
    let mut tx = console.installation.store.begin().await?;
    tx.author(by.author);
    tx.put_property(PASSWORD, &hash).await?;
    tx.note(store::Event::ConsolePasswordSet, "administrator", "", by.now).await?;
    tx.commit().await?;
    Ok(())
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
            (frame::confirmation(admin, errors))
            p class="actions" { button class="button" { "Set the password" } }
        }
    };
    frame::inside_with(status, admin, Place::Settings, "Administrator's password", body)
}
