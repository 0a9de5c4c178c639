//! Groups: which there are, who is in one and why, and creating those that sign-ins assign to.

use std::sync::Arc;

use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use directory::Group;
use installation::counted;
use installation::people::{self, PeopleError};
use maud::{Markup, html};
use store::Page;

use super::Console;
use super::admin::Admin;
use super::form::{Errors, Field, Fields};
use super::frame::{self, Failure, Place};

/// `GET /groups`.
pub(super) async fn list(
    State(console): State<Arc<Console>>,
    admin: Admin,
    Query(query): Query<Fields>,
) -> Result<Response, Failure> {
    view(StatusCode::OK, &console, &admin, &query, &Errors::default()).await
}

/// `POST /groups`: creates the groups of these names, all or none.
pub(super) async fn create(
    State(console): State<Arc<Console>>,
    admin: Admin,
    Form(fields): Form<Fields>,
) -> Result<Response, Failure> {
    let mut errors = Errors::default();
    let names = fields.list("name");
    if names.is_empty() {
        errors.add("name", "Write the name of the group.");
    }
    let (installation, by) = (&console.installation, admin.by());
    match people::add_groups(&installation.store, &names, installation.random, by).await {
        Ok(()) => {}
        Err(PeopleError::Store(error)) => return Err(error.into()),
        Err(PeopleError::Name { name, reason }) => errors.add("name", format!("{name}: {reason}.")),
        Err(PeopleError::Taken { name, .. }) => {
            errors.add("name", format!("There is already a group {name}, in this or another case."))
        }
        Err(error) => errors.add("name", format!("{error}.")),
    }
    if !errors.is_empty() {
        return view(StatusCode::UNPROCESSABLE_ENTITY, &console, &admin, &fields, &errors).await;
    }
    Ok(frame::see_other("/groups"))
}

/// `GET /groups/{name}`.
pub(super) async fn show(
    State(console): State<Arc<Console>>,
    admin: Admin,
    Path(name): Path<String>,
) -> Result<Response, Failure> {
    let store = &console.installation.store;
    let Some(group) = store.group(&name).await? else {
        return Ok(frame::missing("There is no such group."));
    };
    let page = Page { start: 0, max: Some(u64::from(SHOWN)) };
    let users = store.direct_users_of_group(&group.id, page).await?;
    let children = store.child_groups(&group.id, page).await?;
    let body = html! {
        @if !group.description.is_empty() { p { (group.description) } }
        h2 { "Members" }
        @if users.is_empty() { p class="quiet" { "Nobody directly." } }
        @else {
            ul { @for user in &users { li { a href={ "/users/" (frame::segment(&user.name)) } { (user.name) } " " span class="quiet" { (user.full_name) } } } }
            @if users.len() == SHOWN as usize { p class="quiet" { "The first " (SHOWN) "; the user's page says why somebody is in it." } }
        }
        @if !children.is_empty() {
            h2 { "Groups within" }
            ul { @for child in &children { li { a href={ "/groups/" (frame::segment(&child.name)) } { (child.name) } } } }
        }
    };
    Ok(frame::inside(&admin, Place::Groups, &group.name, body))
}

async fn view(
    status: StatusCode,
    console: &Console,
    admin: &Admin,
    fields: &Fields,
    errors: &Errors,
) -> Result<Response, Failure> {
    let asked = fields.text("q");
    let mut groups = console.installation.store.groups_from(asked, SHOWN + 1).await?;
    let more = groups.len() > SHOWN as usize;
    groups.truncate(SHOWN as usize);
    let body = html! {
        p { "A sign-in puts people into groups that are here; others that the IdP names are ignored." }
        (errors.summary())
        form method="get" action="/groups" class="filters" role="search" aria-label="Search groups" {
            (Field::new("q", "Name begins with").value(asked).render(&Errors::default()))
            div { button class="button" { "Search" } }
        }
        @if groups.is_empty() { div class="sheet" { p { "None." } } } @else { (table(&groups)) }
        @if more { p class="quiet" { "There are more: search by the beginning of a name." } }
        form method="post" action="/groups" class="sheet" {
            h2 { "Add groups" }
            (Field::new("name", "Names").required().value(fields.text("name")).help("Several with commas.").render(errors))
            p class="actions" { button class="button" { "Add" } }
        }
    };
    Ok(frame::inside_with(status, admin, Place::Groups, "Groups", body))
}

fn table(groups: &[Group]) -> Markup {
    html! {
        div class="scroll" tabindex="0" role="region" aria-label="Groups" {
            table {
                caption { (counted(groups.len(), "group", "groups")) ", by name" }
                thead { tr { th scope="col" { "Name" } th scope="col" { "Description" } } }
                tbody {
                    @for group in groups {
                        tr {
                            td { a href={ "/groups/" (frame::segment(&group.name)) } { (group.name) } }
                            td { (group.description) }
                        }
                    }
                }
            }
        }
    }
}

/// Groups and members on a page.
const SHOWN: u32 = 100;
