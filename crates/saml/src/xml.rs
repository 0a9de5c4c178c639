//! XML, as much of it as SAML needs: one strict parser, one immutable tree.
//!
//! No DTD, no processing instructions, no entities of one's own, no encodings but UTF-8, no
//! recovery. Nothing here knows SAML or signatures, but for the names of SAML's two namespaces,
//! which every module behind this one asks elements for. The one way to an element's text is
//! [`Element::text`], which reads all of it or fails.

mod chars;
mod parse;
mod text;
mod tree;

pub(crate) use chars::is_id;
pub(crate) use text::{escape_attribute, escape_text};
pub(crate) use tree::{Attribute, Document, Element, Node, NodeKind, Span};

pub(crate) use parse::{INSTRUCTION, Limits, UNDECLARED};

use thiserror::Error;

/// The namespace of assertions.
pub(crate) const SAML: &str = "urn:oasis:names:tc:SAML:2.0:assertion";
/// The namespace of protocol messages.
pub(crate) const SAMLP: &str = "urn:oasis:names:tc:SAML:2.0:protocol";

/// Why a text is not XML as it is accepted here.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("line {line}: {reason}")]
pub struct XmlError {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong there.
    pub reason: &'static str,
}
