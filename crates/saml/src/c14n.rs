//! Exclusive XML Canonicalization 1.0, streamed: no copy of the tree, no node set.
//!
//! One subtree goes out, with one child left out (the signature being verified). Inclusive
//! canonicalization is not done.

use crate::xml::{Document, Element, NodeKind, Span, escape_attribute, escape_text};

/// How a subtree is written.
#[derive(Clone, Debug, Default)]
pub(crate) struct Method {
    /// Comments are written.
    pub(crate) comments: bool,
    /// `InclusiveNamespaces/@PrefixList`: prefixes that are written wherever they are in scope;
    /// the default namespace is the empty string.
    pub(crate) inclusive_prefixes: Vec<String>,
}

/// Writes `apex` and all below it in canonical form, except the subtree at index `without`.
pub(crate) fn canonicalize(
    apex: Element<'_>,
    without: Option<u32>,
    method: &Method,
    out: &mut impl FnMut(&[u8]),
) {
    let mut writer =
        Writer { document: apex.document(), method, out, rendered: Vec::with_capacity(16) };
    let end = apex.node().map_or(0, |node| node.end);
    let mut open: Vec<(u32, usize)> = Vec::with_capacity(16);
    let mut index = apex.index();
    loop {
        while open.last().is_some_and(|(element, _)| {
            writer.document.node(*element).is_some_and(|node| node.end <= index)
        }) {
            writer.end_tag(open.pop());
        }
        let Some(node) = writer.document.node(index).filter(|_| index < end) else { break };
        if without == Some(index) {
            index = node.end;
            continue;
        }
        match node.kind {
            NodeKind::Element => {
                let before = writer.rendered.len();
                writer.start_tag(index, index == apex.index());
                open.push((index, before));
            }
            NodeKind::Text | NodeKind::Cdata => {
                escape_text(&writer.document.content(node), writer.out);
            }
            NodeKind::Comment if method.comments => {
                (writer.out)(b"<!--");
                (writer.out)(writer.document.content(node).as_bytes());
                (writer.out)(b"-->");
            }
            NodeKind::Comment => {}
        }
        index += 1;
    }
}

struct Writer<'d, 'm, O> {
    document: &'d Document,
    method: &'m Method,
    out: &'m mut O,
    /// Namespaces written by the open elements: prefix and index of the name.
    rendered: Vec<(&'d str, u32)>,
}

impl<'d, O: FnMut(&[u8])> Writer<'d, '_, O> {
    fn start_tag(&mut self, index: u32, is_apex: bool) {
        let document = self.document;
        let Some(node) = document.node(index) else { return };
        let attributes = document.attributes_of(node);
        (self.out)(b"<");
        self.name(node.prefix, node.name);

        let mut needed: Vec<(&'d str, u32)> = Vec::with_capacity(4);
        let mut need = |prefix: &'d str, namespace: u32| {
            if prefix != "xml" && !needed.iter().any(|(known, _)| *known == prefix) {
                needed.push((prefix, namespace));
            }
        };
        need(document.str(node.prefix), node.namespace);
        for attribute in attributes.iter().filter(|attribute| attribute.namespace != 0) {
            need(document.str(attribute.prefix), attribute.namespace);
        }
        for prefix in &self.method.inclusive_prefixes {
            if let Some((prefix, namespace)) = in_scope(document, index, prefix, is_apex) {
                need(prefix, namespace);
            }
        }
        needed.sort_unstable();
        for (prefix, namespace) in needed {
            self.namespace(prefix, namespace);
        }
        self.attributes(attributes);
        (self.out)(b">");
    }

    /// Writes a declaration unless an open element has written the same.
    fn namespace(&mut self, prefix: &'d str, namespace: u32) {
        let written = self.rendered.iter().rev().find(|(known, _)| *known == prefix);
        let same = match written {
            Some((_, written)) => *written == namespace,
            // `xmlns=""` says nothing where no default namespace was written.
            None => prefix.is_empty() && namespace == 0,
        };
        if same {
            return;
        }
        self.rendered.push((prefix, namespace));
        (self.out)(if prefix.is_empty() { b" xmlns" } else { b" xmlns:" });
        (self.out)(prefix.as_bytes());
        (self.out)(b"=\"");
        escape_attribute(self.document.namespace(namespace), self.out);
        (self.out)(b"\"");
    }

    /// Attributes by namespace name, then local name (xml-c14n §2.2).
    fn attributes(&mut self, attributes: &'d [crate::xml::Attribute]) {
        let document = self.document;
        let key =
            |a: &crate::xml::Attribute| (document.namespace(a.namespace), document.str(a.name));
        let mut sorted: Vec<_> = attributes.iter().collect();
        sorted.sort_unstable_by(|a, b| key(a).cmp(&key(b)));
        for attribute in sorted {
            (self.out)(b" ");
            self.name(attribute.prefix, attribute.name);
            (self.out)(b"=\"");
            escape_attribute(&document.value(attribute), self.out);
            (self.out)(b"\"");
        }
    }

    fn end_tag(&mut self, open: Option<(u32, usize)>) {
        let Some((index, rendered)) = open else { return };
        self.rendered.truncate(rendered);
        if let Some(node) = self.document.node(index) {
            (self.out)(b"</");
            self.name(node.prefix, node.name);
            (self.out)(b">");
        }
    }

    fn name(&mut self, prefix: Span, name: Span) {
        let prefix = self.document.str(prefix);
        if !prefix.is_empty() {
            (self.out)(prefix.as_bytes());
            (self.out)(b":");
        }
        (self.out)(self.document.str(name).as_bytes());
    }
}

/// The declaration of `prefix` at this element; the apex also has those of its ancestors.
fn in_scope<'d>(
    document: &'d Document,
    index: u32,
    prefix: &str,
    is_apex: bool,
) -> Option<(&'d str, u32)> {
    let mut index = index;
    loop {
        let node = document.node(index)?;
        let own = document.declarations_of(node).iter();
        let mut own =
            own.map(|declaration| (document.str(declaration.prefix), declaration.namespace));
        if let Some(found) = own.find(|(known, _)| *known == prefix) {
            return Some(found);
        }
        if !is_apex || node.parent() == index {
            return None;
        }
        index = node.parent();
    }
}
