//! The groups that the IdP names. What was not sent is not empty: it means that nothing is known,
//! unless an administrator said that this IdP sends nothing for somebody who is in no group.
//! One value is one group, unless a separator is set.

use std::collections::HashSet;

use super::{Said, unfit};
use crate::name::{name_key, trimmed};
use crate::provision::excerpt::excerpt;
use crate::provision::reading::{AbsentGroups, GroupReading, GroupSeparator};
use crate::provision::refusal::Refusal;
use crate::provision::transformation::{Outcome, transform};

/// What the IdP says of groups.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum GroupClaim {
    /// No attribute is configured or sent: nothing is known, and nothing changes.
    #[default]
    Absent,
    /// These are among the groups, and there are others that the IdP did not name: memberships
    /// may be added and are never removed.
    Incomplete(Incomplete, Vec<ClaimedGroup>),
    /// The groups named, each once, in the order sent. Empty means: of none.
    Values(Vec<ClaimedGroup>),
}

/// Why the groups named are not all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Incomplete {
    /// The attribute of this name says that there are too many groups to name (Entra's overage).
    Overage(String),
    /// The attribute of this name was not sent, though another was.
    NotSent(String),
    /// The attribute of this name was sent, is known to name groups, and is not read.
    Elsewhere(String),
    /// Attributes came encrypted for somebody else; what they are of is not known.
    Unread,
}

impl std::fmt::Display for Incomplete {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Incomplete::Overage(name) => {
                write!(f, "there are too many groups to name, says the attribute {name}")
            }
            Incomplete::NotSent(name) => write!(f, "the IdP did not send the attribute {name}"),
            Incomplete::Elsewhere(name) => write!(
                f,
                "the IdP did not send the Group Attribute, but {name}, which names groups at some \
                 IdPs and is not read"
            ),
            Incomplete::Unread => {
                f.write_str("an attribute is encrypted for another key, and may be of groups")
            }
        }
    }
}

/// A group that the IdP names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimedGroup {
    /// The group's name, after mapping and steps; compared by [`crate::name_key`].
    pub name: String,
    /// The attribute that names it.
    pub attribute: String,
    /// What names it: the beginning of the value, or of its part, for people to read.
    pub value: String,
    /// Of a value that was split: the beginning of the whole.
    pub part_of: Option<String>,
    /// Of a value that was not split, and could be: where, and the groups that it would name.
    pub joined: Option<Joined>,
}

/// What a value would name if it were split.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Joined {
    /// The separator that it would be split at.
    pub separator: &'static str,
    /// The groups, after mapping and steps.
    pub groups: Vec<String>,
}

impl GroupClaim {
    /// The claim that `attribute` names exactly these groups.
    pub fn named<N: Into<String>>(attribute: &str, names: impl IntoIterator<Item = N>) -> Self {
        let groups = names.into_iter().map(Into::into).map(|name: String| ClaimedGroup {
            attribute: attribute.to_owned(),
            value: excerpt(&name),
            part_of: None,
            joined: None,
            name,
        });
        GroupClaim::Values(groups.collect())
    }

    /// The groups named, all or not.
    pub fn groups(&self) -> &[ClaimedGroup] {
        match self {
            GroupClaim::Absent => &[],
            GroupClaim::Incomplete(_, groups) | GroupClaim::Values(groups) => groups,
        }
    }

    /// The same, where some attributes could not be read: others of the groups may stand in them.
    #[must_use]
    pub fn with_unread(self) -> Self {
        match self {
            GroupClaim::Values(groups) => GroupClaim::Incomplete(Incomplete::Unread, groups),
            known_in_part => known_in_part,
        }
    }

    /// Whether the groups named are all that there are.
    pub fn is_complete(&self) -> bool {
        matches!(self, GroupClaim::Values(_))
    }
}

/// What the assertion says of groups, and which attributes it says nothing of.
pub(super) struct Read {
    pub(super) claim: GroupClaim,
    /// The attributes that were not sent and count as empty.
    pub(super) as_none: Vec<String>,
}

pub(super) fn read(said: &Said<'_>, reading: &GroupReading) -> Result<Read, Refusal> {
    let (sent, missing): (Vec<&String>, Vec<&String>) =
        reading.attributes.iter().partition(|name| said.has(name));
    let groups = named(said, &sent, reading)?;
    let known = |claim| Ok(Read { claim, as_none: Vec::new() });
    if reading.attributes.is_empty() {
        return known(GroupClaim::Absent);
    }
    let name_of = |(name, _): &(&str, _)| excerpt(name);
    if let Some(overage) = said.attributes.iter().find(|(name, _)| says_overage(name)) {
        return known(GroupClaim::Incomplete(Incomplete::Overage(name_of(overage)), groups));
    }
    match (missing.first(), &reading.absent) {
        (None, _) => known(GroupClaim::Values(groups)),
        (Some(_), AbsentGroups::Unknown) if sent.is_empty() => known(GroupClaim::Absent),
        (Some(name), AbsentGroups::Unknown) => {
            known(GroupClaim::Incomplete(Incomplete::NotSent((*name).clone()), groups))
        }
        (Some(_), AbsentGroups::None { unless_sent }) => {
            let unread = |name: &str| {
                let is = |known: &String| known.eq_ignore_ascii_case(trimmed(name));
                unless_sent.iter().any(is) && !reading.attributes.iter().any(|read| read == name)
            };
            let elsewhere = said.attributes.iter().find(|(name, _)| unread(name));
            match elsewhere.map(name_of) {
                Some(name) => known(GroupClaim::Incomplete(Incomplete::Elsewhere(name), groups)),
                None => Ok(Read {
                    claim: GroupClaim::Values(groups),
                    as_none: missing.into_iter().cloned().collect(),
                }),
            }
        }
    }
}

/// The groups that these attributes name, each once.
fn named(
    said: &Said<'_>,
    attributes: &[&String],
    reading: &GroupReading,
) -> Result<Vec<ClaimedGroup>, Refusal> {
    let mut groups = Vec::new();
    let mut seen = HashSet::new();
    for attribute in attributes {
        let values: Vec<&str> = said.values(attribute).collect();
        let lone = values.len() == 1;
        for value in values {
            let separator = separator_of(value, lone, &reading.separator);
            for part in parts(value, separator) {
                if let Some(name) = name_of(part, reading)?
                    && seen.insert(name_key(&name).into_owned())
                {
                    groups.push(ClaimedGroup {
                        name,
                        attribute: (*attribute).clone(),
                        value: excerpt(part),
                        part_of: (part.len() < trimmed(value).len()).then(|| excerpt(value)),
                        joined: joined(part, reading),
                    });
                }
            }
        }
    }
    Ok(groups)
}

/// Where this value is split, if anywhere.
fn separator_of<'a>(value: &str, lone: bool, setting: &'a GroupSeparator) -> Option<&'a str> {
    match setting {
        GroupSeparator::None => None,
        GroupSeparator::Auto => (lone && !looks_like_a_distinguished_name(value)).then_some(","),
        GroupSeparator::Literal(text) => {
            let whole = text.is_empty() || text == "," && looks_like_a_distinguished_name(value);
            (!whole).then_some(text)
        }
    }
}

/// The parts of a value that are not empty, trimmed.
fn parts<'a>(value: &'a str, separator: Option<&'a str>) -> impl Iterator<Item = &'a str> {
    let split = separator.map(|separator| value.split(separator));
    let whole = separator.is_none().then_some(value);
    split.into_iter().flatten().chain(whole).map(trimmed).filter(|part| !part.is_empty())
}

/// What the value would name if it were split. Only a hint, so what steps refuse is left out, and
/// so are lists beyond what an IdP would join.
fn joined(value: &str, reading: &GroupReading) -> Option<Joined> {
    let separator = SEPARATORS.into_iter().find(|separator| value.contains(separator))?;
    if looks_like_a_distinguished_name(value) {
        return None;
    }
    let named = parts(value, Some(separator)).take(MOST_JOINED);
    let groups: Vec<String> = named.filter_map(|part| name_of(part, reading).ok()?).collect();
    (groups.len() > 1).then_some(Joined { separator, groups })
}

/// What IdPs join groups with.
const SEPARATORS: [&str; 2] = [",", ";"];
const MOST_JOINED: usize = 50;

/// The group's name, unless the value is left out.
fn name_of(value: &str, reading: &GroupReading) -> Result<Option<String>, Refusal> {
    if let Some(name) = reading.names.of(value) {
        return Ok(Some(name.to_owned()));
    }
    if reading.only_names {
        return Ok(None);
    }
    match transform(value, &reading.steps) {
        Outcome::Value(name) => Ok(Some(trimmed(&name).to_owned()).filter(|name| !name.is_empty())),
        Outcome::Ignored | Outcome::Cleared => Ok(None),
        Outcome::Refused(step) => Err(unfit("group", value, step)),
    }
}

/// `CN=staff,OU=groups,DC=example` is one group.
fn looks_like_a_distinguished_name(value: &str) -> bool {
    let value = value.to_ascii_lowercase();
    ["cn=", "ou=", "dc="].iter().any(|key| value.contains(key))
}

/// Entra names no groups beyond 150 and sends a link, or in other token forms a claim about the
/// claim, in their place.
fn says_overage(name: &str) -> bool {
    let last = name.rsplit('/').next().unwrap_or(name);
    OVERAGE.iter().any(|sign| last.eq_ignore_ascii_case(sign))
}

const OVERAGE: [&str; 4] = ["groups.link", "_claim_names", "_claim_sources", "hasgroups"];
