//! A test sign-in goes to the IdP and back, makes every check, reads the claims and plans, and ends
//! there: nothing is claimed, no user is changed, no session opened. It passes if that person would
//! get in.

use directory::provision::plan;
use gateway::Body;
use http::Response;

use super::person_claim::PersonClaim;
use super::received::Received;
use super::{Came, PendingRequest};
use crate::front::page;
use crate::front::refusal::Refusal;
use crate::front::tracker::{self, Attempt};
use crate::front::visit::Visit;

/// Answers the response to a test: does all that a sign-in would do up to the plan, records what
/// would come of it, and lets nobody in.
///
/// # Errors
/// When what came of it cannot be recorded.
pub(super) async fn answer(
    visit: &Visit,
    came: &Came<'_>,
    request: &PendingRequest,
    attempt: &mut Attempt,
) -> Result<Response<Body>, Refusal> {
    if let Ok(Some(first)) = visit.installation().store.attempt(&request.attempt).await {
        return Ok(page::tested(visit, &first));
    }
    let refusal = would_refuse(visit, came, attempt).await.err();
    let record = attempt.tested(refusal.as_ref(), visit.now);
    tracker::note(visit, &record);
    tracker::write(visit, attempt, &record).await?;
    Ok(page::tested(visit, &record))
}

/// What a sign-in would be refused for.
async fn would_refuse(
    visit: &Visit,
    came: &Came<'_>,
    attempt: &mut Attempt,
) -> Result<(), Refusal> {
    let received = Received::read(visit, came, attempt).await?;
    let verified = received.verified(visit, attempt).await?;
    let PersonClaim { claims, origin, lookup } = PersonClaim::read(&verified, received.origin)?;
    attempt.user(&claims.user_id);
    // Dropped, not committed.
    let existing = visit.installation().store.begin().await?.existing(&lookup).await?;
    let provisioning = &verified.idp.provisioning;
    let whole = plan(&claims, origin, &provisioning.rules, &existing);
    attempt.would(&whole);
    let decides = match provisioning.shadow {
        true => plan(&claims, origin, &provisioning.rules.without_changes(), &existing),
        false => whole,
    };
    decides.refusal().map_or(Ok(()), |refusal| Err(refusal.clone().into()))
}
