//! An assertion whose ID was claimed: it can sign in once, on all nodes together.

use std::ops::Deref;

use saml::VerifiedAssertion;

use super::SKEW;
use crate::gate::Visit;
use crate::settings::Idp;
use crate::tracker::Refusal;

/// A verified assertion that nobody used before. [`FreshAssertion::claim`] is the only way to one.
pub struct FreshAssertion {
    assertion: VerifiedAssertion,
}

impl FreshAssertion {
    /// Claims the assertion's ID, and with it the request's, in a transaction of its own: the claim
    /// stands even when a later step refuses, and until the assertion could no longer be accepted
    /// (saml-profiles §4.1.4.5).
    ///
    /// # Errors
    /// When either was claimed before, or the database is away.
    pub async fn claim(
        visit: &Visit,
        idp: &Idp,
        assertion: VerifiedAssertion,
        request_id: Option<&str>,
    ) -> Result<Self, Refusal> {
        let until = assertion.valid_until() + SKEW;
        let claimed =
            visit.server.store.claim(&idp.name, assertion.id(), request_id, until).await?;
        if !claimed {
            return Err(Refusal::replayed(assertion.id()));
        }
        Ok(FreshAssertion { assertion })
    }
}

impl Deref for FreshAssertion {
    type Target = VerifiedAssertion;

    fn deref(&self) -> &VerifiedAssertion {
        &self.assertion
    }
}
