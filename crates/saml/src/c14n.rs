//! Exclusive XML Canonicalization 1.0, streamed: no copy of the tree, no node set.
//!
//! One subtree goes out, with one child left out (the signature being verified). What is canonical
//! as it stands in the text, which is most of it, goes out as it stands, in pieces as long as
//! possible: writing every tag anew took up to half as long again (`xml/parse/canonical.rs` has the
//! figures). Inclusive canonicalization is not done.

use crate::xml::{
    Attribute, Document, Element, Node, NodeKind, Span, escape_attribute, escape_text,
};

/// How a subtree is written.
#[derive(Clone, Debug, Default)]
pub(crate) struct Method {
    /// Comments are written.
    pub(crate) comments: bool,
    /// `InclusiveNamespaces/@PrefixList`: prefixes that are written wherever they are in scope;
    /// the default namespace is the empty string.
    pub(crate) inclusive_prefixes: Vec<String>,
}

/// A canonical form is much longer than what it is the form of.
#[derive(Debug)]
pub(crate) struct TooLong;

/// How many times longer it may be, and how many bytes more: one declaration is written again at
/// each of many elements. Of what IdPs send it is rarely twice as long.
const TIMES: usize = 4;
const MORE: usize = 64 * 1024;

/// Writes `apex` and all below it in canonical form, except the subtree at index `without`.
///
/// # Errors
/// [`TooLong`], when some of it has been written already.
pub(crate) fn canonicalize(
    apex: Element<'_>,
    without: Option<u32>,
    method: &Method,
    out: &mut impl FnMut(&[u8]),
) -> Result<(), TooLong> {
    let most = TIMES * apex.source().len() + MORE;
    let mut writer = Writer {
        document: apex.document(),
        method,
        out: Out { to: out, small: Vec::with_capacity(2 * SMALL), left: Some(most) },
        run: Span::default(),
        rendered: Vec::with_capacity(16),
        needed: Vec::with_capacity(8),
        sorted: Vec::with_capacity(8),
        places: Vec::new(),
    };
    let end = apex.node().map_or(0, |node| node.end);
    let mut open: Vec<(u32, usize)> = Vec::with_capacity(16);
    let mut index = apex.index();
    loop {
        while let Some((element, rendered)) = open.last().copied() {
            let Some(node) = writer.document.node(element).filter(|node| node.end <= index) else {
                break;
            };
            writer.end_tag(node);
            writer.rendered.truncate(rendered);
            open.pop();
        }
        let Some(node) = writer.document.node(index).filter(|_| index < end) else { break };
        writer.out.left.ok_or(TooLong)?;
        if without == Some(index) {
            index = node.end;
            continue;
        }
        let is_apex = index == apex.index();
        let is_whole = !without.is_some_and(|left_out| (index..node.end).contains(&left_out));
        match node.kind {
            NodeKind::Element if node.calm && is_whole && !is_apex => {
                writer.as_it_stands(node.source());
                index = node.end;
                continue;
            }
            NodeKind::Element => {
                open.push((index, writer.rendered.len()));
                writer.start_tag(node, index, is_apex);
            }
            NodeKind::Text if node.plain => writer.as_it_stands(node.name),
            NodeKind::Text | NodeKind::Cdata => writer.text(node),
            NodeKind::Comment if method.comments => writer.comment(node),
            NodeKind::Comment => {}
        }
        index += 1;
    }
    writer.flush();
    writer.out.flush();
    writer.out.left.map(|_| ()).ok_or(TooLong)
}

/// Pieces shorter than this go out together: a digest costs something for each.
const SMALL: usize = 256;

/// Where the canonical form goes.
struct Out<'m, O> {
    to: &'m mut O,
    small: Vec<u8>,
    /// Bytes that may still come; `None` when there were more.
    left: Option<usize>,
}

impl<O: FnMut(&[u8])> Out<'_, O> {
    fn put(&mut self, bytes: &[u8]) {
        self.left = self.left.and_then(|left| left.checked_sub(bytes.len()));
        if bytes.len() >= SMALL || self.small.len() + bytes.len() > 2 * SMALL {
            self.flush();
        }
        if bytes.len() >= SMALL {
            (self.to)(bytes);
        } else {
            self.small.extend_from_slice(bytes);
        }
    }

    fn flush(&mut self) {
        if !self.small.is_empty() {
            (self.to)(&self.small);
            self.small.clear();
        }
    }
}

struct Writer<'d, 'm, O> {
    document: &'d Document<'d>,
    method: &'m Method,
    out: Out<'m, O>,
    /// A part of the text that is canonical as it stands and not yet written.
    run: Span,
    /// Namespaces written by the open elements: prefix and index of the name.
    rendered: Vec<(&'d str, u32)>,
    /// Scratch for one start tag.
    needed: Vec<(&'d str, u32)>,
    sorted: Vec<&'d Attribute>,
    /// The places of the namespaces in the order of their names, once that is asked for.
    places: Vec<u32>,
}

impl<'d, O: FnMut(&[u8])> Writer<'d, '_, O> {
    fn start_tag(&mut self, node: &'d Node, index: u32, is_apex: bool) {
        let declares = self.find_needed(node, index, is_apex);
        let attributes = self.document.attributes_of(node);
        if !declares && node.plain {
            self.as_it_stands(node.tag);
            return;
        }
        self.put(b"<");
        self.name(node.prefix, node.name);
        for (prefix, namespace) in std::mem::take(&mut self.needed) {
            self.namespace(prefix, namespace);
        }
        self.attributes(attributes);
        self.put(b">");
    }

    /// Collects the namespaces that the tag must declare (exc-c14n §3), sorted by prefix, and says
    /// whether there are any.
    fn find_needed(&mut self, node: &'d Node, index: u32, is_apex: bool) -> bool {
        let document = self.document;
        self.needed.clear();
        self.need(document.str(node.prefix), node.namespace);
        for attribute in document.attributes_of(node) {
            if attribute.namespace != 0 {
                self.need(document.str(attribute.prefix), attribute.namespace);
            }
        }
        for prefix in &self.method.inclusive_prefixes {
            if let Some((prefix, namespace)) = in_scope(document, index, prefix, is_apex) {
                self.need(prefix, namespace);
            }
        }
        self.needed.sort_unstable();
        !self.needed.is_empty()
    }

    /// Notes a namespace, unless an open element has written the same.
    fn need(&mut self, prefix: &'d str, namespace: u32) {
        let written = self.rendered.iter().rev().find(|(known, _)| *known == prefix);
        let same = match written {
            Some((_, written)) => *written == namespace,
            // `xmlns=""` says nothing where no default namespace was written.
            None => prefix.is_empty() && namespace == 0,
        };
        if !same && prefix != "xml" && !self.needed.iter().any(|(known, _)| *known == prefix) {
            self.needed.push((prefix, namespace));
        }
    }

    fn namespace(&mut self, prefix: &'d str, namespace: u32) {
        self.rendered.push((prefix, namespace));
        self.put(if prefix.is_empty() { b" xmlns" } else { b" xmlns:" });
        self.put(prefix.as_bytes());
        self.put(b"=\"");
        escape_attribute(self.document.namespace(namespace), &mut |bytes| self.out.put(bytes));
        self.put(b"\"");
    }

    /// Attributes by namespace name, then local name (xml-c14n §2.2).
    fn attributes(&mut self, attributes: &'d [Attribute]) {
        let mut sorted = std::mem::take(&mut self.sorted);
        sorted.clear();
        sorted.extend(attributes);
        let several = sorted.len() > 1 && sorted.iter().any(|attribute| attribute.namespace != 0);
        if several && self.places.is_empty() {
            self.places = self.document.namespace_places();
        }
        sorted.sort_unstable_by_key(|attribute| self.sort_key(attribute));
        for attribute in &sorted {
            self.put(b" ");
            self.name(attribute.prefix, attribute.name);
            self.put(b"=\"");
            escape_attribute(&self.document.value(attribute), &mut |bytes| self.out.put(bytes));
            self.put(b"\"");
        }
        self.sorted = sorted;
    }

    fn sort_key(&self, attribute: &Attribute) -> (Option<u32>, &'d str) {
        let place = self.places.get(attribute.namespace as usize).copied();
        (place, self.document.str(attribute.name))
    }

    fn end_tag(&mut self, node: &Node) {
        if node.plain {
            self.as_it_stands(node.end_tag);
        } else {
            self.put(b"</");
            self.name(node.prefix, node.name);
            self.put(b">");
        }
    }

    fn text(&mut self, node: &Node) {
        self.flush();
        escape_text(&self.document.content(node), &mut |bytes| self.out.put(bytes));
    }

    fn comment(&mut self, node: &Node) {
        self.put(b"<!--");
        let content = self.document.content(node);
        self.put(content.as_bytes());
        self.put(b"-->");
    }

    fn name(&mut self, prefix: Span, name: Span) {
        let prefix = self.document.str(prefix);
        if !prefix.is_empty() {
            self.put(prefix.as_bytes());
            self.put(b":");
        }
        self.put(self.document.str(name).as_bytes());
    }

    /// Writes a part of the text; neighbours go out together.
    fn as_it_stands(&mut self, span: Span) {
        if self.run.end == span.start {
            self.run.end = span.end;
        } else {
            self.flush();
            self.run = span;
        }
    }

    fn put(&mut self, bytes: &[u8]) {
        self.flush();
        self.out.put(bytes);
    }

    fn flush(&mut self) {
        if self.run.len() > 0 {
            self.out.put(self.document.str(self.run).as_bytes());
        }
        self.run = Span::default();
    }
}

/// The declaration of `prefix` at this element; the apex also has those of its ancestors.
fn in_scope<'d>(
    document: &'d Document<'d>,
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
