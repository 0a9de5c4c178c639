//! The list of identity providers, and one by one their configuration: the screen of the Microsoft
//! plug-in, field by field, and what later IdPs need beside it.

mod entered;
mod keys;
mod resolved;
mod users;
mod view;

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use installation::counted;
use installation::people::{self, PeopleError};
use installation::settings::{Document as _, Fault, IdpSettings, change_of};
use installation::trust::{self, KeyDecision, Settled, Source, TrustError};
use maud::html;

use super::Console;
use super::admin::Admin;
use super::documents::{removal, stored};
use super::form::{Errors, Fields};
use super::frame::{self, Failure, Place};
use super::places;
use super::upload::Posted;
use entered::Draft;
use resolved::Resolved;
use view::WasRead;

/// `GET /idps`.
pub(super) async fn list(State(console): State<Arc<Console>>, admin: Admin) -> Response {
    let settings = console.installation.settings.current();
    let body = html! {
        p { "An identity provider (IdP) knows who people are: Entra ID, AD FS, Okta, Keycloak…" }
        @if settings.idps.is_empty() { div class="sheet" { p { "There is none yet." } } }
        @else {
            div class="scroll" tabindex="0" role="region" aria-label="Identity providers" {
                table {
                    caption { (counted(settings.idps.len(), "identity provider", "identity providers")) }
                    thead { tr { th scope="col" { "Name" } th scope="col" { "IdP Entity ID" } th scope="col" { "Serves" } th scope="col" { "Users" } } }
                    tbody {
                        @for idp in settings.idps.values() {
                            tr {
                                td { a href={ "/idps/" (idp.name) } { (idp.name) } }
                                td { (idp.settings.entity_id) }
                                td { @if idp.settings.apps.is_empty() { "all apps" } @else { (idp.settings.apps.join(", ")) } }
                                td { a href={ "/idps/" (idp.name) "/provisioning" } {
                                    @if idp.settings.provisioning.create_users { "created and updated" } @else { "must exist" }
                                } }
                            }
                        }
                    }
                }
            }
        }
        p class="actions" { a class="button" href="/idps/new" { "Add an identity provider" } a class="plain" href="/test" { "Test sign-in" } }
    };
    frame::inside(&admin, Place::Idps, "Identity providers", body)
}

/// `GET /idps/new`.
pub(super) async fn add(
    State(console): State<Arc<Console>>,
    admin: Admin,
) -> Result<Response, Failure> {
    let draft = Draft::empty();
    view::page(StatusCode::OK, &console, &admin, None, &draft, &Errors::default(), None).await
}

/// `GET /idps/{name}`.
pub(super) async fn edit(
    State(console): State<Arc<Console>>,
    admin: Admin,
    Path(name): Path<String>,
) -> Result<Response, Failure> {
    let (idp, base) = stored::<IdpSettings>(&console, &name).await?;
    let draft = Draft::of(idp, base);
    let none = Errors::default();
    view::page(StatusCode::OK, &console, &admin, Some(&name), &draft, &none, None).await
}

/// `POST /idps/new`.
pub(super) async fn create(
    State(console): State<Arc<Console>>,
    admin: Admin,
    Posted(fields): Posted,
) -> Result<Response, Failure> {
    take(&console, &admin, None, &fields).await
}

/// `POST /idps/{name}`.
pub(super) async fn change(
    State(console): State<Arc<Console>>,
    admin: Admin,
    Path(name): Path<String>,
    Posted(fields): Posted,
) -> Result<Response, Failure> {
    take(&console, &admin, Some(&name), &fields).await
}

/// `POST /idps/{name}/remove`.
pub(super) async fn remove(
    State(console): State<Arc<Console>>,
    admin: Admin,
    Path(name): Path<String>,
) -> Result<Response, Failure> {
    removal::<IdpSettings>(&console, &admin, &name).await?;
    Ok(frame::see_other("/idps"))
}

/// `POST /idps/{name}/keys`: approves or refuses a key that waits.
pub(super) async fn decide(
    State(console): State<Arc<Console>>,
    admin: Admin,
    Path(name): Path<String>,
    Form(fields): Form<Fields>,
) -> Result<Response, Failure> {
    let mut errors = Errors::default();
    let store = &console.installation.store;
    let verdict = if fields.flag("approve") { KeyDecision::Approve } else { KeyDecision::Refuse };
    match trust::decide(store, &name, fields.text("key"), verdict, admin.by()).await {
        Ok(_) => {
            console.refresh().await;
            return Ok(frame::see_other(&format!("/idps/{name}")));
        }
        Err(TrustError::Store(error)) => return Err(error.into()),
        Err(error) => errors.say("", &error.to_string()),
    }
    let (idp, base) = stored::<IdpSettings>(&console, &name).await?;
    let (draft, status) = (Draft::of(idp, base), StatusCode::UNPROCESSABLE_ENTITY);
    view::page(status, &console, &admin, Some(&name), &draft, &errors, None).await
}

/// `POST /idps/{name}/users`: its users are the same people.
pub(super) async fn keep_users(
    State(console): State<Arc<Console>>,
    admin: Admin,
    Path(name): Path<String>,
) -> Result<Response, Failure> {
    match people::keep_users(&console.installation.store, &name, admin.by()).await {
        Ok(_) => Ok(frame::see_other(&format!("/idps/{name}"))),
        Err(PeopleError::Store(error)) => Err(error.into()),
        Err(error) => Ok(frame::missing(&format!("Nothing was changed: {error}."))),
    }
}

/// Whether the form only shows what metadata would change.
pub(super) fn only_resolves(fields: &Fields) -> bool {
    fields.flag("resolve")
}

/// What the form's buttons do: *Resolve* shows what metadata would change, *Save* stores.
async fn take(
    console: &Console,
    admin: &Admin,
    existing: Option<&str>,
    fields: &Fields,
) -> Result<Response, Failure> {
    let before = match existing {
        None => None,
        Some(name) => Some(stored::<IdpSettings>(console, name).await?.0),
    };
    let mut errors = Errors::default();
    let resolved = resolved_before(console, admin, existing, fields, &mut errors);
    let mut draft = Draft::entered(before.as_ref(), resolved, fields, &mut errors);
    if only_resolves(fields) {
        let changes = resolve(console, admin, &mut draft, fields, &mut errors).await;
        let status =
            if changes.is_some() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        return view::page(status, console, admin, existing, &draft, &errors, changes).await;
    }
    let name = existing.map_or_else(|| draft.name_or_preset(fields), str::to_owned);
    if errors.is_empty() {
        save(console, admin, &name, &draft, before.is_none(), &mut errors).await?;
    }
    if !errors.is_empty() {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return view::page(status, console, admin, existing, &draft, &errors, None).await;
    }
    Ok(frame::see_other(&format!("/idps/{name}")))
}

/// What *Resolve* found before and is saved now. What cannot be used is an error, never nothing;
/// *Resolve* replaces it.
fn resolved_before(
    console: &Console,
    admin: &Admin,
    existing: Option<&str>,
    fields: &Fields,
    errors: &mut Errors,
) -> Option<Resolved> {
    let sealed = fields.some("resolved")?;
    let opened = Resolved::open(console, admin, existing, &sealed);
    if opened.is_err() && !only_resolves(fields) {
        errors.add(
            "metadata_url",
            "What Resolve found cannot be used any more: it is older than an hour, or was found \
             in another session or for another page. Press Resolve again.",
        );
    }
    opened.ok()
}

/// Stores the draft, and what the metadata offers.
async fn save(
    console: &Console,
    admin: &Admin,
    name: &str,
    draft: &Draft,
    is_new: bool,
    errors: &mut Errors,
) -> Result<(), Failure> {
    let (store, by) = (&console.installation.store, admin.by());
    // The draft is the stored document of `base` with what the form shows; of another it is refused.
    let edit = |idp: &mut IdpSettings| {
        idp.clone_from(&draft.settings);
        Ok(None)
    };
    let saved = match is_new {
        true => trust::add(store, name, &draft.settings, None, by).await,
        false => trust::change(store, name, by, Some(&draft.base), edit).await,
    };
    errors.take(saved, places::IDP)?;
    if !errors.is_empty() {
        return Ok(());
    }
    console.refresh().await;
    let offered = draft.resolved.as_ref().map(Resolved::offered).unwrap_or_default();
    if draft.settings.metadata.url.is_some() {
        learn_offered(console, name);
    } else if !offered.is_empty() {
        trust::offer(store, name, &offered, admin.now()).await?;
    }
    Ok(())
}

/// Reads the metadata once more beside the answer, to note which attributes it offers.
fn learn_offered(console: &Console, name: &str) {
    let (installation, name) = (console.installation.clone(), name.to_owned());
    tokio::spawn(async move {
        let authorities = installation.authorities.as_deref();
        let now = installation.clock.now();
        if let Err(error) =
            trust::refresh(&installation.store, &name, authorities, PATIENCE, now).await
        {
            tracing::warn!(idp = name, %error, "the metadata could not be read again");
        }
    });
}

/// Reads the metadata that the form names and takes it into the draft; gives what it changes. When
/// it cannot be read, no field is touched.
async fn resolve(
    console: &Console,
    admin: &Admin,
    draft: &mut Draft,
    fields: &Fields,
    errors: &mut Errors,
) -> Option<WasRead> {
    let known = Some(draft.settings.entity_id.as_str()).filter(|id| !id.is_empty());
    let (file, text) = (fields.file("metadata_file"), fields.some("metadata_text"));
    let field = match (&file, &text) {
        (Some(_), _) => "metadata_file",
        (None, Some(_)) => "metadata_text",
        (None, None) => "metadata_url",
    };
    let pasted = file.map(Source::pasted).or_else(|| Some(Source::typed(&text?)));
    let authorities = console.installation.authorities.as_deref();
    let source = match (pasted, &draft.settings.metadata.url) {
        (Some(pasted), _) => Ok(pasted),
        (None, Some(address)) => Source::fetch(address, authorities, PATIENCE).await,
        (None, None) => {
            errors.say(field, "give its address, a file, or paste the metadata");
            return None;
        }
    };
    let settle = |source| trust::settle(&draft.settings, &source, known, admin.now());
    match source.and_then(settle) {
        Ok(Settled { settings, metadata, .. }) => {
            let json = |settings: &IdpSettings| serde_json::to_string(settings).unwrap_or_default();
            let (before, after) = (json(&draft.settings), json(&settings));
            draft.resolved = Some(Resolved::of(&settings, &metadata.attributes, admin.now()));
            // What the metadata names now was not ticked for removal on the page that comes.
            draft.dropped.retain(|text| !settings.metadata.keys.contains(text));
            draft.settings = settings;
            let remarks = trust::remarks(&metadata);
            Some(WasRead { change: change_of("", Some(&before), Some(&after)), remarks })
        }
        Err(error) => {
            errors.say(field, &error.to_string());
            None
        }
    }
}

/// Whether the draft would work, and if not why: it stands beside *Save*.
fn problem(draft: &IdpSettings) -> Option<Fault> {
    draft.compile("idp").err()
}

/// A person waits meanwhile.
const PATIENCE: Duration = Duration::from_secs(10);
