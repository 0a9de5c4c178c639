//! A metadata document: parsed once, then asked which IdPs it describes and who signed it.

use super::declared::DeclaredText;
use super::describe::{IdpSummary, idp_role, roles};
use super::entity::IdpMetadata;
use super::instead::Instead;
use super::{MD, MetadataError};
use crate::Rejection;
use crate::dsig;
use crate::key::TrustedKey;
use crate::xml::{Document, Element, INSTRUCTION, Limits, SAML, SAMLP, UNDECLARED, XmlError};

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
        let DeclaredText { text, lines_before } = DeclaredText::read(bytes).map_err(|error| {
            Instead::of_der(bytes).map_or_else(|| error.into(), MetadataError::from)
        })?;
        if text.is_empty() {
            return Err(MetadataError::Empty);
        }
        if let Some(instead) = Instead::of(&text) {
            return Err(instead.into());
        }
        let document = Document::parse(text.into_owned(), Limits::METADATA)
            .map_err(|error| refused(error, bytes, lines_before))?;
        check_root(document.root())?;
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

/// What the parser did not accept, by its name.
fn refused(error: XmlError, bytes: &[u8], lines_before: usize) -> MetadataError {
    let XmlError { line, reason } = error;
    let read = DeclaredText::read(bytes);
    let text = read.as_ref().ok().and_then(|read| read.text.split('\n').nth(line - 1));
    let text = text.unwrap_or_default();
    let line = line + lines_before;
    if reason == UNDECLARED {
        return MetadataError::NoNamespace(format!("line {line}: {reason}"));
    }
    let instruction = text.split_once("<?").filter(|_| reason == INSTRUCTION);
    let Some((_, instruction)) = instruction else { return XmlError { line, reason }.into() };
    let name = instruction.split(|c: char| c.is_whitespace() || c == '?').next();
    match name.unwrap_or_default() {
        "xml" => MetadataError::Instruction {
            line,
            what: "a second XML declaration".to_owned(),
            cure: "it belongs at the start, and there is one document in a file",
        },
        name => MetadataError::Instruction {
            line,
            what: format!(
                "the processing instruction {:?}",
                name.chars().take(40).collect::<String>()
            ),
            cure: "take it out, or ask the IdP for metadata without it",
        },
    }
}

/// The root is one of two elements; what else it may be is named.
fn check_root(root: Element<'_>) -> Result<(), MetadataError> {
    let name = root.name().to_owned();
    let is_known = matches!(&*name, "EntityDescriptor" | "EntitiesDescriptor");
    match () {
        () if is_known && root.is(MD, &name) => Ok(()),
        () if is_known && root.is("", &name) => {
            Err(MetadataError::NoNamespace(format!("the root element is {name:?}")))
        }
        () if is_known => Err(MetadataError::OtherNamespace(name)),
        () if root.is(SAMLP, &name) || root.is(SAML, &name) => Err(MetadataError::Message(name)),
        () => Err(MetadataError::NotMetadata(name)),
    }
}
