//! What a document says, as other parsers read it: the judges of the product's own parser.
//!
//! An outline has one line for each thing: `<{namespace}name`, `@{namespace}name=value` (sorted),
//! `#text` (neighbours joined, CDATA among them), `!comment`, and `>` at an element's end. Comments
//! outside the root element are left out.

use anyhow::{Context as _, Result, bail, ensure};
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::ResolveResult;
use quick_xml::reader::NsReader;
use roxmltree::{Document, Node, NodeType};

/// The outline by roxmltree. A line end before a reference stays a carriage return there, so its
/// outlines are compared [without line ends](without_line_ends).
///
/// # Errors
/// When it refuses the text.
pub fn outline_by_roxmltree(text: &str) -> Result<Vec<String>> {
    let document = Document::parse(text)?;
    let mut outline = Outline::default();
    outline.node(document.root_element());
    Ok(outline.lines)
}

/// The outline by quick-xml.
///
/// # Errors
/// When it refuses the text.
pub fn outline_by_quick_xml(text: &str) -> Result<Vec<String>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = NsReader::from_str(text);
    reader.config_mut().check_comments = true;
    let mut outline = Outline::default();
    let mut depth = 0usize;
    loop {
        match reader.read_event()? {
            Event::Start(tag) => {
                outline.tag(&reader, &tag)?;
                depth += 1;
            }
            Event::Empty(tag) => {
                outline.tag(&reader, &tag)?;
                outline.lines.push(">".to_owned());
            }
            Event::End(_) => {
                depth = depth.checked_sub(1).context("an end without a start")?;
                outline.lines.push(">".to_owned());
            }
            Event::Text(text) => outline.text(&text.xml10_content(), depth)?,
            Event::CData(text) => {
                ensure!(depth > 0, "CDATA outside the root element");
                outline.text(&text.xml10_content(), depth)?;
            }
            Event::GeneralRef(reference) => {
                let character = match reference.resolve_char_ref()? {
                    Some(character) => character.to_string(),
                    None => predefined(&reference)?.to_owned(),
                };
                outline.text(&character, depth)?;
            }
            Event::Comment(text) if depth > 0 => outline.comment(&text.xml10_content()),
            Event::Comment(_) | Event::Decl(_) => {}
            Event::PI(_) | Event::DocType(_) => bail!("neither is accepted"),
            Event::Eof => return Ok(outline.lines),
        }
    }
}

/// An outline without any line ends.
pub fn without_line_ends(outline: &[String]) -> Vec<String> {
    outline.iter().map(|line| line.replace(['\r', '\n'], "")).filter(|line| line != "#").collect()
}

#[derive(Default)]
struct Outline {
    lines: Vec<String>,
}

impl Outline {
    fn node(&mut self, node: Node<'_, '_>) {
        match node.node_type() {
            NodeType::Element => {
                let name = node.tag_name();
                let attributes = node.attributes().map(|attribute| {
                    let namespace = attribute.namespace().unwrap_or_default();
                    format!("@{{{namespace}}}{}={}", attribute.name(), attribute.value())
                });
                let namespace = name.namespace().unwrap_or_default();
                self.start(format!("<{{{namespace}}}{}", name.name()), attributes.collect());
                for child in node.children() {
                    self.node(child);
                }
                self.lines.push(">".to_owned());
            }
            NodeType::Text => self.join(node.text().unwrap_or_default()),
            NodeType::Comment => self.comment(node.text().unwrap_or_default()),
            NodeType::Root | NodeType::PI => {}
        }
    }

    fn tag(&mut self, reader: &NsReader<&[u8]>, tag: &BytesStart<'_>) -> Result<()> {
        let resolver = reader.resolver();
        let mut attributes = Vec::new();
        for attribute in tag.attributes() {
            let attribute = attribute?;
            if attribute.key.as_namespace_binding().is_some() {
                continue;
            }
            let value = attribute.normalized_value(XmlVersion::Explicit1_0)?;
            let (namespace, name) = resolver.resolve_attribute(attribute.key);
            let namespace = named(namespace)?;
            attributes.push(format!("@{{{namespace}}}{}={value}", name.as_ref()));
        }
        let (namespace, name) = resolver.resolve_element(tag.name());
        let namespace = named(namespace)?;
        self.start(format!("<{{{namespace}}}{}", name.as_ref()), attributes);
        Ok(())
    }

    fn start(&mut self, tag: String, mut attributes: Vec<String>) {
        self.lines.push(tag);
        attributes.sort();
        self.lines.append(&mut attributes);
    }

    fn text(&mut self, text: &str, depth: usize) -> Result<()> {
        if depth == 0 {
            ensure!(text.trim_ascii().is_empty(), "text outside the root element");
            return Ok(());
        }
        self.join(text);
        Ok(())
    }

    fn join(&mut self, text: &str) {
        match self.lines.last_mut() {
            Some(line) if line.starts_with('#') => line.push_str(text),
            _ if text.is_empty() => {}
            _ => self.lines.push(format!("#{text}")),
        }
    }

    fn comment(&mut self, text: &str) {
        // Line ends in comments are normalised by some and not by others.
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        self.lines.push(format!("!{text}"));
    }
}

/// A namespace name, its references replaced.
fn named(namespace: ResolveResult<'_>) -> Result<String> {
    Ok(match namespace {
        ResolveResult::Bound(namespace) => {
            let blanks = namespace.as_ref().replace(['\t', '\n', '\r'], " ");
            quick_xml::escape::unescape(&blanks)?.into_owned()
        }
        ResolveResult::Unbound => String::new(),
        ResolveResult::Unknown(prefix) => bail!("the prefix {prefix} is not declared"),
    })
}

fn predefined(name: &str) -> Result<&'static str> {
    Ok(match name {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        other => bail!("the entity {other} is not declared"),
    })
}
