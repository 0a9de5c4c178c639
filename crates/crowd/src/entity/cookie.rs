//! The configuration of the SSO cookie. Does not set one.

use serde::Serialize;

use super::Entity;
use crate::xml::Writer;

/// How applications name and scope the SSO cookie. The order of the elements is part of the
/// protocol: one connector reads them by position.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CookieConfig {
    /// Without a leading dot. Written as `null` in JSON when there is none, because one client
    /// asks for the member; left out of the XML.
    pub domain: Option<String>,
    /// Whether the cookie may travel over TLS only.
    pub secure: bool,
    /// `crowd.token_key` unless the applications are told otherwise.
    pub name: String,
}

impl Entity for CookieConfig {
    fn write_xml(&self, xml: &mut Writer) {
        xml.open("cookie-config", &[]);
        if let Some(domain) = &self.domain {
            xml.text("domain", domain);
        }
        xml.text("secure", if self.secure { "true" } else { "false" });
        xml.text("name", &self.name);
        xml.close("cookie-config");
    }
}
