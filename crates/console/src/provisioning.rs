//! What a sign-in may change: every field of the provisioning page of the commercial plug-in by its
//! own name, choices from the metadata and from recent sign-ins, and a dry run as a difference.

mod entered;
mod fields;
mod trial;

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use directory::provision::Origin;
use installation::attempt::Messages;
use installation::settings::{self, Document as _, IdpSettings};
use installation::trust;
use maud::{Markup, html};
use saml::{OfferedAttribute, VerifiedAssertion};
use store::{AttemptFilter, Newest};

use super::Console;
use super::admin::Admin;
use super::form::{Errors, Fields};
use super::frame::{self, Failure, Place};
use super::idps::tabs;
use super::places;
use entered::Typed;

/// `GET /idps/{name}/provisioning`.
pub(super) async fn page(
    State(console): State<Arc<Console>>,
    admin: Admin,
    Path(name): Path<String>,
) -> Result<Response, Failure> {
    let found = settings::open::<IdpSettings>(&console.installation.store, &name).await?;
    let Some((idp, base)) = found else {
        return Ok(frame::missing("There is no such identity provider."));
    };
    let typed = Typed::of(&idp);
    let form = Shown { idp: &idp, typed: &typed, base: &base };
    view(StatusCode::OK, &console, &admin, &name, &form, &Errors::default(), html! {}).await
}

/// `POST /idps/{name}/provisioning`: *Save* stores, *Try* shows what a recent sign-in would change.
pub(super) async fn save(
    State(console): State<Arc<Console>>,
    admin: Admin,
    Path(name): Path<String>,
    Form(fields): Form<Fields>,
) -> Result<Response, Failure> {
    let (store, base) = (&console.installation.store, fields.text("base"));
    let mut idp: IdpSettings = settings::show(store, &name).await?;
    let mut errors = Errors::default();
    let typed = entered::take(&mut idp, &fields, &mut errors);
    let tries_sign_in = fields.flag("try") || fields.some("use_separator").is_some();
    let tries = tries_sign_in || fields.flag("steps_try");
    if tries && errors.is_empty() {
        let tried = match idp.compile(&name) {
            Ok(mut compiled) if tries_sign_in => {
                // Whom it may bind is told by all IdPs together, not by the form.
                if let Some(stored) = console.installation.settings.current().idps.get(&name) {
                    let unbound = &stored.provisioning.rules.unbound;
                    compiled.provisioning.rules.unbound.clone_from(unbound);
                }
                let origin = if fields.flag("portal") { Origin::Portal } else { Origin::App };
                trial::sign_in(&console, &compiled, fields.text("attempt"), origin).await?
            }
            Ok(compiled) => trial::steps(&compiled.provisioning.reading, &fields),
            Err(fault) => {
                errors.place(&fault, places::PROVISIONING);
                html! {}
            }
        };
        let status =
            if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        return view(
            status,
            &console,
            &admin,
            &name,
            &Shown { idp: &idp, typed: &typed, base },
            &errors,
            tried,
        )
        .await;
    }
    if errors.is_empty() {
        let edit = |stored: &mut IdpSettings| {
            stored.provisioning.clone_from(&idp.provisioning);
            Ok(())
        };
        let changed = settings::change(store, &name, admin.by(), Some(base), edit).await;
        errors.take(changed, places::PROVISIONING)?;
    }
    if !errors.is_empty() {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return view(
            status,
            &console,
            &admin,
            &name,
            &Shown { idp: &idp, typed: &typed, base },
            &errors,
            html! {},
        )
        .await;
    }
    console.refresh().await;
    Ok(frame::see_other(&format!("/idps/{name}/provisioning")))
}

/// Names of attributes: those that metadata offers which was `read` just now, those of the metadata
/// known before, and those of recent sign-ins.
///
/// # Errors
/// When the database is away.
pub(super) async fn offered(
    console: &Console,
    idp: Option<&str>,
    read: &[OfferedAttribute],
) -> Result<Vec<String>, Failure> {
    let mut names: BTreeSet<_> = read.iter().map(|attribute| attribute.name.clone()).collect();
    let Some(name) = idp else { return Ok(names.into_iter().collect()) };
    let installation = &console.installation;
    if let Ok(offered) = trust::attributes_offered(&installation.store, name).await {
        names.extend(offered.into_iter().map(|attribute| attribute.name));
    }
    for (_, assertion) in recent(console, name, 5).await? {
        names.extend(assertion.attributes().map(|attribute| attribute.name.to_owned()));
    }
    Ok(names.into_iter().collect())
}

/// The latest sign-ins by an IdP whose responses still verify, with their numbers.
async fn recent(
    console: &Console,
    idp: &str,
    limit: u32,
) -> Result<Vec<(store::AttemptRow, VerifiedAssertion)>, Failure> {
    let (installation, settings) = (&console.installation, console.installation.settings.current());
    let Some(compiled) = settings.idps.get(idp) else { return Ok(Vec::new()) };
    let filter = AttemptFilter { idp: idp.to_owned(), ..AttemptFilter::default() };
    let newest = Newest { limit, before: None };
    let mut found = Vec::new();
    for attempt in installation.store.attempts_like(&filter, &newest).await? {
        let messages =
            Messages::of(&installation.store, &installation.secrets, &attempt.id).await?;
        let verified = messages.and_then(|m| m.verify(compiled, &settings.sp_keys).ok());
        found.extend(verified.map(|assertion| (attempt, assertion)));
    }
    Ok(found)
}

/// What the form shows.
struct Shown<'a> {
    idp: &'a IdpSettings,
    typed: &'a Typed,
    base: &'a str,
}

async fn view(
    status: StatusCode,
    console: &Console,
    admin: &Admin,
    name: &str,
    shown: &Shown<'_>,
    errors: &Errors,
    tried: Markup,
) -> Result<Response, Failure> {
    let offered = offered(console, Some(name), &[]).await?;
    let recent = recent(console, name, 10).await?;
    let attempts: Vec<(String, String)> = recent
        .iter()
        .map(|(attempt, _)| {
            let who = attempt.user_name.as_deref().unwrap_or("a test");
            let at = installation::moment::seconds(attempt.started_at);
            (attempt.id.clone(), format!("{who}, {}", at.replace('T', " ")))
        })
        .collect();
    let body = html! {
        (errors.summary())
        (tabs(name, "provisioning"))
        (tried)
        form id="provisioning" method="post" action={ "/idps/" (name) "/provisioning" } {
            input type="hidden" name="base" value=(shown.base);
            (fields::users(shown.idp, errors, &offered))
            (fields::groups(shown.idp, errors, &offered))
            details { summary { "More about users and groups" }
                (fields::more_users(shown.idp, errors))
                (fields::more_groups(shown.idp, errors))
                (fields::removal(shown.idp, errors))
                (fields::inactivity(shown.idp, errors))
            }
            details open[shown.typed.is_open(errors)] { summary { "Transformations, access rules, static names" }
                (fields::lists(shown.typed, errors))
                (fields::tester(shown.typed, errors))
            }
            p class="actions" { button class="button" { "Save" } }
            @if attempts.is_empty() {
                p class="quiet" { "After the first sign-in or test you can try here what one would change." }
            } @else {
                fieldset {
                    legend { "Dry run" }
                    (super::form::Field::new("attempt", "Sign-in to try with").choice(&super::attempts::borrowed(&attempts))
                        .help("Shows what it would change with what is entered above; nothing is changed or saved.").render(errors))
                    (super::form::Field::new("portal", "As at the customer portal").check(shown.typed.portal)
                        .help("As if it had begun there: the JIRA SD Customer Groups are given.").render(errors))
                    p { button class="plain" name="try" value="true" { "Try" } }
                }
            }
        }
    };
    let title = format!("Provisioning by {name}");
    Ok(frame::inside_with(status, admin, Place::Idps, &title, body))
}
