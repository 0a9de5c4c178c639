//! One IdP of a document: endpoints, keys, and what else it says of itself.
//!
//! Unknown extensions and other roles are passed over (implementation profile IIP-MD05).

use std::time::{Duration, SystemTime};

use super::keys::{self, IdpKey, NoneUsable, SigningKeys};
use super::lifetime::Lifetime;
use super::{MD, MetadataDocument, MetadataError, describe};
use crate::key::Certificate;
use crate::moment;
use crate::xml::{Element, SAML};

/// An IdP as its metadata describes it.
#[derive(Clone, Debug)]
pub struct IdpMetadata {
    /// Its entity ID.
    pub entity_id: String,
    /// The name it gives itself for people.
    pub display_name: Option<String>,
    /// Single sign-on endpoints for browsers; redirects first, else in the document's order.
    pub single_sign_on: Vec<Endpoint>,
    /// Single logout endpoints, likewise.
    pub single_logout: Vec<Endpoint>,
    /// Keys that may sign, without repetitions.
    pub signing_keys: Vec<IdpKey>,
    /// Certificates that stand beside that of a key, as its authority's: their keys sign nothing.
    pub beside_keys: Vec<Certificate>,
    /// X509Certificate elements of signing keys that hold more than the one certificate that belongs there
    /// (xmldsig-core §4.5.4).
    pub crowded_certificates: usize,
    /// It wants signed requests (saml-metadata §2.4.3).
    pub want_authn_requests_signed: bool,
    /// NameID formats it offers.
    pub name_id_formats: Vec<String>,
    /// Attributes it offers.
    pub attributes: Vec<OfferedAttribute>,
    /// Until when the document may be used.
    pub valid_until: Option<SystemTime>,
    /// How soon it should be read again.
    pub cache_duration: Option<Duration>,
}

/// Where a message goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// The URI of the binding.
    pub binding: String,
    /// The address, with its query.
    pub location: String,
    /// The address for answers, when it is another (saml-metadata §2.2.2).
    pub response_location: Option<String>,
}

/// An attribute that the IdP says it can send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfferedAttribute {
    /// What stands in the assertion.
    pub name: String,
    /// What people call it. For the eye only: assertions are read by `name`.
    pub friendly_name: Option<String>,
}

impl Endpoint {
    /// Whether it takes messages in the query of a redirect (saml-bindings §3.4).
    pub fn is_redirect(&self) -> bool {
        self.binding == "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
    }

    /// Whether it takes messages in a posted form (saml-bindings §3.5).
    pub fn is_post(&self) -> bool {
        self.binding == "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
    }
}

impl IdpMetadata {
    /// Reads a document; `entity_id` chooses among several IdPs.
    ///
    /// # Errors
    /// What was found instead, in words for the administrator.
    pub fn parse(bytes: &[u8], entity_id: Option<&str>) -> Result<Self, MetadataError> {
        MetadataDocument::parse(bytes)?.idp(entity_id)
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

    pub(super) fn read(entity: Element<'_>, role: Element<'_>) -> Result<Self, MetadataError> {
        let summary = describe::IdpSummary::of(entity, role);
        let entity_id = summary.entity_id;
        let single_sign_on = endpoints(role, "SingleSignOnService");
        if single_sign_on.is_empty() {
            return Err(MetadataError::NoEndpoint(entity_id));
        }
        let SigningKeys { keys, beside, crowded } =
            keys::signing(role).map_err(|NoneUsable(found)| {
                let entity_id = entity_id.clone();
                MetadataError::NoKey { entity_id, found }
            })?;
        let lifetime = Lifetime::of(role)?;
        let wants = role.attribute("WantAuthnRequestsSigned").unwrap_or_default();
        let formats = role.children_named(MD, "NameIDFormat");
        Ok(IdpMetadata {
            entity_id,
            display_name: summary.display_name,
            single_sign_on,
            single_logout: endpoints(role, "SingleLogoutService"),
            signing_keys: keys,
            beside_keys: beside,
            crowded_certificates: crowded,
            want_authn_requests_signed: matches!(wants.trim(), "true" | "1"),
            name_id_formats: formats.filter_map(text_of).collect(),
            attributes: offered(entity, role),
            valid_until: lifetime.valid_until,
            cache_duration: lifetime.cache_duration,
        })
    }
}

/// Endpoints with a browser binding, those for redirects first.
fn endpoints(role: Element<'_>, name: &'static str) -> Vec<Endpoint> {
    let read = |element: Element<'_>| {
        let response = element.attribute("ResponseLocation").map(|url| url.trim().to_owned());
        Some(Endpoint {
            binding: element.attribute("Binding")?.trim().to_owned(),
            location: element.attribute("Location")?.trim().to_owned(),
            response_location: response.filter(|url| !url.is_empty()),
        })
    };
    let fits = |endpoint: &Endpoint| {
        (endpoint.is_redirect() || endpoint.is_post()) && !endpoint.location.is_empty()
    };
    let mut endpoints: Vec<_> =
        role.children_named(MD, name).filter_map(read).filter(fits).collect();
    endpoints.sort_by_key(|endpoint| !endpoint.is_redirect());
    endpoints
}

/// `saml:Attribute` of the role, then the claim types that AD FS and Entra ID list in their
/// WS-Federation role beside it: they issue the same claims to both.
fn offered(entity: Element<'_>, role: Element<'_>) -> Vec<OfferedAttribute> {
    let of_role = role.children_named(SAML, "Attribute").filter_map(|attribute| {
        let friendly = attribute.attribute("FriendlyName").map(|name| name.trim().to_owned());
        Some((attribute.attribute("Name")?.trim().to_owned(), friendly))
    });
    let of_claims = entity
        .children_named(MD, "RoleDescriptor")
        .flat_map(|other| other.children_named(FED, "ClaimTypesOffered"))
        .flat_map(|list| list.children_named(AUTH, "ClaimType"))
        .filter_map(|claim| {
            let friendly = claim.children_named(AUTH, "DisplayName").find_map(text_of);
            Some((claim.attribute("Uri")?.trim().to_owned(), friendly))
        });
    let mut seen = std::collections::HashSet::new();
    let mut all = Vec::new();
    for (name, friendly_name) in of_role.chain(of_claims) {
        if !name.is_empty() && seen.insert(name.clone()) {
            let friendly_name = friendly_name.filter(|friendly| !friendly.is_empty());
            all.push(OfferedAttribute { name, friendly_name });
        }
    }
    all
}

fn text_of(element: Element<'_>) -> Option<String> {
    let text = element.text().ok()?.trim().to_owned();
    (!text.is_empty()).then_some(text)
}

const FED: &str = "http://docs.oasis-open.org/wsfed/federation/200706";
const AUTH: &str = "http://docs.oasis-open.org/wsfed/authorization/200706";
