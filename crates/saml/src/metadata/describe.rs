//! Which IdPs a document describes, in a few words each.

use super::{MD, MDUI};
use crate::xml::{Element, SAMLP};

/// An IdP of a document, to choose from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdpSummary {
    /// Its entity ID.
    pub entity_id: String,
    /// The name it gives itself for people, in English when there is one.
    pub display_name: Option<String>,
}

impl IdpSummary {
    pub(super) fn of(entity: Element<'_>, role: Element<'_>) -> Self {
        IdpSummary {
            entity_id: entity.attribute("entityID").unwrap_or_default().into_owned(),
            display_name: display_name(entity, role),
        }
    }
}

/// The role of a SAML 2.0 IdP; others (WS-Federation, SP, SAML 1.1) may stand beside it.
pub(super) fn idp_role(entity: Element<'_>) -> Option<Element<'_>> {
    entity.children_named(MD, "IDPSSODescriptor").find(|role| {
        let protocols = role.attribute("protocolSupportEnumeration").unwrap_or_default();
        protocols.split_ascii_whitespace().any(|protocol| protocol == SAMLP)
    })
}

/// The roles of an entity, in words.
pub(super) fn roles(entity: Element<'_>) -> impl Iterator<Item = &'static str> {
    entity.children().filter_map(|child| {
        Some(match child.name() {
            "IDPSSODescriptor" => "an IdP of another protocol than SAML 2.0",
            "SPSSODescriptor" => "a service provider",
            "RoleDescriptor" => "WS-Federation or another role",
            "AttributeAuthorityDescriptor" => "an attribute authority",
            _ => return None,
        })
    })
}

const XML: &str = "http://www.w3.org/XML/1998/namespace";

fn display_name(entity: Element<'_>, role: Element<'_>) -> Option<String> {
    let of_role = role
        .children_named(MD, "Extensions")
        .flat_map(|extensions| extensions.children_named(MDUI, "UIInfo"))
        .flat_map(|info| info.children_named(MDUI, "DisplayName"));
    let of_organization = entity
        .children_named(MD, "Organization")
        .flat_map(|organization| organization.children_named(MD, "OrganizationDisplayName"));
    let mut names: Vec<_> = of_role.chain(of_organization).collect();
    names.sort_by_key(|name| name.attribute_in(XML, "lang").as_deref() != Some("en"));
    let text = names.first()?.text().ok()?.trim().to_owned();
    (!text.is_empty()).then_some(text)
}
