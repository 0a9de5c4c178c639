//! Apps: which there are, what each is, and what the IdP and the app itself must be told.

use std::sync::Arc;

use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use installation::counted;
use installation::settings::{
    self, App, AppSettings, Document as _, Expect, OpenerKind, SessionSettings, Snapshot,
};
use maud::{Markup, html};

use super::Console;
use super::admin::Admin;
use super::documents::{removal, stored};
use super::form::{Errors, Field, Fields, known, word};
use super::frame::{self, Failure, Place};
use super::places;

/// `GET /apps`.
pub(super) async fn list(State(console): State<Arc<Console>>, admin: Admin) -> Response {
    let settings = console.installation.settings.current();
    let body = html! {
        p { "An app is a Jira, Confluence or other program behind the gateway." }
        @if settings.apps.is_empty() { div class="sheet" { p { "There is none yet." } } }
        @else {
            div class="scroll" tabindex="0" role="region" aria-label="Apps" {
                table {
                    caption { (counted(settings.apps.len(), "app", "apps")) }
                    thead { tr { th scope="col" { "Name" } th scope="col" { "Kind" } th scope="col" { "Public URL" } th scope="col" { "Upstream URL" } } }
                    tbody {
                        @for app in settings.apps.values() {
                            tr {
                                td { a href={ "/apps/" (app.name) } { (app.name) } }
                                td { (word(&app.settings.kind)) }
                                td { (app.settings.public_url) }
                                td { (app.settings.upstream) }
                            }
                        }
                    }
                }
            }
        }
        p class="actions" { a class="button" href="/apps/new" { "Add an app" } a class="plain" href="/guide" { "Set-up guide" } }
    };
    frame::inside(&admin, Place::Apps, "Apps", body)
}

/// `GET /apps/new`.
pub(super) async fn add(admin: Admin) -> Response {
    let fields = Fields::of(&[("kind", "jira")]);
    view(StatusCode::OK, &admin, None, html! {}, &fields, &Errors::default())
}

/// `GET /apps/{name}`.
pub(super) async fn edit(
    State(console): State<Arc<Console>>,
    admin: Admin,
    Path(name): Path<String>,
) -> Result<Response, Failure> {
    let (app, base) = stored::<AppSettings>(&console, &name).await?;
    let compiled = app.compile(&name).ok();
    let fields = entered(&app, &base);
    let settings = console.installation.settings.current();
    let values = html! {
        @if let Some(app) = &compiled { (for_the_idp(app)) (opened_with(&settings, app)) }
    };
    Ok(view(StatusCode::OK, &admin, Some(&name), values, &fields, &Errors::default()))
}

/// `POST /apps/new`.
pub(super) async fn create(
    State(console): State<Arc<Console>>,
    admin: Admin,
    Form(fields): Form<Fields>,
) -> Result<Response, Failure> {
    let mut errors = Errors::default();
    let name = fields.some("name").unwrap_or_else(|| fields.text("kind").to_owned());
    create_from(&console, &admin, &name, &fields, &mut errors).await?;
    if !errors.is_empty() {
        return Ok(view(
            StatusCode::UNPROCESSABLE_ENTITY,
            &admin,
            None,
            html! {},
            &fields,
            &errors,
        ));
    }
    Ok(frame::see_other(&format!("/apps/{name}")))
}

/// `POST /apps/{name}`.
pub(super) async fn change(
    State(console): State<Arc<Console>>,
    admin: Admin,
    Path(name): Path<String>,
    Form(fields): Form<Fields>,
) -> Result<Response, Failure> {
    let mut errors = Errors::default();
    if let Some(mut entered) = read(&fields, &mut errors) {
        let (store, base) = (&console.installation.store, fields.text("base"));
        let changed =
            settings::change(store, &name, admin.by(), Some(base), |app: &mut AppSettings| {
                entered.opener = app.opener;
                *app = entered;
                Ok(())
            });
        errors.take(changed.await, places::APP)?;
        console.refresh().await;
    }
    if !errors.is_empty() {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return Ok(view(status, &admin, Some(&name), html! {}, &fields, &errors));
    }
    Ok(frame::see_other(&format!("/apps/{name}")))
}

/// `POST /apps/{name}/remove`.
pub(super) async fn remove(
    State(console): State<Arc<Console>>,
    admin: Admin,
    Path(name): Path<String>,
) -> Result<Response, Failure> {
    removal::<AppSettings>(&console, &admin, &name).await?;
    Ok(frame::see_other("/apps"))
}

/// Stores a new app as the form says; what is wrong stands in `errors`.
pub(super) async fn create_from(
    console: &Console,
    admin: &Admin,
    name: &str,
    fields: &Fields,
    errors: &mut Errors,
) -> Result<(), Failure> {
    let Some(app) = read(fields, errors) else { return Ok(()) };
    let store = &console.installation.store;
    errors.take(settings::put(store, name, &app, Expect::Free, admin.by()).await, places::APP)?;
    console.refresh().await;
    Ok(())
}

/// What the form says.
fn read(fields: &Fields, errors: &mut Errors) -> Option<AppSettings> {
    let Some(kind) = known(fields.text("kind")) else {
        errors.add("kind", "Choose what kind of app it is.");
        return None;
    };
    Some(AppSettings {
        kind,
        public_url: fields.text("public_url").to_owned(),
        upstream: fields.text("upstream").to_owned(),
        applications: fields.list("applications"),
        entity_id: fields.some("entity_id"),
        // It has no field: one that is stored stays.
        opener: OpenerKind::default(),
        reply_path: known(fields.text("reply_path")).unwrap_or_default(),
        display_name: fields.some("display_name"),
        contact_email: fields.some("contact_email"),
        pass_headers: fields.list("pass_headers"),
        hsts_seconds: fields.some("hsts_seconds").map(|_| fields.number("hsts_seconds", 0, errors)),
        session: read_session(fields, errors),
    })
}

/// The limits of sessions; what is left empty is as usual.
fn read_session(fields: &Fields, errors: &mut Errors) -> SessionSettings {
    let usual = SessionSettings::default();
    let mut number = |name| fields.some(name).map(|_| fields.number(name, 0, errors));
    SessionSettings {
        idle_minutes: number("idle_minutes").unwrap_or(usual.idle_minutes),
        absolute_minutes: number("absolute_minutes").unwrap_or(usual.absolute_minutes),
        remember_days: number("remember_days"),
    }
}

fn entered(app: &AppSettings, base: &str) -> Fields {
    Fields::of(&[
        ("base", base),
        ("kind", &word(&app.kind)),
        ("public_url", &app.public_url),
        ("upstream", &app.upstream),
        ("applications", &app.applications.join(", ")),
        ("entity_id", app.entity_id.as_deref().unwrap_or_default()),
        ("reply_path", &word(&app.reply_path)),
        ("display_name", app.display_name.as_deref().unwrap_or_default()),
        ("contact_email", app.contact_email.as_deref().unwrap_or_default()),
        ("pass_headers", &app.pass_headers.join(", ")),
        ("hsts_seconds", &app.hsts_seconds.map(|seconds| seconds.to_string()).unwrap_or_default()),
        ("idle_minutes", &app.session.idle_minutes.to_string()),
        ("absolute_minutes", &app.session.absolute_minutes.to_string()),
        (
            "remember_days",
            &app.session.remember_days.map(|days| days.to_string()).unwrap_or_default(),
        ),
    ])
}

fn view(
    status: StatusCode,
    admin: &Admin,
    name: Option<&str>,
    values: Markup,
    fields: &Fields,
    errors: &Errors,
) -> Response {
    let title = name.unwrap_or("Add an app");
    let action = name.map_or("/apps/new".to_owned(), |name| format!("/apps/{name}"));
    let body = html! {
        (errors.summary())
        (values)
        form method="post" action=(action) class="sheet" {
            input type="hidden" name="base" value=(fields.text("base"));
            @if name.is_none() {
                (Field::new("name", "Name").value(fields.text("name"))
                    .help("Stands in lists and on pages; left empty it is the kind.").render(errors))
            }
            (basics(fields, errors))
            details open[errors_in(&SESSION, errors)] {
                summary { "How long people stay signed in" }
                (session(fields, errors))
            }
            details open[errors_in(&MORE, errors)] {
                summary { "More" }
                (more(fields, errors))
            }
            p class="actions" { button class="button" { "Save" } a href="/apps" { "Back to all apps" } }
        }
        @if let Some(name) = name {
            form method="post" action={ "/apps/" (name) "/remove" } class="sheet"
                data-ask={ "Remove the app " (name) "? People reach it no longer at its public address." } {
                h2 { "Remove" }
                p { "The gateway then answers at its address no longer. Users and groups stay." }
                p class="actions" { button class="plain danger" { "Remove " (name) } }
            }
        }
    };
    frame::inside_with(status, admin, Place::Apps, title, body)
}

/// The fields that every app needs; the set-up guide shows them, too.
pub(super) fn basics(fields: &Fields, errors: &Errors) -> Markup {
    html! {
        (Field::of("app.kind").value(fields.text("kind")).choice(&KINDS).render(errors))
        (Field::of("app.public_url").address().required().value(fields.text("public_url")).render(errors))
        (Field::of("app.upstream").address().required().value(fields.text("upstream")).render(errors))
    }
}

fn more(fields: &Fields, errors: &Errors) -> Markup {
    html! {
        (Field::of("app.applications").value(fields.text("applications")).also("Several with commas.").render(errors))
        (Field::of("app.entity_id").value(fields.text("entity_id")).render(errors))
        (Field::of("app.reply_path").value(fields.text("reply_path")).choice(&REPLY_PATHS).render(errors))
        (Field::of("app.display_name").value(fields.text("display_name")).render(errors))
        (Field::of("app.contact_email").value(fields.text("contact_email")).render(errors))
        (Field::of("app.pass_headers").value(fields.text("pass_headers")).also("Several with commas.").render(errors))
        (Field::of("app.hsts_seconds").number().value(fields.text("hsts_seconds")).render(errors))
    }
}

fn session(fields: &Fields, errors: &Errors) -> Markup {
    html! {
        (Field::of("app.session.idle_minutes").number().value(fields.text("idle_minutes")).render(errors))
        (Field::of("app.session.absolute_minutes").number().value(fields.text("absolute_minutes")).render(errors))
        (Field::of("app.session.remember_days").number().value(fields.text("remember_days")).render(errors))
    }
}

fn errors_in(fields: &[&str], errors: &Errors) -> bool {
    fields.iter().any(|field| errors.of(field).is_some())
}

/// What is entered at the IdP, by the names of seed and IdP alike.
pub(super) fn for_the_idp(app: &App) -> Markup {
    let metadata = format!("{}{}/metadata", app.origin(), app.prefix);
    html! {
        section class="sheet" aria-labelledby="for-the-idp" {
            h2 id="for-the-idp" { "What the identity provider must be told" }
            dl {
                @for (name, value) in [
                    ("Identifier", app.entity_id.as_str()),
                    ("Reply URL", app.reply_url()),
                    ("Sign On URL", &app.acs_url),
                    ("Metadata of this app", &metadata),
                ] {
                    dt { (name) } dd { code data-copy=(name) { (value) } }
                }
            }
        }
    }
}

/// The other apps that are opened by the same sign-in, or nothing when there are none.
fn opened_with(settings: &Snapshot, app: &App) -> Markup {
    let others = settings.apps.values().filter(|other| app.shares_sign_in_with(other));
    let others: Vec<&str> = others.map(|other| other.name.as_str()).collect();
    html! {
        @if !others.is_empty() {
            section class="sheet" aria-labelledby="opened-with" {
                h2 id="opened-with" { "One sign-in with " (others.join(", ")) }
                p {
                    "They have the same Identifier, so to the identity provider they are one service "
                    "provider: a sign-in at one opens all of them, and a log-out ends it for all. Give "
                    "this app an Identifier of its own to separate them."
                }
            }
        }
    }
}

const SESSION: [&str; 3] = ["idle_minutes", "absolute_minutes", "remember_days"];

const MORE: [&str; 6] =
    ["applications", "entity_id", "display_name", "contact_email", "pass_headers", "hsts_seconds"];

const KINDS: [(&str, &str); 5] = [
    ("jira", "Jira"),
    ("confluence", "Confluence"),
    ("bitbucket", "Bitbucket"),
    ("bamboo", "Bamboo"),
    ("other", "Other"),
];

const REPLY_PATHS: [(&str, &str); 2] =
    [("auth", "…/plugins/servlet/saml/auth"), ("samlsso", "…/plugins/servlet/samlsso")];
