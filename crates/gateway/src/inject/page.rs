//! Finds the places in an HTML page as it streams by, and puts lines there.
//!
//! It sees tags as the tokenizer of the HTML standard does (§13.2.5): not in comments, scripts or
//! quoted values. It builds no tree and changes no byte. Once all lines are in, the rest passes
//! unread and uncopied.

use bytes::{Bytes, BytesMut};
use memchr::{memchr, memmem};

use super::tag::{Markup, Tag, plain_length};

/// A page that gets lines put in.
pub(super) struct Page {
    /// Goes to the end of the head, or to where the body begins.
    head: Option<Bytes>,
    /// Goes before the first of `forms`.
    links: Option<Bytes>,
    /// The `id` or `name` of the forms.
    forms: &'static [&'static str],
    /// Put `links` at the end of the body when no such form came.
    else_at_end: bool,
    /// Where the next byte stands.
    at: At,
    /// Within SVG or MathML, where no element holds raw text.
    foreign: bool,
    /// The beginning of something that the next piece will end.
    held: Bytes,
}

#[derive(Clone, Copy)]
enum At {
    Text,
    Comment,
    /// `<!DOCTYPE`, `<?xml`, `</ `: until the next `>`.
    Declaration,
    /// In an element whose content is no markup, until its end tag.
    Raw(&'static str),
}

enum Step<'a> {
    Tag(Tag<'a>),
    /// So many bytes need no other look; 0 when more must come first.
    Read(usize),
}

/// More of one tag is not held back; the page then stays as it is.
const LONGEST_TAG: usize = 64 * 1024;

/// Elements whose content is no markup (§13.2.6.2; `noscript` where scripts run).
const RAW: &[&str] =
    &["script", "style", "textarea", "title", "noscript", "iframe", "xmp", "noembed", "noframes"];

impl Page {
    /// A page of which nothing has come.
    pub(super) fn new(
        head: Bytes,
        links: Bytes,
        forms: &'static [&'static str],
        else_at_end: bool,
    ) -> Self {
        Page {
            head: Some(head),
            links: Some(links),
            forms,
            else_at_end,
            at: At::Text,
            foreign: false,
            held: Bytes::new(),
        }
    }

    /// Takes the next piece of the page and gives what can go on, in one piece: many small ones
    /// would cost more than the copy.
    pub(super) fn write(&mut self, piece: Bytes) -> Bytes {
        let page = joined(std::mem::take(&mut self.held), piece);
        let (mut read, mut out) = (0, Filled::new(&page));
        while read < page.len() && !self.is_done() {
            match self.step(&page[read..]) {
                Step::Read(0) => break,
                Step::Read(count) => read += count,
                Step::Tag(tag) => {
                    if let Some(html) = self.before(&tag) {
                        out.put(read, &html);
                    }
                    read += tag.length;
                    if let Some(html) = self.after(&tag) {
                        out.put(read, &html);
                    }
                    self.enter(&tag);
                }
            }
        }
        if page.len() - read > LONGEST_TAG {
            (self.head, self.links) = (None, None);
        }
        if self.is_done() {
            read = page.len();
        }
        self.held = page.slice(read..);
        out.up_to(read)
    }

    /// The page has ended.
    pub(super) fn end(self) -> Bytes {
        let links = self.links.filter(|_| self.else_at_end);
        joined(joined(self.held, self.head.unwrap_or_default()), links.unwrap_or_default())
    }

    fn is_done(&self) -> bool {
        self.head.is_none() && self.links.is_none()
    }

    fn step<'a>(&mut self, rest: &'a [u8]) -> Step<'a> {
        match self.at {
            At::Text => match of_no_matter(rest) {
                0 => self.markup(rest),
                length => Step::Read(length),
            },
            At::Comment => {
                let ends = [(&b"-->"[..], 3), (b"--!>", 4)]
                    .map(|(end, length)| memmem::find(rest, end).map(|at| at + length));
                match ends.into_iter().flatten().min() {
                    Some(end) => {
                        self.at = At::Text;
                        Step::Read(end)
                    }
                    // The last bytes may begin the end.
                    None => Step::Read(rest.len().saturating_sub(3)),
                }
            }
            At::Declaration => match memchr(b'>', rest) {
                Some(end) => {
                    self.at = At::Text;
                    Step::Read(end + 1)
                }
                None => Step::Read(rest.len()),
            },
            At::Raw(name) => self.raw(name, rest),
        }
    }

    fn markup<'a>(&mut self, rest: &'a [u8]) -> Step<'a> {
        match Markup::at(rest) {
            Markup::Unfinished => Step::Read(0),
            Markup::Text => Step::Read(1),
            Markup::Declaration => {
                self.at = At::Declaration;
                Step::Read(2)
            }
            // Its own dashes may be those of its end: `<!-->`.
            Markup::Comment => {
                self.at = At::Comment;
                Step::Read(2)
            }
            Markup::Tag(tag) => Step::Tag(tag),
        }
    }

    fn raw<'a>(&mut self, name: &str, rest: &'a [u8]) -> Step<'a> {
        match memmem::find(rest, b"</") {
            None => Step::Read(rest.len() - usize::from(rest.ends_with(b"<"))),
            Some(0) => match rest.get(2..name.len() + 3) {
                None => Step::Read(0),
                Some(end) => {
                    let (said, after) = end.split_at(name.len());
                    let ends = after[0].is_ascii_whitespace() || matches!(after[0], b'/' | b'>');
                    if !ends || !said.eq_ignore_ascii_case(name.as_bytes()) {
                        return Step::Read(2);
                    }
                    self.at = At::Text;
                    self.markup(rest)
                }
            },
            Some(at) => Step::Read(at),
        }
    }

    fn before(&mut self, tag: &Tag<'_>) -> Option<Bytes> {
        let wanted = |name: &[u8]| self.forms.iter().any(|form| form.as_bytes() == name);
        if tag.closes {
            let end_of_body = self.else_at_end && tag.is("body");
            return if tag.is("head") {
                self.head.take()
            } else {
                self.links.take_if(|_| end_of_body)
            };
        }
        let form =
            tag.is("form") && (tag.id.is_some_and(wanted) || tag.name_of_form.is_some_and(wanted));
        self.links.take_if(|_| form)
    }

    /// Pages may leave out the end of the head; the body may not come before it.
    fn after(&mut self, tag: &Tag<'_>) -> Option<Bytes> {
        self.head.take_if(|_| tag.is("body") && !tag.closes)
    }

    fn enter(&mut self, tag: &Tag<'_>) {
        if tag.is("svg") || tag.is("math") {
            self.foreign = !tag.closes;
        }
        let markup_only = tag.closes || self.foreign;
        let raw = RAW.iter().find(|name| !markup_only && tag.is(name));
        self.at = raw.map_or(At::Text, |name| At::Raw(name));
    }
}

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
    matches!(letter, b'b' | b'f' | b'h' | b'i' | b'm' | b'n' | b's' | b't' | b'x')
}

/// A piece of a page with lines put in.
struct Filled<'a> {
    page: &'a Bytes,
    copied: usize,
    filled: BytesMut,
}

impl<'a> Filled<'a> {
    fn new(page: &'a Bytes) -> Self {
        Filled { page, copied: 0, filled: BytesMut::new() }
    }

    /// Puts `html` before byte `at` of the page.
    fn put(&mut self, at: usize, html: &[u8]) {
        if self.filled.is_empty() {
            self.filled.reserve(self.page.len() + 4 * html.len());
        }
        self.filled.extend_from_slice(&self.page[self.copied..at]);
        self.filled.extend_from_slice(html);
        self.copied = at;
    }

    /// All of it before byte `end` of the page.
    fn up_to(mut self, end: usize) -> Bytes {
        if self.filled.is_empty() {
            return self.page.slice(..end);
        }
        self.filled.extend_from_slice(&self.page[self.copied..end]);
        self.filled.freeze()
    }
}

fn joined(held: Bytes, piece: Bytes) -> Bytes {
    if held.is_empty() || piece.is_empty() {
        return if held.is_empty() { piece } else { held };
    }
    let mut both = BytesMut::with_capacity(held.len() + piece.len());
    both.extend_from_slice(&held);
    both.extend_from_slice(&piece);
    both.freeze()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_element_that_is_asked_for_is_passed_over_by_its_first_letter() {
        for name in ["form", "head", "body", "svg", "math"].iter().chain(RAW) {
            for tag in [format!("<{name}>"), format!("</{}>", name.to_uppercase())] {
                assert_eq!(of_no_matter(tag.as_bytes()), 0, "{tag}");
            }
        }
    }
}
