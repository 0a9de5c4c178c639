//! Names for which a request brings a password, read as widely as any app might read them: each name
//! in UTF-8 and in Latin-1, every one of several fields, careless base64.

use base64::Engine as _;
use base64::alphabet::STANDARD as ALPHABET;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use http::header::AUTHORIZATION;
use http::request::Parts;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;

use crate::form::decoded;

/// The field that Seraph takes from any form and query.
pub(super) const ANYWHERE: &str = "os_username";
/// Fields of the log-in addresses.
const IN_LOG_IN: [&str; 4] = [ANYWHERE, "username", "j_username", "name"];

/// Names in Basic credentials and in the query.
pub(super) fn in_head(parts: &Parts) -> Vec<String> {
    let basic = parts.headers.get_all(AUTHORIZATION).iter().filter_map(|value| {
        let text = value.as_bytes().trim_ascii();
        let (scheme, credentials) = text.split_at(text.iter().position(u8::is_ascii_whitespace)?);
        let decoded = careless_base64(credentials)?;
        let name = decoded.split(|byte| *byte == b':').next().unwrap_or_default();
        scheme.eq_ignore_ascii_case(b"basic").then(|| readings(name))
    });
    let mut names: Vec<String> = basic.flatten().collect();
    names.extend(in_form(parts.uri.query().unwrap_or_default().as_bytes()));
    names
}

/// Names in a form that is not posted to a log-in: there, other fields mean other things.
pub(super) fn in_form(form: &[u8]) -> Vec<String> {
    in_fields(form, &[ANYWHERE])
}

/// Names in a log-in's body.
///
/// # Errors
/// When it is declared as JSON and is none, as in UTF-16: the app might make more of it.
pub(super) fn in_log_in(body: &[u8], json: bool) -> Result<Vec<String>, &'static str> {
    // Whatever it is declared as: some bytes are both.
    let mut names = in_fields(body, &IN_LOG_IN);
    match serde_json::from_slice::<Members>(body) {
        Ok(Members(members)) => names.extend(members),
        Err(_) if json && !body.trim_ascii().is_empty() => {
            return Err("A log-in is a JSON object in UTF-8.");
        }
        Err(_) => {}
    }
    Ok(names)
}

/// The ways to read a name: as UTF-8, and as Latin-1 when that is another.
pub(super) fn readings(name: &[u8]) -> Vec<String> {
    let mut readings = vec![String::from_utf8_lossy(name).into_owned()];
    if !name.is_ascii() {
        readings.push(name.iter().map(|byte| char::from(*byte)).collect());
    }
    readings
}

fn in_fields(form: &[u8], fields: &[&str]) -> Vec<String> {
    let pairs = form.split(|byte| *byte == b'&').filter_map(|pair| {
        let equals = pair.iter().position(|byte| *byte == b'=')?;
        Some((decoded(&pair[..equals]), decoded(&pair[equals + 1..])))
    });
    let named = pairs.filter(|(name, _)| fields.iter().any(|field| field.as_bytes() == &**name));
    named.flat_map(|(_, value)| readings(&value)).collect()
}

/// base64 as lenient decoders take it: of either alphabet, with other characters between, with or
/// without padding.
fn careless_base64(text: &[u8]) -> Option<Vec<u8>> {
    let digits = text.iter().take_while(|byte| **byte != b'=').filter_map(|byte| match byte {
        b'-' => Some(b'+'),
        b'_' => Some(b'/'),
        byte => (byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/')).then_some(*byte),
    });
    let mut digits: Vec<u8> = digits.collect();
    // A single digit left over holds no byte.
    if digits.len() % 4 == 1 {
        digits.pop();
    }
    let config = GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::RequireNone);
    GeneralPurpose::new(&ALPHABET, config).decode(digits).ok()
}

/// What an app makes of a value where it wants a text: a number or a truth value is its letters.
fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// The texts of all name fields of a JSON object, also of those that stand there twice.
struct Members(Vec<String>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Names;
        impl<'de> Visitor<'de> for Names {
            type Value = Members;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut names = Vec::new();
                while let Some((name, value)) = map.next_entry::<String, Value>()? {
                    if IN_LOG_IN.contains(&name.as_str()) {
                        names.extend(scalar(&value));
                    }
                }
                Ok(Members(names))
            }
        }
        deserializer.deserialize_map(Names)
    }
}
