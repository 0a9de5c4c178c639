//! The parser: one pass, strict, bounded. Its grammar is this file.

mod namespaces;
mod scan;

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
    /// Namespace declarations of one element, and eight times that in scope.
    pub(crate) declarations: usize,
}

impl Limits {
    /// For messages: they come from anybody.
    pub(crate) const MESSAGE: Limits =
        Limits { bytes: 1 << 20, depth: 64, nodes: 100_000, attributes: 32, declarations: 16 };
    /// For metadata: an administrator fetched it; aggregates are large.
    pub(crate) const METADATA: Limits =
        Limits { bytes: 64 << 20, depth: 64, nodes: 4_000_000, attributes: 64, declarations: 64 };
}

impl Document {
    /// Parses a whole document.
    pub(crate) fn parse(text: String, limits: Limits) -> Result<Document, XmlError> {
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

struct Parser<'t> {
    text: &'t str,
    at: usize,
    limits: Limits,
    nodes: Vec<Node>,
    attributes: Vec<Attribute>,
    declarations: Vec<Declaration>,
    namespaces: Vec<String>,
    /// Open elements: index, and how many declarations were in scope before.
    open: Vec<(u32, usize)>,
    in_scope: Vec<Declaration>,
    /// Where the declarations of the tag that is being read begin.
    tag_declarations: usize,
}

type Parsed<T> = Result<T, &'static str>;

impl<'t> Parser<'t> {
    fn new(text: &'t str, limits: Limits) -> Self {
        let guess = text.len() / 32 + 8;
        Parser {
            text,
            at: 0,
            limits,
            nodes: Vec::with_capacity(guess.min(limits.nodes)),
            attributes: Vec::with_capacity(guess.min(limits.nodes)),
            declarations: Vec::with_capacity(8),
            namespaces: vec![String::new()],
            open: Vec::with_capacity(16),
            in_scope: Vec::with_capacity(16),
            tag_declarations: 0,
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
        if self.byte() != Some(b'<') {
            return self.character_data();
        }
        let rest = self.rest();
        if rest.starts_with("</") {
            self.end_tag()
        } else if self.take("<!--") {
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
        let open = self.open.last().and_then(|(index, _)| self.nodes.get(*index as usize));
        let open = open.ok_or("an end tag does not fit its start tag")?;
        // The name stands behind the start tag's `<` as it must behind `</`.
        let name = self.str(Span { start: open.tag.start + 1, end: open.name.end });
        let start = self.at;
        self.at += 2;
        if !self.take(name) {
            return Err("an end tag does not fit its start tag");
        }
        self.skip_space();
        if !self.take(">") {
            return Err("an end tag does not fit its start tag");
        }
        self.close(start)
    }

    /// A start tag or an empty element.
    fn tag(&mut self) -> Parsed<()> {
        let start = self.at;
        self.at += 1;
        if self.rest().starts_with(['!', '?']) {
            return Err("document types and processing instructions are not accepted");
        }
        let (prefix, name) = self.qualified_name()?;
        if self.str(prefix) == "xml" {
            return Err("no element is of the namespace of XML itself");
        }
        let first_attribute = self.attributes.len();
        let first_declaration = self.declarations.len();
        self.tag_declarations = first_declaration;
        let empty = self.attributes_until_end(first_attribute, first_declaration)?;
        let scope_before = self.in_scope.len();
        self.in_scope
            .extend_from_slice(self.declarations.get(first_declaration..).unwrap_or_default());
        if self.in_scope.len() > 8 * self.limits.declarations {
            return Err("too many namespaces are in scope");
        }
        let namespace = self.resolve(prefix)?;
        self.resolve_attributes(first_attribute)?;
        if self.open.len() >= self.limits.depth {
            return Err("elements are nested too deep");
        }
        let index = self.nodes.len() as u32;
        let parent = self.open.last().map_or(index, |(parent, _)| *parent);
        let count = |all: usize, first: usize| (first as u32, (all - first) as u32);
        self.push(Node {
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
            plain: !empty,
        })?;
        self.open.push((index, scope_before));
        if empty { self.close(self.at) } else { Ok(()) }
    }

    /// Attributes and declarations up to `>` or `/>`; says whether the element is empty.
    fn attributes_until_end(&mut self, attributes: usize, declarations: usize) -> Parsed<bool> {
        loop {
            let spaced = self.skip_space();
            if self.take(">") {
                return Ok(false);
            }
            if self.take("/>") {
                return Ok(true);
            }
            if !spaced {
                return Err("a blank is missing before an attribute");
            }
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
        self.skip_space();
        if !self.take("=") {
            return Err("an attribute has no value");
        }
        self.skip_space();
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
        match (self.str(prefix), self.str(name)) {
            ("", "xmlns") => self.declare(Span::default(), value),
            ("xmlns", _) => self.declare(name, value),
            _ => {
                self.attributes.push(Attribute { prefix, name, value, namespace: 0, plain });
                Ok(())
            }
        }
    }

    /// Ends the innermost element; its end tag began at `start`.
    fn close(&mut self, start: usize) -> Parsed<()> {
        let end = self.nodes.len() as u32;
        if let Some((index, scope)) = self.open.pop() {
            self.in_scope.truncate(scope);
            if let Some(node) = self.nodes.get_mut(index as usize) {
                node.end = end;
                node.end_tag = Span { start: start as u32, end: self.at as u32 };
            }
        }
        Ok(())
    }

    fn leaf(&mut self, kind: NodeKind, name: Span, plain: bool) -> Parsed<()> {
        let end = self.nodes.len() as u32 + 1;
        let parent = self.open.last().map_or(0, |(parent, _)| *parent);
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
            end_tag: Span::default(),
            plain,
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
