//! From the assertion's words to the directory's: the only place where the two meet.

use directory::provision::{Claims, Lookup, Origin};
use saml::VerifiedAssertion;

use super::received::Verified;
use crate::front::refusal::Refusal;

/// What an assertion says of the person, and what of the directory matters to that.
pub(super) struct PersonClaim {
    pub(super) claims: Claims,
    pub(super) origin: Origin,
    pub(super) lookup: Lookup,
}

impl PersonClaim {
    /// What the IdP says of the person, read as the IdP's settings say.
    ///
    /// # Errors
    /// When the user id is missing or ambiguous, or a step refuses a value.
    pub(super) fn read(verified: &Verified, origin: Origin) -> Result<Self, Refusal> {
        let assertion: &VerifiedAssertion = verified;
        let attributes: Vec<(&str, Vec<&str>)> = assertion
            .attributes()
            .map(|attribute| (attribute.name, attribute.values().collect()))
            .collect();
        let name_id = assertion.name_id().map(|name_id| name_id.value);
        let provisioning = &verified.idp.provisioning;
        let mut claims = provisioning.reading.claims(name_id, &attributes)?;
        if assertion.unread_attributes() > 0 {
            claims.groups = claims.groups.with_unread();
        }
        let lookup = Lookup::of(&claims, origin, &provisioning.rules);
        Ok(PersonClaim { claims, origin, lookup })
    }
}
