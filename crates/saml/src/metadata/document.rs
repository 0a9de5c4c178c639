//! A metadata document: parsed once, then asked which IdPs it describes and who signed it.

use super::describe::{IdpSummary, idp_role, roles};
use super::entity::IdpMetadata;
use super::{MD, MetadataError};
use crate::Rejection;
use crate::dsig;
use crate::key::TrustedKey;
use crate::xml::{Document, Element, Limits};

/// An EntityDescriptor, or an EntitiesDescriptor to choose from.
pub struct MetadataDocument {
    document: Document<'static>,
}

impl MetadataDocument {
    /// Reads a document of at most 64 MiB.
    ///
    /// # Errors
    /// What was found instead, in words for the administrator.
    pub fn parse(bytes: &[u8]) -> Result<Self, MetadataError> {
        let limit = Limits::METADATA.bytes;
        if bytes.len() > limit {
            return Err(MetadataError::TooLarge(limit >> 20));
        }
        let text = std::str::from_utf8(bytes)
            .map_err(|error| MetadataError::NotUtf8(error.valid_up_to()))?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        if let Some(instead) = something_else(text) {
            return Err(instead);
        }
        let document = Document::parse(text.to_owned(), Limits::METADATA)?;
        let root = document.root();
        if !root.is(MD, "EntityDescriptor") && !root.is(MD, "EntitiesDescriptor") {
            return Err(MetadataError::NotMetadata(root.name().to_owned()));
        }
        Ok(MetadataDocument { document })
    }

    /// Refuses a document whose root is not signed by one of `keys` (saml-metadata §3.1). Keys in
    /// the document play no part.
    ///
    /// # Errors
    /// [`MetadataError::Unsigned`], [`MetadataError::Signature`].
    pub fn check_signature(&self, keys: &[TrustedKey]) -> Result<(), MetadataError> {
        dsig::verify_metadata(self.document.root(), keys).map_err(|rejection| match rejection {
            Rejection::Unsigned => MetadataError::Unsigned,
            other => MetadataError::Signature(other),
        })
    }

    /// The SAML 2.0 IdPs that it describes, in the order of the document.
    pub fn idps(&self) -> Vec<IdpSummary> {
        self.described().map(|(entity, role)| IdpSummary::of(entity, role)).collect()
    }

    /// The IdP of this entity ID, or the only one.
    ///
    /// # Errors
    /// When it is not there, or there are several, or it cannot be used.
    pub fn idp(&self, entity_id: Option<&str>) -> Result<IdpMetadata, MetadataError> {
        let mut idps: Vec<_> = self.described().collect();
        if let Some(wanted) = entity_id {
            idps.retain(|(entity, _)| entity.attribute("entityID").as_deref() == Some(wanted));
        }
        match (idps.as_slice(), entity_id) {
            ([(entity, role)], _) => IdpMetadata::read(*entity, *role),
            ([], _) => Err(MetadataError::NoIdp(self.found_instead(entity_id))),
            ([_, ..], Some(wanted)) => Err(MetadataError::Repeated(wanted.to_owned())),
            (several, None) => {
                let ids = several.iter().filter_map(|(entity, _)| entity.attribute("entityID"));
                let examples: Vec<_> = ids.take(5).map(|id| id.into_owned()).collect();
                let (count, examples) = (several.len(), examples.join(", "));
                Err(MetadataError::Ambiguous { count, examples })
            }
        }
    }

    /// Entities with the role of a SAML 2.0 IdP.
    fn described(&self) -> impl Iterator<Item = (Element<'_>, Element<'_>)> {
        self.entities().filter_map(|entity| Some((entity, idp_role(entity)?)))
    }

    /// The root, or what stands in its groups, in their order (saml-metadata §2.3.1). One that somebody
    /// put into an extension is part of that, and describes nobody.
    fn entities(&self) -> impl Iterator<Item = Element<'_>> {
        let mut waiting = vec![self.document.root()];
        std::iter::from_fn(move || {
            loop {
                let element = waiting.pop()?;
                if element.is(MD, "EntityDescriptor") {
                    return Some(element);
                }
                if element.is(MD, "EntitiesDescriptor") {
                    let first = waiting.len();
                    waiting.extend(element.children());
                    waiting.get_mut(first..).unwrap_or_default().reverse();
                }
            }
        })
    }

    /// What stands there instead of the IdP asked for.
    fn found_instead(&self, entity_id: Option<&str>) -> String {
        let mut names: Vec<_> = self.idps().into_iter().map(|idp| idp.entity_id).collect();
        let named = entity_id.map(|id| format!(" with the entity ID {id:?}")).unwrap_or_default();
        if !names.is_empty() {
            names.truncate(5);
            return format!("{named}; it describes: {}", names.join(", "));
        }
        let mut roles: Vec<_> = self.entities().take(20).flat_map(roles).collect();
        roles.sort_unstable();
        roles.dedup();
        match roles.as_slice() {
            [] => named,
            roles => format!("{named}, only: {}", roles.join(", ")),
        }
    }
}

/// What a text that should be metadata is instead, when its start shows it.
fn something_else(text: &str) -> Option<MetadataError> {
    let start = text.trim_start();
    let head: String = start.chars().take(4096).collect();
    let lower = head.to_ascii_lowercase();
    if start.is_empty() {
        return Some(MetadataError::Empty);
    }
    let page = lower.starts_with("<!doctype html")
        || lower.starts_with("<html")
        || lower.starts_with("<?xml") && lower.contains("<html");
    if page {
        let title = lower.split_once("<title>").and_then(|(_, rest)| rest.split_once("</title>"));
        let titled = title.map(|(title, _)| format!(" titled {:?}", title.trim()));
        return Some(MetadataError::WebPage(titled.unwrap_or_default()));
    }
    if start.starts_with(['{', '[']) {
        let openid = ["authorization_endpoint", "jwks_uri", "\"issuer\"", "\"keys\""];
        let is_openid = openid.iter().any(|word| lower.contains(word));
        return Some(if is_openid { MetadataError::OpenId } else { MetadataError::Json });
    }
    start.starts_with("-----BEGIN ").then_some(MetadataError::Certificate)
}
