//! What a request says of its body: its kind and its letters.
//!
//! Only what everybody reads in one way is believed. In UTF-16 or EBCDIC `os_username` is written in
//! other bytes, and in ISO 8859-2 a name is another one than in ISO 8859-1.

use http::HeaderMap;
use http::header::CONTENT_TYPE;

use super::Doubt;

/// The `Content-Type`, in lower case.
#[derive(Debug, Default)]
pub(super) struct Declared {
    /// The type without its parameters; empty when nothing is said.
    pub(super) kind: String,
    /// As it was written, perhaps in a way that nobody understands.
    charset: Option<String>,
}

impl Declared {
    /// # Errors
    /// When the request says it twice: a container takes the first or the last.
    pub(super) fn of(headers: &HeaderMap) -> Result<Self, Doubt> {
        let mut lines = headers.get_all(CONTENT_TYPE).iter();
        let Some(line) = lines.next() else { return Ok(Declared::default()) };
        if lines.next().is_some() {
            return Err(Doubt::Request("The request has two content types."));
        }
        let text = String::from_utf8_lossy(line.as_bytes()).to_ascii_lowercase();
        let kind = text.split(';').next().unwrap_or_default().trim().to_owned();
        let charset = match text.matches("charset").count() {
            0 => None,
            1 => Some(parameter(&text).unwrap_or_default()),
            _ => Some(String::new()),
        };
        Ok(Declared { kind, charset })
    }

    /// A form, as a container might take it that looks only at the beginning, or at one of several.
    pub(super) fn is_form(&self) -> bool {
        self.kind.contains("x-www-form-urlencoded")
    }

    pub(super) fn is_json(&self) -> bool {
        self.kind == "application/json" || self.kind == "text/json" || self.kind.ends_with("+json")
    }

    /// Names look the same to us and to the app.
    pub(super) fn is_read_here(&self) -> bool {
        self.charset.as_deref().is_none_or(is_read_here)
    }

    /// At least the names of fields look the same: enough for a query without a name beside a body
    /// that is no form, as with the upload of a text.
    pub(super) fn is_like_ascii(&self) -> bool {
        let families = ["iso-8859-", "windows-125", "koi8-", "gb", "euc-"];
        self.charset.as_deref().is_none_or(|charset| {
            is_read_here(charset) || families.iter().any(|family| charset.starts_with(family))
        })
    }
}

fn is_read_here(charset: &str) -> bool {
    matches!(charset, "utf-8" | "utf8" | "us-ascii" | "ascii" | "iso-8859-1" | "latin1")
}

/// The charset, if it stands where a parameter stands.
fn parameter(text: &str) -> Option<String> {
    let mut parameters = text.split(';').skip(1).filter_map(|parameter| parameter.split_once('='));
    let (_, value) = parameters.find(|(name, _)| name.trim() == "charset")?;
    let value = value.trim();
    let quoted = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
    Some(quoted.unwrap_or(value).to_owned())
}
