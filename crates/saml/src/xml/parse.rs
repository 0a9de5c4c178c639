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

/// Bytes at which a scan of text or of an attribute's value must look closer: markup, references,
/// control characters, and 0xEF, with which the forbidden U+FFFE and U+FFFF begin.
static CLOSER: [bool; 256] = {
    let mut closer = [false; 256];
    let mut byte = 0;
    while byte < 0x20 {
        closer[byte] = true;
        byte += 1;
    }
    let mut special = 0;
    while special < SPECIAL.len() {
        closer[SPECIAL[special] as usize] = true;
        special += 1;
    }
    closer
};
const SPECIAL: &[u8] = b"<>&]\"'\xEF";

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

    /// Skips bytes that need no closer look.
    fn skip_ordinary(&mut self) {
        let bytes = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let ordinary = |byte: &u8| !CLOSER.get(usize::from(*byte)).copied().unwrap_or(true);
        self.at += bytes.iter().take_while(|byte| ordinary(byte)).count();
    }

    /// Goes past one character, if it may stand in XML.
    fn character(&mut self) -> Parsed<()> {
        let c = self.rest().chars().next().filter(|c| is_char(*c));
        self.at += c.ok_or("a character is not allowed in XML")?.len_utf8();
        Ok(())
    }

    /// Goes past `&...;`.
    fn reference(&mut self) -> Parsed<()> {
        let after = self.rest().get(1..).unwrap_or_default();
        // The longest is a character reference with leading zeros.
        let end = after.bytes().take(12).position(|byte| byte == b';');
        let end = end.ok_or("a reference has no end")?;
        referred(after.get(..end).unwrap_or_default())
            .ok_or("an entity or character reference is not allowed")?;
        self.at += end + 2;
        Ok(())
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

    /// `prefix:local` or `local`.
    fn qualified_name(&mut self) -> Parsed<(Span, Span)> {
        let first = self.ncname()?;
        if !self.take(":") {
            return Ok((Span::default(), first));
        }
        Ok((first, self.ncname()?))
    }

    fn ncname(&mut self) -> Parsed<Span> {
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

    fn check_characters(&self, span: Span) -> Parsed<()> {
        if self.str(span).chars().all(is_char) {
            Ok(())
        } else {
            Err("a character is not allowed in XML")
        }
    }

    /// Skips white space; says whether there was any.
    fn skip_space(&mut self) -> bool {
        let start = self.at;
        while matches!(self.byte(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
        self.at > start
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Goes past `token` if it stands here.
    fn take(&mut self, token: &str) -> bool {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let here = rest.starts_with(token.as_bytes());
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
