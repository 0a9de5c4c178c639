//! Search restrictions: what a client asks for in `POST /search`, or in the query language of
//! `GET /search`, as a tree.
//!
//! Does not search, and does not know which properties there are: any name may be asked for.

mod query;

use serde_json::{Map, Value};

use crate::xml::Element;
use crate::{BodyError, Format};

pub use query::QueryError;

/// Which entities are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Restriction {
    /// All of them.
    Everything,
    /// Those whose property is such.
    Property(PropertyRestriction),
    /// Those for which all (or any) of the parts hold.
    Boolean {
        /// How the parts are joined.
        logic: Logic,
        /// The parts.
        restrictions: Vec<Restriction>,
    },
}

/// A comparison of one property.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PropertyRestriction {
    /// Its name, such as `email`; an unknown name is a custom attribute.
    pub property: String,
    /// How the value is to be read.
    pub kind: PropertyKind,
    /// How the two are compared.
    pub mode: MatchMode,
    /// With what; empty for [`MatchMode::Null`].
    pub value: String,
}

/// How parts are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "plain words")]
pub enum Logic {
    And,
    Or,
}

/// The type of a property on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PropertyKind {
    /// `STRING`, and `ENUM` of older clients.
    Text,
    /// `BOOLEAN`.
    Boolean,
    /// `DATE`: ISO-8601.
    Date,
    /// `INTEGER` of older clients.
    Integer,
}

/// How a property is compared with the value. Text is compared without case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the protocol's and say what they mean")]
pub enum MatchMode {
    ExactlyMatches,
    Contains,
    StartsWith,
    EndsWith,
    GreaterThan,
    GreaterThanOrEqual,
    LessThan,
    LessThanOrEqual,
    /// The property has no value. Newer connection tests ask for a `name` that is null.
    Null,
}

impl Restriction {
    /// Reads the body of a search. An empty body and `{}` ask for everything.
    ///
    /// # Errors
    /// [`BodyError`] when it is no restriction, or has a match mode or type that is not known.
    pub fn parse(body: &[u8], format: Option<Format>) -> Result<Self, BodyError> {
        match format {
            None => Ok(Self::Everything),
            Some(Format::Xml) => Self::from_element(&Element::parse(body)?),
            Some(Format::Json) => Self::from_value(&serde_json::from_slice(body)?),
        }
    }

    fn from_element(element: &Element) -> Result<Self, BodyError> {
        match element.name.as_str() {
            "null-search-restriction" => Ok(Self::Everything),
            "property-search-restriction" => {
                let property = element.child("property").ok_or(BodyError::Missing("property"))?;
                PropertyRestriction::new(
                    property.child_text("name"),
                    property.child_text("type"),
                    element.child_text("match-mode"),
                    element.child_text("value").map(str::to_owned),
                )
                .map(Self::Property)
            }
            "boolean-search-restriction" => Ok(Self::Boolean {
                logic: Logic::parse(element.attribute("boolean-logic"))?,
                restrictions: element
                    .child("restrictions")
                    .ok_or(BodyError::Missing("restrictions"))?
                    .children
                    .iter()
                    .map(Self::from_element)
                    .collect::<Result<_, _>>()?,
            }),
            _ => Err(BodyError::Unexpected("search restriction")),
        }
    }

    fn from_value(value: &Value) -> Result<Self, BodyError> {
        let members = match value {
            Value::Null => return Ok(Self::Everything),
            Value::String(empty) if empty.is_empty() => return Ok(Self::Everything),
            Value::Object(members) => members,
            _ => return Err(BodyError::Unexpected("search restriction")),
        };
        match members.get("restriction-type").and_then(Value::as_str) {
            Some("null-search-restriction") => Ok(Self::Everything),
            Some("property-search-restriction") => Self::property_from(members),
            Some("boolean-search-restriction") => Self::boolean_from(members),
            Some(_) => Err(BodyError::Unknown("restriction-type")),
            None if members.contains_key("property") => Self::property_from(members),
            None if members.contains_key("restrictions") => Self::boolean_from(members),
            None if members.is_empty() => Ok(Self::Everything),
            None => Err(BodyError::Missing("restriction-type")),
        }
    }

    fn property_from(members: &Map<String, Value>) -> Result<Self, BodyError> {
        let property = members.get("property").ok_or(BodyError::Missing("property"))?;
        let text = |value: Option<&Value>| value.and_then(scalar);
        PropertyRestriction::new(
            property.get("name").and_then(Value::as_str),
            property.get("type").and_then(Value::as_str),
            members.get("match-mode").and_then(Value::as_str),
            text(members.get("value")),
        )
        .map(Self::Property)
    }

    fn boolean_from(members: &Map<String, Value>) -> Result<Self, BodyError> {
        let restrictions = members
            .get("restrictions")
            .and_then(Value::as_array)
            .ok_or(BodyError::Missing("restrictions"))?;
        Ok(Self::Boolean {
            logic: Logic::parse(members.get("boolean-logic").and_then(Value::as_str))?,
            restrictions: restrictions.iter().map(Self::from_value).collect::<Result<_, _>>()?,
        })
    }
}

impl PropertyRestriction {
    fn new(
        name: Option<&str>,
        kind: Option<&str>,
        mode: Option<&str>,
        value: Option<String>,
    ) -> Result<Self, BodyError> {
        let mode = MatchMode::parse(mode.ok_or(BodyError::Missing("match-mode"))?)?;
        let name = name.map(str::trim).filter(|name| !name.is_empty());
        Ok(Self {
            property: name.ok_or(BodyError::Missing("name"))?.to_owned(),
            kind: PropertyKind::parse(kind)?,
            mode,
            value: match (mode, value) {
                (MatchMode::Null, value) => value.unwrap_or_default(),
                (_, Some(value)) => value,
                (_, None) => return Err(BodyError::Missing("value")),
            },
        })
    }
}

impl Logic {
    fn parse(word: Option<&str>) -> Result<Self, BodyError> {
        match word.map(str::to_ascii_lowercase).as_deref() {
            Some("and") => Ok(Self::And),
            Some("or") => Ok(Self::Or),
            Some(_) => Err(BodyError::Unknown("boolean-logic")),
            None => Err(BodyError::Missing("boolean-logic")),
        }
    }
}

impl PropertyKind {
    fn parse(word: Option<&str>) -> Result<Self, BodyError> {
        match word.map(str::trim) {
            None | Some("STRING" | "ENUM") => Ok(Self::Text),
            Some("BOOLEAN") => Ok(Self::Boolean),
            Some("DATE") => Ok(Self::Date),
            Some("INTEGER") => Ok(Self::Integer),
            Some(_) => Err(BodyError::Unknown("type")),
        }
    }
}

impl MatchMode {
    fn parse(word: &str) -> Result<Self, BodyError> {
        Ok(match word.trim() {
            "EXACTLY_MATCHES" => Self::ExactlyMatches,
            "CONTAINS" => Self::Contains,
            "STARTS_WITH" => Self::StartsWith,
            "ENDS_WITH" => Self::EndsWith,
            "GREATER_THAN" => Self::GreaterThan,
            "GREATER_THAN_OR_EQUAL" => Self::GreaterThanOrEqual,
            "LESS_THAN" => Self::LessThan,
            "LESS_THAN_OR_EQUAL" => Self::LessThanOrEqual,
            "NULL" => Self::Null,
            _ => return Err(BodyError::Unknown("match-mode")),
        })
    }
}

/// A value as text; JSON clients send booleans and numbers bare.
fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
