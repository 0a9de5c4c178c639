//! An assertion whose ID was claimed: it can sign in once, on all nodes together.

use std::ops::Deref;

use saml::VerifiedAssertion;
use store::Tx;

use super::SKEW;
use crate::settings::Idp;
use crate::tracker::Refusal;
use crate::visit::Visit;

/// A verified assertion that nobody used before. [`FreshAssertion::claim`] is the only way to one.
///
/// The claim stands in an open transaction, so that a sign-in costs the disk one commit. Whoever
/// takes the assertion further commits, also when a later step refuses.
pub struct FreshAssertion {
    assertion: VerifiedAssertion,
    pub(super) tx: Tx,
}

impl FreshAssertion {
    /// Claims the assertion's ID, and with it the request's, until the assertion could no longer
    /// be accepted (saml-profiles §4.1.4.5).
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
        let mut tx = visit.server.store.begin_sign_in().await?;
        if !tx.claim(&idp.name, assertion.id(), request_id, until).await? {
            return Err(Refusal::replayed(assertion.id()));
        }
        Ok(FreshAssertion { assertion, tx })
    }

    /// The assertion is used up, although it let nobody in.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn spend(self) -> Result<(), Refusal> {
        Ok(self.tx.commit().await?)
    }
}

impl Deref for FreshAssertion {
    type Target = VerifiedAssertion;

    fn deref(&self) -> &VerifiedAssertion {
        &self.assertion
    }
}
