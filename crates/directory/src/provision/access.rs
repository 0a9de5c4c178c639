//! Who may sign in, and who is provisioned.

use serde::{Deserialize, Serialize};

use super::claims::{Claims, GroupClaim};
use super::existing::HeldMembership;
use super::pattern::NamePattern;
use crate::MembershipSource;

/// One rule about people. Of several rules the strictest that applies holds: deactivate, refuse,
/// require, drop, in this order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessRule {
    /// What the rule does.
    pub effect: AccessEffect,
    /// The rule applies to whom one of these is true of. Without conditions it applies to nobody,
    /// so that a requirement without conditions lets nobody in.
    pub any_of: Vec<Condition>,
}

/// What an access rule does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccessEffect {
    /// Whom it does not apply to is not let in. Of several requirements each must be met.
    Require,
    /// Whom it applies to is not let in.
    Refuse,
    /// Whom it applies to is let in as they are: nothing is created, updated or added.
    Drop,
    /// Whom it applies to is not let in, and the user is made inactive, if a sign-in may update
    /// the user and the user is in no protected group.
    Deactivate,
}

/// What may be true of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// The IdP names a group like this. While the claim is missing or incomplete, those that it
    /// named last hold too.
    Group(NamePattern),
    /// The attribute was sent with a value like this; `*` is any value.
    Attribute {
        /// The attribute's Name.
        name: String,
        /// The form of the whole value.
        value: NamePattern,
    },
}

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

impl std::fmt::Display for Condition {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Condition::Group(pattern) => write!(f, "group {pattern}"),
            Condition::Attribute { name, value } => write!(f, "attribute {name} = {value}"),
        }
    }
}
