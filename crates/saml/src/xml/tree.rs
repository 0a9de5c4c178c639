//! The tree: nodes in document order, every name and value a span of the one text.

use std::borrow::Cow;

use super::text;

/// A part of the document's text, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) start: u32,
    pub(crate) end: u32,
}

impl Span {
    pub(crate) fn len(self) -> usize {
        (self.end - self.start) as usize
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NodeKind {
    Element,
    /// Character data; references stand in it as written.
    Text,
    Cdata,
    Comment,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Node {
    pub(crate) kind: NodeKind,
    /// The prefix of an element; empty without one.
    pub(crate) prefix: Span,
    /// The local name of an element, or the content of any other node.
    pub(crate) name: Span,
    /// The element's namespace: an index into the document's table; 0 is "none".
    pub(crate) namespace: u32,
    /// The first attribute and how many; namespace declarations likewise.
    pub(super) attributes: (u32, u32),
    pub(super) declarations: (u32, u32),
    /// The index behind the last node of this subtree.
    pub(crate) end: u32,
    pub(super) parent: u32,
    /// The start tag, or the whole of any other node.
    pub(crate) tag: Span,
    /// Where the end tag of an element stands in the text.
    pub(crate) end_tag: Span,
    /// Of text: it is canonical as it stands. Of an element: both its tags are, when it needs to
    /// declare nothing.
    pub(crate) plain: bool,
    /// Of an element: it and all in it are canonical as they stand, wherever the namespaces of the
    /// element around it are declared already.
    pub(crate) calm: bool,
}

impl Node {
    /// The index of the element around it; the root is its own.
    pub(crate) fn parent(&self) -> u32 {
        self.parent
    }

    /// The whole of it, from its start tag to its end tag.
    pub(crate) fn source(&self) -> Span {
        Span { start: self.tag.start, end: self.end_tag.end }
    }
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Attribute {
    pub(crate) prefix: Span,
    pub(crate) name: Span,
    pub(crate) value: Span,
    pub(crate) namespace: u32,
    /// The value is in double quotes and canonical as it stands.
    pub(crate) plain: bool,
}

/// `xmlns:prefix="..."`; an empty prefix is the default namespace.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Declaration {
    pub(crate) prefix: Span,
    pub(crate) namespace: u32,
}

/// A parsed document. Immutable.
#[derive(Debug)]
pub(crate) struct Document<'t> {
    pub(super) text: Cow<'t, str>,
    pub(super) nodes: Vec<Node>,
    pub(super) attributes: Vec<Attribute>,
    pub(super) declarations: Vec<Declaration>,
    /// Namespace names by index; the first is the empty name.
    pub(super) namespaces: Vec<String>,
}

impl Document<'_> {
    /// The root element.
    pub(crate) fn root(&self) -> Element<'_> {
        let index = self.nodes.iter().position(|node| node.kind == NodeKind::Element);
        Element { document: self, index: index.unwrap_or(0) as u32 }
    }

    pub(crate) fn str(&self, span: Span) -> &str {
        self.text.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    pub(crate) fn node(&self, index: u32) -> Option<&Node> {
        self.nodes.get(index as usize)
    }

    pub(crate) fn namespace(&self, index: u32) -> &str {
        self.namespaces.get(index as usize).map_or("", String::as_str)
    }

    /// The place of each namespace among all of the document, by name. Names may be long: whoever
    /// puts much in order compares places.
    pub(crate) fn namespace_places(&self) -> Vec<u32> {
        let mut order: Vec<usize> = (0..self.namespaces.len()).collect();
        order.sort_unstable_by_key(|index| self.namespaces.get(*index));
        let mut places = vec![0; order.len()];
        for (place, index) in order.into_iter().enumerate() {
            if let Some(own) = places.get_mut(index) {
                *own = place as u32;
            }
        }
        places
    }

    pub(crate) fn attributes_of(&self, node: &Node) -> &[Attribute] {
        part(&self.attributes, node.attributes)
    }

    pub(crate) fn declarations_of(&self, node: &Node) -> &[Declaration] {
        part(&self.declarations, node.declarations)
    }

    /// The meaning of a text node.
    pub(crate) fn content(&self, node: &Node) -> Cow<'_, str> {
        match node.kind {
            NodeKind::Text if node.plain => Cow::Borrowed(self.str(node.name)),
            NodeKind::Text => text::character_data(self.str(node.name)),
            NodeKind::Cdata => text::cdata(self.str(node.name)),
            NodeKind::Comment => text::cdata(self.str(node.name)),
            NodeKind::Element => Cow::Borrowed(""),
        }
    }

    pub(crate) fn value(&self, attribute: &Attribute) -> Cow<'_, str> {
        match attribute.plain {
            true => Cow::Borrowed(self.str(attribute.value)),
            false => text::attribute_value(self.str(attribute.value)),
        }
    }

    /// The values of all attributes of this name without a namespace, in the document's order.
    pub(crate) fn values_of(&self, name: &'static str) -> impl Iterator<Item = Cow<'_, str>> {
        let named = self.attributes.iter().filter(|a| a.namespace == 0 && self.reads(a.name, name));
        named.map(|attribute| self.value(attribute))
    }

    /// All elements of the document, in its order.
    pub(crate) fn elements(&self) -> impl Iterator<Item = Element<'_>> {
        let elements = self.nodes.iter().enumerate();
        elements
            .filter(|(_, node)| node.kind == NodeKind::Element)
            .map(|(index, _)| Element { document: self, index: index as u32 })
    }

    /// All elements of this name, in the document's order.
    pub(crate) fn elements_named(
        &self,
        namespace: &'static str,
        name: &'static str,
    ) -> impl Iterator<Item = Element<'_>> {
        let nodes = self.nodes.iter().enumerate();
        let named = nodes.filter(move |(_, node)| {
            node.kind == NodeKind::Element
                && self.reads(node.name, name)
                && self.namespace(node.namespace) == namespace
        });
        named.map(|(index, _)| Element { document: self, index: index as u32 })
    }

    /// Whether `text` stands there. The lengths decide most cases.
    fn reads(&self, span: Span, text: &str) -> bool {
        span.len() == text.len()
            && self.text.as_bytes().get(span.start as usize..span.end as usize)
                == Some(text.as_bytes())
    }
}

fn part<T>(all: &[T], (first, count): (u32, u32)) -> &[T] {
    all.get(first as usize..(first + count) as usize).unwrap_or_default()
}

/// A cursor on one element. It leads to children and attributes only.
#[derive(Clone, Copy)]
pub(crate) struct Element<'d> {
    document: &'d Document<'d>,
    index: u32,
}

impl PartialEq for Element<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.document, other.document) && self.index == other.index
    }
}

impl<'d> Element<'d> {
    pub(crate) fn document(self) -> &'d Document<'d> {
        self.document
    }

    pub(crate) fn index(self) -> u32 {
        self.index
    }

    pub(crate) fn node(self) -> Option<&'d Node> {
        self.document.node(self.index)
    }

    /// Whether it has this namespace and local name.
    pub(crate) fn is(self, namespace: &str, name: &str) -> bool {
        self.node().is_some_and(|node| {
            self.document.reads(node.name, name)
                && self.document.namespace(node.namespace) == namespace
        })
    }

    pub(crate) fn name(self) -> &'d str {
        self.node().map_or("", |node| self.document.str(node.name))
    }

    /// The value of the attribute of this name without a namespace.
    pub(crate) fn attribute(self, name: &str) -> Option<Cow<'d, str>> {
        let attributes = self.document.attributes_of(self.node()?);
        let found =
            attributes.iter().find(|a| a.namespace == 0 && self.document.reads(a.name, name))?;
        Some(self.document.value(found))
    }

    /// The value of the attribute of this name in `namespace`.
    pub(crate) fn attribute_in(self, namespace: &str, name: &str) -> Option<Cow<'d, str>> {
        let document = self.document;
        let fits = |a: &&Attribute| {
            a.namespace != 0
                && document.str(a.name) == name
                && document.namespace(a.namespace) == namespace
        };
        let found = document.attributes_of(self.node()?).iter().find(fits)?;
        Some(document.value(found))
    }

    /// Its child elements, in order.
    pub(crate) fn children(self) -> impl Iterator<Item = Element<'d>> {
        self.child_nodes()
            .filter(|(_, node)| node.kind == NodeKind::Element)
            .map(move |(index, _)| Element { document: self.document, index })
    }

    /// Its child elements of this name, in order.
    pub(crate) fn children_named(
        self,
        namespace: &'static str,
        name: &'static str,
    ) -> impl Iterator<Item = Element<'d>> {
        self.children().filter(move |child| child.is(namespace, name))
    }

    /// Its only child of this name; `None` when there is none, `Some(Err)` when there are several.
    pub(crate) fn only(
        self,
        namespace: &'static str,
        name: &'static str,
    ) -> Result<Option<Element<'d>>, Several> {
        let mut children = self.children_named(namespace, name);
        let first = children.next();
        if children.next().is_some() { Err(Several) } else { Ok(first) }
    }

    /// All of its text, whole around comments; an error when it holds elements.
    pub(crate) fn text(self) -> Result<Cow<'d, str>, HoldsElements> {
        let mut text = Cow::Borrowed("");
        for (_, node) in self.child_nodes() {
            match node.kind {
                NodeKind::Element => return Err(HoldsElements),
                NodeKind::Comment => {}
                NodeKind::Text | NodeKind::Cdata if text.is_empty() => {
                    text = self.document.content(node);
                }
                NodeKind::Text | NodeKind::Cdata => {
                    text.to_mut().push_str(&self.document.content(node));
                }
            }
        }
        Ok(text)
    }

    /// Whether nothing but elements and white space is in it; comments count as something.
    pub(crate) fn holds_only_elements(self) -> bool {
        self.child_nodes().all(|(_, node)| match node.kind {
            NodeKind::Element => true,
            NodeKind::Text => text::is_blank(self.document.str(node.name)),
            NodeKind::Cdata | NodeKind::Comment => false,
        })
    }

    /// Whether nothing but text is in it, not even a comment.
    pub(crate) fn holds_only_text(self) -> bool {
        self.child_nodes().all(|(_, node)| node.kind == NodeKind::Text)
    }

    /// Where the element ends in the text, behind its end tag.
    pub(crate) fn end_in_source(self) -> Option<usize> {
        Some(self.node()?.end_tag.end as usize)
    }

    /// The element as it stands in the text.
    pub(crate) fn source(self) -> &'d str {
        self.node().map_or("", |node| self.document.str(node.source()))
    }

    pub(crate) fn parent(self) -> Option<Element<'d>> {
        let node = self.node()?;
        (node.parent != self.index)
            .then_some(Element { document: self.document, index: node.parent })
    }

    fn child_nodes(self) -> impl Iterator<Item = (u32, &'d Node)> {
        let (document, end) = (self.document, self.node().map_or(0, |node| node.end));
        let mut next = self.index + 1;
        std::iter::from_fn(move || {
            let index = next;
            let node = document.node(index).filter(|_| index < end)?;
            next = node.end;
            Some((index, node))
        })
    }
}

/// There is more than one where one may be.
#[derive(Debug)]
pub(crate) struct Several;

/// An element holds elements where only text may be.
#[derive(Debug)]
pub(crate) struct HoldsElements;
