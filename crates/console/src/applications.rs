//! Applications: Crowd clients, each with a password and the addresses it may come from.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::SystemTime;

use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use installation::config::host_to_choose;
use installation::password;
use installation::presence::Presence;
use installation::settings::{self, ApplicationSettings, Expect};
use maud::{Markup, html};

use super::Console;
use super::admin::Admin;
use super::documents::removal;
use super::form::{Errors, Field, Fields};
use super::frame::{self, Failure, Place, time};
use super::places;

/// `GET /applications`.
pub(super) async fn list(
    State(console): State<Arc<Console>>,
    admin: Admin,
) -> Result<Response, Failure> {
    view(StatusCode::OK, &console, &admin, &Fields::default(), &Errors::default(), None).await
}

/// `POST /applications`: a new one, or a new password for one that is there. The password is made
/// here and shown once.
pub(super) async fn create(
    State(console): State<Arc<Console>>,
    admin: Admin,
    Form(fields): Form<Fields>,
) -> Result<Response, Failure> {
    let mut errors = Errors::default();
    let (name, allow) = (fields.text("name").to_owned(), fields.list("allow"));
    let made = add(&console, &admin, &name, allow, Expect::Free, &mut errors).await?;
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let shown = made.as_deref().map(|password| (name.as_str(), password));
    view(status, &console, &admin, &fields, &errors, shown).await
}

/// `POST /applications/{name}/password`: a new password; the old one counts no longer.
pub(super) async fn renew(
    State(console): State<Arc<Console>>,
    admin: Admin,
    Path(name): Path<String>,
) -> Result<Response, Failure> {
    let mut errors = Errors::default();
    let store = &console.installation.store;
    settings::show::<ApplicationSettings>(store, &name).await?;
    let mut made = None;
    if let Some((password, hash)) = fresh_password(&console, &mut errors).await {
        let edit = |application: &mut ApplicationSettings| {
            application.password_hash = hash;
            Ok(())
        };
        let changed = settings::change(store, &name, admin.by(), None, edit).await;
        errors.take(changed, places::APPLICATION)?;
        console.refresh().await;
        made = errors.is_empty().then_some(password);
    }
    let shown = made.as_deref().map(|password| (name.as_str(), password));
    view(StatusCode::OK, &console, &admin, &Fields::default(), &errors, shown).await
}

/// `POST /applications/{name}/remove`.
pub(super) async fn remove(
    State(console): State<Arc<Console>>,
    admin: Admin,
    Path(name): Path<String>,
) -> Result<Response, Failure> {
    removal::<ApplicationSettings>(&console, &admin, &name).await?;
    Ok(frame::see_other("/applications"))
}

/// Stores an application with a fresh password, which is given back; nothing when `errors` say why.
pub(super) async fn add(
    console: &Console,
    admin: &Admin,
    name: &str,
    allow: Vec<String>,
    expect: Expect,
    errors: &mut Errors,
) -> Result<Option<String>, Failure> {
    let store = &console.installation.store;
    let Some((password, password_hash)) = fresh_password(console, errors).await else {
        return Ok(None);
    };
    let application = ApplicationSettings { password_hash, allow };
    errors.take(
        settings::put(store, name, &application, expect, admin.by()).await,
        places::APPLICATION,
    )?;
    console.refresh().await;
    Ok(errors.is_empty().then_some(password))
}

/// A password, and its hash.
async fn fresh_password(console: &Console, errors: &mut Errors) -> Option<(String, String)> {
    let random = console.installation.random;
    let password = random.token();
    let hashed = password.clone();
    let hash = tokio::task::spawn_blocking(move || password::hash(&hashed, random)).await;
    let Ok(Ok(hash)) = hash else {
        errors.add("", "No password could be made; the log says more.");
        return None;
    };
    Some((password, hash))
}

async fn view(
    status: StatusCode,
    console: &Console,
    admin: &Admin,
    fields: &Fields,
    errors: &Errors,
    made: Option<(&str, &str)>,
) -> Result<Response, Failure> {
    let settings = console.installation.settings.current();
    let mut presence = HashMap::new();
    for name in settings.applications.keys() {
        presence.insert(name.clone(), Presence::of(&console.installation.store, name).await?);
    }
    let fields = if made.is_some() { &Fields::default() } else { fields };
    let body = html! {
        p {
            "An application is a Crowd client: what an app gives as \"Application name\" and \"Application "
            "password\" in its own " em { "User Directories" } " form."
        }
        (errors.summary())
        @if let Some((name, password)) = made { (credentials(console.installation.crowd_url.as_deref(), name, password)) }
        @for application in settings.applications.values() {
            section class="sheet" aria-label=(application.name) {
                h2 { (application.name) }
                dl {
                    dt { "Allowed from" }
                    dd { (allowed(&application.allow.iter().map(ToString::to_string).collect::<Vec<_>>())) }
                    dt { "Last here" } dd { (moment_or(presence.get(&application.name).and_then(|one| one.seen_at), "has not connected yet")) }
                    dt { "Last synchronised" } dd { (moment_or(presence.get(&application.name).and_then(|one| one.synchronised_at), "not yet")) }
                    dt { "Serves" }
                    dd { (serves(&settings, &application.name)) }
                }
                div class="actions" {
                    form method="post" action={ "/applications/" (application.name) "/password" }
                        data-ask={ "Make a new password for " (application.name) "? The app is refused until it has it." } {
                        button class="plain" { "New password" }
                    }
                    form method="post" action={ "/applications/" (application.name) "/remove" }
                        data-ask={ "Remove the application " (application.name) "?" } {
                        button class="plain danger" { "Remove" }
                    }
                }
            }
        }
        form method="post" action="/applications" class="sheet" {
            h2 { "Add an application" }
            (Field::new("name", "Name").required().value(fields.text("name")).render(errors))
            (Field::of("application.allow").value(fields.text("allow")).also("Several with commas.").render(errors))
            p class="actions" { button class="button" { "Add with a new password" } }
        }
    };
    Ok(frame::inside_with(status, admin, Place::Applications, "Applications", body))
}

/// What is entered in the app's own form; the password is shown this once.
pub(super) fn credentials(crowd_url: Option<&str>, name: &str, password: &str) -> Markup {
    html! {
        section class="notice good" aria-labelledby="credentials" {
            h2 id="credentials" { "Enter this in the app, now: the password is not shown again" }
            dl {
                dt { "Directory type" } dd { "Atlassian Crowd" }
                dt { "Server URL" }
                dd {
                    @if let Some(url) = crowd_url {
                        code id="crowd-url" data-copy="the server URL" { (url) }
                        @if let Some(host) = host_to_choose(url) { " " span class="quiet" { (host) } }
                    } @else {
                        span class="quiet" { "The Crowd API is off: set listen.crowd in the start-up file." }
                    }
                }
                dt { "Application name" } dd { code id="application-name" data-copy="the name" { (name) } }
                dt { "Application password" } dd { code id="application-password" data-copy="the password" { (password) } }
            }
        }
    }
}

fn moment_or(at: Option<SystemTime>, otherwise: &str) -> Markup {
    html! { @if let Some(at) = at { (time(at)) " " span class="quiet" { "UTC" } } @else { span class="quiet" { (otherwise) } } }
}

fn allowed(ranges: &[String]) -> String {
    if ranges.is_empty() {
        "loopback and the app's own address".to_owned()
    } else {
        ranges.join(", ")
    }
}

fn serves(settings: &settings::Snapshot, name: &str) -> Markup {
    let apps: Vec<_> = settings
        .apps
        .values()
        .filter(|app| app.settings.applications.iter().any(|one| one == name))
        .collect();
    html! {
        @if apps.is_empty() { span class="quiet" { "no app by name" } }
        @for (n, app) in apps.iter().enumerate() {
            @if n > 0 { ", " } a href={ "/apps/" (app.name) } { (app.name) }
        }
    }
}
