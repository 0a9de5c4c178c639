//! The parser: one pass, strict, bounded. Its grammar is this file.

use super::XmlError;
use super::chars::{continues_name, is_char, starts_name};
use super::text::{attribute_value, referred};
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

/// Different namespace names in one document; real messages have fewer than ten.
const NAMESPACES: usize = 300;

const XML: &str = "http://www.w3.org/XML/1998/namespace";
const XMLNS: &str = "http://www.w3.org/2000/xmlns/";

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

    /// `<?xml version="1.0" encoding="UTF-8"?>`, when there is one.
    fn declaration(&mut self) -> Parsed<()> {
        if !self.rest().starts_with("<?xml") {
            return Ok(());
        }
        let (declaration, _) =
            self.rest().split_once("?>").ok_or("the XML declaration has no end")?;
        let length = declaration.len() + 2;
        let inner = declaration.get(5..).unwrap_or_default();
        let words = inner.replace('\'', "\"");
        let mut version = false;
        for word in words.split_ascii_whitespace() {
            match word.to_ascii_lowercase().as_str() {
                "version=\"1.0\"" => version = true,
                "encoding=\"utf-8\"" | "standalone=\"yes\"" | "standalone=\"no\"" => {}
                _ => return Err("only XML 1.0 in UTF-8 is accepted"),
            }
        }
        if !version || !inner.starts_with(|c: char| c.is_ascii_whitespace()) {
            return Err("the XML declaration is malformed");
        }
        self.at += length;
        Ok(())
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
        let rest = self.rest();
        let Some(length) = memchr::memchr(b'<', rest.as_bytes()) else {
            self.at = self.text.len();
            return Err("the document ends inside an element");
        };
        if length > 0 {
            return self.character_data(length);
        }
        if rest.starts_with("</") {
            self.end_tag()
        } else if self.take("<!--") {
            let span = self.comment()?;
            self.leaf(NodeKind::Comment, span)
        } else if self.take("<![CDATA[") {
            let end = self.rest().find("]]>").ok_or("a CDATA section has no end")?;
            let span = self.span(self.at, self.at + end);
            self.check_characters(span)?;
            self.at += end + 3;
            self.leaf(NodeKind::Cdata, span)
        } else {
            self.tag()
        }
    }

    fn character_data(&mut self, length: usize) -> Parsed<()> {
        let span = self.span(self.at, self.at + length);
        let raw = self.str(span);
        if raw.contains("]]>") {
            return Err("]]> stands in text");
        }
        self.check_characters(span)?;
        self.check_references(span)?;
        self.at += length;
        self.leaf(NodeKind::Text, span)
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
        self.at += 2;
        let (prefix, name) = self.qualified_name()?;
        self.skip_space();
        if !self.take(">") {
            return Err("an end tag is malformed");
        }
        let open = self.open.last().and_then(|(index, _)| self.nodes.get(*index as usize));
        let same = open.is_some_and(|node| {
            self.str(node.prefix) == self.str(prefix) && self.str(node.name) == self.str(name)
        });
        if same { self.close() } else { Err("an end tag does not fit its start tag") }
    }

    /// A start tag or an empty element.
    fn tag(&mut self) -> Parsed<()> {
        self.at += 1;
        if self.rest().starts_with(['!', '?']) {
            return Err("document types and processing instructions are not accepted");
        }
        let (prefix, name) = self.qualified_name()?;
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
            source_end: 0,
        })?;
        self.open.push((index, scope_before));
        if empty { self.close() } else { Ok(()) }
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
        let length = memchr::memchr2(quote, b'<', self.rest().as_bytes())
            .filter(|at| self.rest().as_bytes().get(*at) == Some(&quote))
            .ok_or("an attribute's value is malformed")?;
        let value = self.span(self.at, self.at + length);
        self.check_characters(value)?;
        self.check_references(value)?;
        self.at += length + 1;
        match (self.str(prefix), self.str(name)) {
            ("", "xmlns") => self.declare(Span::default(), value),
            ("xmlns", _) => self.declare(name, value),
            _ => {
                self.attributes.push(Attribute { prefix, name, value, namespace: 0 });
                Ok(())
            }
        }
    }

    fn declare(&mut self, prefix: Span, value: Span) -> Parsed<()> {
        let uri = attribute_value(self.str(value)).into_owned();
        let reserved = match self.str(prefix) {
            "xmlns" => true,
            "xml" => uri != XML,
            "" => uri == XML || uri == XMLNS,
            _ => uri.is_empty() || uri == XML || uri == XMLNS,
        };
        if reserved {
            return Err("a namespace declaration is not allowed");
        }
        // Canonical XML is not defined for relative namespace names (xml-c14n §1.3).
        if !uri.is_empty() && !uri.contains(':') {
            return Err("a namespace name is relative");
        }
        let name = self.str(prefix);
        let own = self.declarations.get(self.tag_declarations..).unwrap_or_default();
        if own.iter().any(|declaration| self.str(declaration.prefix) == name) {
            return Err("a namespace is declared twice");
        }
        let namespace = self.intern(uri)?;
        self.declarations.push(Declaration { prefix, namespace });
        Ok(())
    }

    fn intern(&mut self, uri: String) -> Parsed<u32> {
        if let Some(index) = self.namespaces.iter().position(|known| *known == uri) {
            return Ok(index as u32);
        }
        if self.namespaces.len() >= NAMESPACES {
            return Err("the document has too many namespaces");
        }
        self.namespaces.push(uri);
        Ok((self.namespaces.len() - 1) as u32)
    }

    /// The namespace that a prefix stands for here.
    fn resolve(&mut self, prefix: Span) -> Parsed<u32> {
        let name = self.str(prefix);
        let found =
            self.in_scope.iter().rev().find(|declaration| self.str(declaration.prefix) == name);
        match (found, name) {
            (Some(declaration), _) => Ok(declaration.namespace),
            (None, "") => Ok(0),
            (None, "xml") => self.intern(XML.to_owned()),
            (None, _) => Err("a prefix is not declared"),
        }
    }

    fn resolve_attributes(&mut self, first: usize) -> Parsed<()> {
        for index in first..self.attributes.len() {
            let Some(attribute) = self.attributes.get(index).copied() else { break };
            // An attribute without a prefix has no namespace, whatever the default is.
            let namespace = match self.str(attribute.prefix) {
                "" => 0,
                _ => self.resolve(attribute.prefix)?,
            };
            let name = self.str(attribute.name);
            let before = self.attributes.get(first..index).unwrap_or_default();
            if before.iter().any(|a| a.namespace == namespace && self.str(a.name) == name) {
                return Err("an attribute stands twice");
            }
            if let Some(attribute) = self.attributes.get_mut(index) {
                attribute.namespace = namespace;
            }
        }
        Ok(())
    }

    fn close(&mut self) -> Parsed<()> {
        let end = self.nodes.len() as u32;
        if let Some((index, scope)) = self.open.pop() {
            self.in_scope.truncate(scope);
            if let Some(node) = self.nodes.get_mut(index as usize) {
                node.end = end;
                node.source_end = self.at as u32;
            }
        }
        Ok(())
    }

    fn leaf(&mut self, kind: NodeKind, name: Span) -> Parsed<()> {
        let end = self.nodes.len() as u32 + 1;
        let parent = self.open.last().map_or(0, |(parent, _)| *parent);
        let nothing = Span::default();
        let none = (0, 0);
        self.push(Node {
            kind,
            prefix: nothing,
            name,
            namespace: 0,
            attributes: none,
            declarations: none,
            end,
            parent,
            source_end: 0,
        })
    }

    fn push(&mut self, node: Node) -> Parsed<()> {
        if self.nodes.len() >= self.limits.nodes {
            return Err("the document has too many parts");
        }
        self.nodes.push(node);
        Ok(())
    }

    /// `prefix:local` or `local`.
    fn qualified_name(&mut self) -> Parsed<(Span, Span)> {
        let first = self.ncname()?;
        if !self.take(":") {
            return Ok((Span::default(), first));
        }
        Ok((first, self.ncname()?))
    }

    fn ncname(&mut self) -> Parsed<Span> {
        let rest = self.rest();
        let length = rest
            .char_indices()
            .find(|(at, c)| if *at == 0 { !starts_name(*c) } else { !continues_name(*c) })
            .map_or(rest.len(), |(at, _)| at);
        if length == 0 {
            return Err("a name is malformed");
        }
        let span = self.span(self.at, self.at + length);
        self.at += length;
        Ok(span)
    }

    fn check_characters(&self, span: Span) -> Parsed<()> {
        let text = self.str(span);
        // Forbidden beyond ASCII are only U+FFFE and U+FFFF, which begin with 0xEF in UTF-8.
        let suspect =
            |byte: u8| byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r') || byte == 0xEF;
        if !text.bytes().any(suspect) || text.chars().all(is_char) {
            Ok(())
        } else {
            Err("a character is not allowed in XML")
        }
    }

    fn check_references(&self, span: Span) -> Parsed<()> {
        let mut rest = self.str(span);
        while let Some((_, reference)) = rest.split_once('&') {
            let (name, after) = reference.split_once(';').ok_or("a reference has no end")?;
            referred(name).ok_or("an entity or character reference is not allowed")?;
            rest = after;
        }
        Ok(())
    }

    /// Skips white space; says whether there was any.
    fn skip_space(&mut self) -> bool {
        let is_space = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
        let length = self.rest().bytes().take_while(|byte| is_space(byte)).count();
        self.at += length;
        length > 0
    }

    /// Goes past `token` if it stands here.
    fn take(&mut self, token: &str) -> bool {
        let here = self.rest().starts_with(token);
        if here {
            self.at += token.len();
        }
        here
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn str(&self, span: Span) -> &'t str {
        self.text.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span { start: start as u32, end: end as u32 }
    }
}
