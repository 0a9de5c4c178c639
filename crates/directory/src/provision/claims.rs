//! What the IdP says of a person, read as the settings say.

mod groups;

pub use groups::{ClaimedGroup, GroupClaim, Incomplete, Joined};

use super::excerpt::excerpt;
use super::reading::{Part, Reading, Source, ValueRule};
use super::refusal::Refusal;
use super::transformation::{Outcome, transform};
use crate::name::{name_key, trimmed};

/// The subject's NameID.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NameId<'a> {
    /// The name.
    pub value: &'a str,
    /// The URI of its Format.
    pub format: Option<&'a str>,
}

impl NameId<'_> {
    /// Whether it is another one at each sign-in (saml-core §8.3.8), in whichever version's
    /// namespace the IdP writes that.
    fn is_transient(&self) -> bool {
        let format = self.format.map(|format| trimmed(format).to_ascii_lowercase());
        format.is_some_and(|format| format.ends_with(":nameid-format:transient"))
    }
}

/// A person as the IdP describes them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Claims {
    /// The user id, without the blanks of XML around it, in the IdP's spelling.
    pub user_id: String,
    /// The user id is a transient NameID: the next sign-in brings another one.
    pub user_id_is_transient: bool,
    /// The id that never changes, when it is read and sent; compared exactly.
    pub idp_id: Option<String>,
    /// It is a transient NameID, so it does change.
    pub idp_id_is_transient: bool,
    /// The full name, when sent. An empty one means that it is to be cleared.
    pub full_name: Option<String>,
    /// The e-mail address, when sent. An empty one means that it is to be cleared.
    pub email: Option<String>,
    /// Where the e-mail address was looked for, in words.
    pub email_location: String,
    /// The groups.
    pub groups: GroupClaim,
    /// Group attributes that were not sent, and name none because the settings say so.
    pub groups_as_none: Vec<String>,
    /// Every attribute with its values, for the access rules.
    pub attributes: Vec<(String, Vec<String>)>,
}

impl Reading {
    /// Reads an assertion: its NameID and its `attributes` (name and values; a name may be
    /// repeated).
    ///
    /// # Errors
    /// When the user id is missing, ambiguous or no name, when the IdP id is ambiguous or cannot
    /// be stored, and when a step refuses a value.
    pub fn claims(
        &self,
        name_id: Option<NameId<'_>>,
        attributes: &[(&str, Vec<&str>)],
    ) -> Result<Claims, Refusal> {
        let said = Said { name_id, attributes };
        let Some(Identity { value: user_id, is_transient }) =
            said.identity("user id", &self.user_id)?
        else {
            let sent = sent(attributes.iter().map(|(name, _)| *name));
            return Err(Refusal::UserIdMissing { location: self.user_id.location(), sent });
        };
        crate::check_user_name(&user_id).map_err(|error| Refusal::UserIdInvalid {
            user_id: excerpt(&user_id),
            reason: error.to_string(),
        })?;
        let idp_id = said.identity("IdP id", &self.idp_id)?;
        let idp_id_is_transient = idp_id.as_ref().is_some_and(|id| id.is_transient);
        let idp_id = idp_id.map(|id| id.value);
        let unfit = |id: &&String| id.chars().count() > LONGEST_ID || id.contains(char::is_control);
        if let Some(id) = idp_id.as_ref().filter(unfit) {
            return Err(Refusal::IdpIdInvalid { idp_id: excerpt(id) });
        }
        let groups::Read { claim: groups, as_none: groups_as_none } =
            groups::read(&said, &self.groups)?;
        Ok(Claims {
            user_id,
            user_id_is_transient: is_transient,
            idp_id,
            idp_id_is_transient,
            full_name: said.text("full name", &self.full_name)?,
            email: said.text("e-mail address", &self.email)?,
            email_location: self.email.location(),
            groups,
            groups_as_none,
            attributes: attributes
                .iter()
                .map(|(name, values)| {
                    ((*name).to_owned(), values.iter().map(|value| (*value).to_owned()).collect())
                })
                .collect(),
        })
    }
}

impl ValueRule {
    /// Where the value is looked for, in words.
    pub(super) fn location(&self) -> String {
        let sources: Vec<String> = self.sources.iter().map(Source::to_string).collect();
        if sources.is_empty() { "no place at all".to_owned() } else { sources.join(" or ") }
    }
}

/// A value that says who somebody is.
struct Identity {
    value: String,
    /// It is made of a transient NameID.
    is_transient: bool,
}

/// What an assertion says.
struct Said<'a> {
    name_id: Option<NameId<'a>>,
    attributes: &'a [(&'a str, Vec<&'a str>)],
}

impl<'a> Said<'a> {
    /// All values of all attributes of this name.
    fn values(&self, name: &str) -> impl Iterator<Item = &'a str> {
        let named = self.attributes.iter().filter(move |(n, _)| *n == name);
        named.flat_map(|(_, values)| values).copied()
    }

    fn has(&self, name: &str) -> bool {
        self.attributes.iter().any(|(n, _)| *n == name)
    }

    /// A value that says who somebody is: of each source there is one or none, never a choice.
    fn identity(&self, what: &'static str, rule: &ValueRule) -> Result<Option<Identity>, Refusal> {
        for source in &rule.sources {
            let one = |values: Vec<&'a str>| the_one(what, source, &values);
            let value = match source {
                Source::NameId => one(self.name_id.iter().map(|name_id| name_id.value).collect())?,
                Source::Attribute(name) => one(self.values(name).collect())?,
                Source::Template(template) => {
                    joined(template.parts(), |name| one(self.values(name).collect()))?
                }
            };
            let Some(value) = value else { continue };
            match transform(&value, &rule.steps) {
                Outcome::Value(value) if !trimmed(&value).is_empty() => {
                    let by_name = *source == Source::NameId;
                    let is_transient = by_name && self.name_id.is_some_and(|n| n.is_transient());
                    return Ok(Some(Identity { value: trimmed(&value).to_owned(), is_transient }));
                }
                Outcome::Value(_) | Outcome::Ignored => {}
                Outcome::Cleared => return Ok(None),
                Outcome::Refused(step) => return Err(unfit(what, &value, step)),
            }
        }
        Ok(None)
    }

    /// A value that describes somebody: the first that there is, on one line.
    fn text(&self, what: &'static str, rule: &ValueRule) -> Result<Option<String>, Refusal> {
        for source in &rule.sources {
            let values: Vec<String> = match source {
                Source::NameId => self.name_id.iter().map(|n| one_line(n.value)).collect(),
                Source::Attribute(name) => self.values(name).map(one_line).collect(),
                Source::Template(template) => {
                    let first = |name: &str| {
                        Ok(self.values(name).map(one_line).find(|value| !value.is_empty()))
                    };
                    joined(template.parts(), first)?.into_iter().collect()
                }
            };
            for value in values.iter().filter(|value| !value.is_empty()) {
                match transform(value, &rule.steps) {
                    Outcome::Value(value) if !clean(&value).is_empty() => {
                        return Ok(Some(clean(&value)));
                    }
                    Outcome::Value(_) | Outcome::Ignored => {}
                    Outcome::Cleared => return Ok(Some(String::new())),
                    Outcome::Refused(step) => return Err(unfit(what, value, step)),
                }
            }
        }
        Ok(None)
    }
}

/// The template's text, unless one of its attributes has no value.
fn joined(
    parts: &[Part],
    value_of: impl Fn(&str) -> Result<Option<String>, Refusal>,
) -> Result<Option<String>, Refusal> {
    let mut text = String::new();
    for part in parts {
        match part {
            Part::Text(part) => text.push_str(part),
            Part::Attribute(name) => match value_of(name)? {
                Some(value) => text.push_str(&value),
                None => return Ok(None),
            },
        }
    }
    Ok(Some(text))
}

/// The one non-empty value; the same value twice is one value.
fn the_one(what: &'static str, source: &Source, ids: &[&str]) -> Result<Option<String>, Refusal> {
    let mut ids = ids.iter().map(|id| trimmed(id)).filter(|id| !id.is_empty());
    let Some(first) = ids.next() else { return Ok(None) };
    match ids.find(|id| name_key(id) != name_key(first)) {
        None => Ok(Some(first.to_owned())),
        Some(second) => Err(Refusal::UserIdAmbiguous {
            what,
            location: source.to_string(),
            first: excerpt(first),
            second: excerpt(second),
        }),
    }
}

/// Which attributes came: what is looked for often stands in another one.
pub(super) fn sent<'a>(names: impl ExactSizeIterator<Item = &'a str>) -> String {
    let more = names.len().saturating_sub(MOST_NAMES);
    let names: Vec<String> = names.take(MOST_NAMES).map(excerpt).collect();
    match (names.as_slice(), more) {
        ([], _) => "the IdP sent no attributes".to_owned(),
        (names, 0) => format!("the IdP sent the attributes {}", names.join(", ")),
        (names, more) => {
            format!("the IdP sent the attributes {} and {more} more", names.join(", "))
        }
    }
}

/// Attributes that are named one by one.
const MOST_NAMES: usize = 15;

fn unfit(what: &'static str, value: &str, step: String) -> Refusal {
    Refusal::NoMatch { what, value: excerpt(value), step }
}

/// Line breaks and other control characters become blanks, none at the ends; a name is one line.
fn one_line(value: &str) -> String {
    let value = value.trim_matches(|c: char| c.is_whitespace() || c.is_control());
    value.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// The line that is stored, after all steps.
fn clean(value: &str) -> String {
    let line: String = one_line(value).chars().take(LONGEST).collect();
    line.trim_end().to_owned()
}

/// Full names and addresses are cut after this many characters, the most that applications keep.
const LONGEST: usize = 255;

/// Persistent NameIDs have up to 256 characters (saml-core, section 8.3.7).
const LONGEST_ID: usize = 512;
