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
    /// Without the blanks at the ends, which nobody means; what is empty then is absent.
    pub(super) fn read(name: Element<'_>) -> Result<Self, Rejection> {
        let value =
            name.text().map_err(|_| Rejection::Malformed { what: "NameID holds elements" })?;
        if value.trim().is_empty() {
            return Err(Rejection::NameIdEmpty);
        }
        let part = |attribute| {
            let value = name.attribute(attribute)?;
            Some(value.trim().to_owned()).filter(|value| !value.is_empty())
        };
        Ok(OwnedNameId {
            value: value.trim().to_owned(),
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

    /// The name whose sessions are to end, without blanks at the ends. Its qualifiers count too: see
    /// [`VerifiedLogoutRequest::names`].
    pub fn name(&self) -> &str {
        &self.name_id.value
    }

    /// Whether it names sessions of its own; else it means all that the person has.
    pub fn names_indexes(&self) -> bool {
        !self.session_indexes.is_empty()
    }

    /// Whether it means the session with this name and index (saml-core §3.7.3.2): the name with
    /// every qualifier, and one of the indexes, or any when it has none. A missing or empty
    /// qualifier means the IdP or us (saml-core §8.3.7). A Format that is missing or "unspecified"
    /// leaves the meaning of the name to us (saml-core §8.3.1): it fits any other.
    pub fn names(&self, name_id: &NameId<'_>, session_index: Option<&str>) -> bool {
        const UNSPECIFIED: &str = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified";
        let own = &self.name_id;
        fn told(part: Option<&str>) -> Option<&str> {
            part.map(str::trim).filter(|part| !part.is_empty())
        }
        let same = |mine: &Option<String>, other: Option<&str>, default: &str| {
            mine.as_deref().unwrap_or(default) == told(other).unwrap_or(default)
        };
        let format = match (own.format.as_deref(), told(name_id.format)) {
            (None | Some(UNSPECIFIED), _) | (_, None | Some(UNSPECIFIED)) => true,
            (Some(mine), Some(other)) => mine == other,
        };
        // A session without an index of its own belongs to every session of the name.
        let index = told(session_index).is_none_or(|session_index| {
            self.session_indexes.is_empty()
                || self.session_indexes.iter().any(|index| index == session_index)
        });
        own.value == name_id.value.trim()
            && format
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
