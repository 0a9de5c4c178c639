//! Sign-ins that an administrator begins from the console, by a link with a sealed purpose:
//!
//! - a *recording* is an ordinary sign-in whose attempt has a number known beforehand and whose
//!   headers are kept: the link is handed to the person who cannot get in;
//! - a *test* goes to the IdP and back, makes every check, reads the claims and plans, and ends there:
//!   nothing is claimed, no user is changed, no session opened. It passes if that person would get in.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use directory::provision::{self, Lookup, plan};
use gateway::Body;
use http::Response;
use serde::{Deserialize, Serialize};

use super::{AcsForm, PendingRequest, claims, idp_of};
use crate::open::Installation;
use crate::page;
use crate::refusal::Refusal;
use crate::tracker::{self, Attempt};
use crate::visit::Visit;

/// What a link of the console is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Every check and nothing else.
    Test,
    /// A sign-in as always, recorded in detail.
    Record,
}

/// A sealed link of the console.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Guided {
    /// The attempt that the sign-in will be.
    pub attempt: String,
    /// What it is for.
    pub purpose: Purpose,
    /// The IdP; else the only one, or the person chooses.
    pub idp: Option<String>,
    app: String,
    /// Unix seconds.
    until: u64,
}

impl Guided {
    /// A new link's parameter `guided` for a sign-in at `app`, and the attempt's number.
    pub fn link(
        installation: &Installation,
        app: &str,
        idp: Option<String>,
        purpose: Purpose,
        now: SystemTime,
    ) -> (String, String) {
        let lifetime = if purpose == Purpose::Test { TEST } else { RECORD };
        let guided = Guided {
            attempt: installation.random.id(now),
            purpose,
            idp,
            app: app.to_owned(),
            until: seconds(now + lifetime),
        };
        let text = serde_json::to_vec(&guided).unwrap_or_default();
        (installation.secrets.seal(SEAL, &text, installation.random), guided.attempt)
    }

    /// The link that `text` is, if it is ours, for this app, and in time.
    pub(super) fn open(visit: &Visit, text: &str) -> Option<Self> {
        let text = visit.installation.secrets.unseal(SEAL, text)?;
        let guided: Self = serde_json::from_slice(&text).ok()?;
        let fits = guided.app == visit.app.name && seconds(visit.now) < guided.until;
        fits.then_some(guided)
    }
}

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

fn seconds(moment: SystemTime) -> u64 {
    moment.duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO).as_secs()
}

const SEAL: &str = "guided sign-in";
const TRIAL: &str = "test-";
const RECORDING: &str = "record-";

/// Whoever tests sits before the console.
const TEST: Duration = Duration::from_secs(15 * 60);

/// Whoever was sent a link may read it tomorrow.
const RECORD: Duration = Duration::from_secs(24 * 3600);
