//! What a sign-in may change: every field of the provisioning page of the commercial plug-in by its
//! own name, choices from the metadata and from recent sign-ins, and a dry run as a difference.

mod dry_run;
mod entered;
mod fields;

use std::sync::Arc;

use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use directory::provision::Origin;
use installation::settings::{self, Document as _, IdpSettings};
use installation::trust;
use maud::{Markup, html};

use super::Console;
use super::admin::Admin;
use super::documents::stored;
use super::form::{Errors, Field, Fields, borrowed};
use super::frame::{self, Failure, Place, tabs};
use super::places;
use entered::Typed;

/// `GET /idps/{name}/provisioning`.
pub(super) async fn page(
    State(console): State<Arc<Console>>,
    admin: Admin,
    Path(name): Path<String>,
) -> Result<Response, Failure> {
    let (idp, base) = stored::<IdpSettings>(&console, &name).await?;
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
    let (mut idp, _) = stored::<IdpSettings>(&console, &name).await?;
    let mut errors = Errors::default();
    let typed = entered::take(&mut idp, &fields, &mut errors);
    let tries = only_tries(&fields);
    let mut tried = html! {};
    if tries && errors.is_empty() {
        tried = dry_run(&console, &name, &idp, &fields, &mut errors).await?;
    }
    if !tries && errors.is_empty() {
        let edit = |stored: &mut IdpSettings| {
            stored.provisioning.clone_from(&idp.provisioning);
            Ok(())
        };
        let changed = settings::change(store, &name, admin.by(), Some(base), edit).await;
        errors.take(changed, places::PROVISIONING)?;
    }
    if tries || !errors.is_empty() {
        let status =
            if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        let shown = Shown { idp: &idp, typed: &typed, base };
        return view(status, &console, &admin, &name, &shown, &errors, tried).await;
    }
    console.refresh().await;
    Ok(frame::see_other(&format!("/idps/{name}/provisioning")))
}

/// What the settings of the form would do: with a sign-in that came before, or with one value.
async fn dry_run(
    console: &Console,
    name: &str,
    idp: &IdpSettings,
    fields: &Fields,
    errors: &mut Errors,
) -> Result<Markup, Failure> {
    let mut compiled = match idp.compile(name) {
        Ok(compiled) => compiled,
        Err(fault) => {
            errors.place(&fault, places::PROVISIONING);
            return Ok(html! {});
        }
    };
    if !tries_sign_in(fields) {
        return Ok(dry_run::steps(&compiled.provisioning.reading, fields));
    }
    // Whom it may bind is told by all IdPs together, not by the form.
    if let Some(stored) = console.installation.settings.current().idps.get(name) {
        let unbound = &stored.provisioning.rules.unbound;
        compiled.provisioning.rules.unbound.clone_from(unbound);
    }
    let origin = if fields.flag("portal") { Origin::Portal } else { Origin::App };
    dry_run::sign_in(console, &compiled, fields.text("attempt"), origin).await
}

/// Whether the form only shows what it would do.
pub(super) fn only_tries(fields: &Fields) -> bool {
    tries_sign_in(fields) || fields.flag("steps_try")
}

/// *Try*, or the separator that it offered.
fn tries_sign_in(fields: &Fields) -> bool {
    fields.flag("try") || fields.some("use_separator").is_some()
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
    let offered = trust::offered(&console.installation, Some(name), &[]).await?;
    let recent = trust::recent_sign_ins(&console.installation, name, 10).await?;
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
                    (Field::new("attempt", "Sign-in to try with").choice(&borrowed(&attempts))
                        .help("Shows what it would change with what is entered above; nothing is changed or saved.").render(errors))
                    (Field::new("portal", "As at the customer portal").check(shown.typed.portal)
                        .help("As if it had begun there: the JIRA SD Customer Groups are given.").render(errors))
                    p { button class="plain" name="try" value="true" { "Try" } }
                }
            }
        }
    };
    let title = format!("Provisioning by {name}");
    Ok(frame::inside_with(status, admin, Place::Idps, &title, body))
}
