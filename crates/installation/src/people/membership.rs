//! Why somebody is in a group, in words.

use directory::MembershipSource;
use store::Membership;

use crate::moment;

/// Why somebody is in a group, in words, with the days on which it was first and last confirmed.
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
    let waits = if awaits_removal_since.is_some() { "; its end waits for approval" } else { "" };
    format!("{reason}, {dates}{lapsed}{waits}")
}
