//! From the bytes of a document to the text for the parser, which takes UTF-8 from the first character
//! on: what stands before the XML declaration goes, and so does the encoding that it names, once it is
//! certain that the text was read rightly (XML 1.0 §4.3.3 lets a mark outside the document decide).

use std::borrow::Cow;
use std::ops::Range;

use crate::given::{Given, NotText};

/// The text of a document.
#[derive(Debug)]
pub(super) struct DeclaredText<'a> {
    /// It begins with the first character that is no white space.
    pub(super) text: Cow<'a, str>,
    /// Lines that stood before it.
    pub(super) lines_before: usize,
}

impl<'a> DeclaredText<'a> {
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, NotText> {
        let given = Given::read(bytes).map_err(|error| named_by_itself(bytes, error))?;
        let all = given.text;
        let start = all.len() - all.trim_start_matches(is_nothing).len();
        let lines_before = all.get(..start).unwrap_or_default().matches('\n').count();
        let mut text = match all {
            Cow::Borrowed(all) => Cow::Borrowed(all.get(start..).unwrap_or_default()),
            Cow::Owned(mut all) => {
                all.drain(..start);
                Cow::Owned(all)
            }
        };
        if let Some((range, name)) = encoding(&text) {
            if !given.is_marked && !fits(name, &text) {
                return Err(NotText::Encoding(name.to_owned()));
            }
            text.to_mut().replace_range(range, "");
        }
        Ok(DeclaredText { text, lines_before })
    }
}

/// Editors and copying leave these before the declaration.
fn is_nothing(c: char) -> bool {
    c.is_whitespace() || c == '\u{feff}'
}

/// Whether a text that was read as UTF-8 is what its declaration names.
fn fits(name: &str, text: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let is = |starts: &[&str]| starts.iter().any(|start| name.starts_with(start));
    if is(&["utf-8", "utf8"]) {
        return true;
    }
    // Somebody saved it anew, and the declaration stayed: bytes of UTF-16 would not have been read.
    if is(&["utf-16", "utf16", "ucs-2", "iso-10646-ucs-2"]) {
        return true;
    }
    let begins_with_ascii =
        ["iso-8859", "iso8859", "iso_8859", "latin", "windows-125", "cp125", "us-ascii", "ascii"];
    is(&begins_with_ascii) && text.is_ascii()
}

/// Where the declaration names an encoding, and which (XML 1.0 §2.8).
fn encoding(text: &str) -> Option<(Range<usize>, &str)> {
    let head = text.strip_prefix("<?xml")?;
    let (head, _) = head.split_once("?>")?;
    let start = "<?xml".len() + head.find("encoding")?;
    let rest = text.get(start + "encoding".len()..)?;
    let value = rest.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let (name, after) = value.get(1..)?.split_once(quote)?;
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | ':');
    let is_short = (1..=40).contains(&name.len()) && name.chars().all(is_name);
    is_short.then_some((start..text.len() - after.len(), name))
}

/// Of bytes that are not UTF-8 the declaration says what they are.
fn named_by_itself(bytes: &[u8], error: NotText) -> NotText {
    let NotText::NotUtf8(valid) = error else { return error };
    let head = String::from_utf8_lossy(bytes.get(..bytes.len().min(1024)).unwrap_or_default());
    match encoding(head.trim_start_matches(is_nothing)) {
        Some((_, name)) if !name.to_ascii_lowercase().starts_with("utf") => {
            NotText::Encoding(name.to_owned())
        }
        _ => NotText::NotUtf8(valid),
    }
}
