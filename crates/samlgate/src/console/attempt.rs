//! One sign-in, from its start to its end, with the reason when it was refused.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;
use store::Attempt;

use super::{Console, attempts, frame};
use crate::moment;

/// `GET /attempts/{id}`.
pub(super) async fn page(State(console): State<Arc<Console>>, Path(id): Path<String>) -> Response {
    match console.server.store.attempt(&id).await {
        Ok(Some(attempt)) => frame::inside("One sign-in", view(&attempt)),
        Ok(None) => frame::missing("There is no sign-in of this number, or it is too old."),
        Err(error) => frame::database_away(&error),
    }
}

/// A step as the tracker records it.
#[derive(Deserialize)]
struct Step {
    step: String,
    text: String,
}

fn view(attempt: &Attempt) -> Markup {
    let steps: Vec<Step> = serde_json::from_str(&attempt.timeline).unwrap_or_default();
    let facts = [
        ("Number", attempt.id.as_str()),
        ("App", &attempt.app),
        ("IdP", attempt.idp.as_deref().unwrap_or_default()),
        ("User", attempt.user_name.as_deref().unwrap_or_default()),
        ("Address", &attempt.address),
        ("Code", &attempt.code),
        ("Rule", &attempt.rule),
        ("Detail", &attempt.detail),
    ];
    html! {
        p class=(attempts::tone(&attempt.outcome)) { (attempts::word(&attempt.outcome)) }
        @if !attempt.hint.is_empty() { p { strong { "What to do: " } (attempt.hint) } }
        dl {
            dt { "Started" } dd { (moment::milliseconds(attempt.started_at)) }
            dt { "Last step" } dd { (moment::milliseconds(attempt.updated_at)) }
            @for (name, value) in facts {
                @if !value.is_empty() { dt { (name) } dd { (value) } }
            }
        }
        @if !steps.is_empty() {
            h2 { "Steps" }
            ol { @for step in &steps { li { code { (step.step) } " " (step.text) } } }
        }
        p { a href="/" { "All sign-ins" } }
    }
}
