//! Names in a log-in that is JSON (RFC 8259), strictly read: with all of several members of one
//! name, at any depth, every scalar as its letters stand there, since an app may take a number for
//! a text, and a list of one for the one.

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::Doubt;
use super::fields::{IN_LOG_IN, is_one_of};
use super::names::Names;

/// No log-in is nested deeper.
const DEEPEST: usize = 16;

/// Adds the names that stand in `body`; says whether it is JSON at all.
///
/// # Errors
/// When a name is none, or there are too many.
pub(super) fn add(body: &[u8], names: &mut Names) -> Result<bool, Doubt> {
    match serde_json::from_slice::<&RawValue>(body) {
        Ok(value) => add_value(value, false, 0, names).map(|()| true),
        Err(_) => Ok(false),
    }
}

fn add_value(
    value: &RawValue,
    in_name: bool,
    depth: usize,
    names: &mut Names,
) -> Result<(), Doubt> {
    let text = value.get();
    let nested = text.starts_with(['{', '[']);
    if nested && depth == DEEPEST {
        return Err(UNREADABLE);
    }
    if text.starts_with('{') {
        let Members(members) = serde_json::from_str(text).map_err(|_| UNREADABLE)?;
        for (name, value) in members {
            let in_name = in_name || is_one_of(name.as_bytes(), &IN_LOG_IN);
            add_value(value, in_name, depth + 1, names)?;
        }
    } else if nested {
        let values: Vec<&RawValue> = serde_json::from_str(text).map_err(|_| UNREADABLE)?;
        for value in values {
            add_value(value, in_name, depth + 1, names)?;
        }
    } else if in_name && text.starts_with('"') {
        let name: String = serde_json::from_str(text).map_err(|_| UNREADABLE)?;
        names.add(name.as_bytes())?;
    } else if in_name && text != "null" {
        // `4.711e3` is 4711 to some, and its letters to others.
        if text.contains(['.', 'e', 'E', '-']) && !matches!(text, "true" | "false") {
            return Err(Doubt::Request("A user name is a text."));
        }
        names.add(text.as_bytes())?;
    }
    Ok(())
}

pub(super) const UNREADABLE: Doubt = Doubt::Kind("A log-in is a JSON object in UTF-8.");

/// All members of an object, also those that stand there twice.
struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct All;
        impl<'de> Visitor<'de> for All {
            type Value = Vec<(String, &'de RawValue)>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(members)
            }
        }
        deserializer.deserialize_map(All).map(Members)
    }
}
