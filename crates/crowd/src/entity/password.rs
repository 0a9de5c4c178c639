//! The body that carries a password. Does not check it, and never shows it.

use std::fmt;

use serde_json::Value;

use crate::xml::Element;
use crate::{BodyError, Format};

/// A password as a client presented it. Its debug form hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordBody {
    value: Option<String>,
}

impl PasswordBody {
    /// Reads `<password><value>..</value></password>` or `{"value":".."}`. An empty body, an empty
    /// element, `{}`, `null` and `""` are bodies without a password, which clients do send.
    ///
    /// # Errors
    /// [`BodyError`] when it is something else; the error quotes nothing of the body.
    pub fn parse(body: &[u8], format: Option<Format>) -> Result<Self, BodyError> {
        let value = match format {
            None => None,
            Some(Format::Xml) => {
                let root = Element::parse(body)?;
                if root.name != "password" {
                    return Err(BodyError::Unexpected("password"));
                }
                root.child_text("value").map(str::to_owned)
            }
            Some(Format::Json) => match serde_json::from_slice(body)? {
                Value::Null => None,
                Value::String(empty) if empty.is_empty() => None,
                Value::Object(mut members) => match members.remove("value") {
                    None | Some(Value::Null) => None,
                    Some(Value::String(value)) => Some(value),
                    Some(_) => return Err(BodyError::Unexpected("password")),
                },
                _ => return Err(BodyError::Unexpected("password")),
            },
        };
        Ok(Self { value })
    }

    /// The password, if there was one.
    pub fn into_value(self) -> Option<String> {
        self.value
    }
}

impl fmt::Debug for PasswordBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordBody(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(body: &str, format: Format) -> Option<String> {
        PasswordBody::parse(body.as_bytes(), Some(format)).unwrap().into_value()
    }

    #[test]
    fn reads_a_password_from_both_formats() {
        let xml = "<password><value>s<![CDATA[<&]]>é </value></password>";
        assert_eq!(value(xml, Format::Xml).as_deref(), Some("s<&é "));
        assert_eq!(value(r#"{"value":"s<&é "}"#, Format::Json).as_deref(), Some("s<&é "));
    }

    #[test]
    fn takes_the_many_ways_to_send_no_password() {
        assert_eq!(value("<password/>", Format::Xml), None);
        for body in ["{}", "null", "\"\"", r#"{"value":null}"#] {
            assert_eq!(value(body, Format::Json), None, "{body}");
        }
        assert_eq!(PasswordBody::parse(b"", None).unwrap().into_value(), None);
    }

    #[test]
    fn never_shows_the_password() {
        let body = PasswordBody::parse(br#"{"value":"secret"}"#, Some(Format::Json)).unwrap();
        assert!(!format!("{body:?}").contains("secret"));
        for broken in [r#"{"value":"secret""#, r#"["secret"]"#, r#"{"value":["secret"]}"#] {
            let error = PasswordBody::parse(broken.as_bytes(), Some(Format::Json)).unwrap_err();
            assert!(!format!("{error} {error:?}").contains("secret"), "{error:?}");
        }
    }
}
