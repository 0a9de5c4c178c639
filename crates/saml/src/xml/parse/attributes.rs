//! Attributes and namespace declarations, as they stand in a start tag (XML 1.0 §3.1).

use super::super::tree::{Attribute, Span};
use super::{Parsed, Parser};

impl Parser<'_> {
    /// Attributes and declarations up to `>` or `/>`; says whether the element is empty.
    pub(super) fn attributes_until_end(
        &mut self,
        attributes: usize,
        declarations: usize,
    ) -> Parsed<bool> {
        loop {
            let before = self.at;
            let spaced = self.skip_space();
            if self.take(">") {
                self.tag_is_plain &= !spaced;
                return Ok(false);
            }
            if self.take("/>") {
                return Ok(true);
            }
            if !spaced {
                return Err("a blank is missing before an attribute");
            }
            let space = self.text.as_bytes().get(before..self.at);
            self.tag_is_plain &= space == Some(b" ");
            self.attribute()?;
            if self.attributes.len() - attributes > self.limits.attributes
                || self.declarations.len() - declarations > self.limits.declarations
            {
                return Err("an element has too many attributes");
            }
        }
    }

    fn attribute(&mut self) -> Parsed<()> {
        let (prefix, name) = self.qualified_name()?;
        let mut spaced = self.skip_space();
        if !self.take("=") {
            return Err("an attribute has no value");
        }
        spaced |= self.skip_space();
        let quote = match self.rest().as_bytes().first() {
            Some(quote @ (b'"' | b'\'')) => *quote,
            _ => return Err("an attribute's value is not quoted"),
        };
        self.at += 1;
        let start = self.at;
        let mut plain = quote == b'"';
        loop {
            self.skip_ordinary();
            match self.byte() {
                Some(byte) if byte == quote => break,
                None | Some(b'<') => return Err("an attribute's value is malformed"),
                Some(b'&') => {
                    plain = false;
                    self.reference()?;
                }
                Some(b'"' | b'\t' | b'\n' | b'\r') => {
                    plain = false;
                    self.at += 1;
                }
                Some(_) => self.character()?,
            }
        }
        let value = self.span(start, self.at);
        self.at += 1;
        self.tag_is_plain &= plain && !spaced;
        match (self.str(prefix), self.str(name)) {
            ("", "xmlns") => self.declare(Span::default(), value),
            ("xmlns", _) => self.declare(name, value),
            // Well-formed, and yet some parsers take `xml:xmlns` for a declaration.
            (_, "xmlns") => Err("an attribute of some namespace is named xmlns"),
            _ => {
                self.attributes.push(Attribute { prefix, name, value, namespace: 0, plain });
                Ok(())
            }
        }
    }
}
