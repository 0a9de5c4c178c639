//! `GET /group/membership`: the direct members of every group, as XML whatever the client accepts.
//!
//! The largest answer of a synchronisation, read from the store page by page while it is sent. When
//! the store fails on the way the answer breaks off, and the client keeps what it had.

use axum::body::Body;
use axum::http::StatusCode;
use axum::response::Response;
use crowd::Format;
use crowd::entity::memberships;
use futures_util::stream;
use store::{GroupMembers, Store, StoreError};

use super::Rest;
use super::answer::{self, Refusal};

/// The memberships of all groups.
pub(super) async fn all(rest: &Rest) -> Result<Response, Refusal> {
    // The first page comes before the head of the answer, so that a store that is away is a 503.
    let first = rest.installation.store.memberships(None, GROUPS_AT_ONCE).await?;
    let state = State { store: rest.installation.store.clone(), next: Next::First(first) };
    let body = Body::from_stream(stream::try_unfold(state, part));
    Ok(answer::body(StatusCode::OK, Format::Xml.content_type(), body))
}

struct State {
    store: Store,
    next: Next,
}

enum Next {
    First(Vec<GroupMembers>),
    After(String),
    Done,
}

async fn part(state: State) -> Result<Option<(String, State)>, StoreError> {
    let State { store, next } = state;
    let (mut text, groups) = match next {
        Next::First(groups) => (memberships::open(), groups),
        Next::After(name) => {
            let groups = store.memberships(Some(&name), GROUPS_AT_ONCE).await;
            let groups = groups.inspect_err(|error| {
                tracing::error!(error = %error, "the answer with all memberships broke off");
            })?;
            (String::new(), groups)
        }
        Next::Done => return Ok(None),
    };
    for GroupMembers { group, users, groups } in &groups {
        let (users, groups) = (users.iter().map(String::as_str), groups.iter().map(String::as_str));
        text.push_str(&memberships::membership(group, users, groups));
    }
    let next = match groups.into_iter().last() {
        Some(last) => Next::After(last.group),
        None => {
            text.push_str(memberships::close());
            Next::Done
        }
    };
    Ok(Some((text, State { store, next })))
}

const GROUPS_AT_ONCE: u32 = 100;
