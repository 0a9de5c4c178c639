//! Why a request body could not be read. Does not quote values: a body may hold a password.

/// A request body that is not what the resource asks for. Shown to the client as the message of an
/// `ILLEGAL_ARGUMENT`, so no variant carries text that came from a value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BodyError {
    /// The bytes are no UTF-8.
    #[error("the body is not UTF-8")]
    NotUtf8,
    /// Not well-formed XML; the number is the byte offset where reading stopped.
    #[error("the body is not well-formed XML (near byte {0})")]
    Xml(u64),
    /// A document type declaration, which is never read.
    #[error("the body has a document type declaration, which is refused")]
    DocumentType,
    /// Elements nested more deeply than any body of the protocol.
    #[error("the body is nested too deeply")]
    TooDeep,
    /// Not JSON, or JSON of another shape.
    #[error("the body is not the JSON expected (line {line}, column {column})")]
    Json {
        /// Counted from 1.
        line: usize,
        /// Counted from 1.
        column: usize,
    },
    /// Another root element, or another kind of JSON value, than the resource takes.
    #[error("the body is not a {0}")]
    Unexpected(&'static str),
    /// A member or element that must be there.
    #[error("the body has no {0}")]
    Missing(&'static str),
    /// A member or element whose value is not one of those known.
    #[error("the body's {0} is not one that is known")]
    Unknown(&'static str),
}

impl From<serde_json::Error> for BodyError {
    /// Keeps the place only: the text of such an error may quote the value it stumbled on.
    fn from(error: serde_json::Error) -> Self {
        Self::Json { line: error.line(), column: error.column() }
    }
}
