//! Every change with who, when, difference and one-click return; and whatever else was noted, with
//! a filter and as JSON lines.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use installation::counted;
use installation::moment;
use installation::settings::{self, change_of};
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::json;
use store::{Entry, EntryFilter};

use super::Console;
use super::admin::Admin;
use super::form::{Errors, Field};
use super::frame::{self, Failure, Place, difference, time};

/// What to show.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Filter {
    event: String,
    author: String,
    subject: String,
    before: Option<i64>,
}

impl Filter {
    fn entries(&self, limit: u32) -> EntryFilter {
        EntryFilter {
            before: self.before,
            event: self.event.trim().to_owned(),
            author: self.author.trim().to_owned(),
            subject: self.subject.trim().to_owned(),
            limit,
        }
    }
}

/// `GET /history`.
pub(super) async fn page(
    State(console): State<Arc<Console>>,
    admin: Admin,
    Query(filter): Query<Filter>,
) -> Result<Response, Failure> {
    let entries = console.installation.store.history(&filter.entries(SHOWN)).await?;
    let none = Errors::default();
    let body = html! {
        p { "Who changed what, and what else was done here. Nothing is ever changed in this list." }
        form method="get" action="/history" class="filters" role="search" aria-label="Filter the history" {
            (Field::new("event", "What").value(&filter.event).choice(EVENTS).render(&none))
            (Field::new("author", "Who").value(&filter.author).render(&none))
            (Field::new("subject", "Concerning").value(&filter.subject).render(&none))
            div class="actions" { button class="button" { "Show" } }
        }
        p { a class="plain" href="/history.jsonl" download { "All as JSON lines" } }
        @if entries.is_empty() { div class="sheet" { p { "Nothing fits." } } }
        @for entry in &entries { (view(entry)) }
        @if let Some(last) = entries.last().filter(|_| entries.len() == SHOWN as usize) {
            p { a href={ "/history?event=" (filter.event) "&before=" (last.number) } { "Older" } }
        }
    };
    Ok(frame::inside(&admin, Place::History, "History", body))
}

/// `GET /history.jsonl`: everything, one object in a line, the newest first.
pub(super) async fn lines(
    State(console): State<Arc<Console>>,
    _admin: Admin,
    Query(filter): Query<Filter>,
) -> Result<Response, Failure> {
    let entries = console.installation.store.history(&filter.entries(MOST)).await?;
    let mut text = String::new();
    for entry in &entries {
        let line = json!({
            "number": entry.number,
            "at": moment::milliseconds(entry.at),
            "author": entry.author.name,
            "address": entry.author.address,
            "event": entry.event,
            "subject": entry.subject,
            "detail": entry.detail,
            "changes": change_of(&entry.subject, entry.before.as_deref(), entry.after.as_deref()).lines,
        });
        text.push_str(&line.to_string());
        text.push('\n');
    }
    let headers = [
        (CONTENT_TYPE, "application/jsonl"),
        (CONTENT_DISPOSITION, "attachment; filename=\"samlgate-history.jsonl\""),
    ];
    Ok((headers, text).into_response())
}

/// `POST /history/{number}/return`: the setting becomes again what it was before that change.
pub(super) async fn give_back(
    State(console): State<Arc<Console>>,
    admin: Admin,
    Path(number): Path<i64>,
) -> Result<Response, Failure> {
    let store = &console.installation.store;
    let Some(entry) = store.history_entry(number).await? else {
        return Ok(frame::missing("There is no such change."));
    };
    settings::give_back(store, &entry, admin.by()).await?;
    console.refresh().await;
    Ok(frame::see_other("/history"))
}

fn view(entry: &Entry) -> Markup {
    let change = change_of(&entry.subject, entry.before.as_deref(), entry.after.as_deref());
    let is_setting = entry.before.is_some() || entry.after.is_some();
    html! {
        article class="card" aria-label={ "Entry " (entry.number) } {
            p class="actions" {
                strong { (entry.words()) }
                @if !entry.subject.is_empty() { code { (entry.subject) } }
                span class="quiet" {
                    (time(entry.at)) " by " (entry.author.name)
                    @if !entry.author.address.is_empty() { " from " (entry.author.address) }
                }
            }
            @if !entry.detail.is_empty() { p class="quiet" { (entry.detail) } }
            @if is_setting {
                details open[change.lines.len() <= 6] {
                    summary { (counted(change.lines.len(), "line", "lines")) }
                    (difference(&change.lines))
                }
                form method="post" action={ "/history/" (entry.number) "/return" }
                    data-ask={ "Make " (entry.subject) " again what it was before this change?" } {
                    button class="plain" { "Return to before" }
                }
            }
        }
    }
}

const EVENTS: &[(&str, &str)] = &[
    ("", "all"),
    ("setting.", "settings"),
    ("console.", "the console"),
    ("attempt.", "sign-ins looked at"),
    ("user.", "users"),
    ("group.", "groups"),
    ("removal.", "removals that waited"),
    ("sp_key.", "keys of this service provider"),
];

const SHOWN: u32 = 50;

/// Lines of the file at most.
const MOST: u32 = 100_000;
