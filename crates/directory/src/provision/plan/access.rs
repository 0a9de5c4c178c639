//! Whom the access rules let in, and whom they provision.

use crate::MembershipSource;
use crate::provision::claims::{Claims, GroupClaim};
use crate::provision::existing::HeldMembership;
use crate::provision::rules::{AccessEffect, AccessRule, Condition};

/// What the rules say of one person, with the reason in words.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Admit,
    Drop(String),
    Refuse(String),
    Deactivate(String),
}

pub(super) fn judge(rules: &[AccessRule], claims: &Claims, held: &[HeldMembership]) -> Verdict {
    let first = |effect: AccessEffect| {
        let rules = rules.iter().filter(|rule| rule.effect == effect);
        rules.flat_map(|rule| &rule.any_of).find(|condition| condition.holds(claims, held))
    };
    if let Some(condition) = first(AccessEffect::Deactivate) {
        return Verdict::Deactivate(condition.to_string());
    }
    if let Some(condition) = first(AccessEffect::Refuse) {
        return Verdict::Refuse(format!("refused by a rule: {condition}"));
    }
    let mut required = rules.iter().filter(|rule| rule.effect == AccessEffect::Require);
    if let Some(unmet) =
        required.find(|rule| !rule.any_of.iter().any(|condition| condition.holds(claims, held)))
    {
        let conditions: Vec<String> = unmet.any_of.iter().map(Condition::to_string).collect();
        return Verdict::Refuse(format!("a rule requires: {}", conditions.join(" or ")));
    }
    match first(AccessEffect::Drop) {
        Some(condition) => Verdict::Drop(format!("dropped by a rule: {condition}")),
        None => Verdict::Admit,
    }
}

impl Condition {
    fn holds(&self, claims: &Claims, held: &[HeldMembership]) -> bool {
        match self {
            Condition::Group(pattern) => {
                let named = claims.groups.groups().iter().any(|group| pattern.matches(&group.name));
                named
                    || !matches!(claims.groups, GroupClaim::Values(_))
                        && held.iter().any(|membership| {
                            membership.source == MembershipSource::GroupAttribute
                                && pattern.matches(&membership.group)
                        })
            }
            Condition::Attribute { name, value } => {
                let sent = claims.attributes.iter().filter(|(n, _)| n == name);
                sent.flat_map(|(_, values)| values).any(|sent| value.matches(sent.trim()))
            }
        }
    }
}
