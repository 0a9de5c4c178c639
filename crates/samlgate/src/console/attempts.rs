//! The first page: the latest sign-ins, and which were refused.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;
use store::{Attempt, Newest, Store, StoreError};

use super::{Console, frame};
use crate::moment;

/// What to show.
#[derive(Deserialize)]
pub(super) struct Filter {
    /// One outcome alone; empty for all.
    #[serde(default)]
    outcome: String,
}

/// `GET /`: the newest attempts.
pub(super) async fn page(
    State(console): State<Arc<Console>>,
    Query(filter): Query<Filter>,
) -> Response {
    match newest(&console.server.store, &filter.outcome).await {
        Ok(attempts) => frame::inside("Sign-ins", view(&attempts, &filter.outcome)),
        Err(error) => frame::database_away(&error),
    }
}

/// The newest attempts with the outcome, of the newest thousand.
async fn newest(store: &Store, outcome: &str) -> Result<Vec<Attempt>, StoreError> {
    let limit = if outcome.is_empty() { SHOWN } else { SEARCHED };
    let mut attempts = store.attempts(&Newest { limit, before: None }).await?;
    attempts.retain(|attempt| outcome.is_empty() || attempt.outcome == outcome);
    attempts.truncate(SHOWN as usize);
    Ok(attempts)
}

fn view(attempts: &[Attempt], outcome: &str) -> Markup {
    html! {
        form method="get" action="/" class="actions" {
            label for="outcome" { "Outcome" }
            select id="outcome" name="outcome" {
                @for (value, text) in OUTCOMES {
                    option value=(value) selected[*value == outcome] { (text) }
                }
            }
            button class="button" { "Show" }
        }
        @if attempts.is_empty() {
            p { "No sign-in yet." }
        } @else {
            div class="scroll" {
                table {
                    caption { "The newest first, at most " (SHOWN) }
                    thead {
                        tr {
                            @for head in ["Time (UTC)", "Outcome", "App", "IdP", "User", "Reason"] {
                                th scope="col" { (head) }
                            }
                        }
                    }
                    tbody { @for attempt in attempts { (row(attempt)) } }
                }
            }
        }
    }
}

fn row(attempt: &Attempt) -> Markup {
    html! {
        tr {
            td {
                a href={ "/attempts/" (attempt.id) } {
                    time datetime=(moment::milliseconds(attempt.started_at)) {
                        (moment::seconds(attempt.started_at).replace('T', " ").trim_end_matches('Z'))
                    }
                }
            }
            td class=(tone(&attempt.outcome)) { (word(&attempt.outcome)) }
            td { (attempt.app) }
            td { (attempt.idp.as_deref().unwrap_or("–")) }
            td { (attempt.user_name.as_deref().unwrap_or("–")) }
            td { @if !attempt.code.is_empty() { code { (attempt.code) } } }
        }
    }
}

/// The outcome in words; colour is never alone.
pub(super) fn word(outcome: &str) -> &str {
    let known = OUTCOMES.iter().find(|(value, _)| *value == outcome);
    known.map_or(outcome, |(_, text)| *text)
}

/// The class of an outcome's colour.
pub(super) fn tone(outcome: &str) -> &'static str {
    match outcome {
        "refused" | "open_failed" => "bad",
        "opened" => "good",
        _ => "quiet",
    }
}

const OUTCOMES: &[(&str, &str)] = &[
    ("", "all"),
    ("opened", "signed in"),
    ("signed_in", "signed in, app not open yet"),
    ("open_failed", "signed in, app did not open"),
    ("refused", "refused"),
];

/// Rows on the page.
const SHOWN: u32 = 100;

/// How far back a filter looks.
const SEARCHED: u32 = 1000;
