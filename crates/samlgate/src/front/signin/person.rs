//! The person is let in: the plan applied, the session opened and the attempt recorded, in one
//! transaction.

use directory::User;
use directory::provision;
use installation::runtime::token_hash;
use installation::settings::{Idp, Provisioning};
use saml::VerifiedAssertion;
use store::{LetIn, Session, SessionTimes, StoreError};

use super::fresh::FreshAssertion;
use super::person_claim::PersonClaim;
use crate::front::refusal::Refusal;
use crate::front::session;
use crate::front::tracker::{self, Attempt};
use crate::front::visit::Visit;

/// So many other sign-ins may be faster before the person is asked to try again.
const TRIES: u32 = 3;

/// A person with a session of Samlgate. [`ActiveUser::admit`] is the only way to one.
pub struct ActiveUser {
    token: String,
    name: String,
}

impl ActiveUser {
    /// Plans what the sign-in changes, applies it, opens the session and records the attempt; all
    /// of it or nothing.
    ///
    /// # Errors
    /// When the plan refuses, or the database does.
    pub async fn admit(
        visit: &Visit,
        mut fresh: FreshAssertion,
        attempt: &mut Attempt,
    ) -> Result<Self, Refusal> {
        let idp = fresh.verified.idp.clone();
        let user = match provision(visit, &idp, &mut fresh, attempt).await? {
            Ok(user) => user,
            Err(refusal) => {
                fresh.tx.commit().await?;
                return Err(refusal.into());
            }
        };
        let (installation, now) = (visit.installation(), visit.now);
        attempt.user(&user.name);
        let token = installation.random.token();
        let record = attempt.signed_in(now);
        let all = LetIn {
            session: describe(visit, &idp, &fresh, &user.id, &token, attempt.id()),
            replaces: session::token(&visit.app, &visit.headers).map(token_hash),
            record: &record,
            messages: attempt.sealed(visit, true),
        };
        fresh.tx.let_in(all).await?;
        tracker::note(visit, &record);
        Ok(ActiveUser { token, name: user.name })
    }

    /// The user's name as the directory spells it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The session's token, for the browser's cookie only.
    pub fn token(&self) -> &str {
        &self.token
    }
}

/// Plans and applies. Another sign-in of the same person may be faster, here or at another node:
/// then the plan is made anew, of what that one left. The inner error: the plan refuses, which is to
/// be committed.
async fn provision(
    visit: &Visit,
    idp: &Idp,
    fresh: &mut FreshAssertion,
    attempt: &mut Attempt,
) -> Result<Result<User, provision::Refusal>, Refusal> {
    let Provisioning { rules, shadow, .. } = &idp.provisioning;
    let FreshAssertion { person, existing, tx, .. } = fresh;
    let PersonClaim { claims, origin, lookup } = person;
    let mut tries = 0;
    loop {
        let mut plan = provision::plan(claims, *origin, rules, existing);
        if *shadow {
            attempt.would(&plan);
            plan = provision::plan(claims, *origin, &rules.without_changes(), existing);
        }
        attempt.planned(&plan);
        if let Some(refusal) = plan.refusal().filter(|_| plan.changes_nothing()) {
            return Ok(Err(refusal.clone()));
        }
        match tx.apply(&plan, || visit.installation().random.id(visit.now), visit.now).await {
            Ok(user) => return Ok(plan.refusal().cloned().map_or(Ok(user), Err)),
            Err(StoreError::Conflict(_)) if tries < TRIES => tries += 1,
            Err(error) => return Err(error.into()),
        }
        *existing = tx.existing(lookup).await?;
    }
}

fn describe(
    visit: &Visit,
    idp: &Idp,
    assertion: &VerifiedAssertion,
    user_id: &str,
    token: &str,
    attempt_id: &str,
) -> Session {
    // A name that no index takes cannot be found at log-out, and is kept by nobody.
    let name_id = assertion.name_id().filter(|name_id| name_id.value.len() <= 1024);
    let part = |value: Option<&str>| value.map(str::to_owned);
    let times = SessionTimes {
        not_on_or_after: assertion.session_not_on_or_after(),
        remembered: visit.app.settings.session.remember_days.is_some(),
        ..SessionTimes::opened(visit.now)
    };
    Session {
        token_hash: token_hash(token),
        user_id: user_id.to_owned(),
        idp: idp.name.clone(),
        name_id: part(name_id.as_ref().map(|name_id| name_id.value.trim())),
        name_id_format: part(name_id.as_ref().and_then(|name_id| name_id.format)),
        name_qualifier: part(name_id.as_ref().and_then(|name_id| name_id.name_qualifier)),
        sp_name_qualifier: part(name_id.as_ref().and_then(|name_id| name_id.sp_name_qualifier)),
        session_index: part(assertion.session_index()),
        app: visit.app.name.clone(),
        entity_id: Some(visit.app.entity_id.clone()),
        attempt_id: attempt_id.to_owned(),
        expires_at: visit.settings.latest_session_end(&visit.app, &idp.name, &times),
        times,
    }
}
