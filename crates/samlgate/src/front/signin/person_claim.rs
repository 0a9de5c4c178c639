//! The person of a verified assertion, and what of the directory matters to them.

use directory::provision::{Claims, Lookup, Origin};

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
        let provisioning = &verified.idp.provisioning;
        let claims = provisioning.claims(verified)?;
        let lookup = Lookup::of(&claims, origin, &provisioning.rules);
        Ok(PersonClaim { claims, origin, lookup })
    }
}
