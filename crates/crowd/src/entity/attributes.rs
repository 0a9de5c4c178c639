//! Custom attributes of a user or a group. Does not hold the properties (name, e-mail ...).

use serde::{Deserialize, Serialize};

use super::Entity;
use super::link::Link;
use crate::BodyError;
use crate::xml::{Element, Writer};

/// The attributes of one entity. Not expanded, it is the link alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attributes {
    /// In any order; names are unique.
    #[serde(default)]
    pub attributes: Vec<Attribute>,
    /// Where they can be read. Absent in what clients write.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<Link>,
}

/// One attribute with all its values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attribute {
    /// Its name.
    pub name: String,
    /// Its values.
    #[serde(default)]
    pub values: Vec<String>,
    /// Where it can be read. Absent in what clients write.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<Link>,
}

impl Attributes {
    /// No attributes, with the link.
    pub fn none(link: Link) -> Self {
        Self { attributes: Vec::new(), link: Some(link) }
    }

    pub(crate) fn from_element(element: &Element) -> Result<Self, BodyError> {
        let attributes = element.children.iter().filter(|child| child.name == "attribute");
        Ok(Self {
            attributes: attributes.map(Attribute::from_element).collect::<Result<_, _>>()?,
            link: Link::of_parent(element).ok(),
        })
    }
}

impl Attribute {
    fn from_element(element: &Element) -> Result<Self, BodyError> {
        let values = element.child("values").map(|values| values.children.as_slice());
        Ok(Self {
            name: element.attribute("name").ok_or(BodyError::Missing("name"))?.to_owned(),
            values: values.unwrap_or_default().iter().map(|value| value.text.clone()).collect(),
            link: Link::of_parent(element).ok(),
        })
    }
}

impl Entity for Attributes {
    fn write_xml(&self, xml: &mut Writer) {
        xml.open("attributes", &[]);
        if let Some(link) = &self.link {
            link.write_xml(xml);
        }
        for attribute in &self.attributes {
            xml.open("attribute", &[("name", &attribute.name)]);
            if let Some(link) = &attribute.link {
                link.write_xml(xml);
            }
            xml.open("values", &[]);
            for value in &attribute.values {
                xml.text("value", value);
            }
            xml.close("values");
            xml.close("attribute");
        }
        xml.close("attributes");
    }
}
