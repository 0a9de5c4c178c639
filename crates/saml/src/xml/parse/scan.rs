//! The lexical part of the parser: characters, names, references and white space.

use super::super::chars::{continues_name, is_char, starts_name};
use super::super::text::referred;
use super::super::tree::Span;
use super::{Parsed, Parser};

/// Bytes at which text or a value must be looked at closer: markup, references, control
/// characters, and 0xEF, with which the forbidden U+FFFE and U+FFFF begin.
fn needs_a_look(byte: u8) -> bool {
    matches!(byte, 0..=0x1F | b'<' | b'>' | b'&' | b']' | b'"' | b'\'' | 0xEF)
}

impl<'t> Parser<'t> {
    /// Skips bytes that need no closer look.
    pub(super) fn skip_ordinary(&mut self) {
        let bytes = self.text.as_bytes().get(self.at..).unwrap_or_default();
        self.at += bytes.iter().take_while(|byte| !needs_a_look(**byte)).count();
    }

    /// Goes past one character, if it may stand in XML.
    pub(super) fn character(&mut self) -> Parsed<()> {
        let c = self.rest().chars().next().filter(|c| is_char(*c));
        self.at += c.ok_or("a character is not allowed in XML")?.len_utf8();
        Ok(())
    }

    /// Goes past `&...;`.
    pub(super) fn reference(&mut self) -> Parsed<()> {
        let after = self.rest().get(1..).unwrap_or_default();
        // The longest is a character reference with leading zeros.
        let end = after.bytes().take(12).position(|byte| byte == b';');
        let end = end.ok_or("a reference has no end")?;
        referred(after.get(..end).unwrap_or_default())
            .ok_or("an entity or character reference is not allowed")?;
        self.at += end + 2;
        Ok(())
    }

    /// `prefix:local` or `local`.
    pub(super) fn qualified_name(&mut self) -> Parsed<(Span, Span)> {
        let first = self.ncname()?;
        if !self.take(":") {
            return Ok((Span::default(), first));
        }
        Ok((first, self.ncname()?))
    }

    pub(super) fn ncname(&mut self) -> Parsed<Span> {
        let start = self.at;
        while let Some(byte) = self.byte() {
            match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'-' | b'.' => self.at += 1,
                0x80.. => {
                    let c = self.rest().chars().next().filter(|c| continues_name(*c));
                    let Some(c) = c else { break };
                    self.at += c.len_utf8();
                }
                _ => break,
            }
        }
        let span = self.span(start, self.at);
        if self.str(span).chars().next().is_some_and(starts_name) {
            Ok(span)
        } else {
            Err("a name is malformed")
        }
    }

    pub(super) fn check_characters(&self, span: Span) -> Parsed<()> {
        if self.str(span).chars().all(is_char) {
            Ok(())
        } else {
            Err("a character is not allowed in XML")
        }
    }

    /// Skips white space; says whether there was any.
    pub(super) fn skip_space(&mut self) -> bool {
        let start = self.at;
        while matches!(self.byte(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
        self.at > start
    }

    pub(super) fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Goes past `token` if it stands here.
    pub(super) fn take(&mut self, token: &str) -> bool {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let here = rest.starts_with(token.as_bytes());
        if here {
            self.at += token.len();
        }
        here
    }

    pub(super) fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn str(&self, span: Span) -> &'t str {
        self.text.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    pub(super) fn span(&self, start: usize, end: usize) -> Span {
        Span { start: start as u32, end: end as u32 }
    }
}
