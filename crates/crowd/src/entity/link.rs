//! Links to entities. Clients do not follow them; they are built from the configured public base,
//! never from a request's `Host`.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use crate::BodyError;
use crate::xml::{Element, Writer};

/// A link as it stands in an entity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// An absolute URI.
    pub href: String,
    /// `self`, or `edit` for a password.
    pub rel: String,
}

impl Link {
    pub(crate) fn write_xml(&self, xml: &mut Writer) {
        xml.empty("link", &[("href", &self.href), ("rel", &self.rel)]);
    }

    pub(crate) fn of_parent(parent: &Element) -> Result<Self, BodyError> {
        let link = parent.child("link").ok_or(BodyError::Missing("link"))?;
        let attribute = |name| link.attribute(name).map(str::to_owned);
        Ok(Self {
            href: attribute("href").ok_or(BodyError::Missing("href"))?,
            rel: attribute("rel").ok_or(BodyError::Missing("rel"))?,
        })
    }
}

/// Makes the links of one server.
#[derive(Debug, Clone)]
pub struct Links {
    base: String,
}

impl Links {
    /// `base` is the public address of the API up to and including its version, such as
    /// `https://sso.example.test/crowd/rest/usermanagement/1`.
    pub fn new(base: &str) -> Self {
        Self { base: base.trim_end_matches('/').to_owned() }
    }

    /// Of a user.
    pub fn user(&self, name: &str) -> Link {
        self.link("user", "username", name, "self")
    }

    /// Of a user's password.
    pub fn user_password(&self, name: &str) -> Link {
        self.link("user/password", "username", name, "edit")
    }

    /// Of a user's attributes.
    pub fn user_attributes(&self, name: &str) -> Link {
        self.link("user/attribute", "username", name, "self")
    }

    /// Of a group.
    pub fn group(&self, name: &str) -> Link {
        self.link("group", "groupname", name, "self")
    }

    /// Of a group's attributes.
    pub fn group_attributes(&self, name: &str) -> Link {
        self.link("group/attribute", "groupname", name, "self")
    }

    fn link(&self, path: &str, parameter: &str, name: &str, rel: &str) -> Link {
        let mut href = format!("{}/{path}?{parameter}=", self.base);
        percent_encode(name, &mut href);
        Link { href, rel: rel.to_owned() }
    }
}

/// Leaves only the unreserved characters of RFC 3986 §2.3 as they are.
fn percent_encode(name: &str, out: &mut String) {
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing into a string cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodes_a_name_of_any_characters() {
        let links = Links::new("https://sso.example.test/crowd/rest/usermanagement/1/");
        assert_eq!(
            links.user("a+b é&c").href,
            "https://sso.example.test/crowd/rest/usermanagement/1/user?username=a%2Bb%20%C3%A9%26c"
        );
    }
}
