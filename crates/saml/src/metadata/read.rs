//! Reading an IdP's metadata: EntityDescriptor, or an EntitiesDescriptor to choose from.
//!
//! Unknown extensions and other roles are passed over (implementation profile IIP-MD05). The
//! signature of metadata is not looked at here: it is trusted because an administrator loaded it.

use std::time::SystemTime;

use thiserror::Error;

use super::MD;
use crate::dsig::DS;
use crate::key::Certificate;
use crate::moment;
use crate::sp::{SAML, SAMLP};
use crate::xml::{Document, Element, Limits, XmlError};

/// An IdP as its metadata describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdpMetadata {
    /// Its entity ID.
    pub entity_id: String,
    /// Single sign-on endpoints.
    pub single_sign_on: Vec<Endpoint>,
    /// Single logout endpoints.
    pub single_logout: Vec<Endpoint>,
    /// Signing certificates in DER, without repetitions.
    pub signing_certificates: Vec<Vec<u8>>,
    /// It wants signed requests.
    pub want_authn_requests_signed: bool,
    /// Attributes it offers: Name and FriendlyName.
    pub attributes: Vec<(String, Option<String>)>,
    /// Until when the document may be used.
    pub valid_until: Option<SystemTime>,
}

/// Where a message goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// The URI of the binding.
    pub binding: String,
    /// The address.
    pub location: String,
    /// The address for answers, when it is another.
    pub response_location: Option<String>,
}

impl Endpoint {
    /// Whether it takes messages in the query of a redirect.
    pub fn is_redirect(&self) -> bool {
        self.binding == "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
    }
}

/// Why a document cannot be used as an IdP's metadata.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum MetadataError {
    /// It is larger than metadata is.
    #[error("the document is larger than {0} MiB")]
    TooLarge(usize),
    /// It is not UTF-8.
    #[error("the document is not UTF-8")]
    NotUtf8,
    /// It is a web page.
    #[error("this is a web page and no metadata: check the address, and whether it needs a log-in")]
    WebPage,
    /// It is an OpenID Connect document.
    #[error("this is an OpenID Connect document; give the SAML federation metadata's address")]
    OpenId,
    /// It is no XML.
    #[error("this is no XML: {0}")]
    Xml(#[from] XmlError),
    /// It is other XML.
    #[error(
        "the root element is {0:?}; metadata begins with EntityDescriptor or EntitiesDescriptor"
    )]
    NotMetadata(String),
    /// Several IdPs are in it.
    #[error(
        "the document describes {count} IdPs; say which by its entity ID, for example {example:?}"
    )]
    Ambiguous {
        /// How many.
        count: usize,
        /// One of them.
        example: String,
    },
    /// No IdP, or not the one asked for.
    #[error("the document describes no SAML 2.0 IdP{0}")]
    NoIdp(String),
    /// No endpoint to send people to.
    #[error(
        "the IdP {0:?} has no single sign-on endpoint with the HTTP-Redirect or HTTP-POST binding"
    )]
    NoEndpoint(String),
    /// No key that may sign.
    #[error("the IdP {0:?} has no signing certificate that can be used")]
    NoCertificate(String),
    /// validUntil has passed.
    #[error("the document was valid until {0} and may not be used any more")]
    Expired(String),
}

impl IdpMetadata {
    /// Reads a document; `entity_id` chooses among several IdPs.
    ///
    /// # Errors
    /// What was found instead, in words for the administrator.
    pub fn parse(bytes: &[u8], entity_id: Option<&str>) -> Result<Self, MetadataError> {
        let limit = Limits::METADATA.bytes;
        if bytes.len() > limit {
            return Err(MetadataError::TooLarge(limit >> 20));
        }
        let text = std::str::from_utf8(bytes).map_err(|_| MetadataError::NotUtf8)?;
        let start = text.trim_start_matches('\u{feff}').trim_start();
        let head: String = start.chars().take(200).collect::<String>().to_ascii_lowercase();
        if head.starts_with("<!doctype html") || head.contains("<html") {
            return Err(MetadataError::WebPage);
        }
        if start.starts_with('{') {
            return Err(MetadataError::OpenId);
        }
        let document = Document::parse(text.to_owned(), Limits::METADATA)?;
        let root = document.root();
        if !root.is(MD, "EntityDescriptor") && !root.is(MD, "EntitiesDescriptor") {
            return Err(MetadataError::NotMetadata(root.name().to_owned()));
        }
        let (entity, role) = choose(&document, entity_id)?;
        read(entity, role)
    }

    /// Refuses a document whose time is over.
    ///
    /// # Errors
    /// [`MetadataError::Expired`].
    pub fn check_time(&self, now: SystemTime) -> Result<(), MetadataError> {
        match self.valid_until {
            Some(until) if until <= now => Err(MetadataError::Expired(moment::format(until))),
            _ => Ok(()),
        }
    }
}

/// The entity that is meant, and its role as an IdP.
fn choose<'d>(
    document: &'d Document,
    entity_id: Option<&str>,
) -> Result<(Element<'d>, Element<'d>), MetadataError> {
    let entities = document.elements().filter(|element| element.is(MD, "EntityDescriptor"));
    let mut idps: Vec<_> =
        entities.filter_map(|entity| Some((entity, idp_role(entity)?))).collect();
    if let Some(wanted) = entity_id {
        idps.retain(|(entity, _)| entity.attribute("entityID").as_deref() == Some(wanted));
    }
    match idps.as_slice() {
        [only] => Ok(*only),
        [] => {
            let named = entity_id.map(|id| format!(" with the entity ID {id:?}"));
            Err(MetadataError::NoIdp(named.unwrap_or_default()))
        }
        [(first, _), ..] => Err(MetadataError::Ambiguous {
            count: idps.len(),
            example: first.attribute("entityID").unwrap_or_default().into_owned(),
        }),
    }
}

fn idp_role(entity: Element<'_>) -> Option<Element<'_>> {
    entity.children_named(MD, "IDPSSODescriptor").find(|role| {
        let protocols = role.attribute("protocolSupportEnumeration").unwrap_or_default();
        protocols.split_ascii_whitespace().any(|protocol| protocol == SAMLP)
    })
}

fn read(entity: Element<'_>, role: Element<'_>) -> Result<IdpMetadata, MetadataError> {
    let entity_id = entity.attribute("entityID").unwrap_or_default().trim().to_owned();
    let single_sign_on = endpoints(role, "SingleSignOnService");
    if single_sign_on.is_empty() {
        return Err(MetadataError::NoEndpoint(entity_id));
    }
    let signing_certificates = certificates(role);
    if signing_certificates.is_empty() {
        return Err(MetadataError::NoCertificate(entity_id));
    }
    let wants = role.attribute("WantAuthnRequestsSigned").unwrap_or_default();
    let attributes = role.children_named(SAML, "Attribute").filter_map(|attribute| {
        let friendly = attribute.attribute("FriendlyName").map(|name| name.into_owned());
        Some((attribute.attribute("Name")?.into_owned(), friendly))
    });
    // The earliest end counts: of the entity, of its role, and of what is around them.
    let around = std::iter::successors(Some(role), |element| element.parent());
    let ends = around.filter_map(|element| moment::parse(&element.attribute("validUntil")?));
    Ok(IdpMetadata {
        single_sign_on,
        single_logout: endpoints(role, "SingleLogoutService"),
        signing_certificates,
        want_authn_requests_signed: matches!(wants.as_ref(), "true" | "1"),
        attributes: attributes.collect(),
        valid_until: ends.min(),
        entity_id,
    })
}

/// Endpoints with a browser binding, those for redirects first.
fn endpoints(role: Element<'_>, name: &'static str) -> Vec<Endpoint> {
    let browser =
        |binding: &str| binding.ends_with(":HTTP-Redirect") || binding.ends_with(":HTTP-POST");
    let read = |element: Element<'_>| {
        Some(Endpoint {
            binding: element.attribute("Binding").filter(|binding| browser(binding))?.into_owned(),
            location: element.attribute("Location")?.trim().to_owned(),
            response_location: element.attribute("ResponseLocation").map(|url| url.into_owned()),
        })
    };
    let mut endpoints: Vec<_> = role.children_named(MD, name).filter_map(read).collect();
    endpoints.sort_by_key(|endpoint| !endpoint.is_redirect());
    endpoints
}

/// Certificates for signing; without `use` a key serves both purposes (saml-metadata §2.4.1.1).
/// Keys of a kind that cannot verify here are passed over.
fn certificates(role: Element<'_>) -> Vec<Vec<u8>> {
    let mut found: Vec<Vec<u8>> = Vec::new();
    for key in role.children_named(MD, "KeyDescriptor") {
        if key.attribute("use").is_some_and(|purpose| purpose != "signing") {
            continue;
        }
        let data = key
            .children_named(DS, "KeyInfo")
            .flat_map(|info| info.children_named(DS, "X509Data"))
            .flat_map(|data| data.children_named(DS, "X509Certificate"));
        for text in data.filter_map(|certificate| certificate.text().ok()) {
            let usable = Certificate::from_base64(&text).ok().filter(|c| c.key().is_ok());
            if let Some(certificate) = usable
                && !found.iter().any(|known| known == certificate.der())
            {
                found.push(certificate.der().to_vec());
            }
        }
    }
    found
}
