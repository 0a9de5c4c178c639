//! Finds the places in an HTML page as it streams by, and puts lines there.
//!
//! Lines stand where a person sees them and a browser reads them as HTML, or nowhere. No byte of the
//! page is changed. Once all lines are in, the rest passes unread and uncopied.

use bytes::{Bytes, BytesMut};
use memchr::memchr2;

use super::Obstacle;
use super::open::Open;
use super::scan::{At, Step};
use super::tag::Tag;

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
    /// Templates and foreign elements around it.
    open: Open,
    /// Its first bytes have come.
    begun: bool,
    /// The beginning of something that the next piece will end.
    held: Bytes,
    obstacle: Option<Obstacle>,
}

/// More of one tag is not held back; the page then stays as it is.
const LONGEST_TAG: usize = 64 * 1024;

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
            open: Open::default(),
            begun: false,
            held: Bytes::new(),
            obstacle: None,
        }
    }

    /// Takes the next piece of the page and gives what can go on, in one piece: many small ones
    /// would cost more than the copy.
    pub(super) fn write(&mut self, piece: Bytes) -> Bytes {
        if !self.is_done() && memchr2(0, ESCAPE, &piece).is_some() {
            self.give_up(Obstacle::Characters);
        }
        let page = joined(std::mem::take(&mut self.held), piece);
        if !self.begun && !self.is_done() {
            if page.len() < 2 {
                self.held = page;
                return Bytes::new();
            }
            self.begun = true;
            if UTF_16.iter().any(|mark| page.starts_with(mark)) {
                self.give_up(Obstacle::Characters);
            }
        }
        let (mut read, mut out) = (0, Filled::new(&page));
        while read < page.len() && !self.is_done() {
            match self.at.step(&page[read..], &self.open) {
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
        if !self.is_done() && (page.len() - read > LONGEST_TAG || self.open.is_lost()) {
            self.give_up(Obstacle::NoPlace);
        }
        if self.is_done() {
            read = page.len();
        }
        self.held = page.slice(read..);
        out.up_to(read)
    }

    /// The page has ended. What it has begun and not ended (a script, a template, a tag) would swallow
    /// what is put behind it.
    pub(super) fn end(&mut self) -> Bytes {
        let is_place = self.at == At::Text && self.open.is_empty() && self.held.is_empty();
        if !is_place && self.else_at_end && self.links.is_some() {
            self.give_up(Obstacle::NoPlace);
        }
        let held = std::mem::take(&mut self.held);
        let links = self.links.take().filter(|_| self.else_at_end && is_place);
        let head = self.head.take().filter(|_| is_place);
        joined(joined(held, head.unwrap_or_default()), links.unwrap_or_default())
    }

    /// Why lines were left out, told once.
    pub(super) fn obstacle(&mut self) -> Option<Obstacle> {
        self.obstacle.take()
    }

    fn give_up(&mut self, obstacle: Obstacle) {
        (self.head, self.links) = (None, None);
        self.obstacle = Some(obstacle);
    }

    fn is_done(&self) -> bool {
        self.head.is_none() && self.links.is_none()
    }

    fn before(&mut self, tag: &Tag<'_>) -> Option<Bytes> {
        if !self.open.is_empty() {
            return None;
        }
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
        let is_place = self.open.is_empty();
        self.head.take_if(|_| is_place && tag.is("body") && !tag.closes)
    }

    fn enter(&mut self, tag: &Tag<'_>) {
        self.at = At::Text;
        if tag.closes {
            self.open.end(tag);
        } else if self.open.begin(tag) {
            self.at = At::behind(tag);
        }
    }
}

/// Marks at the start of a page in UTF-16, which count more than what its head says (Encoding
/// standard §6); UTF-32 begins like one of them.
const UTF_16: [&[u8]; 2] = [b"\xfe\xff", b"\xff\xfe"];

/// With it ISO-2022-JP begins letters that look like tags. It stands in no page of another encoding,
/// and neither does the zero byte, by which UTF-16 without a mark is known.
const ESCAPE: u8 = 0x1b;

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
