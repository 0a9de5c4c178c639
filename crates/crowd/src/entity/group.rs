//! A group on the wire. Does not hold its members: those are lists of their own.

use serde::{Deserialize, Serialize};

use super::Entity;
use super::attributes::Attributes;
use super::link::{Link, Links};
use super::user::Expandable;
use crate::BodyError;
use crate::xml::{Element, Writer};

/// A group, expanded or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// The name as recorded.
    pub name: String,
    /// To the group. Always inside the element: one connector fails on a self-closing group.
    pub link: Link,
    /// All the rest; absent in a list that was not asked to expand its groups.
    #[serde(flatten)]
    pub details: Option<GroupDetails>,
}

/// What an expanded group has beside its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupDetails {
    /// What a client may ask to be filled in.
    pub expand: Expandable,
    /// Free text; may be empty.
    pub description: String,
    /// There is one kind only, and it must be named.
    #[serde(rename = "type")]
    pub kind: GroupKind,
    /// Whether the group counts.
    pub active: bool,
    /// The custom attributes.
    pub attributes: Attributes,
}

/// The `type` of a group.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum GroupKind {
    /// The only type that is still in use.
    #[default]
    #[serde(rename = "GROUP")]
    Group,
}

impl Group {
    /// A group that is only named.
    pub fn named(name: &str, links: &Links) -> Self {
        Self { name: name.to_owned(), link: links.group(name), details: None }
    }

    /// Reads a group from an XML document that this crate or another server wrote.
    ///
    /// # Errors
    /// [`BodyError`] when it is no group element.
    pub fn from_xml(body: &[u8]) -> Result<Self, BodyError> {
        Self::from_element(&Element::parse(body)?)
    }

    /// Reads a group from JSON.
    ///
    /// # Errors
    /// [`BodyError`] when it is no group.
    pub fn from_json(body: &[u8]) -> Result<Self, BodyError> {
        Ok(serde_json::from_slice(body)?)
    }

    /// Reads a group from its element.
    ///
    /// # Errors
    /// [`BodyError`] when it is no group element.
    pub fn from_element(element: &Element) -> Result<Self, BodyError> {
        if element.name != "group" {
            return Err(BodyError::Unexpected("group"));
        }
        let details = match element.child("active") {
            Some(active) => {
                let attributes =
                    element.child("attributes").ok_or(BodyError::Missing("attributes"))?;
                Some(GroupDetails {
                    expand: Expandable::Attributes,
                    description: element.child_text("description").unwrap_or_default().to_owned(),
                    kind: GroupKind::Group,
                    active: active.text.trim() == "true",
                    attributes: Attributes::from_element(attributes)?,
                })
            }
            None => None,
        };
        Ok(Self {
            name: element.attribute("name").ok_or(BodyError::Missing("name"))?.to_owned(),
            link: Link::of_parent(element)?,
            details,
        })
    }
}

impl Entity for Group {
    fn write_xml(&self, xml: &mut Writer) {
        match &self.details {
            Some(_) => xml.open("group", &[("expand", "attributes"), ("name", &self.name)]),
            None => xml.open("group", &[("name", &self.name)]),
        }
        self.link.write_xml(xml);
        if let Some(details) = &self.details {
            xml.text("description", &details.description);
            xml.text("type", "GROUP");
            xml.text("active", if details.active { "true" } else { "false" });
            details.attributes.write_xml(xml);
        }
        xml.close("group");
    }
}
