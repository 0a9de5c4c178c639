//! The HTTP POST binding (saml-bindings §3.5): base64 in a form field.

use base64::Engine as _;
use base64::alphabet::STANDARD as ALPHABET;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use crate::Rejection;

/// A message as it came: size and text are checked, nothing else.
#[derive(Clone, Debug)]
pub struct RawResponse {
    xml: String,
}

/// Messages have at most this many bytes.
const LARGEST: usize = 1 << 20;

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &ALPHABET,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::RequireCanonical),
);

impl RawResponse {
    /// Decodes the form field; line breaks in it are allowed (RFC 2045).
    ///
    /// # Errors
    /// When it is too large, not base64 or not UTF-8.
    pub fn from_post_value(value: &str) -> Result<Self, Rejection> {
        if value.len() > LARGEST * 3 / 2 {
            return Err(Rejection::TooLarge { limit: LARGEST });
        }
        // Line breaks are rare: only a value that does not decode as it is pays for them.
        let decoded = BASE64.decode(value).or_else(|_| {
            let plain: Vec<u8> = value.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
            BASE64.decode(plain)
        });
        Self::from_xml(decoded.map_err(|_| Rejection::NotBase64)?)
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
