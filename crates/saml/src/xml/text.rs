//! From raw text to its meaning, and back in canonical form.
//!
//! References were checked by the parser, so nothing can fail here.

use std::borrow::Cow;

/// The character that `reference` (between `&` and `;`) stands for.
pub(super) fn referred(reference: &str) -> Option<char> {
    match reference {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = reference.strip_prefix('#')?;
            let (digits, radix) = match number.strip_prefix('x') {
                Some(digits) => (digits, 16),
                None => (number, 10),
            };
            // `from_str_radix` would take a sign.
            if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) || digits.len() > 8 {
                return None;
            }
            let c = char::from_u32(u32::from_str_radix(digits, radix).ok()?)?;
            super::chars::is_char(c).then_some(c)
        }
    }
}

/// Character data: references replaced, line ends normalised (XML 1.0 §2.11).
pub(super) fn character_data(raw: &str) -> Cow<'_, str> {
    if memchr::memchr2(b'&', b'\r', raw.as_bytes()).is_none() {
        return Cow::Borrowed(raw);
    }
    Cow::Owned(decode(raw, |c| c))
}

/// Whether character data is white space once its references are read: `&#13;` is, too (XML 1.0 §2.3,
/// xmlschema-1 §3.4.4).
pub(super) fn is_blank(raw: &str) -> bool {
    character_data(raw).bytes().all(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'))
}

/// CDATA: line ends normalised, nothing else.
pub(super) fn cdata(raw: &str) -> Cow<'_, str> {
    if memchr::memchr(b'\r', raw.as_bytes()).is_none() {
        return Cow::Borrowed(raw);
    }
    Cow::Owned(raw.replace("\r\n", "\n").replace('\r', "\n"))
}

/// An attribute's value (XML 1.0 §3.3.3): white space that stands there itself becomes a blank.
pub(super) fn attribute_value(raw: &str) -> Cow<'_, str> {
    let plain = |byte: u8| !matches!(byte, b'&' | b'\t' | b'\n' | b'\r');
    if raw.bytes().all(plain) {
        return Cow::Borrowed(raw);
    }
    Cow::Owned(decode(raw, |c| if matches!(c, '\t' | '\n') { ' ' } else { c }))
}

fn decode(raw: &str, own: impl Fn(char) -> char) -> String {
    let mut text = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find(['&', '\r', '\t', '\n']) {
        let (before, special) = rest.split_at(at);
        text.push_str(before);
        if let Some(reference) = special.strip_prefix('&') {
            let (name, after) = reference.split_once(';').unwrap_or((reference, ""));
            text.extend(referred(name));
            rest = after;
        } else if let Some(after) = special.strip_prefix("\r\n") {
            text.push(own('\n'));
            rest = after;
        } else {
            let mut characters = special.chars();
            text.extend(characters.next().map(|c| own(if c == '\r' { '\n' } else { c })));
            rest = characters.as_str();
        }
    }
    text.push_str(rest);
    text
}

/// Writes character data in canonical form (exc-c14n, xml-c14n §2.3).
pub(crate) fn escape_text(text: &str, out: &mut impl FnMut(&[u8])) {
    escape(text, out, |byte| match byte {
        b'&' => Some(b"&amp;"),
        b'<' => Some(b"&lt;"),
        b'>' => Some(b"&gt;"),
        b'\r' => Some(b"&#xD;"),
        _ => None,
    });
}

/// Writes an attribute's value in canonical form (exc-c14n, xml-c14n §2.3).
pub(crate) fn escape_attribute(text: &str, out: &mut impl FnMut(&[u8])) {
    escape(text, out, |byte| match byte {
        b'&' => Some(b"&amp;"),
        b'<' => Some(b"&lt;"),
        b'"' => Some(b"&quot;"),
        b'\t' => Some(b"&#x9;"),
        b'\n' => Some(b"&#xA;"),
        b'\r' => Some(b"&#xD;"),
        _ => None,
    });
}

fn escape(text: &str, out: &mut impl FnMut(&[u8]), replace: impl Fn(u8) -> Option<&'static [u8]>) {
    let mut from = 0;
    for (at, byte) in text.bytes().enumerate() {
        if let Some(replacement) = replace(byte) {
            if from < at {
                out(text.as_bytes().get(from..at).unwrap_or_default());
            }
            out(replacement);
            from = at + 1;
        }
    }
    out(text.as_bytes().get(from..).unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_and_line_ends_become_what_they_mean() {
        assert_eq!(character_data("a&amp;b&#x41;\r\nc\rd"), "a&bA\nc\nd");
        assert_eq!(character_data("&#xD;\r"), "\r\n");
        assert_eq!(attribute_value("a\r\nb\tc&#9;"), "a b c\t");
        assert_eq!(cdata("a&amp;\r\n"), "a&amp;\n");
    }

    #[test]
    fn references_to_forbidden_characters_mean_nothing() {
        for reference in ["#0", "#x0", "#xFFFE", "#xD800", "#x110000", "#-1", "#x+41", "nbsp", "#"]
        {
            assert_eq!(referred(reference), None, "{reference}");
        }
    }
}
