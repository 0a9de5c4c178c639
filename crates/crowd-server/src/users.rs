//! Reads of users and of the groups they are in.

use axum::http::StatusCode;
use axum::response::Response;
use crowd::entity::attributes::Attributes;
use directory::{User, name_key};
use store::Page;

use super::answer::{self, Refusal};
use super::call::{Call, Depth};
use super::{Rest, list, wire};

/// `GET /user` by name or by key.
pub(super) async fn user(rest: &Rest, call: &Call) -> Result<Response, Refusal> {
    let user = match call.argument("key").filter(|key| !key.is_empty()) {
        Some(key) => rest
            .installation
            .store
            .user_by_id(key)
            .await?
            .ok_or_else(|| Refusal::no_such_user(StatusCode::NOT_FOUND, key))?,
        None => named(rest, call).await?,
    };
    Ok(answer::entity(&wire::user(&user, &rest.links), call.format))
}

/// `GET /user/attribute`: there are none yet.
pub(super) async fn attributes(rest: &Rest, call: &Call) -> Result<Response, Refusal> {
    let user = named(rest, call).await?;
    let attributes = Attributes::none(rest.links.user_attributes(&user.name));
    Ok(answer::entity(&attributes, call.format))
}

/// `GET /user/group/direct` and `nested`: the groups of a user, or with `groupname` whether the user
/// is in that group.
pub(super) async fn groups(rest: &Rest, call: &Call, depth: Depth) -> Result<Response, Refusal> {
    let store = &rest.installation.store;
    let user = named(rest, call).await?;
    let asked = call.argument("groupname");
    let page = if asked.is_some() { Page::ALL } else { call.page()? };
    let mut groups = match depth {
        Depth::Direct => store.direct_groups_of_user(&user.id, page).await?,
        Depth::Nested => store.nested_groups_of_user(&user.id, page).await?,
    };
    let Some(asked) = asked else { return Ok(list::groups(rest, call, groups)) };
    let key = name_key(asked);
    groups.retain(|group| name_key(&group.name) == key);
    match groups.first() {
        Some(group) => Ok(answer::entity(&wire::group(group, &rest.links), call.format)),
        None => Err(Refusal::no_such_membership(&user.name, asked)),
    }
}

/// The user whom the argument `username` names.
pub(super) async fn named(rest: &Rest, call: &Call) -> Result<User, Refusal> {
    let name = call.required("username")?;
    let user = rest.installation.store.user(name).await?;
    user.ok_or_else(|| Refusal::no_such_user(StatusCode::NOT_FOUND, name))
}
