//! What a sign-in may change: every field of the provisioning page of the commercial plug-in by its
//! own name, choices from the metadata and from recent sign-ins, and a dry run as a difference.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use directory::provision::{Lookup, Origin, plan};
use maud::{Markup, html};
use saml::VerifiedAssertion;
use store::{AttemptFilter, Newest};

use super::Console;
use super::admin::Admin;
use super::apps::{known, word};
use super::form::{Errors, Field, Fields};
use super::frame::{self, Failure, Place};
use super::idps::tabs;
use crate::settings::{self, Document as _, Expect, Idp, IdpSettings};
use crate::tracker::Messages;
use crate::trust;

/// `GET /idps/{name}/provisioning`.
pub(super) async fn page(
    State(console): State<Arc<Console>>,
    admin: Admin,
    Path(name): Path<String>,
) -> Result<Response, Failure> {
    let found = settings::open::<IdpSettings>(&console.server.store, &name).await?;
    let Some((idp, base)) = found else {
        return Ok(frame::missing("There is no such identity provider."));
    };
    view(StatusCode::OK, &console, &admin, &name, &idp, &base, &Errors::default(), html! {}).await
}

/// `POST /idps/{name}/provisioning`: *Save* stores, *Try* shows what a recent sign-in would change.
pub(super) async fn save(
    State(console): State<Arc<Console>>,
    admin: Admin,
    Path(name): Path<String>,
    Form(fields): Form<Fields>,
) -> Result<Response, Failure> {
    let (store, base) = (&console.server.store, fields.text("base"));
    let mut idp: IdpSettings = settings::show(store, &name).await?;
    let mut errors = Errors::default();
    entered(&mut idp, &fields, &mut errors);
    if fields.flag("try") && errors.is_empty() {
        let tried = match idp.compile(&name) {
            Ok(compiled) => try_out(&console, &compiled, fields.text("attempt")).await?,
            Err(message) => {
                errors.place(&message, PLACES);
                html! {}
            }
        };
        let status =
            if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        return view(status, &console, &admin, &name, &idp, base, &errors, tried).await;
    }
    if errors.is_empty() {
        let expect = Expect::Unchanged(base.to_owned());
        errors.take(settings::put(store, &name, &idp, expect, admin.by()).await, PLACES)?;
    }
    if !errors.is_empty() {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return view(status, &console, &admin, &name, &idp, base, &errors, html! {}).await;
    }
    console.refresh().await;
    Ok(frame::see_other(&format!("/idps/{name}/provisioning")))
}

fn entered(idp: &mut IdpSettings, fields: &Fields, errors: &mut Errors) {
    let p = &mut idp.provisioning;
    p.create_users = fields.flag("create_users");
    p.update_existing = fields.flag("update_existing");
    p.adopt_existing = fields.flag("adopt_existing");
    p.reactivate = fields.flag("reactivate");
    p.shadow = fields.flag("shadow");
    p.missing_email =
        known(fields.text("missing_email")).unwrap_or_else(|| p.missing_email.clone());
    p.user_groups = fields.list("user_groups");
    p.user_groups_for_new_users_only = fields.flag("user_groups_for_new_users_only");
    p.customer_groups = fields.list("customer_groups");
    p.customers_get_user_groups = fields.flag("customers_get_user_groups");
    p.attributes.user_id = fields.list("userid");
    p.attributes.full_name = fields.list("full_name");
    p.attributes.email = fields.list("email");
    p.attributes.groups = fields.list("groups");
    if p.attributes.user_id.is_empty() {
        errors.add("userid", "Say where the user ID stands: nameid, or an attribute's Name.");
    }
    p.groups.separator = fields.some("separator").unwrap_or_else(|| "auto".to_owned());
    p.groups.create_missing = fields.flag("create_missing");
    p.groups.managed = fields.list("managed");
    p.groups.protected = fields.list("protected");
}

/// Names of attributes: those that the metadata offers, and those of recent sign-ins.
///
/// # Errors
/// When the database is away.
pub(super) async fn offered(console: &Console, idp: Option<&str>) -> Result<Vec<String>, Failure> {
    let Some(name) = idp else { return Ok(Vec::new()) };
    let (server, mut names) = (&console.server, BTreeSet::new());
    if let Ok(offered) = trust::attributes_offered(&server.store, name).await {
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
) -> Result<Vec<(store::Attempt, VerifiedAssertion)>, Failure> {
    let (server, settings) = (&console.server, console.server.settings.current());
    let Some(compiled) = settings.idps.get(idp) else { return Ok(Vec::new()) };
    let filter = AttemptFilter { idp: idp.to_owned(), ..AttemptFilter::default() };
    let newest = Newest { limit, before: None };
    let mut found = Vec::new();
    for attempt in server.store.attempts_like(&filter, &newest).await? {
        let messages = Messages::of(&server.store, &server.secrets, &attempt.id).await?;
        let verified = messages.and_then(|m| m.verify(compiled, &settings.sp_keys).ok());
        found.extend(verified.map(|assertion| (attempt, assertion)));
    }
    Ok(found)
}

/// What a sign-in that came before would change with these settings; nothing is changed.
async fn try_out(console: &Console, idp: &Idp, attempt: &str) -> Result<Markup, Failure> {
    let (server, settings) = (&console.server, console.server.settings.current());
    let messages = Messages::of(&server.store, &server.secrets, attempt).await?;
    let verified = messages.and_then(|m| m.verify(idp, &settings.sp_keys).ok());
    let Some(assertion) = verified else {
        return Ok(
            html! { div class="notice warn" { p { "There is no response of this sign-in that still verifies." } } },
        );
    };
    let attributes: Vec<(&str, Vec<&str>)> =
        assertion.attributes().map(|one| (one.name, one.values().collect())).collect();
    let name_id = assertion.name_id().map(|name_id| name_id.value);
    let claims = match idp.provisioning.reading.claims(name_id, &attributes) {
        Ok(claims) => claims,
        Err(refusal) => {
            return Ok(
                html! { section class="notice bad" { h2 { "Refused: " (refusal) } p { (refusal.hint()) } } },
            );
        }
    };
    let rules = &idp.provisioning.rules;
    let mut tx = server.store.begin().await?;
    let existing = tx.existing(&Lookup::of(&claims, Origin::App, rules)).await?;
    drop(tx);
    let plan = plan(&claims, Origin::App, rules, &existing);
    Ok(html! {
        section class="sheet" aria-labelledby="tried" {
            h2 id="tried" { "What this sign-in would change" }
            p class="quiet" { "With what is entered below. Nothing was changed." }
            @if plan.lines.is_empty() { p { "Nothing: everything is as the response says." } }
            div class="mono" {
                @for line in &plan.lines {
                    @let text = format!("{} {}: {}", line.mark, line.what, line.reason);
                    @match line.mark.to_string().as_str() {
                        "+" => ins { (text) },
                        "-" | "!" => del { (text) },
                        _ => div { (text) },
                    }
                }
            }
        }
    })
}

#[expect(clippy::too_many_arguments, reason = "one page, made in one place")]
async fn view(
    status: StatusCode,
    console: &Console,
    admin: &Admin,
    name: &str,
    idp: &IdpSettings,
    base: &str,
    errors: &Errors,
    tried: Markup,
) -> Result<Response, Failure> {
    let offered = offered(console, Some(name)).await?;
    let recent = recent(console, name, 10).await?;
    let attempts: Vec<(String, String)> = recent
        .iter()
        .map(|(attempt, _)| {
            let who = attempt.user_name.as_deref().unwrap_or("a test");
            let at = crate::moment::seconds(attempt.started_at);
            (attempt.id.clone(), format!("{who}, {}", at.replace('T', " ")))
        })
        .collect();
    let body = html! {
        (errors.summary())
        (tabs(name, "provisioning"))
        (tried)
        form method="post" action={ "/idps/" (name) "/provisioning" } {
            input type="hidden" name="base" value=(base);
            (users(idp, errors, &offered))
            (groups(idp, errors, &offered))
            details { summary { "More" } (more(idp, errors)) }
            p class="actions" { button class="button" { "Save" } }
            @if attempts.is_empty() {
                p class="quiet" { "After the first sign-in or test you can try here what one would change." }
            } @else {
                fieldset {
                    legend { "Dry run" }
                    (Field::new("attempt", "Sign-in to try with").choice(&super::attempts::borrowed(&attempts))
                        .help("Shows what it would change with what is entered above; nothing is changed or saved.").render(errors))
                    p { button class="plain" name="try" value="true" { "Try" } }
                }
            }
        }
    };
    let title = format!("Provisioning by {name}");
    Ok(frame::inside_with(status, admin, Place::Idps, &title, body))
}

fn users(idp: &IdpSettings, errors: &Errors, offered: &[String]) -> Markup {
    let p = &idp.provisioning;
    let [user_id, full_name, email] =
        [&p.attributes.user_id, &p.attributes.full_name, &p.attributes.email].map(|s| s.join(", "));
    html! {
        fieldset {
            legend { "Users" }
            (Field::new("create_users", "Enable User Creation or Update").check(p.create_users)
                .help("Off: whoever is not in the directory is told that the user ID was not found.").render(errors))
            (Field::new("userid", "Userid attribute").value(&user_id).hints(offered)
                .help("nameid, an attribute's Name, or a template such as {givenname}.{surname}. Several, with commas: the first that has a value.").render(errors))
            (Field::new("full_name", "Full Name attribute").value(&full_name).hints(offered)
                .help("Or a template such as {givenname} {surname}.").render(errors))
            (Field::new("email", "Email attribute").value(&email).hints(offered).render(errors))
            (Field::new("update_existing", "Update existing users").check(p.update_existing)
                .help("Off: only users with this identity provider's tag are updated, their groups too. A sign-in that creates a user tags it.").render(errors))
        }
    }
}

fn groups(idp: &IdpSettings, errors: &Errors, offered: &[String]) -> Markup {
    let p = &idp.provisioning;
    html! {
        fieldset {
            legend { "Groups" }
            (Field::new("groups", "Group Attribute").value(&p.attributes.groups.join(", ")).hints(offered)
                .help("Its values name groups. Groups must exist, see Groups; others are ignored, and the sign-in says so.").render(errors))
            (Field::new("user_groups", "User Groups").value(&p.user_groups.join(", "))
                .help("Given to everyone who signs in and is provisioned, with commas. Independent of the Group Attribute.").render(errors))
            (Field::new("customer_groups", "JIRA SD Customer Groups").value(&p.customer_groups.join(", "))
                .help("Given to those who sign in at the service desk's customer portal.").render(errors))
        }
    }
}

fn more(idp: &IdpSettings, errors: &Errors) -> Markup {
    let p = &idp.provisioning;
    html! {
        fieldset {
            legend { "More about users" }
            (Field::new("adopt_existing", "Tag existing users").check(p.adopt_existing)
                .help("At their next sign-in; from then on they are updated.").render(errors))
            (Field::new("reactivate", "Inactive users become active by signing in").check(p.reactivate).render(errors))
            (Field::new("missing_email", "A new user without an e-mail address").value(&word(&p.missing_email))
                .choice(&[("refuse", "is refused"), ("placeholder", "gets a placeholder")]).render(errors))
            (Field::new("shadow", "Shadow mode").check(p.shadow)
                .help("Records what would change, and changes nothing.").render(errors))
        }
        fieldset {
            legend { "More about groups" }
            (Field::new("separator", "Separator").value(&p.groups.separator)
                .help("none, auto (a lone value is split at commas), or the text at which values are split.").render(errors))
            (Field::new("create_missing", "Create groups that are not there").check(p.groups.create_missing).render(errors))
            (Field::new("user_groups_for_new_users_only", "User Groups for new users only").check(p.user_groups_for_new_users_only).render(errors))
            (Field::new("customers_get_user_groups", "Customers get the User Groups, too").check(p.customers_get_user_groups)
                .help("A group that counts for a licence would cost one for each customer.").render(errors))
            (Field::new("managed", "Managed groups").value(&p.groups.managed.join(", "))
                .help("Patterns of groups that people leave when the attribute no longer names them: jira-*").render(errors))
            (Field::new("protected", "Protected groups").value(&p.groups.protected.join(", "))
                .help("Patterns of administrators' groups, which nobody leaves by a sign-in.").render(errors))
        }
    }
}

const PLACES: &[(&str, &str)] = &[
    ("userid", "attributes.user_id"),
    ("full_name", "attributes.full_name"),
    ("email", "attributes.email"),
    ("groups", "attributes.groups"),
    ("user_groups", "user_groups"),
    ("customer_groups", "customer_groups"),
    ("separator", "separator"),
    ("managed", "managed"),
    ("protected", "protected"),
];
