//! Writing messages: attributes and texts, escaped.

use crate::xml::{escape_attribute, escape_text};

/// ` name="value"`.
pub(super) fn attribute(xml: &mut String, name: &str, value: &str) {
    xml.push(' ');
    xml.push_str(name);
    xml.push_str("=\"");
    escape_attribute(value, &mut |bytes| xml.push_str(&String::from_utf8_lossy(bytes)));
    xml.push('"');
}

/// Character data.
pub(super) fn text(xml: &mut String, value: &str) {
    escape_text(value, &mut |bytes| xml.push_str(&String::from_utf8_lossy(bytes)));
}
