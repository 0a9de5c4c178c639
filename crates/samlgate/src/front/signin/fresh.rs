//! An assertion whose ID was claimed: it can sign in once, on all nodes together.

use std::ops::Deref;

use directory::provision::{Claims, Existing, Lookup, Origin};
use installation::settings::{Idp, SKEW};
use saml::VerifiedAssertion;
use store::{Claim, Tx};

use crate::front::refusal::Refusal;
use crate::front::visit::Visit;

/// A verified assertion that nobody used before. [`FreshAssertion::claim`] is the only way to one.
///
/// The claim stands in an open transaction, so that a sign-in costs the disk one commit. Whoever
/// takes the assertion further commits, also when a later step refuses.
pub struct FreshAssertion {
    assertion: VerifiedAssertion,
    /// What it says of the person.
    pub(super) said: Said,
    /// What was there of the person in the moment of the claim.
    pub(super) existing: Existing,
    pub(super) tx: Tx,
}

/// What an assertion says of the person, and what of the directory matters to that.
pub(super) struct Said {
    pub(super) claims: Claims,
    pub(super) origin: Origin,
    pub(super) lookup: Lookup,
}

impl FreshAssertion {
    /// Claims the assertion's ID, and with it the request's, until the assertion could no longer
    /// be accepted (saml-profiles §4.1.4.5), and looks up the person in the same round trip.
    ///
    /// # Errors
    /// When either was claimed before, or the database is away.
    pub async fn claim(
        visit: &Visit,
        idp: &Idp,
        assertion: VerifiedAssertion,
        request_id: Option<&str>,
        (claims, origin): (Claims, Origin),
    ) -> Result<Self, Refusal> {
        let lookup = Lookup::of(&claims, origin, &idp.provisioning.rules);
        let mut tx = visit.installation.store.begin_sign_in().await?;
        let claim = claim(idp, &assertion, request_id);
        match tx.claim_and_look_up(&claim, &lookup).await? {
            Some(existing) => {
                let said = Said { claims, origin, lookup };
                Ok(FreshAssertion { assertion, said, existing, tx })
            }
            None => Err(Refusal::replayed(assertion.id())),
        }
    }
}

/// Uses an assertion up that lets nobody in.
///
/// # Errors
/// As [`FreshAssertion::claim`].
pub(super) async fn spend(
    visit: &Visit,
    idp: &Idp,
    assertion: &VerifiedAssertion,
    request_id: Option<&str>,
) -> Result<(), Refusal> {
    let mut tx = visit.installation.store.begin_sign_in().await?;
    if !tx.claim(&claim(idp, assertion, request_id)).await? {
        return Err(Refusal::replayed(assertion.id()));
    }
    Ok(tx.commit().await?)
}

fn claim<'a>(
    idp: &'a Idp,
    assertion: &'a VerifiedAssertion,
    request_id: Option<&'a str>,
) -> Claim<'a> {
    let until = assertion.valid_until() + SKEW;
    Claim { idp: &idp.name, id: assertion.id(), request_id, until }
}

impl Deref for FreshAssertion {
    type Target = VerifiedAssertion;

    fn deref(&self) -> &VerifiedAssertion {
        &self.assertion
    }
}
