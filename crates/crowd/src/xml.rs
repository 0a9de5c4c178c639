//! The little XML that the protocol needs: no namespaces, no document types, no mixed content.
//!
//! Does not keep comments, processing instructions or the text between child elements.

mod read;
mod write;

pub use read::Element;
pub use write::Writer;
