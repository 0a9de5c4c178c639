//! The lexical part of the parser: characters, names, references and white space.

use super::super::chars::{continues_name, is_char, starts_name};
use super::super::text::referred;
use super::super::tree::Span;
use super::{Parsed, Parser};

/// Bytes at which text or a value must be looked at closer: markup, references, control
/// characters, and 0xEF, with which the forbidden U+FFFE and U+FFFF begin.
const fn needs_a_look(byte: u8) -> bool {
    // Without a branch between them: the compiler makes vector code of it.
    (byte < 0x20)
        | (byte | 2 == b'>')
        | (byte | 1 == b'\'')
        | (byte == b'"')
        | (byte == b']')
        | (byte == 0xEF)
}

/// The same as a table: quicker for single bytes.
#[expect(clippy::indexing_slicing, reason = "checked when it is compiled")]
const LOOK: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = needs_a_look(byte as u8);
        byte += 1;
    }
    table
};

/// The ASCII part of `NameChar` without the colon.
#[expect(clippy::indexing_slicing, reason = "checked when it is compiled")]
const NAME: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 128 {
        let c = byte as u8;
        table[byte] = c.is_ascii_alphanumeric() || matches!(c, b'_' | b'-' | b'.');
        byte += 1;
    }
    table
};

fn is_in(table: &[bool; 256], byte: u8) -> bool {
    table.get(usize::from(byte)).copied().unwrap_or_default()
}

/// Bytes that are looked at together, when as many before them were ordinary.
const PIECE: usize = 32;

impl<'t> Parser<'t> {
    /// Skips bytes that need no closer look.
    pub(super) fn skip_ordinary(&mut self) {
        let single = |bytes: &[u8]| bytes.iter().take_while(|byte| !is_in(&LOOK, **byte)).count();
        let bytes = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let first = single(bytes.get(..PIECE).unwrap_or(bytes));
        self.at += first;
        if first == PIECE {
            let bytes = bytes.get(PIECE..).unwrap_or_default();
            let (pieces, _) = bytes.as_chunks::<PIECE>();
            let is_quiet = |piece: &&[u8; PIECE]| {
                piece.iter().fold(0, |any, byte| any | u8::from(needs_a_look(*byte))) == 0
            };
            let quiet = PIECE * pieces.iter().take_while(is_quiet).count();
            self.at += quiet + single(bytes.get(quiet..).unwrap_or_default());
        }
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
        loop {
            let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
            self.at += rest.iter().take_while(|byte| is_in(&NAME, **byte)).count();
            if self.byte().is_none_or(|byte| byte < 0x80) {
                break;
            }
            let Some(c) = self.rest().chars().next().filter(|c| continues_name(*c)) else { break };
            self.at += c.len_utf8();
        }
        let span = self.span(start, self.at);
        match self.text.as_bytes().get(start) {
            Some(b'a'..=b'z' | b'A'..=b'Z' | b'_') if self.at > start => Ok(span),
            _ if self.str(span).chars().next().is_some_and(starts_name) => Ok(span),
            _ => Err("a name is malformed"),
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

    /// The bytes of a part of the text.
    pub(super) fn bytes(&self, span: Span) -> &'t [u8] {
        self.text.as_bytes().get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    pub(super) fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Goes past `token` if it stands here.
    pub(super) fn take(&mut self, token: &str) -> bool {
        self.take_bytes(token.as_bytes())
    }

    pub(super) fn take_bytes(&mut self, token: &[u8]) -> bool {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let here = rest.starts_with(token);
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
