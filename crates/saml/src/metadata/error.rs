//! Why a document cannot be used as an IdP's metadata: what was found instead, and the cure.

use thiserror::Error;

use super::MD;
use super::instead::Instead;
use crate::Rejection;
use crate::given::NotText;
use crate::xml::XmlError;

/// See the module.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum MetadataError {
    /// It is larger than metadata is.
    #[error("the document is larger than {0} MiB")]
    TooLarge(usize),
    /// There is nothing.
    #[error("the document is empty")]
    Empty,
    /// It is no text.
    #[error(transparent)]
    NotText(#[from] NotText),
    /// It is something else.
    #[error("this is {0}")]
    Instead(#[from] Instead),
    /// It is no XML.
    #[error("this is no XML as metadata must be: {0}")]
    Xml(#[from] XmlError),
    /// A processing instruction, or an XML declaration that is not at the start.
    #[error("line {line}: {what} is not accepted in metadata; {cure}")]
    Instruction {
        /// The line, counted from 1.
        line: usize,
        /// What it is called.
        what: String,
        /// What to do.
        cure: &'static str,
    },
    /// Declarations of namespaces are missing.
    #[error(
        "{0}: the document has lost its namespaces (xmlns), as it does when parts of it are copied; \
         get the whole document anew"
    )]
    NoNamespace(String),
    /// The root is of another namespace.
    #[error("the root element {0:?} is of another namespace than SAML 2.0 metadata has ({MD})")]
    OtherNamespace(String),
    /// It is a message.
    #[error("this is a SAML message ({0}) and no metadata; the IdP gives its metadata elsewhere")]
    Message(String),
    /// It is other XML.
    #[error(
        "the root element is {0:?}; metadata begins with EntityDescriptor or EntitiesDescriptor"
    )]
    NotMetadata(String),
    /// Several IdPs are in it.
    #[error(
        "the document describes {count} IdPs; say which by its entity ID, for example: {examples}"
    )]
    Ambiguous {
        /// How many.
        count: usize,
        /// Some of them.
        examples: String,
    },
    /// The IdP stands in it more than once.
    #[error("the document describes the IdP {0:?} more than once")]
    Repeated(String),
    /// No IdP, or not the one asked for.
    #[error("the document describes no SAML 2.0 IdP{0}")]
    NoIdp(String),
    /// No endpoint to send people to.
    #[error(
        "the IdP {0:?} has no single sign-on endpoint with the HTTP-Redirect or HTTP-POST binding"
    )]
    NoEndpoint(String),
    /// No key that may sign.
    #[error(
        "the IdP {entity_id:?} names no key for signing that can be used{found}; without one \
         nothing can be verified"
    )]
    NoKey {
        /// The IdP.
        entity_id: String,
        /// What stands there instead.
        found: String,
    },
    /// validUntil cannot be read.
    #[error("{name} is {value:?}, which is no such value (saml-metadata §2.2)")]
    BadTime {
        /// `validUntil` or `cacheDuration`.
        name: &'static str,
        /// What stands there.
        value: String,
    },
    /// validUntil has passed.
    #[error("the document was valid until {0} and may not be used any more; get a fresh one")]
    Expired(String),
    /// There is no signature, but the administrator asks for one.
    #[error("the document is not signed, but it must be: a key is pinned for its signature")]
    Unsigned,
    /// The signature that the administrator asks for is not there or not right.
    #[error("the document must be signed by the pinned key: {0}")]
    Signature(Rejection),
}
