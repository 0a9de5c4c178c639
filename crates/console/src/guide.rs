//! The set-up guide: from nothing to the first sign-in, each step with what has to be entered
//! elsewhere, and what has happened already.

use std::sync::Arc;
use std::time::SystemTime;

use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::response::Response;
use installation::presence::Presence;
use installation::settings::{App, AppSettings, Document as _, Expect, Idp, IdpSettings, Snapshot};
use maud::{Markup, html};
use store::{AttemptFilter, Newest, Store};

use super::admin::Admin;
use super::form::{Errors, Fields};
use super::frame::{self, Failure, Place, time};
use super::{Console, applications, apps};

/// `GET /guide`.
pub(super) async fn page(
    State(console): State<Arc<Console>>,
    admin: Admin,
) -> Result<Response, Failure> {
    let fields = Fields::of(&[("kind", "jira")]);
    view(StatusCode::OK, &console, &admin, &fields, &Errors::default(), None).await
}

/// `POST /guide`: the app and its Crowd application, with a password that is shown this once.
pub(super) async fn add_app(
    State(console): State<Arc<Console>>,
    admin: Admin,
    Form(fields): Form<Fields>,
) -> Result<Response, Failure> {
    let mut errors = Errors::default();
    let name = fields.text("kind").to_owned();
    let mut with_application = fields.clone();
    with_application.push("applications".to_owned(), name.clone());
    apps::create_from(&console, &admin, &name, &with_application, &mut errors).await?;
    let mut made = None;
    if errors.is_empty() {
        let expect = Expect::Anything;
        made = applications::add(&console, &admin, &name, Vec::new(), expect, &mut errors).await?;
    }
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let made = made.as_deref().map(|password| (name.as_str(), password));
    view(status, &console, &admin, &fields, &errors, made).await
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
    let app = settings.apps.values().next();
    let states = steps(console, &settings, app.map(AsRef::as_ref)).await?;
    let body = html! {
        (errors.summary())
        @if let Some((name, password)) = made {
            (applications::credentials(console.installation.crowd_url.as_deref(), name, password))
        }
        ol class="steps" data-live[app.is_some()] {
            li class=(tone(states.app)) { h2 { "The app" } (the_app(app, fields, errors)) }
            li class=(tone(states.connected)) { h2 { "The app asks here about its users" } (the_directory(app))
                (presence(&states))
            }
            li class=(tone(states.idp)) { h2 { "The identity provider" } (the_idp(&settings, app)) }
            li class=(tone(states.tested)) {
                h2 { "Test" }
                p { "Goes to the identity provider and back, and shows every check. Nobody is signed in." }
                p { a class=(button(states.idp && !states.tested)) href="/test" { "Test sign-in" } }
            }
            li class=(tone(states.opened)) {
                h2 { "The first sign-in" }
                (the_rest(&settings))
                @if let Some(app) = app { p { "Then open " a href=(app.settings.public_url) { (app.settings.public_url) } " and press the button on its log-in page." } }
            }
        }
    };
    Ok(frame::inside_with(status, admin, Place::Overview, "Set-up guide", body))
}

/// What has been done.
struct States {
    app: bool,
    connected: bool,
    presence: Vec<(String, Presence)>,
    idp: bool,
    tested: bool,
    opened: bool,
}

async fn steps(
    console: &Console,
    settings: &Snapshot,
    app: Option<&App>,
) -> Result<States, Failure> {
    let store = &console.installation.store;
    let mut presence = Vec::new();
    for name in settings.applications.keys() {
        presence.push((name.clone(), Presence::of(store, name).await?));
    }
    let mut states = States {
        app: app.is_some(),
        connected: presence.iter().any(|(_, presence)| presence.synchronised_at.is_some()),
        presence,
        idp: !settings.idps.is_empty(),
        tested: false,
        opened: false,
    };
    let Some(app) = app else { return Ok(states) };
    states.opened = last(store, "opened", app, None).await?.is_some();
    let app_changed = store.setting_changed_at(AppSettings::KIND, &app.name).await?;
    for idp in settings.idps_of(app) {
        // What went well before a change says nothing.
        let changed = store.setting_changed_at(IdpSettings::KIND, &idp.name).await?;
        let tested = last(store, "tested", app, Some(idp)).await?;
        states.tested |= tested.is_some() && tested >= app_changed.max(changed);
    }
    Ok(states)
}

/// When a sign-in at `app`, by `idp` or any, ended so for the last time.
async fn last(
    store: &Store,
    outcome: &str,
    app: &App,
    idp: Option<&Idp>,
) -> Result<Option<SystemTime>, Failure> {
    let filter = AttemptFilter {
        outcome: outcome.to_owned(),
        app: app.name.clone(),
        idp: idp.map(|idp| idp.name.clone()).unwrap_or_default(),
        ..AttemptFilter::default()
    };
    let newest = store.attempts_like(&filter, &Newest { limit: 1, before: None }).await?;
    Ok(newest.first().map(|attempt| attempt.started_at))
}

fn the_app(app: Option<&Arc<App>>, fields: &Fields, errors: &Errors) -> Markup {
    html! {
        @if let Some(app) = app {
            p { a href={ "/apps/" (app.name) } { (app.name) } " at " (app.settings.public_url) ", in front of " (app.settings.upstream) "." }
        } @else {
            form method="post" action="/guide" {
                (apps::basics(fields, errors))
                p { button class="button" { "Add the app" } }
            }
        }
    }
}

fn the_directory(app: Option<&Arc<App>>) -> Markup {
    html! {
        @if app.is_some() {
            p {
                "In the app: " strong { "Administration, User management, User Directories, Add Directory, Atlassian Crowd" }
                ". Enter the server URL, name and password that were shown when the app was added here; a new password is made under "
                a href="/applications" { "Applications" } ". Choose " em { "Read only" } ", and put it first."
            }
        } @else { p class="quiet" { "Comes after the app." } }
    }
}

fn presence(states: &States) -> Markup {
    html! {
        @for (name, presence) in &states.presence {
            p {
                @match (presence.synchronised_at, presence.seen_at) {
                    (Some(at), _) => { span class="badge good" { (name) " has synchronised" } " " (time(at)) }
                    (None, Some(at)) => { span class="badge" { (name) " has connected" } " " (time(at)) }
                    (None, None) => { span class="badge" { (name) " has not connected yet" } }
                }
            }
        }
    }
}

fn the_idp(settings: &Snapshot, app: Option<&Arc<App>>) -> Markup {
    html! {
        @if let Some(app) = app {
            @if settings.idps.is_empty() { (apps::for_the_idp(app)) }
        }
        @for idp in settings.idps.values() { p { a href={ "/idps/" (idp.name) } { (idp.name) } " " span class="quiet" { (idp.settings.entity_id) } } }
        p { a class=(button(app.is_some() && settings.idps.is_empty())) href="/idps/new" { "Add an identity provider" } }
    }
}

fn the_rest(settings: &Snapshot) -> Markup {
    html! {
        @for idp in settings.idps.values().filter(|idp| !idp.settings.provisioning.create_users) {
            p {
                "Users by " (idp.name) " must exist already. To create them at their first sign-in: "
                a href={ "/idps/" (idp.name) "/provisioning" } { "Provisioning" } "."
            }
        }
    }
}

fn tone(done: bool) -> &'static str {
    if done { "good" } else { "" }
}

fn button(next: bool) -> &'static str {
    if next { "button" } else { "plain" }
}
