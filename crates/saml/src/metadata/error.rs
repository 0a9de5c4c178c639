//! Why a document cannot be used as an IdP's metadata: what was found instead, and the cure.

use thiserror::Error;

use crate::Rejection;
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
    /// It is not UTF-8.
    #[error("the document is not UTF-8 from byte {0} on")]
    NotUtf8(usize),
    /// It is a web page.
    #[error(
        "this is a web page{0} and no metadata: check the address, and whether it needs a log-in"
    )]
    WebPage(String),
    /// It is an OpenID Connect document.
    #[error("this is an OpenID Connect document; give the address of the SAML metadata")]
    OpenId,
    /// It is JSON of another kind.
    #[error("this is JSON and no metadata; SAML metadata is XML")]
    Json,
    /// It is a certificate.
    #[error("this is a certificate and no metadata; give it with --certificate")]
    Certificate,
    /// It is no XML.
    #[error("this is no XML as metadata must be: {0}")]
    Xml(#[from] XmlError),
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
