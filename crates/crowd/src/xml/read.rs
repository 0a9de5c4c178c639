//! Reading a small document into a tree. Does not read document types, and stops at
//! [`MAX_DEPTH`] levels; the size is limited by the caller.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesStart, Event};

use crate::BodyError;

/// Elements may be nested this deeply. A search restriction is the only recursive body.
const MAX_DEPTH: usize = 64;

/// One element: its local name, attributes, text (of all its text and CDATA together) and children.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Element {
    /// The name without a prefix.
    pub name: String,
    /// Attributes as they stand, entities resolved.
    pub attributes: Vec<(String, String)>,
    /// The character data directly inside.
    pub text: String,
    /// The child elements in their order.
    pub children: Vec<Self>,
}

impl Element {
    /// Reads a whole document.
    ///
    /// # Errors
    /// [`BodyError`] when it is no well-formed XML in UTF-8, has a document type or is too deep.
    pub fn parse(body: &[u8]) -> Result<Self, BodyError> {
        let text = std::str::from_utf8(body).map_err(|_| BodyError::NotUtf8)?;
        let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}'));
        let mut open: Vec<Self> = Vec::new();
        let mut root = None;
        loop {
            let event = reader.read_event().map_err(|_| BodyError::Xml(reader.error_position()))?;
            let malformed = || BodyError::Xml(reader.buffer_position());
            match event {
                Event::Start(start) => {
                    if root.is_some() {
                        return Err(malformed());
                    }
                    if open.len() >= MAX_DEPTH {
                        return Err(BodyError::TooDeep);
                    }
                    open.push(element(&start).ok_or_else(malformed)?);
                }
                Event::Empty(start) => {
                    let child = element(&start).ok_or_else(malformed)?;
                    close(child, &mut open, &mut root).ok_or_else(malformed)?;
                }
                Event::End(_) => {
                    let child = open.pop().ok_or_else(malformed)?;
                    close(child, &mut open, &mut root).ok_or_else(malformed)?;
                }
                Event::Text(text) => {
                    append(&text.xml10_content(), &mut open).ok_or_else(malformed)?
                }
                Event::CData(text) => {
                    append(&text.xml10_content(), &mut open).ok_or_else(malformed)?
                }
                Event::GeneralRef(reference) => {
                    let text: Cow<'_, str> = match reference.resolve_char_ref() {
                        Ok(Some(character)) => character.to_string().into(),
                        Ok(None) => resolve_xml_entity(&reference).ok_or_else(malformed)?.into(),
                        Err(_) => return Err(malformed()),
                    };
                    append(&text, &mut open).ok_or_else(malformed)?;
                }
                Event::DocType(_) => return Err(BodyError::DocumentType),
                Event::Comment(_) | Event::PI(_) | Event::Decl(_) => {}
                Event::Eof if open.is_empty() => return root.ok_or_else(malformed),
                Event::Eof => return Err(malformed()),
            }
        }
    }

    /// The value of an attribute.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The first child of that name.
    pub fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The text of the first child of that name.
    pub fn child_text(&self, name: &str) -> Option<&str> {
        self.child(name).map(|child| child.text.as_str())
    }
}

fn element(start: &BytesStart<'_>) -> Option<Element> {
    let mut element =
        Element { name: start.local_name().as_ref().to_owned(), ..Element::default() };
    for attribute in start.attributes() {
        let attribute = attribute.ok()?;
        let value = attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0).ok()?;
        element.attributes.push((attribute.key.as_ref().to_owned(), value.into_owned()));
    }
    Some(element)
}

/// Gives a finished element to its parent, or makes it the root; `None` when there is one already.
fn close(child: Element, open: &mut [Element], root: &mut Option<Element>) -> Option<()> {
    match open.last_mut() {
        Some(parent) => parent.children.push(child),
        None if root.is_none() => *root = Some(child),
        None => return None,
    }
    Some(())
}

/// Adds character data to the element that is open; outside of the root only blanks may stand.
fn append(text: &str, open: &mut [Element]) -> Option<()> {
    match open.last_mut() {
        Some(element) => element.text.push_str(text),
        None if text.trim().is_empty() => {}
        None => return None,
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_text_cdata_entities_and_attributes() {
        let body = "\u{feff}<?xml version='1.0' encoding='UTF-8'?>\n<!-- c --><p a='1 &amp; 2'>\
                    <v>a&lt;<![CDATA[<b>]]>&#x41;</v><v/></p>\n";
        let root = Element::parse(body.as_bytes()).unwrap();
        assert_eq!(root.name, "p");
        assert_eq!(root.attribute("a"), Some("1 & 2"));
        assert_eq!(root.child_text("v"), Some("a<<b>A"));
        assert_eq!(root.children.len(), 2);
    }

    #[test]
    fn refuses_a_document_type() {
        let body = b"<!DOCTYPE p [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><p>&e;</p>";
        assert_eq!(Element::parse(body), Err(BodyError::DocumentType));
    }

    #[test]
    fn refuses_what_is_not_well_formed() {
        for body in
            ["", "text", "<a>", "<a></b>", "<a/><b/>", "<a/>text", "<a>&nbsp;</a>", "<a b=1/>"]
        {
            assert!(matches!(Element::parse(body.as_bytes()), Err(BodyError::Xml(_))), "{body}");
        }
        assert_eq!(Element::parse(b"<a>\xff</a>"), Err(BodyError::NotUtf8));
    }

    #[test]
    fn refuses_what_is_nested_too_deeply() {
        let body = "<a>".repeat(MAX_DEPTH + 1);
        assert_eq!(Element::parse(body.as_bytes()), Err(BodyError::TooDeep));
    }
}
