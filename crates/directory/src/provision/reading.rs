//! Where each value of a person stands in the assertion, and what is done to it.

use std::collections::BTreeMap;

use thiserror::Error;

use super::transformation::Step;
use crate::name_key;

/// How an assertion is read. Attributes are matched by Name, never by FriendlyName.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// The user id. Without sources everyone is refused.
    pub user_id: ValueRule,
    /// An id that the IdP never changes nor gives to another person, such as Entra's object id or
    /// a persistent NameID; for [`super::FindBy::IdpId`].
    pub idp_id: ValueRule,
    /// The full name.
    pub full_name: ValueRule,
    /// The e-mail address.
    pub email: ValueRule,
    /// The groups.
    pub groups: GroupReading,
}

/// One value: the first source that yields one after all steps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ValueRule {
    /// Tried in this order. None: the value is not read.
    pub sources: Vec<Source>,
    /// What is done to a source's value.
    pub steps: Vec<Step>,
}

/// Where a value may stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// In the subject's NameID.
    NameId,
    /// In the attribute of this Name.
    Attribute(String),
    /// Several attributes, put together.
    Template(Template),
}

/// A text with attributes in it: `{givenname} {surname}`. Of each attribute the first value that
/// is not empty is taken. A template with an attribute that was not sent yields nothing, so that
/// the next source is tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Text(String),
    Attribute(String),
}

/// Why a template is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum TemplateError {
    /// A brace has no partner. Braces of the text itself are doubled.
    #[error("a brace has no partner; write {{{{ and }}}} for braces of the text")]
    Unbalanced,
    /// `{}` names nothing.
    #[error("{{}} names no attribute")]
    NoName,
    /// There is no attribute in it: everybody would get the same value.
    #[error("the template names no attribute")]
    Constant,
    /// More than 20 attributes.
    #[error("the template names more than 20 attributes")]
    TooMany,
}

impl Source {
    /// An attribute's Name, or a template when there is a brace in it.
    ///
    /// # Errors
    /// When it is a template with a fault.
    pub fn parse(text: &str) -> Result<Self, TemplateError> {
        if text.contains(['{', '}']) {
            return Template::parse(text).map(Source::Template);
        }
        Ok(Source::Attribute(text.to_owned()))
    }
}

impl Template {
    /// Reads `{givenname} {surname}`; `{{` and `}}` stand for one brace.
    ///
    /// # Errors
    /// When braces do not pair, or no attribute is named, or too many.
    pub fn parse(text: &str) -> Result<Self, TemplateError> {
        let mut parts = Vec::new();
        let mut plain = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            let (before, from) = rest.split_at(at);
            plain.push_str(before);
            if let Some(after) = from.strip_prefix("{{").or_else(|| from.strip_prefix("}}")) {
                plain.extend(from.chars().next());
                rest = after;
                continue;
            }
            let inside = from.strip_prefix('{').ok_or(TemplateError::Unbalanced)?;
            let (name, after) = inside.split_once('}').ok_or(TemplateError::Unbalanced)?;
            match name.trim() {
                "" => return Err(TemplateError::NoName),
                name if name.contains('{') => return Err(TemplateError::Unbalanced),
                name => {
                    parts.push(Part::Text(std::mem::take(&mut plain)));
                    parts.push(Part::Attribute(name.to_owned()));
                }
            }
            rest = after;
        }
        plain.push_str(rest);
        parts.push(Part::Text(plain));
        match parts.iter().filter(|part| matches!(part, Part::Attribute(_))).count() {
            0 => Err(TemplateError::Constant),
            1..=20 => Ok(Template { parts }),
            _ => Err(TemplateError::TooMany),
        }
    }

    pub(super) fn parts(&self) -> &[Part] {
        &self.parts
    }
}

impl std::fmt::Display for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Source::NameId => f.write_str("NameID"),
            Source::Attribute(name) => write!(f, "attribute {name}"),
            Source::Template(template) => {
                f.write_str("template ")?;
                template.parts.iter().try_for_each(|part| match part {
                    Part::Text(text) => f.write_str(&text.replace('{', "{{").replace('}', "}}")),
                    Part::Attribute(name) => write!(f, "{{{name}}}"),
                })
            }
        }
    }
}

/// How the groups are read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GroupReading {
    /// Group Attribute: the attributes whose values name groups, all of them together.
    pub attributes: Vec<String>,
    /// What it means when an attribute is not sent.
    pub absent: AbsentGroups,
    /// How a value becomes several groups.
    pub separator: GroupSeparator,
    /// Names for values that are none, such as object ids. They are taken as they are, without
    /// the steps.
    pub names: GroupNames,
    /// Whether values that [`Self::names`] does not know are left out.
    pub only_names: bool,
    /// What is done to each value that is not in [`Self::names`].
    pub steps: Vec<Step>,
}

/// What it means when a group attribute is not sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum AbsentGroups {
    /// Nothing is known. The default: what is missing by mistake must not cost anybody a right.
    #[default]
    Unknown,
    /// The person is in none of its groups: some IdPs send nothing then.
    None {
        /// Attributes that name groups at some IdP, compared without case. One of these that is
        /// sent and not read says that the settings miss the groups, not that there are none.
        unless_sent: Vec<String>,
    },
}

/// How one value of the group attribute becomes several groups.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum GroupSeparator {
    /// Each value is one group. The default: a comma in a group's name must not make two rights of one.
    #[default]
    None,
    /// A value that is the only one, and no distinguished name, is split at commas.
    Auto,
    /// Every value is split at this text; at a comma, distinguished names are not.
    Literal(String),
}

/// Names of groups by the values that the IdP sends; values are compared without case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GroupNames(BTreeMap<String, String>);

impl GroupNames {
    /// The name for this value of the IdP.
    pub fn of(&self, value: &str) -> Option<&str> {
        self.0.get(&*name_key(value)).map(String::as_str)
    }
}

impl<V: AsRef<str>, N: Into<String>> FromIterator<(V, N)> for GroupNames {
    fn from_iter<I: IntoIterator<Item = (V, N)>>(pairs: I) -> Self {
        let pairs = pairs.into_iter();
        GroupNames(
            pairs
                .map(|(value, name)| (name_key(value.as_ref()).into_owned(), name.into()))
                .collect(),
        )
    }
}
