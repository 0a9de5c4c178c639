//! Namespaces in XML: declarations, and the names that prefixes stand for.

use super::super::text::attribute_value;
use super::super::tree::{Attribute, Declaration, Span};
use super::{Parsed, Parser};

/// Bytes of a namespace's name; real ones have fewer than a hundred. Names are written and compared
/// again and again.
const LONGEST: usize = 1024;

/// The reason why a document that uses what is declared around it is no document of its own.
pub(crate) const UNDECLARED: &str = "a prefix is not declared";

const XML: &str = "http://www.w3.org/XML/1998/namespace";
const XMLNS: &str = "http://www.w3.org/2000/xmlns/";

/// The first eight bytes of a name. Names that differ mostly differ here, which is one comparison
/// of numbers; the names themselves are compared only where these are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Start(u64);

impl Start {
    fn of(name: &[u8]) -> Self {
        // No name holds the byte 0, so a short one has a start of its own.
        let mut start = [0; 8];
        for (to, from) in start.iter_mut().zip(name) {
            *to = *from;
        }
        Start(u64::from_le_bytes(start))
    }
}

impl Parser<'_> {
    pub(super) fn declare(&mut self, prefix: Span, value: Span) -> Parsed<()> {
        let uri = attribute_value(self.str(value));
        if uri.len() > LONGEST {
            return Err("a namespace name is too long");
        }
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
        if !uri.is_empty() && !is_absolute(&uri) {
            return Err("a namespace name is no absolute URI");
        }
        let name = self.str(prefix);
        let own = self.declarations.get(self.tag_declarations..).unwrap_or_default();
        if own.iter().any(|declaration| self.str(declaration.prefix) == name) {
            return Err("a namespace is declared twice");
        }
        let namespace = self.intern(&uri)?;
        self.declarations.push(Declaration { prefix, namespace });
        Ok(())
    }

    /// Puts the declarations of the tag that was just read into scope, and gives the namespace of
    /// its prefix.
    pub(super) fn enter_scope(&mut self, first_declaration: usize, prefix: Span) -> Parsed<u32> {
        let own = self.declarations.get(first_declaration..).unwrap_or_default();
        let text = self.text.as_bytes();
        self.in_scope.extend(own.iter().map(|declaration| {
            let Span { start, end } = declaration.prefix;
            (Start::of(text.get(start as usize..end as usize).unwrap_or_default()), *declaration)
        }));
        if self.in_scope.len() > self.limits.in_scope {
            return Err("too many namespaces are in scope");
        }
        self.resolve(prefix)
    }

    fn intern(&mut self, uri: &str) -> Parsed<u32> {
        if let Some(index) = self.namespaces.iter().position(|known| known == uri) {
            return Ok(index as u32);
        }
        if self.namespaces.len() >= self.limits.namespaces {
            return Err("the document has too many namespaces");
        }
        self.namespaces.push(uri.to_owned());
        Ok((self.namespaces.len() - 1) as u32)
    }

    /// The namespace that a prefix stands for here.
    pub(super) fn resolve(&mut self, prefix: Span) -> Parsed<u32> {
        let name = self.bytes(prefix);
        let start = Start::of(name);
        let found =
            self.in_scope.iter().rev().find(|(known, declaration)| {
                *known == start && self.bytes(declaration.prefix) == name
            });
        match (found, name) {
            (Some((_, declaration)), _) => Ok(declaration.namespace),
            (None, b"") => Ok(0),
            (None, b"xml") => self.intern(XML),
            (None, _) => Err(UNDECLARED),
        }
    }

    pub(super) fn resolve_attributes(&mut self, first: usize) -> Parsed<()> {
        self.before.clear();
        for index in first..self.attributes.len() {
            let Some(attribute) = self.attributes.get(index).copied() else { break };
            // An attribute without a prefix has no namespace, whatever the default is.
            let namespace = match attribute.prefix.len() {
                0 => 0,
                _ => self.resolve(attribute.prefix)?,
            };
            let name = self.bytes(attribute.name);
            let start = (namespace, Start::of(name));
            let same = |(known, a): (&(u32, Start), &Attribute)| {
                *known == start && self.bytes(a.name) == name
            };
            let before = self.attributes.get(first..index).unwrap_or_default();
            if self.before.iter().zip(before).any(same) {
                return Err("an attribute stands twice");
            }
            self.before.push(start);
            if let Some(attribute) = self.attributes.get_mut(index) {
                attribute.namespace = namespace;
            }
        }
        Ok(())
    }
}

/// Whether it begins with a scheme and goes on with what a URI is made of (RFC 3986 §2, §3.1).
fn is_absolute(uri: &str) -> bool {
    let Some((scheme, rest)) = uri.split_once(':') else { return false };
    let continues = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
    let (hierarchy, fragment) = rest.split_once('#').unwrap_or((rest, ""));
    scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(continues)
        && [hierarchy, fragment].iter().all(|part| has_only_uri_characters(part))
}

/// The characters of a path, a query or a fragment, and `%` with its two digits. The brackets of
/// an IPv6 address are not among them: nobody names a namespace so.
fn has_only_uri_characters(part: &str) -> bool {
    let mut pieces = part.split('%');
    let plain = |text: &str| {
        text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~:/?@!$&'()*+,;=".contains(&b))
    };
    let escaped =
        |text: &str| plain(text) && text.bytes().take(2).filter(u8::is_ascii_hexdigit).count() == 2;
    pieces.next().is_some_and(plain) && pieces.all(escaped)
}
