//! Ends of memberships that wait, because one sign-in brought too many of them.

use store::{Event, Store};

use super::{Batch, PeopleError, find, find_group};
use crate::settings::By;

/// What an administrator says of removals that wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RemovalDecision {
    /// The user leaves the groups.
    Approve,
    /// The user stays, and the next sign-in leaves it alone.
    Discard,
}

/// Decides about the removals of a user that wait, from one group or from all; says how many.
///
/// # Errors
/// See [`PeopleError`].
pub async fn decide(
    store: &Store,
    (user, group): (&str, Option<&str>),
    decision: RemovalDecision,
    by: By,
) -> Result<u64, PeopleError> {
    let user = find(store, user).await?;
    let group = match group {
        None => None,
        Some(name) => Some(find_group(store, name).await?),
    };
    let group_id = group.as_ref().map(|group| group.id.as_str());
    let now = by.now;
    let mut batch = Batch::begin(store, by, "").await?;
    let (event, count) = match decision {
        RemovalDecision::Approve => {
            (Event::RemovalApproved, batch.tx.approve_removals(&user.id, group_id).await?)
        }
        RemovalDecision::Discard => {
            (Event::RemovalDiscarded, batch.tx.discard_removals(&user.id, group_id, now).await?)
        }
    };
    if count == 0 {
        return Err(PeopleError::NothingWaits(user.name));
    }
    let groups =
        group.map_or_else(|| "all groups".to_owned(), |group| format!("group {}", group.name));
    batch.note(event, format!("user {}", user.name), &groups);
    batch.commit().await?;
    Ok(count)
}
