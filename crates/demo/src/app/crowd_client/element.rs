//! A small XML tree. It knows no namespaces, as the Crowd wire has none, and refuses a DTD.

use quick_xml::XmlVersion;
use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

/// An element with its text (of itself, not of its children).
#[derive(Debug, Default)]
pub(super) struct Element {
    pub(super) name: String,
    pub(super) attributes: Vec<(String, String)>,
    pub(super) children: Vec<Element>,
    pub(super) text: String,
}

impl Element {
    /// The root element of a document.
    pub(super) fn parse(document: &str) -> Result<Element, String> {
        let mut reader = Reader::from_str(document);
        let mut open: Vec<Element> = vec![Element::default()];
        loop {
            let event = reader.read_event().map_err(|error| error.to_string())?;
            match event {
                Event::Start(tag) => open.push(start(&tag)?),
                Event::Empty(tag) => {
                    let element = start(&tag)?;
                    last(&mut open)?.children.push(element);
                }
                Event::End(_) => {
                    let element = open.pop().ok_or("an end without a start")?;
                    last(&mut open)?.children.push(element);
                }
                Event::Text(text) => {
                    last(&mut open)?.text.push_str(&text.xml_content(XmlVersion::Implicit1_0));
                }
                Event::CData(text) => {
                    last(&mut open)?.text.push_str(&text.xml_content(XmlVersion::Implicit1_0));
                }
                Event::GeneralRef(reference) => {
                    let reference = format!("&{};", &*reference);
                    let text = unescape(&reference).map_err(|error| error.to_string())?;
                    last(&mut open)?.text.push_str(&text);
                }
                Event::DocType(_) => return Err("a document type is not welcome".to_owned()),
                Event::Eof => break,
                Event::Decl(_) | Event::PI(_) | Event::Comment(_) => {}
            }
        }
        let document = open.pop().filter(|_| open.is_empty()).ok_or("the document breaks off")?;
        document.children.into_iter().next().ok_or_else(|| "there is no element".to_owned())
    }

    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The children of this name.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The text of a child, `None` when there is no such child.
    pub(super) fn text_of(&self, name: &str) -> Option<&str> {
        self.child(name).map(|child| child.text.as_str())
    }
}

fn start(tag: &BytesStart<'_>) -> Result<Element, String> {
    let mut element = Element { name: tag.name().as_ref().to_owned(), ..Element::default() };
    for attribute in tag.attributes() {
        let attribute = attribute.map_err(|error| error.to_string())?;
        let value = attribute
            .normalized_value(XmlVersion::Implicit1_0)
            .map_err(|error| error.to_string())?;
        element.attributes.push((attribute.key.as_ref().to_owned(), value.into_owned()));
    }
    Ok(element)
}

fn last(open: &mut [Element]) -> Result<&mut Element, String> {
    open.last_mut().ok_or_else(|| "content outside the document".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_text_references_and_cdata() {
        let root = Element::parse(r#"<a b="x &amp; y"><c>1 &lt; <![CDATA[<2>]]>&#33;</c></a>"#);
        let root = root.unwrap();
        assert_eq!(root.attribute("b"), Some("x & y"));
        assert_eq!(root.text_of("c"), Some("1 < <2>!"));
    }

    #[test]
    fn refuses_a_document_type_and_a_broken_document() {
        assert!(Element::parse("<!DOCTYPE a [<!ENTITY x 'y'>]><a/>").unwrap_err().contains("type"));
        assert!(Element::parse("<a><b></b>").is_err());
        assert!(Element::parse("").is_err());
    }
}
