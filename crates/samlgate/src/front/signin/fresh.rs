//! An assertion whose ID was claimed: it can sign in once, on all nodes together.

use std::ops::Deref;

use directory::provision::Existing;
use installation::settings::MOST_SKEW;
use saml::VerifiedAssertion;
use store::{Claim, Tx};

use super::person_claim::PersonClaim;
use super::received::{Received, Verified};
use crate::front::refusal::Refusal;
use crate::front::tracker::Attempt;
use crate::front::visit::Visit;

/// A verified assertion that nobody used before. [`FreshAssertion::claim`] is the only way to one.
///
/// The claim stands in an open transaction, so that a sign-in costs the disk one commit. Whoever
/// takes the assertion further commits, also when a later step refuses.
pub struct FreshAssertion {
    pub(super) verified: Verified,
    pub(super) person: PersonClaim,
    /// What was there of the person in the moment of the claim.
    pub(super) existing: Existing,
    pub(super) tx: Tx,
}

impl FreshAssertion {
    /// Claims the assertion's ID, and with it the request's, until neither could be accepted any more
    /// (saml-profiles §4.1.4.5), and looks up the person in the same round trip. An
    /// assertion whose `person` cannot be read is used up all the same.
    ///
    /// # Errors
    /// When either was claimed before, the database is away, or nobody could be read.
    pub(super) async fn claim(
        visit: &Visit,
        verified: Verified,
        received: &Received,
        person: Result<PersonClaim, Refusal>,
        attempt: &mut Attempt,
    ) -> Result<Self, Refusal> {
        let ended = verified.valid_until() + MOST_SKEW;
        let claim = Claim {
            idp: &verified.idp.name,
            id: verified.id(),
            request_id: received.request_id.as_deref(),
            // The request waits for longer than an assertion lives: another one to the same request
            // must find it answered.
            until: received.request_ends.map_or(ended, |end| end.max(ended)),
        };
        let mut tx = visit.installation().store.begin_sign_in().await?;
        let person = match person {
            Ok(person) => person,
            Err(refusal) => {
                if !tx.claim(&claim).await? {
                    return Err(Refusal::replayed(verified.id()));
                }
                tx.commit().await?;
                attempt.claimed();
                return Err(refusal);
            }
        };
        attempt.user(&person.claims.user_id);
        let Some(existing) = tx.claim_and_look_up(&claim, &person.lookup).await? else {
            return Err(Refusal::replayed(verified.id()));
        };
        attempt.claimed();
        Ok(FreshAssertion { verified, person, existing, tx })
    }
}

impl Deref for FreshAssertion {
    type Target = VerifiedAssertion;

    fn deref(&self) -> &VerifiedAssertion {
        &self.verified
    }
}
