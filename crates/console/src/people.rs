//! Users: search, show, where each membership comes from, and switching one off or on.

use std::sync::Arc;

use axum::extract::{Form, Path, Query, State};
use axum::response::Response;
use directory::User;
use directory::provision::Binding;
use installation::counted;
use installation::people::{self, PeopleError, because};
use installation::settings::Snapshot;
use maud::{Markup, html};
use store::{AttemptFilter, Membership, Newest};

use super::Console;
use super::admin::Admin;
use super::attempts;
use super::form::{Errors, Field, Fields};
use super::frame::{self, Failure, Place, time};

/// `GET /users`: those whose name begins so; without a question the first ones.
pub(super) async fn list(
    State(console): State<Arc<Console>>,
    admin: Admin,
    Query(query): Query<Fields>,
) -> Result<Response, Failure> {
    let asked = query.text("q");
    let mut users = console.installation.store.users_from(asked, SHOWN + 1).await?;
    let more = users.len() > SHOWN as usize;
    users.truncate(SHOWN as usize);
    let body = html! {
        form method="get" action="/users" class="filters" role="search" aria-label="Search users" {
            (Field::new("q", "Name begins with").value(asked).render(&Errors::default()))
            div { button class="button" { "Search" } }
        }
        @if users.is_empty() { div class="sheet" { p { "Nobody fits. Sign-ins create users when that is enabled under Provisioning." } } }
        @else { (table(&users)) }
        p class="actions" { a class="plain" href="/removals" { "Removals that wait" } }
        @if more { p class="quiet" { "There are more: search by the beginning of a name." } }
    };
    Ok(frame::inside(&admin, Place::People, "Users", body))
}

fn table(users: &[User]) -> Markup {
    html! {
        div class="scroll" tabindex="0" role="region" aria-label="Users" {
            table {
                caption { (counted(users.len(), "user", "users")) ", by name" }
                thead { tr { @for head in ["Name", "Full name", "E-mail", "Tag", "State"] { th scope="col" { (head) } } } }
                tbody {
                    @for user in users {
                        tr {
                            td { a href={ "/users/" (frame::segment(&user.name)) } { (user.name) } }
                            td { (user.full_name) }
                            td { (user.email) }
                            td { (user.idp.as_deref().unwrap_or("–")) }
                            td { (state(user)) }
                        }
                    }
                }
            }
        }
    }
}

fn state(user: &User) -> Markup {
    html! {
        @if user.active { span class="badge good" { "active" } }
        @else { span class="badge bad" { "inactive" } }
    }
}

/// `GET /users/{name}`.
pub(super) async fn show(
    State(console): State<Arc<Console>>,
    admin: Admin,
    Path(name): Path<String>,
) -> Result<Response, Failure> {
    let store = &console.installation.store;
    let Some(user) = store.user(&name).await? else {
        return Ok(frame::missing("There is no such user."));
    };
    let bound = store.binding_of(&user.id).await?;
    let settings = console.installation.settings.current();
    let memberships = store.memberships_of(&user.id).await?;
    let filter = AttemptFilter { user_name: user.name.clone(), ..AttemptFilter::default() };
    let latest = store.attempts_like(&filter, &Newest { limit: 5, before: None }).await?;
    let action = format!("/users/{}/active", frame::segment(&user.name));
    let body = html! {
        section class="sheet" aria-label="The user" {
            dl {
                dt { "Full name" } dd { (user.full_name) }
                dt { "E-mail" } dd { (user.email) }
                dt { "State" } dd { (state(&user)) }
                dt { "Tag" } dd { @match &user.idp { Some(idp) => { "sign-ins by " a href={ "/idps/" (idp) } { (idp) } " update this user" } None => "none: sign-ins leave this user alone" } }
                dt { "Created" } dd { (time(user.created_at)) }
            }
            form method="post" action=(action) data-ask=[user.active.then(|| format!("Switch {} off? All sessions end.", user.name))] {
                @if user.active { button class="plain danger" name="active" value="" { "Switch off" } }
                @else { button class="plain" name="active" value="true" { "Switch on" } }
            }
        }
        (binding(&user, bound.as_ref(), &settings))
        (adoption(&user, &settings))
        h2 { "Groups, and why" }
        @if memberships.is_empty() { p class="quiet" { "None." } } @else { (groups(&memberships)) }
        h2 { "The latest sign-ins" }
        @if latest.is_empty() { p class="quiet" { "None that is kept." } } @else { (attempts::table(&latest)) }
    };
    Ok(frame::inside(&admin, Place::People, &user.name, body))
}

/// The one IdP that may sign the user in.
fn binding(user: &User, bound: Option<&Binding>, settings: &Snapshot) -> Markup {
    let mut choices = vec![("", "none yet: the next that may bind anybody")];
    choices.extend(settings.idps.keys().map(|name| (name.as_str(), name.as_str())));
    let idp = bound.map(|bound| bound.idp.as_str()).unwrap_or_default();
    html! {
        form method="post" action={ "/users/" (frame::segment(&user.name)) "/link" } class="sheet"
            data-ask={ "Change who may sign " (user.name) " in?" } {
            h2 { "Linked to" }
            @if let Some(entity_id) = bound.and_then(|bound| bound.entity_id.as_deref()) {
                p class="quiet" { "Linked as a user of " code { (entity_id) } "." }
            }
            (Field::new("linked", "Identity provider").value(idp).choice(&choices)
                .help("Only this identity provider signs the user in. The first sign-in links a user by itself, where that is allowed.").render(&Errors::default()))
            p class="actions" { button class="plain" { "Link" } }
        }
    }
}

/// `POST /users/{name}/link`: says which IdP alone may sign the user in.
pub(super) async fn link(
    State(console): State<Arc<Console>>,
    admin: Admin,
    Path(name): Path<String>,
    Form(fields): Form<Fields>,
) -> Result<Response, Failure> {
    let idp = fields.some("linked");
    done(&name, people::link(&console.installation.store, &name, idp.as_deref(), admin.by()).await)
}

/// Whose sign-ins update the user, as an action of its own.
fn adoption(user: &User, settings: &Snapshot) -> Markup {
    let mut choices = vec![("", "none: sign-ins leave this user alone")];
    choices.extend(settings.idps.keys().map(|name| (name.as_str(), name.as_str())));
    html! {
        form method="post" action={ "/users/" (frame::segment(&user.name)) "/tag" } class="sheet"
            data-ask={ "Change whose sign-ins update " (user.name) "?" } {
            (Field::new("idp", "Adopt for").value(user.idp.as_deref().unwrap_or_default()).choice(&choices)
                .help("Sets the tag: from then on sign-ins by this identity provider update the user, groups too.").render(&Errors::default()))
            p class="actions" { button class="plain" { "Set the tag" } }
        }
    }
}

fn groups(memberships: &[Membership]) -> Markup {
    html! {
        div class="scroll" tabindex="0" role="region" aria-label="Memberships" {
            table {
                caption { "Each membership says where it comes from" }
                thead { tr { th scope="col" { "Group" } th scope="col" { "Because" } } }
                tbody {
                    @for membership in memberships {
                        tr {
                            td { a href={ "/groups/" (frame::segment(&membership.group)) } { (membership.group) } }
                            td { (because(membership)) }
                        }
                    }
                }
            }
        }
    }
}

/// `POST /users/{name}/active`: switches a user off, which ends all sessions, or on.
pub(super) async fn activate(
    State(console): State<Arc<Console>>,
    admin: Admin,
    Path(name): Path<String>,
    Form(fields): Form<Fields>,
) -> Result<Response, Failure> {
    let active = !fields.text("active").is_empty();
    done(
        &name,
        people::switch(&console.installation.store, &name, active, admin.by()).await.map(drop),
    )
}

/// `POST /users/{name}/tag`: adopts a user for an IdP, or takes the tag away.
pub(super) async fn tag(
    State(console): State<Arc<Console>>,
    admin: Admin,
    Path(name): Path<String>,
    Form(fields): Form<Fields>,
) -> Result<Response, Failure> {
    let idp = fields.some("idp");
    done(&name, people::tag(&console.installation.store, &name, idp.as_deref(), admin.by()).await)
}

/// Back to the user, unless that could not be.
pub(super) fn done(name: &str, outcome: Result<(), PeopleError>) -> Result<Response, Failure> {
    match outcome {
        Ok(()) => Ok(frame::see_other(&format!("/users/{}", frame::segment(name)))),
        Err(PeopleError::Store(error)) => Err(error.into()),
        Err(error) => Ok(frame::missing(&format!("Nothing was changed: {error}."))),
    }
}

/// Users on the page.
const SHOWN: u32 = 50;
