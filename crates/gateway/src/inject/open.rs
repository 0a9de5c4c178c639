//! The open elements within which nothing may be put: what is there is not shown, or is no HTML.
//!
//! No tree is built. Of HTML's own elements only templates are followed; within SVG and MathML all
//! are, since where these end decides what a tag means (HTML standard §13.2.6.5).

use super::tag::Tag;

/// The open templates and foreign elements, the innermost last.
#[derive(Default)]
pub(super) struct Open {
    elements: Vec<Element>,
    /// What is open cannot be told any more.
    lost: bool,
}

enum Element {
    /// Its content is no part of the page (§4.12.3).
    Template,
    /// An element of SVG or MathML.
    Foreign { name: Vec<u8>, language: Language },
    /// One of these whose content is HTML again (§13.2.6, "HTML integration point").
    Point(Vec<u8>),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Language {
    Svg,
    MathMl,
}

impl Open {
    /// Whether what is put here is a part of the page that a person sees.
    pub(super) fn is_empty(&self) -> bool {
        self.elements.is_empty() && !self.lost
    }

    /// Whether it can no longer be told where a place is.
    pub(super) fn is_lost(&self) -> bool {
        self.lost
    }

    /// Whether the next tag is read as one of SVG or MathML.
    pub(super) fn is_foreign(&self) -> bool {
        matches!(self.elements.last(), Some(Element::Foreign { .. }))
    }

    /// Takes a start tag; says whether it is one of HTML.
    pub(super) fn begin(&mut self, tag: &Tag<'_>) -> bool {
        if self.is_foreign() && BREAKS_OUT.iter().any(|name| tag.is(name)) {
            self.break_out();
        }
        if self.elements.len() >= DEEPEST {
            self.lost = true;
        }
        if let Some(Element::Foreign { language, .. }) = self.elements.last() {
            let language = *language;
            if !tag.closes_itself {
                self.begin_foreign(tag, language);
            }
            return false;
        }
        let root = [("svg", Language::Svg), ("math", Language::MathMl)];
        match root.into_iter().find(|(name, _)| tag.is(name)) {
            Some((_, language)) if !tag.closes_itself => {
                self.elements.push(Element::Foreign { name: tag.lower_name(), language });
            }
            None if tag.is("template") => self.elements.push(Element::Template),
            _ => {}
        }
        true
    }

    fn begin_foreign(&mut self, tag: &Tag<'_>, language: Language) {
        let is_one_of = |names: &[&str]| names.iter().any(|name| tag.is(name));
        let points = match language {
            Language::Svg => SVG_POINTS,
            Language::MathMl => MATHML_POINTS,
        };
        // What its content is depends on more than its name.
        self.lost |= language == Language::MathMl && tag.is("annotation-xml");
        let name = tag.lower_name();
        self.elements.push(match is_one_of(points) {
            true => Element::Point(name),
            false => Element::Foreign { name, language },
        });
    }

    /// Takes an end tag.
    pub(super) fn end(&mut self, tag: &Tag<'_>) {
        if self.is_foreign() {
            if tag.is("p") || tag.is("br") {
                return self.break_out();
            }
            let named = |element: &Element| match element {
                Element::Foreign { name, .. } | Element::Point(name) => tag.is_named(name),
                Element::Template => false,
            };
            let inner = |element: &&Element| !matches!(element, Element::Template);
            let deep = self.elements.iter().rev().take_while(inner).position(named);
            match deep {
                Some(deep) => self.elements.truncate(self.elements.len() - 1 - deep),
                // It ends an element around, which takes an unknown number of these with it.
                None if !tag.is("template") => self.lost = true,
                None => {}
            }
            if deep.is_some() {
                return;
            }
        }
        let ended = match self.elements.last() {
            Some(Element::Point(name)) if tag.is_named(name) => Some(self.elements.len() - 1),
            _ if tag.is("template") => {
                self.elements.iter().rposition(|element| matches!(element, Element::Template))
            }
            _ => None,
        };
        if let Some(ended) = ended {
            self.elements.truncate(ended);
        }
    }

    /// Out of SVG and MathML, to the HTML around (§13.2.6.5).
    fn break_out(&mut self) {
        while self.is_foreign() {
            self.elements.pop();
        }
    }
}

/// No honest page nests deeper.
const DEEPEST: usize = 256;

/// §13.2.6.5; `font` only with certain attributes, so it counts as foreign.
const BREAKS_OUT: &[&str] = &[
    "b",
    "big",
    "blockquote",
    "body",
    "br",
    "center",
    "code",
    "dd",
    "div",
    "dl",
    "dt",
    "em",
    "embed",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "hr",
    "i",
    "img",
    "li",
    "listing",
    "menu",
    "meta",
    "nobr",
    "ol",
    "p",
    "pre",
    "ruby",
    "s",
    "small",
    "span",
    "strong",
    "strike",
    "sub",
    "sup",
    "table",
    "tt",
    "u",
    "ul",
    "var",
];

const SVG_POINTS: &[&str] = &["foreignobject", "desc", "title"];
const MATHML_POINTS: &[&str] = &["mi", "mo", "mn", "ms", "mtext"];
