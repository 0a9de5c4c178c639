//! The HTTP POST binding (saml-bindings §3.5): base64 in a form field.

use crate::{Rejection, base64};

/// A message as it came: size and text are checked, nothing else.
#[derive(Clone, Debug)]
pub struct RawResponse {
    xml: String,
}

/// Messages have at most this many bytes.
const LARGEST: usize = 1 << 20;

impl RawResponse {
    /// Decodes the form field; line breaks in it are allowed (RFC 2045).
    ///
    /// # Errors
    /// When it is too large, not base64 or not UTF-8.
    pub fn from_post_value(value: &str) -> Result<Self, Rejection> {
        if value.len() > LARGEST * 3 / 2 {
            return Err(Rejection::TooLarge { limit: LARGEST });
        }
        Self::from_xml(base64::decode(value).ok_or(Rejection::NotBase64)?)
    }

    /// Takes the XML itself.
    ///
    /// # Errors
    /// When it is too large or not UTF-8.
    pub fn from_xml(xml: Vec<u8>) -> Result<Self, Rejection> {
        if xml.len() > LARGEST {
            return Err(Rejection::TooLarge { limit: LARGEST });
        }
        let xml = String::from_utf8(xml).map_err(|_| Rejection::NotUtf8)?;
        Ok(RawResponse { xml })
    }

    /// Gives the text away.
    pub(crate) fn into_xml(self) -> String {
        self.xml
    }

    /// The text, for the tracker. Nothing in it is verified.
    pub fn xml(&self) -> &str {
        &self.xml
    }
}
