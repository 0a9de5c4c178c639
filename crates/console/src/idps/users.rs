//! Whose users an IdP's are: of an entry that is pointed at another entity they are refused until
//! somebody confirms that they are the same people.

use std::sync::Arc;

use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use installation::people::{self, PeopleError};
use installation::settings::{self, IdpSettings};
use maud::{Markup, html};
use store::{Store, StoreError};

use super::entered::Draft;
use super::view;
use crate::Console;
use crate::admin::Admin;
use crate::documents::stored;
use crate::form::{Errors, Fields};
use crate::frame::{self, Failure};

/// `POST /idps/{name}/users`: its users are the same people.
pub(crate) async fn keep(
    State(console): State<Arc<Console>>,
    admin: Admin,
    Path(name): Path<String>,
    Form(fields): Form<Fields>,
) -> Result<Response, Failure> {
    let store = &console.installation.store;
    let errors = admin.confirmed(&console, &fields).await?;
    if errors.is_empty() {
        match people::keep_users(store, &name, admin.by()).await {
            Ok(_) => return Ok(frame::see_other(&format!("/idps/{name}"))),
            Err(PeopleError::Store(error)) => return Err(error.into()),
            Err(error) => return Ok(frame::missing(&format!("Nothing was changed: {error}."))),
        }
    }
    let (idp, base) = stored::<IdpSettings>(&console, &name).await?;
    let (draft, status) = (Draft::of(idp, base), StatusCode::UNPROCESSABLE_ENTITY);
    view::page(status, &console, &admin, Some(&name), &draft, &errors, None).await
}

/// Asks the question while it is open.
pub(super) async fn question(
    store: &Store,
    name: Option<&str>,
    admin: &Admin,
    errors: &Errors,
) -> Result<Markup, StoreError> {
    let Some(name) = name else { return Ok(html! {}) };
    let Ok(stored) = settings::show::<IdpSettings>(store, name).await else { return Ok(html! {}) };
    let count = store.users_of_other_entity(name, &stored.entity_id).await?;
    Ok(html! {
        @if count > 0 {
            form method="post" action={ "/idps/" (name) "/users" } class="notice warn"
                data-ask={ "Keep the users of " (name) "? Whoever " (stored.entity_id) " says they are signs in as them." } {
                h2 { "Are its users the same people?" }
                p {
                    (count) " users signed in by another entity under this name. They are refused until you "
                    "confirm that " code { (stored.entity_id) } " means the same people by the same names."
                }
                (frame::confirmation(admin, errors))
                p class="actions" { button class="plain" { "Keep its users" } }
            }
        }
    })
}
