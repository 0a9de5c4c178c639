//! A membership in words: why somebody is in a group.

use directory::MembershipSource;
use serde_json::{Value, json};
use store::Membership;

use crate::moment;

/// The reason, with the days on which it was first and last confirmed.
pub fn because(membership: &Membership) -> String {
    let Membership { source, detail, since, confirmed_at, current, awaits_removal_since, .. } =
        membership;
    let reason = match source {
        MembershipSource::Manual if detail.is_empty() => "an administrator added it".to_owned(),
        MembershipSource::Manual => detail.clone(),
        MembershipSource::GroupAttribute => format!("the IdP names it by {detail}"),
        MembershipSource::UserGroups => "it is among the IdP's User Groups".to_owned(),
        MembershipSource::CustomerGroups => {
            "it is among the IdP's groups of service desk customers".to_owned()
        }
    };
    let (since, last) = (moment::seconds(*since), moment::seconds(*confirmed_at));
    let dates = if since == last {
        format!("since {since}")
    } else {
        format!("since {since}, last confirmed {last}")
    };
    let lapsed = if *current { "" } else { ", no longer given" };
    let held = if awaits_removal_since.is_some() { "; its end waits for approval" } else { "" };
    format!("{reason}, {dates}{lapsed}{held}")
}

/// The same for programs.
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
