//! Where the bytes of an HTML page stand, as the tokenizer of the HTML standard reads them (§13.2.5).
//!
//! It finds tags where a browser finds them: not in comments, scripts, quoted values or texts that are
//! no markup. Which elements are open, it is told.

use memchr::{memchr, memchr2, memmem};

use super::open::Open;
use super::tag::{Markup, Tag, ends_name, plain_length};

/// Where the next byte stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum At {
    /// Between tags.
    Text,
    Comment,
    /// `<!DOCTYPE`, `<?xml`, `</ `: until the next `>`.
    Declaration,
    /// A section of text within SVG or MathML (§13.2.5.69).
    Cdata,
    /// In an element whose content is no markup, until its end tag.
    Raw(&'static str),
    Script(Escaped),
    /// No tag will come any more: behind `<plaintext>` (§13.2.5.5).
    Nowhere,
}

/// A script can hold what looks like its own end, when that stands in what looks like a comment
/// (§13.2.5.15 to §13.2.5.31).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Escaped {
    No,
    /// Behind `<!--`.
    Once,
    /// Behind `<!-- <script>`: the next end tag ends nothing but this.
    Twice,
}

/// What the next bytes are.
pub(super) enum Step<'a> {
    Tag(Tag<'a>),
    /// So many bytes need no other look; 0 when more must come first.
    Read(usize),
}

impl At {
    /// Behind the start tag of an HTML element.
    pub(super) fn behind(tag: &Tag<'_>) -> Self {
        if tag.is("script") {
            return At::Script(Escaped::No);
        }
        if tag.is("plaintext") {
            return At::Nowhere;
        }
        RAW.iter().find(|name| tag.is(name)).map_or(At::Text, |name| At::Raw(name))
    }

    /// Reads on. Every tag counts while elements are open that must be seen to end.
    pub(super) fn step<'a>(&mut self, rest: &'a [u8], open: &Open) -> Step<'a> {
        match *self {
            At::Text if !open.is_empty() => match memchr(b'<', rest) {
                Some(0) => self.markup(rest, open.is_foreign()),
                other => Step::Read(other.unwrap_or(rest.len())),
            },
            At::Text => match of_no_matter(rest) {
                0 => self.markup(rest, false),
                length => Step::Read(length),
            },
            At::Comment => self.until(rest, &[b"-->", b"--!>"]),
            At::Declaration => self.until(rest, &[b">"]),
            At::Cdata => self.until(rest, &[b"]]>"]),
            At::Raw(name) => self.raw(name, rest),
            At::Script(escaped) => self.script(escaped, rest),
            At::Nowhere => Step::Read(rest.len()),
        }
    }

    /// What begins here. In `foreign` content, SVG or MathML, text may stand in sections.
    fn markup<'a>(&mut self, rest: &'a [u8], foreign: bool) -> Step<'a> {
        match Markup::at(rest) {
            Markup::Unfinished => Step::Read(0),
            Markup::Text => Step::Read(1),
            Markup::Declaration if foreign => match begins(rest, b"<![CDATA[") {
                None => Step::Read(0),
                Some(true) => self.enter(At::Cdata, 9),
                Some(false) => self.enter(At::Declaration, 2),
            },
            Markup::Declaration => self.enter(At::Declaration, 2),
            // Some that end at once (§13.2.5.43, §13.2.5.44).
            Markup::Comment => match &rest[4..] {
                [] | [b'-'] => Step::Read(0),
                [b'>', ..] => Step::Read(5),
                [b'-', b'>', ..] => Step::Read(6),
                _ => self.enter(At::Comment, 4),
            },
            Markup::Tag(tag) => Step::Tag(tag),
        }
    }

    /// Up to and with the first of `ends`.
    fn until(&mut self, rest: &[u8], ends: &[&[u8]]) -> Step<'static> {
        let found = ends.iter().filter_map(|end| Some(memmem::find(rest, end)? + end.len()));
        match found.min() {
            Some(end) => self.enter(At::Text, end),
            // The last bytes may begin the end.
            None => {
                let longest = ends.iter().map(|end| end.len()).max().unwrap_or(1);
                Step::Read((rest.len() + 1).saturating_sub(longest))
            }
        }
    }

    fn raw<'a>(&mut self, name: &str, rest: &'a [u8]) -> Step<'a> {
        match memchr(b'<', rest) {
            Some(0) => {}
            other => return Step::Read(other.unwrap_or(rest.len())),
        }
        match ends(rest, name) {
            None => Step::Read(0),
            Some(false) => Step::Read(1),
            Some(true) => {
                *self = At::Text;
                self.markup(rest, false)
            }
        }
    }

    fn script<'a>(&mut self, escaped: Escaped, rest: &'a [u8]) -> Step<'a> {
        let stop = match escaped {
            Escaped::No => memchr(b'<', rest),
            Escaped::Once | Escaped::Twice => memchr2(b'<', b'-', rest),
        };
        match stop {
            Some(0) => {}
            other => return Step::Read(other.unwrap_or(rest.len())),
        }
        if rest[0] == b'-' {
            return match begins(rest, b"-->") {
                None => Step::Read(0),
                Some(true) => self.enter(At::Script(Escaped::No), 3),
                Some(false) => Step::Read(1),
            };
        }
        match (escaped, ends(rest, "script")) {
            (_, None) => return Step::Read(0),
            (Escaped::Twice, Some(true)) => return self.enter(At::Script(Escaped::Once), 8),
            (_, Some(true)) => {
                *self = At::Text;
                return self.markup(rest, false);
            }
            (_, Some(false)) => {}
        }
        // The dashes that begin an escape may be those of its end: `<!-->`.
        let (deeper, begun, length) = match escaped {
            Escaped::No => (Escaped::Once, begins(rest, b"<!--"), 2),
            Escaped::Once => (Escaped::Twice, named(rest, b"<script"), 7),
            Escaped::Twice => return Step::Read(1),
        };
        match begun {
            None => Step::Read(0),
            Some(true) => self.enter(At::Script(deeper), length),
            Some(false) => Step::Read(1),
        }
    }

    fn enter(&mut self, at: At, read: usize) -> Step<'static> {
        *self = at;
        Step::Read(read)
    }
}

/// Whether `bytes` begin so; `None` when more must come first.
fn begins(bytes: &[u8], start: &[u8]) -> Option<bool> {
    let length = bytes.len().min(start.len());
    if bytes[..length] != start[..length] {
        return Some(false);
    }
    (length == start.len()).then_some(true)
}

/// Whether `bytes` begin with `start`, in letters of any size, and the name ends there.
fn named(bytes: &[u8], start: &[u8]) -> Option<bool> {
    let length = bytes.len().min(start.len());
    if !bytes[..length].eq_ignore_ascii_case(&start[..length]) {
        return Some(false);
    }
    bytes.get(start.len()).map(|byte| ends_name(*byte))
}

/// Whether the end tag of this element begins here (§13.2.5, "appropriate end tag token").
fn ends(bytes: &[u8], element: &str) -> Option<bool> {
    match begins(bytes, b"</") {
        Some(true) => named(&bytes[2..], element.as_bytes()),
        other => other,
    }
}

/// Elements whose content is no markup (§13.2.6.2; `noscript` where scripts run), but for scripts.
const RAW: &[&str] =
    &["style", "textarea", "title", "noscript", "iframe", "xmp", "noembed", "noframes"];

/// How many bytes are text, or tags of elements that nobody asks for by name: most of a page's can be
/// told by their first letter.
fn of_no_matter(bytes: &[u8]) -> usize {
    let mut read = 0;
    while let Some(text) = memchr(b'<', &bytes[read..]) {
        read += text;
        match plain_length(&bytes[read..]) {
            Some((letter, length)) if !matters(letter) => read += length,
            _ => return read,
        }
    }
    bytes.len()
}

fn matters(first_letter: u8) -> bool {
    let letter = first_letter.to_ascii_lowercase();
    matches!(letter, b'b' | b'f' | b'h' | b'i' | b'm' | b'n' | b'p' | b's' | b't' | b'x')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_element_that_is_asked_for_is_passed_over_by_its_first_letter() {
        let others = ["form", "head", "body", "svg", "math", "template", "script", "plaintext"];
        for name in others.iter().chain(RAW) {
            for tag in [format!("<{name}>"), format!("</{}>", name.to_uppercase())] {
                assert_eq!(of_no_matter(tag.as_bytes()), 0, "{tag}");
            }
        }
    }
}
