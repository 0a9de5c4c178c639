//! Settings of the console itself, and all settings as one document.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use installation::moment;
use installation::settings::{
    self, By, CONSOLE, ConsoleSettings, DocumentError, Draft, EditError, Expect,
};
use maud::{Markup, html};
use store::Store;

use super::Console;
use super::admin::Admin;
use super::form::{Errors, Field, Fields};
use super::frame::{self, Failure, Place, difference, time};
use super::places;

/// `GET /settings`.
pub(super) async fn page(
    State(console): State<Arc<Console>>,
    admin: Admin,
) -> Result<Response, Failure> {
    let fields = stored(&console).await?;
    view(&console, &admin, StatusCode::OK, &fields, &Errors::default(), None)
}

/// `POST /settings`.
pub(super) async fn save(
    State(console): State<Arc<Console>>,
    admin: Admin,
    Form(fields): Form<Fields>,
) -> Result<Response, Failure> {
    let mut errors = Errors::default();
    let store = &console.installation.store;
    let attempts = days(&fields, "keep_attempts_days", &mut errors);
    let messages = days(&fields, "keep_messages_days", &mut errors);
    if errors.is_empty() {
        let base = fields.text("base");
        let edit = |console: &mut ConsoleSettings| {
            console.keep_attempts_days = attempts;
            console.keep_messages_days = messages;
            console.administrators_group = fields.some("administrators_group");
            console.public_url = fields.some("public_url");
        };
        let saved = match base.is_empty() {
            true => add(store, admin.by(), edit).await,
            false => change(store, admin.by(), Some(base), edit).await,
        };
        errors.take(saved, places::CONSOLE)?;
    }
    if !errors.is_empty() {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return view(&console, &admin, status, &fields, &errors, None);
    }
    console.refresh().await;
    Ok(frame::see_other("/settings"))
}

/// `POST /settings/logging`: detailed logging for some minutes, or no longer.
pub(super) async fn logging(
    State(console): State<Arc<Console>>,
    admin: Admin,
    Form(fields): Form<Fields>,
) -> Result<Response, Failure> {
    let store = &console.installation.store;
    let minutes: u64 = fields.text("minutes").parse().unwrap_or(0).min(24 * 60);
    let until =
        (minutes > 0).then(|| moment::seconds(admin.now() + Duration::from_secs(60 * minutes)));
    let edit = |console: &mut ConsoleSettings| console.detailed_logging_until.clone_from(&until);
    match change(store, admin.by(), None, edit).await {
        Err(EditError::Missing { .. }) => add(store, admin.by(), edit).await?,
        other => other?,
    }
    console.refresh().await;
    Ok(frame::see_other("/settings"))
}

/// Changes the one document of the console that is there.
async fn change(
    store: &Store,
    by: By,
    seen: Option<&str>,
    edit: impl FnOnce(&mut ConsoleSettings),
) -> Result<(), EditError> {
    settings::change(store, CONSOLE, by, seen, |console| {
        edit(console);
        Ok(())
    })
    .await
}

/// Stores the first document of the console: the defaults after `edit`.
async fn add(
    store: &Store,
    by: By,
    edit: impl FnOnce(&mut ConsoleSettings),
) -> Result<(), EditError> {
    let mut console = ConsoleSettings::default();
    edit(&mut console);
    settings::put(store, CONSOLE, &console, Expect::Free, by).await
}

/// `GET /settings/export`: the document that `samlgate export` writes.
pub(super) async fn export(
    State(console): State<Arc<Console>>,
    _admin: Admin,
) -> Result<Response, Failure> {
    let text = settings::export(&console.installation.store).await?;
    let headers = [
        (CONTENT_TYPE, "application/toml; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"samlgate-settings.toml\""),
    ];
    Ok((headers, text).into_response())
}

/// `POST /settings/apply`: shows what a document would change; with `apply` it changes it.
pub(super) async fn apply(
    State(console): State<Arc<Console>>,
    admin: Admin,
    Form(fields): Form<Fields>,
) -> Result<Response, Failure> {
    let (installation, mut errors) = (&console.installation, Errors::default());
    let text = fields.all("document").next().unwrap_or_default();
    // A document from a browser names no file of this machine: there is no folder to read from.
    let names_a_file = text.lines().any(|line| line.trim_start().starts_with("password_file"));
    let draft = match names_a_file {
        true => Err("write password_hash in place of password_file here".to_owned()),
        false => {
            match Draft::read(&installation.store, text, Path::new(""), installation.random).await {
                Ok(draft) => Ok(draft),
                Err(DocumentError::Store(error)) => return Err(error.into()),
                Err(other) => Err(other.to_string()),
            }
        }
    };
    let mut shown = None;
    match draft {
        Ok(draft) if !only_shows(&fields) => {
            match apply_as_shown(&console, &admin, &draft, &fields).await {
                Ok(()) => return Ok(frame::see_other("/history")),
                Err(DocumentError::Store(error)) => return Err(error.into()),
                Err(other) => errors.say("", &other.to_string()),
            }
            shown = Some(draft);
        }
        Ok(draft) => shown = Some(draft),
        Err(message) => errors.say("document", &message),
    }
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let fields = stored(&console).await?;
    view(&console, &admin, status, &fields, &errors, Some((text, shown.as_ref())))
}

/// Whether the document's changes are only shown.
pub(super) fn only_shows(fields: &Fields) -> bool {
    !fields.flag("apply")
}

/// Applies the changes that the page showed, and no others.
async fn apply_as_shown(
    console: &Console,
    admin: &Admin,
    draft: &Draft,
    fields: &Fields,
) -> Result<(), DocumentError> {
    if fields.text("revision") != draft.revision().to_string() {
        return Err(DocumentError::Conflict);
    }
    draft.apply(&console.installation.store, admin.by()).await?;
    console.refresh().await;
    Ok(())
}

async fn stored(console: &Console) -> Result<Fields, Failure> {
    let found = settings::open::<ConsoleSettings>(&console.installation.store, CONSOLE).await?;
    let (settings, base) = found.unwrap_or_default();
    Ok(Fields::of(&[
        ("base", &base),
        ("keep_attempts_days", &settings.keep_attempts_days.to_string()),
        ("keep_messages_days", &settings.keep_messages_days.to_string()),
        ("administrators_group", settings.administrators_group.as_deref().unwrap_or_default()),
        ("public_url", settings.public_url.as_deref().unwrap_or_default()),
    ]))
}

fn days(fields: &Fields, name: &'static str, errors: &mut Errors) -> u16 {
    fields.text(name).parse().unwrap_or_else(|_| {
        errors.add(name, "Write a whole number of days.");
        0
    })
}

/// What was asked to be applied, and what came of it.
type Asked<'a> = Option<(&'a str, Option<&'a Draft>)>;

fn view(
    console: &Console,
    admin: &Admin,
    status: StatusCode,
    fields: &Fields,
    errors: &Errors,
    asked: Asked<'_>,
) -> Result<Response, Failure> {
    let body = html! {
        (errors.summary())
        form method="post" action="/settings" class="sheet" {
            h2 { "The tracker and the console" }
            input type="hidden" name="base" value=(fields.text("base"));
            (Field::of("console.keep_attempts_days").number().value(fields.text("keep_attempts_days")).render(errors))
            (Field::of("console.keep_messages_days").number().value(fields.text("keep_messages_days")).render(errors))
            (Field::of("console.administrators_group").value(fields.text("administrators_group")).render(errors))
            (Field::of("console.public_url").address().value(fields.text("public_url")).render(errors))
            p class="actions" { button class="button" { "Save" } a href="/password" { "Change the administrator's password" } }
        }
        (logging_form(console, admin))
        (document_form(errors, asked))
    };
    Ok(frame::inside_with(status, admin, Place::Settings, "Settings", body))
}

fn logging_form(console: &Console, admin: &Admin) -> Markup {
    let settings = console.installation.settings.current();
    let until = settings.console.detailed_logging_until.filter(|until| admin.now() < *until);
    html! {
        form method="post" action="/settings/logging" class="sheet" {
            h2 { "Detailed logging" }
            p { "While it is on, the log shows each response with its personal values. It ends by itself." }
            @if let Some(until) = until {
                p { strong class="warn" { "On until " (time(until)) " UTC." } }
                p { button class="button" name="minutes" value="0" { "Switch off" } }
            } @else {
                (Field::new("minutes", "For how long").value("15").choice(&MINUTES).render(&Errors::default()))
                p { button class="button" { "Enable detailed logging" } }
            }
        }
    }
}

fn document_form(errors: &Errors, asked: Asked<'_>) -> Markup {
    let (text, draft) = asked.unwrap_or_default();
    html! {
        form method="post" action="/settings/apply" class="sheet" {
            h2 { "All settings as one document" }
            p { a class="plain" href="/settings/export" download { "Export as TOML" } }
            (Field::new("document", "Document to apply").value(text).area(8)
                .help("As exported. What is not in it is removed; you see every change first.").render(errors))
            @if let Some((draft, changes)) = draft.map(|draft| (draft, draft.changes())) {
                div id="changes" {
                    h3 { (changes.len()) " would change" }
                    @for change in &changes { p { strong { (change.subject) } } (difference(&change.lines)) }
                }
                @if !changes.is_empty() {
                    input type="hidden" name="revision" value=(draft.revision());
                    p { button class="button danger" name="apply" value="true" { "Apply these changes" } }
                }
            }
            p { button class="plain" { "Show what would change" } }
        }
    }
}

const MINUTES: [(&str, &str); 4] =
    [("5", "5 minutes"), ("15", "15 minutes"), ("60", "an hour"), ("480", "8 hours")];
