//! What the IdP says of a person, read as the settings say.

use super::excerpt::excerpt;
use super::refusal::Refusal;
use super::rules::{GroupSeparator, Mapping, UserIdLocation};
use crate::name::name_key;

/// A person as the IdP describes them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claims {
    /// The user id, trimmed, in the IdP's spelling.
    pub user_id: String,
    /// The full name, when sent.
    pub full_name: Option<String>,
    /// The e-mail address, when sent.
    pub email: Option<String>,
    /// The groups.
    pub groups: GroupClaim,
}

/// What the IdP says of groups. Absent is not empty: it means that nothing is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GroupClaim {
    /// The attribute is not configured, not sent, or replaced by a link to too many groups.
    Absent,
    /// The groups named, each once, in the order sent.
    Values(Vec<String>),
}

/// Reads `attributes` (name and values; a name may be repeated) as `mapping` says.
///
/// # Errors
/// When the user id is missing, ambiguous or no name.
pub fn claims(
    name_id: Option<&str>,
    attributes: &[(&str, Vec<&str>)],
    mapping: &Mapping,
) -> Result<Claims, Refusal> {
    let (location, ids) = match &mapping.user_id {
        UserIdLocation::NameId => ("NameID".to_owned(), name_id.into_iter().collect()),
        UserIdLocation::Attribute(name) => {
            (format!("attribute {name}"), values(attributes, name).collect::<Vec<_>>())
        }
    };
    let user_id = the_one(&location, &ids)?;
    crate::check_user_name(&user_id).map_err(|error| Refusal::UserIdInvalid {
        user_id: excerpt(&user_id),
        reason: error.to_string(),
    })?;
    let first = |name: &Option<String>| {
        let values = name.as_deref().map(|name| values(attributes, name));
        values.into_iter().flatten().map(clean).find(|value| !value.is_empty())
    };
    Ok(Claims {
        user_id,
        full_name: first(&mapping.full_name),
        email: first(&mapping.email),
        groups: groups(attributes, mapping),
    })
}

/// All values of all attributes of this name.
fn values<'a>(
    attributes: &'a [(&'a str, Vec<&'a str>)],
    name: &'a str,
) -> impl Iterator<Item = &'a str> {
    attributes.iter().filter(move |(n, _)| *n == name).flat_map(|(_, values)| values).copied()
}

/// The one non-empty value; the same value twice is one value.
fn the_one(location: &str, ids: &[&str]) -> Result<String, Refusal> {
    let mut ids = ids.iter().map(|id| id.trim()).filter(|id| !id.is_empty());
    let first =
        ids.next().ok_or_else(|| Refusal::UserIdMissing { location: location.to_owned() })?;
    match ids.find(|id| name_key(id) != name_key(first)) {
        None => Ok(first.to_owned()),
        Some(second) => Err(Refusal::UserIdAmbiguous {
            location: location.to_owned(),
            first: excerpt(first),
            second: excerpt(second),
        }),
    }
}

/// Line breaks and other control characters become blanks, none at the ends; a name is one line.
fn clean(value: &str) -> String {
    let value = value.trim_matches(|c: char| c.is_whitespace() || c.is_control());
    let line = value.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST);
    line.collect::<String>().trim_end().to_owned()
}

fn groups(attributes: &[(&str, Vec<&str>)], mapping: &Mapping) -> GroupClaim {
    let Some(name) = mapping.groups.as_deref() else { return GroupClaim::Absent };
    if !attributes.iter().any(|(n, _)| *n == name) {
        return GroupClaim::Absent;
    }
    let raw: Vec<&str> = values(attributes, name).collect();
    let separator = match &mapping.group_separator {
        GroupSeparator::None => None,
        GroupSeparator::Literal(text) => Some(text.as_str()).filter(|text| !text.is_empty()),
        GroupSeparator::Auto => match raw.as_slice() {
            [only] if !looks_like_a_distinguished_name(only) => Some(","),
            _ => None,
        },
    };
    let mut seen = std::collections::HashSet::new();
    let mut names = Vec::new();
    for value in raw {
        let mut parts: Box<dyn Iterator<Item = &str>> = match separator {
            Some(separator) => Box::new(value.split(separator)),
            None => Box::new(std::iter::once(value)),
        };
        for part in &mut parts {
            let part = part.trim();
            if !part.is_empty() && seen.insert(name_key(part)) {
                names.push(part.to_owned());
            }
        }
    }
    GroupClaim::Values(names)
}

/// `CN=staff,OU=groups,DC=example` is one group.
fn looks_like_a_distinguished_name(value: &str) -> bool {
    let value = value.to_ascii_lowercase();
    ["cn=", "ou=", "dc="].iter().any(|key| value.contains(key))
}

/// Full names and addresses are cut after this many characters, the most that applications keep.
const LONGEST: usize = 255;
