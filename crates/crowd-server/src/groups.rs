//! Reads of groups, of their members and of the groups around them.
//!
//! A question with both names is answered by its status alone, and looked up from the member's side:
//! a person is in fewer groups than a group has people.

use axum::response::Response;
use crowd::entity::attributes::Attributes;
use directory::Group;
use store::Page;

use super::answer::{self, Refusal};
use super::call::{Call, Depth};
use super::{Rest, list, wire};

/// `GET /group`.
pub(super) async fn group(rest: &Rest, call: &Call) -> Result<Response, Refusal> {
    let group = named(rest, call, "groupname").await?;
    Ok(answer::entity(&wire::group(&group, &rest.links), call.format))
}

/// `GET /group/attribute`: there are none yet.
pub(super) async fn attributes(rest: &Rest, call: &Call) -> Result<Response, Refusal> {
    let group = named(rest, call, "groupname").await?;
    let attributes = Attributes::none(rest.links.group_attributes(&group.name));
    Ok(answer::entity(&attributes, call.format))
}

/// `GET /group/user/direct` and `nested`: the users in a group, or with `username` that one.
pub(super) async fn users(rest: &Rest, call: &Call, depth: Depth) -> Result<Response, Refusal> {
    let store = &rest.installation.store;
    let group = named(rest, call, "groupname").await?;
    let Some(asked) = call.argument("username") else {
        let page = call.page()?;
        let users = match depth {
            Depth::Direct => store.direct_users_of_group(&group.id, page).await?,
            Depth::Nested => store.nested_users_of_group(&group.id, page).await?,
        };
        return Ok(list::users(rest, call, users));
    };
    let not_in_it = || Refusal::no_such_membership(asked, &group.name);
    let user = store.user(asked).await?.ok_or_else(not_in_it)?;
    let is_in_it = match depth {
        Depth::Direct => store.is_direct_member(&user.id, &group.id).await?,
        Depth::Nested => {
            let groups = store.nested_groups_of_user(&user.id, Page::ALL).await?;
            groups.iter().any(|above| above.id == group.id)
        }
    };
    if !is_in_it {
        return Err(not_in_it());
    }
    Ok(answer::entity(&wire::user(&user, &rest.links), call.format))
}

/// `GET /group/child-group/direct` and `nested`: the groups in a group, or with `child-groupname`
/// that one.
pub(super) async fn children(rest: &Rest, call: &Call, depth: Depth) -> Result<Response, Refusal> {
    let group = named(rest, call, "groupname").await?;
    if let Some(asked) = call.argument("child-groupname") {
        let child = rest.installation.store.group(asked).await?;
        return one_of_two(rest, call, depth, child.as_ref(), Some(&group), child.as_ref()).await;
    }
    let (store, page) = (&rest.installation.store, call.page()?);
    let groups = match depth {
        Depth::Direct => store.child_groups(&group.id, page).await?,
        Depth::Nested => store.nested_child_groups(&group.id, page).await?,
    };
    Ok(list::groups(rest, call, groups))
}

/// `GET /group/parent-group/direct` and `nested`: the groups that a group is in, or with
/// `parent-groupname` that one.
pub(super) async fn parents(rest: &Rest, call: &Call, depth: Depth) -> Result<Response, Refusal> {
    let group = named(rest, call, "groupname").await?;
    if let Some(asked) = call.argument("parent-groupname") {
        let parent = rest.installation.store.group(asked).await?;
        return one_of_two(rest, call, depth, Some(&group), parent.as_ref(), parent.as_ref()).await;
    }
    let (store, page) = (&rest.installation.store, call.page()?);
    let groups = match depth {
        Depth::Direct => store.parent_groups(&group.id, page).await?,
        Depth::Nested => store.nested_parent_groups(&group.id, page).await?,
    };
    Ok(list::groups(rest, call, groups))
}

/// The group that was asked for, when `child` is in `parent`.
async fn one_of_two(
    rest: &Rest,
    call: &Call,
    depth: Depth,
    child: Option<&Group>,
    parent: Option<&Group>,
    asked: Option<&Group>,
) -> Result<Response, Refusal> {
    let store = &rest.installation.store;
    if let (Some(child), Some(parent), Some(asked)) = (child, parent, asked) {
        let above = match depth {
            Depth::Direct => store.parent_groups(&child.id, Page::ALL).await?,
            Depth::Nested => store.nested_parent_groups(&child.id, Page::ALL).await?,
        };
        if above.iter().any(|group| group.id == parent.id) {
            return Ok(answer::entity(&wire::group(asked, &rest.links), call.format));
        }
    }
    let name = |group: Option<&Group>| group.map_or("?", |group| group.name.as_str()).to_owned();
    Err(Refusal::no_such_membership(&name(child), &name(parent)))
}

/// The group that the argument names.
async fn named(rest: &Rest, call: &Call, argument: &str) -> Result<Group, Refusal> {
    let name = call.required(argument)?;
    rest.installation.store.group(name).await?.ok_or_else(|| Refusal::no_such_group(name))
}
