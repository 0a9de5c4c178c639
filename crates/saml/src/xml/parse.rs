//! The parser: one pass, strict, bounded. Its grammar is this file.

mod attributes;
mod canonical;
mod namespaces;
mod scan;

use namespaces::Start;
pub(crate) use namespaces::UNDECLARED;

use std::borrow::Cow;

use super::XmlError;
use super::tree::{Attribute, Declaration, Document, Node, NodeKind, Span};

/// What a document may cost. Every check is linear, or over numbers as small as these.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Bytes of the text.
    pub(crate) bytes: usize,
    /// Nested elements.
    pub(crate) depth: usize,
    /// Elements, texts and comments.
    pub(crate) nodes: usize,
    /// Attributes of one element.
    pub(crate) attributes: usize,
    /// Namespace declarations of one element.
    pub(crate) declarations: usize,
    /// Namespace declarations in scope. Each name that has a prefix looks through them, which is
    /// quicker than a map as long as they are few.
    pub(crate) in_scope: usize,
    /// Different namespace names of the whole document; real messages have fewer than ten.
    pub(crate) namespaces: usize,
}

impl Limits {
    /// For messages: they come from anybody.
    pub(crate) const MESSAGE: Limits = Limits {
        bytes: 1 << 20,
        depth: 64,
        nodes: 100_000,
        attributes: 32,
        declarations: 16,
        in_scope: 32,
        namespaces: 64,
    };
    /// For metadata: an administrator fetched it; aggregates are large.
    pub(crate) const METADATA: Limits = Limits {
        bytes: 64 << 20,
        depth: 64,
        nodes: 4_000_000,
        attributes: 64,
        declarations: 64,
        in_scope: 512,
        namespaces: 300,
    };
}

impl<'t> Document<'t> {
    /// Parses a whole document.
    pub(crate) fn parse(
        text: impl Into<Cow<'t, str>>,
        limits: Limits,
    ) -> Result<Document<'t>, XmlError> {
        let text = text.into();
        let mut parser = Parser::new(&text, limits);
        match parser.document() {
            Ok(()) => {
                let Parser { nodes, attributes, declarations, namespaces, .. } = parser;
                Ok(Document { nodes, attributes, declarations, namespaces, text })
            }
            Err(reason) => {
                let before = text.as_bytes().get(..parser.at).unwrap_or_default();
                let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
                Err(XmlError { line, reason })
            }
        }
    }
}

/// The reason by which a processing instruction is refused.
pub(crate) const INSTRUCTION: &str = "a processing instruction is not accepted";

struct Parser<'t> {
    text: &'t str,
    at: usize,
    limits: Limits,
    nodes: Vec<Node>,
    attributes: Vec<Attribute>,
    declarations: Vec<Declaration>,
    namespaces: Vec<String>,
    open: Vec<Open>,
    in_scope: Vec<(Start, Declaration)>,
    /// Scratch for one tag: the attributes before, each by its namespace and its name's start.
    before: Vec<(u32, Start)>,
    /// Where the declarations of the tag that is being read begin.
    tag_declarations: usize,
    /// The tag that is being read is canonical so far, when it needs to declare nothing.
    tag_is_plain: bool,
    /// The name that was resolved last: names repeat, above all those of long lists.
    last: Resolved,
}

/// An element whose end tag is still to come.
#[derive(Clone, Copy)]
struct Open {
    index: u32,
    /// How many declarations were in scope before it.
    scope: usize,
    /// All that was read of it so far is canonical as it stands.
    calm: bool,
}

/// An element's name and its namespace, as long as the same declarations are in scope.
#[derive(Clone, Copy, Default)]
struct Resolved {
    prefix: Span,
    name: Span,
    namespace: u32,
}

type Parsed<T> = Result<T, &'static str>;

impl<'t> Parser<'t> {
    fn new(text: &'t str, limits: Limits) -> Self {
        // Long lists of short values have a node for every 26 bytes, usual messages for every 40.
        let guess = text.len() / 26 + 16;
        Parser {
            text,
            at: 0,
            limits,
            nodes: Vec::with_capacity(guess.min(limits.nodes)),
            attributes: Vec::with_capacity(64),
            declarations: Vec::with_capacity(8),
            namespaces: vec![String::new()],
            open: Vec::with_capacity(16),
            in_scope: Vec::with_capacity(16),
            before: Vec::with_capacity(8),
            tag_declarations: 0,
            tag_is_plain: true,
            last: Resolved::default(),
        }
    }

    fn document(&mut self) -> Parsed<()> {
        if self.text.len() > self.limits.bytes {
            return Err("the document is too large");
        }
        self.take("\u{feff}");
        self.declaration()?;
        self.skip_misc()?;
        if !self.rest().starts_with('<') {
            return Err("there is no root element");
        }
        self.tag()?;
        while !self.open.is_empty() {
            self.content()?;
        }
        self.skip_misc()?;
        if self.rest().is_empty() { Ok(()) } else { Err("something follows the root element") }
    }

    /// `<?xml version="1.0" encoding="UTF-8"?>`, when there is one (XML 1.0 §2.8).
    fn declaration(&mut self) -> Parsed<()> {
        if !self.take("<?xml") {
            return Ok(());
        }
        let version = self.pseudo_attribute("version")?;
        let encoding = self.pseudo_attribute("encoding")?.unwrap_or("UTF-8");
        let standalone = self.pseudo_attribute("standalone")?.unwrap_or("no");
        if version != Some("1.0") || !encoding.eq_ignore_ascii_case("utf-8") {
            return Err("only XML 1.0 in UTF-8 is accepted");
        }
        self.skip_space();
        if matches!(standalone, "yes" | "no") && self.take("?>") {
            Ok(())
        } else {
            Err("the XML declaration is malformed")
        }
    }

    /// The value of this part of the XML declaration, when it comes next.
    fn pseudo_attribute(&mut self, name: &str) -> Parsed<Option<&'t str>> {
        let before = self.at;
        if !self.skip_space() || !self.take(name) {
            self.at = before;
            return Ok(None);
        }
        self.skip_space();
        let equals = self.take("=");
        self.skip_space();
        let quote = self.rest().chars().next().filter(|c| equals && matches!(c, '"' | '\''));
        let quote = quote.ok_or("the XML declaration is malformed")?;
        let value = self.rest().get(1..).and_then(|rest| rest.split_once(quote));
        let (value, _) = value.ok_or("the XML declaration has no end")?;
        self.at += value.len() + 2;
        Ok(Some(value))
    }

    /// White space and comments outside the root element.
    fn skip_misc(&mut self) -> Parsed<()> {
        loop {
            self.skip_space();
            if !self.take("<!--") {
                return Ok(());
            }
            self.comment()?;
        }
    }

    /// One piece of an element's content.
    fn content(&mut self) -> Parsed<()> {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        match rest {
            [b'<', b'/', ..] => return self.end_tag(),
            [b'<', b'!', ..] => {}
            [b'<', ..] => return self.tag(),
            _ => return self.character_data(),
        }
        if self.take("<!--") {
            let span = self.comment()?;
            self.leaf(NodeKind::Comment, span, false)
        } else if self.take("<![CDATA[") {
            let end = self.rest().find("]]>").ok_or("a CDATA section has no end")?;
            let span = self.span(self.at, self.at + end);
            self.check_characters(span)?;
            self.at += end + 3;
            self.leaf(NodeKind::Cdata, span, false)
        } else {
            self.tag()
        }
    }

    fn character_data(&mut self) -> Parsed<()> {
        let start = self.at;
        let mut plain = true;
        loop {
            self.skip_ordinary();
            match self.byte() {
                None => return Err("the document ends inside an element"),
                Some(b'<') => break,
                Some(b']') if self.rest().starts_with("]]>") => return Err("]]> stands in text"),
                Some(b'&') => {
                    plain = false;
                    self.reference()?;
                }
                Some(b'>' | b'\r') => {
                    plain = false;
                    self.at += 1;
                }
                Some(_) => self.character()?,
            }
        }
        let span = self.span(start, self.at);
        self.leaf(NodeKind::Text, span, plain)
    }

    /// The inside of a comment, behind `<!--`.
    fn comment(&mut self) -> Parsed<Span> {
        let end = self.rest().find("--").ok_or("a comment has no end")?;
        let span = self.span(self.at, self.at + end);
        self.check_characters(span)?;
        self.at += end;
        if self.take("-->") { Ok(span) } else { Err("two hyphens stand in a comment") }
    }

    fn end_tag(&mut self) -> Parsed<()> {
        let open = self.open.last().and_then(|open| self.nodes.get(open.index as usize));
        let open = open.ok_or("an end tag does not fit its start tag")?;
        // The name stands behind the start tag's `<` as it must behind `</`.
        let name = self.bytes(Span { start: open.tag.start + 1, end: open.name.end });
        let start = self.at;
        self.at += 2;
        if !self.take_bytes(name) {
            return Err("an end tag does not fit its start tag");
        }
        let spaced = self.skip_space();
        if !self.take(">") {
            return Err("an end tag does not fit its start tag");
        }
        self.close(start, !spaced);
        Ok(())
    }

    /// A start tag or an empty element.
    fn tag(&mut self) -> Parsed<()> {
        let start = self.at;
        self.at += 1;
        match self.byte() {
            Some(b'!') => return Err("a document type (DOCTYPE) is not accepted"),
            Some(b'?') => return Err(INSTRUCTION),
            _ => {}
        }
        let known = self.same_name_again();
        let (prefix, name) = match known {
            Some(last) => (last.prefix, last.name),
            None => self.qualified_name()?,
        };
        if known.is_none() && self.str(prefix) == "xml" {
            return Err("no element is of the namespace of XML itself");
        }
        let first_attribute = self.attributes.len();
        let first_declaration = self.declarations.len();
        self.tag_declarations = first_declaration;
        self.tag_is_plain = true;
        let empty = self.attributes_until_end(first_attribute, first_declaration)?;
        let scope = self.in_scope.len();
        let namespace = match known {
            Some(last) if first_declaration == self.declarations.len() => last.namespace,
            _ => self.enter_scope(first_declaration, prefix)?,
        };
        self.resolve_attributes(first_attribute)?;
        if self.open.len() >= self.limits.depth {
            return Err("elements are nested too deep");
        }
        self.last = Resolved { prefix, name, namespace };
        let index = self.nodes.len() as u32;
        let parent = self.open.last().map_or(index, |open| open.index);
        let count = |all: usize, first: usize| (first as u32, (all - first) as u32);
        let node = Node {
            kind: NodeKind::Element,
            prefix,
            name,
            namespace,
            attributes: count(self.attributes.len(), first_attribute),
            declarations: count(self.declarations.len(), first_declaration),
            end: index + 1,
            parent,
            tag: self.span(start, self.at),
            end_tag: Span::default(),
            plain: !empty && self.tag_stands_canonical(first_attribute, first_declaration),
            calm: false,
        };
        self.push(node)?;
        self.open.push(Open { index, scope, calm: self.begins_calm(&node) });
        if empty {
            self.close(self.at, false);
        }
        Ok(())
    }

    /// Ends the innermost element; its end tag began at `start` and is canonical or not.
    fn close(&mut self, start: usize, canonical: bool) {
        let (nodes, end) = (self.nodes.len() as u32, self.at as u32);
        let Some(open) = self.open.pop() else { return };
        if self.in_scope.len() > open.scope {
            self.in_scope.truncate(open.scope);
            self.last = Resolved::default();
        }
        let calm = open.calm && canonical;
        if let Some(node) = self.nodes.get_mut(open.index as usize) {
            node.end = nodes;
            node.end_tag = Span { start: start as u32, end };
            node.plain &= canonical;
            node.calm = calm;
        }
        if let Some(around) = self.open.last_mut() {
            around.calm &= calm;
        }
    }

    fn leaf(&mut self, kind: NodeKind, name: Span, plain: bool) -> Parsed<()> {
        let end = self.nodes.len() as u32 + 1;
        let parent = self.open.last().map_or(0, |open| open.index);
        if let Some(around) = self.open.last_mut() {
            around.calm &= plain;
        }
        self.push(Node {
            kind,
            prefix: Span::default(),
            name,
            namespace: 0,
            attributes: (0, 0),
            declarations: (0, 0),
            end,
            parent,
            tag: name,
            end_tag: name,
            plain,
            calm: false,
        })
    }

    fn push(&mut self, node: Node) -> Parsed<()> {
        if self.nodes.len() >= self.limits.nodes {
            return Err("the document has too many parts");
        }
        self.nodes.push(node);
        Ok(())
    }
}
