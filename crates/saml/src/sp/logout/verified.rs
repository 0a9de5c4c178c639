//! What verified log-out messages say. The functions of the module above are the only way to them.

use std::time::SystemTime;

use crate::Rejection;
use crate::message::NameId;
use crate::xml::Element;

/// The IdP's request to end sessions, which passed every check.
#[derive(Clone, Debug)]
pub struct VerifiedLogoutRequest {
    pub(super) id: String,
    pub(super) valid_until: SystemTime,
    pub(super) name_id: OwnedNameId,
    pub(super) session_indexes: Vec<String>,
    /// Entity IDs: what a missing qualifier means.
    pub(super) idp: String,
    pub(super) sp: String,
}

/// The IdP's answer to our request, which passed every check.
#[derive(Clone, Debug)]
pub struct VerifiedLogoutResponse {
    pub(super) outcome: LogoutOutcome,
}

/// How a log-out ended at the IdP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogoutOutcome {
    /// The person is signed out there and at all other services.
    Everywhere,
    /// Some service could not be reached.
    Partial,
    /// The IdP reports a failure.
    Failed(String),
}

#[derive(Clone, Debug)]
pub(super) struct OwnedNameId {
    value: String,
    format: Option<String>,
    name_qualifier: Option<String>,
    sp_name_qualifier: Option<String>,
}

impl OwnedNameId {
    pub(super) fn read(name: Element<'_>) -> Result<Self, Rejection> {
        let value =
            name.text().map_err(|_| Rejection::Malformed { what: "NameID holds elements" })?;
        if value.trim().is_empty() {
            return Err(Rejection::NameIdEmpty);
        }
        let part = |attribute| name.attribute(attribute).map(|value| value.into_owned());
        Ok(OwnedNameId {
            value: value.into_owned(),
            format: part("Format"),
            name_qualifier: part("NameQualifier"),
            sp_name_qualifier: part("SPNameQualifier"),
        })
    }
}

impl VerifiedLogoutRequest {
    /// Its ID, which the answer names. It ends sessions once.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The last moment at which it could be accepted, the skew not counted.
    pub fn valid_until(&self) -> SystemTime {
        self.valid_until
    }

    /// The name whose sessions are to end. Its qualifiers count too: see
    /// [`VerifiedLogoutRequest::names`].
    pub fn name(&self) -> &str {
        &self.name_id.value
    }

    /// Whether it means the session with this name and index (saml-core §3.7.3.2): the name with
    /// every qualifier, and one of the indexes, or any when it has none. A missing qualifier means
    /// the IdP or us (saml-core §8.3.7), a missing Format "unspecified" (saml-core §2.2.2).
    pub fn names(&self, name_id: &NameId<'_>, session_index: Option<&str>) -> bool {
        const UNSPECIFIED: &str = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified";
        let own = &self.name_id;
        let same = |mine: &Option<String>, other: Option<&str>, default: &str| {
            mine.as_deref().unwrap_or(default) == other.unwrap_or(default)
        };
        // A session without an index of its own belongs to every session of the name.
        let index = session_index.is_none_or(|session_index| {
            self.session_indexes.is_empty()
                || self.session_indexes.iter().any(|index| index == session_index)
        });
        own.value == name_id.value
            && same(&own.format, name_id.format, UNSPECIFIED)
            && same(&own.name_qualifier, name_id.name_qualifier, &self.idp)
            && same(&own.sp_name_qualifier, name_id.sp_name_qualifier, &self.sp)
            && index
    }
}

impl VerifiedLogoutResponse {
    /// How it ended.
    pub fn outcome(&self) -> &LogoutOutcome {
        &self.outcome
    }
}
