//! What was posted, as a text that pages can carry on: also a file that is none.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// The text of a field. Bytes that are none become a data URL (RFC 2397), so that they survive the page
/// that asks for the password; a private key comes no further than here, and its armour says that there
/// was one.
pub(super) fn text_of(content: &[u8]) -> String {
    if saml::holds_private_key(content) {
        return "-----BEGIN PRIVATE KEY-----\nleft out\n-----END PRIVATE KEY-----".to_owned();
    }
    match std::str::from_utf8(content) {
        Ok(text) => text.to_owned(),
        Err(_) => format!("{DATA}{}", STANDARD.encode(content)),
    }
}

/// The bytes of a file again.
pub(super) fn bytes_of(text: &str) -> Vec<u8> {
    let data = text.strip_prefix(DATA).and_then(|data| STANDARD.decode(data).ok());
    data.unwrap_or_else(|| text.as_bytes().to_owned())
}

const DATA: &str = "data:;base64,";
