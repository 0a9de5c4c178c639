//! What is canonical as it stands in the text (xml-c14n §1.1): canonicalization can then copy it.
//!
//! Most of what IdPs send is. What is said here is used by `c14n` only, which has its own way to
//! write everything else; a `false` costs time and nothing more. Were all of it `false`, accepting a
//! message of 8 kB would take 13 % longer, one of 110 kB 51 % (`benches/accept.rs`).

use super::super::tree::{Node, Span};
use super::{Parser, Resolved};

impl Parser<'_> {
    /// The element that begins here has the same name as the one before: goes past it.
    pub(super) fn same_name_again(&mut self) -> Option<Resolved> {
        let last = self.last;
        let start = if last.prefix.len() > 0 { last.prefix.start } else { last.name.start };
        let before = self.at;
        let name = self.text.as_bytes().get(start as usize..last.name.end as usize)?;
        if name.is_empty() || !self.take_bytes(name) {
            return None;
        }
        if !matches!(self.byte(), Some(b'>' | b'/' | b' ' | b'\t' | b'\n' | b'\r')) {
            self.at = before;
            return None;
        }
        let length = last.prefix.len();
        let prefix = self.span(before, before + length);
        let name = self.span(self.at - last.name.len(), self.at);
        let prefix = if length > 0 { prefix } else { Span::default() };
        Some(Resolved { prefix, name, namespace: last.namespace })
    }

    /// Whether the start tag that was just read is canonical, if it needs to declare nothing: it
    /// declares nothing, and its attributes are in order.
    pub(super) fn tag_stands_canonical(&self, attributes: usize, declarations: usize) -> bool {
        let attributes = self.attributes.get(attributes..).unwrap_or_default();
        self.tag_is_plain
            && self.declarations.len() == declarations
            && (attributes.len() < 2
                || attributes.is_sorted_by_key(|attribute| {
                    let namespace = self.namespaces.get(attribute.namespace as usize);
                    (namespace, self.bytes(attribute.name))
                }))
    }

    /// Whether the element that was just pushed needs no declaration but those that the element
    /// around it needs.
    pub(super) fn begins_calm(&self, node: &Node) -> bool {
        let Some(around) = self.open.last().and_then(|open| self.nodes.get(open.index as usize))
        else {
            return false;
        };
        let attributes = self.attributes.get(node.attributes.0 as usize..).unwrap_or_default();
        node.plain
            && node.namespace == around.namespace
            && node.prefix.len() == around.prefix.len()
            && self.bytes(node.prefix) == self.bytes(around.prefix)
            && attributes.iter().all(|attribute| attribute.namespace == 0)
    }
}
