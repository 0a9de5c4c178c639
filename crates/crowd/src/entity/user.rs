//! A user on the wire. Does not carry a password, in neither direction.

use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use super::attributes::Attributes;
use super::link::{Link, Links};
use super::{Entity, moment};
use crate::BodyError;
use crate::xml::{Element, Writer};

/// A user, expanded or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// The user name as recorded.
    pub name: String,
    /// To the user.
    pub link: Link,
    /// All the rest; absent in a list that was not asked to expand its users.
    #[serde(flatten)]
    pub details: Option<UserDetails>,
}

/// What an expanded user has beside its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct UserDetails {
    /// What a client may ask to be filled in.
    pub expand: Expandable,
    /// Given name; may be empty.
    pub first_name: String,
    /// Family name; may be empty.
    pub last_name: String,
    /// The full name. Applications show or refuse a user without one badly.
    pub display_name: String,
    /// The mail address.
    pub email: String,
    /// Where the password can be changed.
    pub password: PasswordLink,
    /// Opaque, stable, never used again for another user: newer applications follow a rename by it.
    pub key: String,
    /// When the user was made, in whole milliseconds.
    #[serde(with = "moment", default, skip_serializing_if = "Option::is_none")]
    pub created_date: Option<SystemTime>,
    /// When the user was last changed, in whole milliseconds.
    #[serde(with = "moment", default, skip_serializing_if = "Option::is_none")]
    pub updated_date: Option<SystemTime>,
    /// Always written: the default of Atlassian's client is *inactive*.
    pub active: bool,
    /// The custom attributes.
    pub attributes: Attributes,
}

/// The one word that a user or a group lists as expandable.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Expandable {
    /// `expand=attributes`.
    #[default]
    Attributes,
}

/// Stands in place of a password, which is never answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasswordLink {
    /// With the relation `edit`.
    pub link: Link,
}

impl User {
    /// A user that is only named.
    pub fn named(name: &str, links: &Links) -> Self {
        Self { name: name.to_owned(), link: links.user(name), details: None }
    }

    /// Reads a user from an XML document that this crate or another server wrote.
    ///
    /// # Errors
    /// [`BodyError`] when it is no user element.
    pub fn from_xml(body: &[u8]) -> Result<Self, BodyError> {
        Self::from_element(&Element::parse(body)?)
    }

    /// Reads a user from JSON.
    ///
    /// # Errors
    /// [`BodyError`] when it is no user.
    pub fn from_json(body: &[u8]) -> Result<Self, BodyError> {
        Ok(serde_json::from_slice(body)?)
    }

    /// Reads a user from its element.
    ///
    /// # Errors
    /// [`BodyError`] when it is no user element.
    pub fn from_element(element: &Element) -> Result<Self, BodyError> {
        if element.name != "user" {
            return Err(BodyError::Unexpected("user"));
        }
        Ok(Self {
            name: element.attribute("name").ok_or(BodyError::Missing("name"))?.to_owned(),
            link: Link::of_parent(element)?,
            details: match element.child("active") {
                Some(active) => Some(UserDetails::from_element(element, &active.text)?),
                None => None,
            },
        })
    }
}

impl UserDetails {
    fn from_element(element: &Element, active: &str) -> Result<Self, BodyError> {
        let text = |name| element.child_text(name).unwrap_or_default().to_owned();
        let date = |name| element.child_text(name).and_then(moment::from_xml);
        let password = element.child("password").ok_or(BodyError::Missing("password"))?;
        let attributes = element.child("attributes").ok_or(BodyError::Missing("attributes"))?;
        Ok(Self {
            expand: Expandable::Attributes,
            first_name: text("first-name"),
            last_name: text("last-name"),
            display_name: text("display-name"),
            email: text("email"),
            password: PasswordLink { link: Link::of_parent(password)? },
            key: text("key"),
            created_date: date("created-date"),
            updated_date: date("updated-date"),
            active: active.trim() == "true",
            attributes: Attributes::from_element(attributes)?,
        })
    }

    fn write_xml(&self, xml: &mut Writer) {
        xml.text("first-name", &self.first_name);
        xml.text("last-name", &self.last_name);
        xml.text("display-name", &self.display_name);
        xml.text("email", &self.email);
        xml.open("password", &[]);
        self.password.link.write_xml(xml);
        xml.close("password");
        xml.text("key", &self.key);
        if let Some(created) = self.created_date {
            xml.text("created-date", &moment::to_xml(created));
        }
        if let Some(updated) = self.updated_date {
            xml.text("updated-date", &moment::to_xml(updated));
        }
        xml.text("active", if self.active { "true" } else { "false" });
        self.attributes.write_xml(xml);
    }
}

impl Entity for User {
    fn write_xml(&self, xml: &mut Writer) {
        match &self.details {
            Some(_) => xml.open("user", &[("expand", "attributes"), ("name", &self.name)]),
            None => xml.open("user", &[("name", &self.name)]),
        }
        self.link.write_xml(xml);
        if let Some(details) = &self.details {
            details.write_xml(xml);
        }
        xml.close("user");
    }
}
