//! Lists of users and groups. A long one is written while it is sent: a full synchronisation asks
//! for everyone at once.

use std::convert::Infallible;

use axum::body::Body;
use axum::http::StatusCode;
use axum::response::Response;
use crowd::entity::list::{ListOf, ListWriter};
use crowd::entity::{group, user};
use crowd::{Entity, Format};
use futures_util::stream;

use super::call::Call;
use super::{Rest, answer, wire};

/// A list of users; expanded when the client asks for `expand=user`.
pub(super) fn users(rest: &Rest, call: &Call, users: Vec<directory::User>) -> Response {
    let (links, expanded) = (rest.links.clone(), call.expands("user"));
    list(ListOf::Users, call.format, users, move |user: &directory::User| {
        if expanded { wire::user(user, &links) } else { user::User::named(&user.name, &links) }
    })
}

/// A list of groups; expanded when the client asks for `expand=group`.
pub(super) fn groups(rest: &Rest, call: &Call, groups: Vec<directory::Group>) -> Response {
    let (links, expanded) = (rest.links.clone(), call.expands("group"));
    list(ListOf::Groups, call.format, groups, move |group: &directory::Group| {
        if expanded { wire::group(group, &links) } else { group::Group::named(&group.name, &links) }
    })
}

fn list<T: Send + 'static, E: Entity>(
    of: ListOf,
    format: Format,
    members: Vec<T>,
    to_wire: impl Fn(&T) -> E + Send + 'static,
) -> Response {
    let mut writer = Some(ListWriter::new(of, format));
    let mut members = members.into_iter();
    let short = members.len() <= PART;
    let mut parts = std::iter::from_fn(move || {
        let mut list = writer.take()?;
        let mut part: String =
            members.by_ref().take(PART).map(|member| list.push(&to_wire(&member))).collect();
        if members.len() == 0 {
            part.push_str(&list.close());
        } else {
            writer = Some(list);
        }
        Some(part)
    });
    let body = if short {
        Body::from(parts.next().unwrap_or_default())
    } else {
        Body::from_stream(stream::iter(parts.map(Ok::<_, Infallible>)))
    };
    answer::body(StatusCode::OK, format.content_type(), body)
}

/// Members written at a time.
const PART: usize = 250;
