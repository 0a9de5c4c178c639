//! Writing XML into a string. Does not check that elements are closed: the callers are a handful of
//! entities with golden files.

use std::fmt::Write as _;

/// Collects the text of a document or of one part of it.
#[derive(Debug, Default)]
pub struct Writer {
    out: String,
}

impl Writer {
    /// A writer whose text begins with the XML declaration.
    pub fn document() -> Self {
        Self { out: String::from(r#"<?xml version="1.0" encoding="UTF-8"?>"#) }
    }

    /// A writer for a piece of a document that is sent in parts.
    pub fn part() -> Self {
        Self::default()
    }

    /// Opens an element.
    pub fn open(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.tag(name, attributes);
        self.out.push('>');
    }

    /// Closes an element.
    pub fn close(&mut self, name: &str) {
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push('>');
    }

    /// An element without content.
    pub fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.tag(name, attributes);
        self.out.push_str("/>");
    }

    /// An element that holds text. Always with a start and an end tag, even for no text.
    pub fn text(&mut self, name: &str, text: &str) {
        self.open(name, &[]);
        self.escape(text, false);
        self.close(name);
    }

    /// The text so far.
    pub fn finish(self) -> String {
        self.out
    }

    fn tag(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.out.push('<');
        self.out.push_str(name);
        for (attribute, value) in attributes {
            self.out.push(' ');
            self.out.push_str(attribute);
            self.out.push_str("=\"");
            self.escape(value, true);
            self.out.push('"');
        }
    }

    /// Escapes what is markup and drops what XML 1.0 §2.2 forbids even as a character reference:
    /// one such character in one name would make a whole synchronisation unreadable.
    fn escape(&mut self, text: &str, attribute: bool) {
        for character in text.chars() {
            match character {
                '<' => self.out.push_str("&lt;"),
                '>' => self.out.push_str("&gt;"),
                '&' => self.out.push_str("&amp;"),
                '"' if attribute => self.out.push_str("&quot;"),
                '\r' => self.out.push_str("&#13;"),
                // A bare one would be read back as a blank (XML 1.0 §3.3.3).
                '\n' | '\t' if attribute => {
                    // Writing into a string cannot fail.
                    let _ = write!(self.out, "&#{};", u32::from(character));
                }
                '\n' | '\t' => self.out.push(character),
                '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {}
                _ => self.out.push(character),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_markup_and_drops_forbidden_characters() {
        let mut xml = Writer::part();
        xml.empty("a", &[("n", "<\"&\n\u{1}>")]);
        xml.text("b", "1 < 2 & \u{ffff}3\r\n");
        assert_eq!(
            xml.finish(),
            "<a n=\"&lt;&quot;&amp;&#10;&gt;\"/><b>1 &lt; 2 &amp; 3&#13;\n</b>"
        );
    }
}
