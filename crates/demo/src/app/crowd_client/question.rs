//! The few bodies that the client sends.

use quick_xml::escape::escape;
use serde_json::json;

use super::super::profile::TestSearch;
use super::WireFormat;

const DECLARATION: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#;

/// The password to be checked.
pub(super) fn password(format: WireFormat, password: &str) -> String {
    match format {
        WireFormat::Xml => {
            format!("{DECLARATION}<password><value>{}</value></password>", escape(password))
        }
        WireFormat::Json => json!({ "value": password }).to_string(),
    }
}

/// A search restriction: everything, or users without a name.
pub(super) fn search(format: WireFormat, search: TestSearch) -> String {
    match (format, search) {
        (WireFormat::Xml, TestSearch::Everything) => {
            format!("{DECLARATION}<null-search-restriction/>")
        }
        (WireFormat::Xml, TestSearch::Nameless) => format!(
            "{DECLARATION}<property-search-restriction><property><name>name</name>\
             <type>STRING</type></property><match-mode>NULL</match-mode><value></value>\
             </property-search-restriction>"
        ),
        (WireFormat::Json, TestSearch::Everything) => {
            json!({ "restriction-type": "null-search-restriction" }).to_string()
        }
        (WireFormat::Json, TestSearch::Nameless) => json!({
            "restriction-type": "property-search-restriction",
            "property": { "name": "name", "type": "STRING" },
            "match-mode": "NULL",
            "value": "",
        })
        .to_string(),
    }
}
