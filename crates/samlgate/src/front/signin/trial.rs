//! A test sign-in goes to the IdP and back, makes every check, reads the claims and plans, and ends
//! there: nothing is claimed, no user is changed, no session opened. It passes if that person would
//! get in.

use directory::provision::{self, Lookup, plan};
use gateway::Body;
use http::Response;
use installation::guided::{Guided, Purpose};

use super::{AcsForm, PendingRequest, claims, idp_of};
use crate::front::page;
use crate::front::refusal::Refusal;
use crate::front::tracker::{self, Attempt};
use crate::front::visit::Visit;

/// The reference of a pending request tells what it is for. It is part of what its cookie is
/// sealed for, so nobody turns one kind into the other.
pub(super) fn reference(guided: Option<&Guided>, random: &str) -> String {
    match guided.map(|guided| guided.purpose) {
        Some(Purpose::Test) => format!("{TRIAL}{random}"),
        Some(Purpose::Record) => format!("{RECORDING}{random}"),
        None => random.to_owned(),
    }
}

/// Whether the answer with this RelayState belongs to a test.
pub(super) fn is_trial(relay_state: &str) -> bool {
    relay_state.starts_with(TRIAL)
}

/// Whether the attempt is to be recorded in detail.
pub(super) fn is_recording(relay_state: Option<&str>) -> bool {
    relay_state.is_some_and(|state| state.starts_with(RECORDING))
}

/// Answers the response to a test: does all that a sign-in would do up to the plan, records what
/// would come of it, and lets nobody in. Nothing is claimed and nothing changed.
pub(super) async fn consume(
    visit: &Visit,
    acs_url: &str,
    form: &AcsForm,
    pending: &PendingRequest,
    mut attempt: Attempt,
) -> Response<Body> {
    attempt.detailed(visit);
    if let Ok(Some(first)) = visit.installation.store.attempt(&pending.attempt).await {
        return page::tested(visit, &first);
    }
    let refusal = would_refuse(visit, acs_url, form, pending, &mut attempt).await.err();
    let record = attempt.tested(refusal.as_ref(), visit.now);
    tracker::note(visit, &record);
    match tracker::write(visit, &attempt, &record).await {
        Ok(()) => page::tested(visit, &record),
        Err(error) => tracker::refuse(visit, attempt, error.into()).await,
    }
}

/// What a sign-in would be refused for.
async fn would_refuse(
    visit: &Visit,
    acs_url: &str,
    form: &AcsForm,
    pending: &PendingRequest,
    attempt: &mut Attempt,
) -> Result<(), Refusal> {
    let received = super::received(visit, acs_url, form, Some(pending), attempt)?;
    let idp = idp_of(visit, Some(pending), &received).await?;
    attempt.idp(&idp.name);
    attempt.asked(super::request_of(visit, &idp, Some(pending), &received));
    let (idp, verified) = received.verified(visit, idp, attempt).await?;
    attempt.verified(&idp.name, &verified);
    let claims = claims::read(&verified, &idp)?;
    attempt.user(&claims.user_id);
    let origin = super::origin_of(visit, Some(pending));
    let rules = &idp.provisioning.rules;
    let lookup = Lookup::of(&claims, origin, rules);
    // Dropped, not committed.
    let existing = visit.installation.store.begin().await?.existing(&lookup).await?;
    let plan = plan(&claims, origin, rules, &existing);
    attempt.would(&plan);
    let decides = match idp.provisioning.shadow {
        true => provision::plan(&claims, origin, &rules.without_changes(), &existing),
        false => plan,
    };
    decides.refusal().map_or(Ok(()), |refusal| Err(refusal.clone().into()))
}

const TRIAL: &str = "test-";
const RECORDING: &str = "record-";
