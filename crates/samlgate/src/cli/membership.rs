//! A membership in words: why somebody is in a group.

use installation::moment;
use serde_json::{Value, json};
use store::Membership;

/// A membership for programs.
pub(super) fn as_json(membership: &Membership) -> Value {
    json!({
        "name": membership.group,
        "source": membership.source.as_str(),
        "detail": membership.detail,
        "since": moment::milliseconds(membership.since),
        "confirmed_at": moment::milliseconds(membership.confirmed_at),
        "current": membership.current,
        "held_at": membership.awaits_removal_since.map(moment::milliseconds),
    })
}
