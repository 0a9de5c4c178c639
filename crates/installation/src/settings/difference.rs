//! What changes between two states of the settings, line by line, for people to read.

use std::collections::{BTreeMap, BTreeSet};

use saml::IdpKey;
use serde_json::Value;
use store::Setting;

use crate::moment;

/// One setting that changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// `app jira`, `idp entra`...
    pub subject: String,
    /// `key = value` in JSON, each after `+` or `-`.
    pub lines: Vec<String>,
}

/// The changes from `current` to `wanted`, in the order of kinds and names.
pub(super) fn differences(current: &[Setting], wanted: &[Setting]) -> Vec<Change> {
    let by_name = |settings: &[Setting]| -> BTreeMap<(String, String), Vec<String>> {
        let lines = |setting: &Setting| flat(&value_of(setting));
        settings.iter().map(|s| ((s.kind.clone(), s.name.clone()), lines(s))).collect()
    };
    let (old, new) = (by_name(current), by_name(wanted));
    let subjects: BTreeSet<_> = old.keys().chain(new.keys()).collect();
    let none = Vec::new();
    let changes = subjects.into_iter().map(|key| {
        let (before, after) = (old.get(key).unwrap_or(&none), new.get(key).unwrap_or(&none));
        let removed = before.iter().filter(|line| !after.contains(line)).map(|l| format!("- {l}"));
        let added = after.iter().filter(|line| !before.contains(line)).map(|l| format!("+ {l}"));
        Change { subject: format!("{} {}", key.0, key.1), lines: removed.chain(added).collect() }
    });
    changes.filter(|change| !change.lines.is_empty()).collect()
}

/// The change of one document as the history keeps it; an absent text is no document.
pub fn change_of(subject: &str, before: Option<&str>, after: Option<&str>) -> Change {
    let lines = |text: Option<&str>| {
        flat(&text.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default())
    };
    let (before, after) = (lines(before), lines(after));
    let removed = before.iter().filter(|line| !after.contains(line)).map(|l| format!("- {l}"));
    let added = after.iter().filter(|line| !before.contains(line)).map(|l| format!("+ {l}"));
    Change { subject: subject.to_owned(), lines: removed.chain(added).collect() }
}

/// The document of a setting; two texts of the same document are equal here.
pub(super) fn value_of(setting: &Setting) -> Value {
    serde_json::from_str(&setting.document).unwrap_or_default()
}

/// `key = value` for each key, with the path of tables; of a password's hash only its end.
fn flat(value: &Value) -> Vec<String> {
    let Value::Object(object) = value else { return Vec::new() };
    let mut lines = Vec::new();
    for (key, value) in object {
        match value {
            Value::Object(_) => {
                lines.extend(flat(value).into_iter().map(|line| format!("{key}.{line}")));
            }
            Value::String(hash) if key == "password_hash" => {
                let end = hash.len().saturating_sub(6);
                lines.push(format!("{key} = (ends in {})", hash.get(end..).unwrap_or_default()));
            }
            Value::Array(keys) if KEYS.contains(&key.as_str()) => {
                let keys = keys.iter().filter_map(Value::as_str);
                lines.extend(keys.map(|text| format!("{key}: {}", described(text))));
            }
            _ => lines.push(format!("{key} = {value}")),
        }
    }
    lines
}

/// A key as a person knows it, in place of a thousand characters.
fn described(base64: &str) -> String {
    let Ok(key) = IdpKey::from_base64(base64) else { return "no key".to_owned() };
    match key.certificate() {
        Some(certificate) => format!(
            "certificate {}, {}, to {}",
            &certificate.sha256_fingerprint()[..16],
            certificate.subject(),
            moment::seconds(certificate.not_after())
        ),
        None => {
            let name = key.key().map(|key| key.sha256()[..16].to_owned());
            format!("bare key {}", name.unwrap_or_default())
        }
    }
}

/// Lists of keys; each of them is a line of its own.
const KEYS: &[&str] = &["certificates", "keys", "waiting_keys"];
