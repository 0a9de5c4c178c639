//! This SP's metadata: stable for the same settings.

use super::MD;
use crate::xml::{escape_attribute, escape_text};

/// What is published of an SP.
#[derive(Clone, Copy, Debug)]
pub struct SpMetadata<'a> {
    /// Its entity ID.
    pub entity_id: &'a str,
    /// Its assertion consumer services, the default one first.
    pub acs_urls: &'a [&'a str],
}

/// The EntityDescriptor (saml-metadata §2.3.2, §2.4.4).
pub fn sp_metadata(sp: &SpMetadata<'_>) -> String {
    let mut xml = format!("<md:EntityDescriptor xmlns:md=\"{MD}\" entityID=\"");
    escape_attribute(sp.entity_id, &mut |bytes| xml.push_str(&String::from_utf8_lossy(bytes)));
    xml.push_str(
        "\">\n  <md:SPSSODescriptor AuthnRequestsSigned=\"false\" WantAssertionsSigned=\"true\" \
         protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">\n",
    );
    for format in NAME_ID_FORMATS {
        xml.push_str("    <md:NameIDFormat>");
        escape_text(format, &mut |bytes| xml.push_str(&String::from_utf8_lossy(bytes)));
        xml.push_str("</md:NameIDFormat>\n");
    }
    for (index, url) in sp.acs_urls.iter().enumerate() {
        xml.push_str(
            "    <md:AssertionConsumerService \
             Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" Location=\"",
        );
        escape_attribute(url, &mut |bytes| xml.push_str(&String::from_utf8_lossy(bytes)));
        let default = if index == 0 { " isDefault=\"true\"" } else { "" };
        xml.push_str(&format!("\" index=\"{index}\"{default}/>\n"));
    }
    xml.push_str("  </md:SPSSODescriptor>\n</md:EntityDescriptor>\n");
    xml
}

const NAME_ID_FORMATS: &[&str] = &[
    "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified",
    "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
    "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
    "urn:oasis:names:tc:SAML:2.0:nameid-format:transient",
];
