//! What fuzzing and differential tests look at, and nothing else ever does: this module is not
//! there in a build for use.

use crate::c14n::{Method, canonicalize};
use crate::xml::{Document, Limits, Node, NodeKind};

/// As for messages, except that one tag may declare all that is in scope, as a canonical form does.
const LIMITS: Limits = Limits { declarations: Limits::MESSAGE.in_scope, ..Limits::MESSAGE };

/// What a message says, one line for each thing, as `testkit` describes outlines; `None` when the
/// parser refuses it.
pub fn outline(text: &str) -> Option<Vec<String>> {
    let document = Document::parse(text.to_owned(), LIMITS).ok()?;
    let mut lines: Vec<String> = Vec::new();
    let mut ends = Vec::new();
    for index in 0.. {
        while ends.pop_if(|end| *end == index).is_some() {
            lines.push(">".to_owned());
        }
        let Some(node) = document.node(index) else { break };
        match node.kind {
            NodeKind::Element => {
                tag(&document, node, &mut lines);
                ends.push(node.end);
            }
            NodeKind::Comment => lines.push(format!("!{}", document.content(node))),
            NodeKind::Text | NodeKind::Cdata => match lines.last_mut() {
                Some(line) if line.starts_with('#') => line.push_str(&document.content(node)),
                _ if document.content(node).is_empty() => {}
                _ => lines.push(format!("#{}", document.content(node))),
            },
        }
    }
    Some(lines)
}

fn tag(document: &Document, node: &Node, lines: &mut Vec<String>) {
    lines.push(format!("<{{{}}}{}", document.namespace(node.namespace), document.str(node.name)));
    let attributes = document.attributes_of(node).iter().map(|attribute| {
        let namespace = document.namespace(attribute.namespace);
        format!("@{{{namespace}}}{}={}", document.str(attribute.name), document.value(attribute))
    });
    let mut attributes: Vec<_> = attributes.collect();
    attributes.sort();
    lines.append(&mut attributes);
}

/// The exclusive canonical form of a whole message; `None` when the parser refuses it, or when the
/// form is much longer than the message. The default namespace in `prefixes` is the empty string.
pub fn canonical(text: &str, comments: bool, prefixes: &[&str]) -> Option<Vec<u8>> {
    let document = Document::parse(text.to_owned(), LIMITS).ok()?;
    let inclusive_prefixes = prefixes.iter().map(|prefix| (*prefix).to_owned()).collect();
    let mut bytes = Vec::new();
    let method = Method { comments, inclusive_prefixes };
    let mut keep = |part: &[u8]| bytes.extend_from_slice(part);
    canonicalize(document.root(), None, &method, &mut keep).ok()?;
    Some(bytes)
}

#[cfg(test)]
mod tests;
