//! Removals from groups beyond an IdP's limit: each waits here for an administrator's word.

use std::sync::Arc;

use axum::extract::{Form, State};
use axum::response::Response;
use installation::people::{self, PeopleError, RemovalDecision};
use maud::{Markup, html};
use store::Membership;

use super::Console;
use super::admin::Admin;
use super::form::Fields;
use super::frame::{self, Failure, Place, time};

/// `GET /removals`.
pub(super) async fn list(
    State(console): State<Arc<Console>>,
    admin: Admin,
) -> Result<Response, Failure> {
    let waiting = console.installation.store.memberships_awaiting_removal(SHOWN).await?;
    let body = html! {
        p {
            "When one sign-in would take somebody out of more groups than its identity provider's "
            "limit allows, nobody is taken out: the removals wait here. Discarded, the membership "
            "is yours from then on, and sign-ins leave it alone."
        }
        @if waiting.is_empty() { div class="sheet" { p { "Nothing waits." } } }
        @else {
            div class="scroll" tabindex="0" role="region" aria-label="Removals" {
                table {
                    caption { "The oldest decisions first; " (waiting.len()) " shown" }
                    thead { tr { @for head in ["User", "Group", "Waits since", "Was named by", "Decide"] { th scope="col" { (head) } } } }
                    tbody { @for one in &waiting { (row(one)) } }
                }
            }
        }
    };
    Ok(frame::inside(&admin, Place::People, "Removals that wait", body))
}

fn row(one: &Membership) -> Markup {
    let which = format!("{} from {}", one.user, one.group);
    html! {
        tr {
            td { a href={ "/users/" (frame::segment(&one.user)) } { (one.user) } }
            td { a href={ "/groups/" (frame::segment(&one.group)) } { (one.group) } }
            td { @if let Some(at) = one.awaits_removal_since { (time(at)) } }
            td { (one.detail) }
            td {
                form method="post" action="/removals" class="actions" {
                    input type="hidden" name="user" value=(one.user);
                    input type="hidden" name="group" value=(one.group);
                    button class="plain danger" name="decision" value="approve" aria-label={ "Approve: remove " (which) } { "Approve" }
                    button class="plain" name="decision" value="discard" aria-label={ "Discard: do not remove " (which) } { "Discard" }
                }
            }
        }
    }
}

/// `POST /removals`: approves or discards one.
pub(super) async fn decide(
    State(console): State<Arc<Console>>,
    admin: Admin,
    Form(fields): Form<Fields>,
) -> Result<Response, Failure> {
    let decision = match fields.text("decision") {
        "approve" => RemovalDecision::Approve,
        _ => RemovalDecision::Discard,
    };
    let whose = (fields.text("user"), Some(fields.text("group")));
    match people::decide(&console.installation.store, whose, decision, admin.by()).await {
        // Decided already, by somebody else: the list says so.
        Ok(_) | Err(PeopleError::NothingWaits(_)) => Ok(frame::see_other("/removals")),
        Err(PeopleError::Store(error)) => Err(error.into()),
        Err(error) => Ok(frame::missing(&format!("Nothing was changed: {error}."))),
    }
}

/// Removals on the page; the others come when these are decided.
const SHOWN: u32 = 100;
