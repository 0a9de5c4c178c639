//! The IdP answers our LogoutRequest (saml-profiles §4.4.3.5). The session here ended before it was
//! sent; the answer only decides what the person is told.

use std::sync::Arc;

use gateway::Body;
use http::Response;
use saml::{LogoutMessage, LogoutOutcome};

use super::failure::Failure;
use super::message;
use super::pending::PendingLogout;
use crate::front::answer;
use crate::front::page::{self, SignedOut};
use crate::front::visit::Visit;

/// Shows how the log-out went.
pub(super) async fn answer(
    visit: &Visit,
    message: &Arc<LogoutMessage>,
) -> Result<Response<Body>, Failure> {
    let candidates = PendingLogout::answered_by(visit, message);
    let mut failure = Failure::NothingPending;
    for pending in &candidates {
        match outcome(visit, message, pending).await {
            Ok(outcome) => return Ok(page_for(visit, pending, &outcome)),
            Err(why) => failure = why,
        }
    }
    let Some(pending) = candidates.first() else { return Err(failure) };
    // It is no proof of anything at the IdP, but the session here did end.
    failure.log(visit);
    Ok(page_for(visit, pending, &LogoutOutcome::Failed("the answer was not accepted".to_owned())))
}

async fn outcome(
    visit: &Visit,
    message: &Arc<LogoutMessage>,
    pending: &PendingLogout,
) -> Result<LogoutOutcome, Failure> {
    let mut serving = visit.settings.idps_of(&visit.app);
    let idp = serving.find(|idp| idp.name == pending.idp).cloned();
    let idp = idp.ok_or_else(|| Failure::IdpUnknown(pending.idp.clone()))?;
    let request_id = pending.request_id(visit);
    let answered = message.clone();
    let (_, verified) = message::verified(visit, idp, move |parties| {
        saml::accept_logout_response(&answered, parties, &request_id)
    })
    .await?;
    Ok(verified.outcome().clone())
}

fn page_for(visit: &Visit, pending: &PendingLogout, outcome: &LogoutOutcome) -> Response<Body> {
    let how = match outcome {
        LogoutOutcome::Everywhere => SignedOut::Everywhere,
        LogoutOutcome::Partial => SignedOut::Partly,
        LogoutOutcome::Failed(reason) => {
            tracing::warn!(
                app = visit.app.name,
                idp = pending.idp,
                reason,
                "no log-out at the IdP"
            );
            SignedOut::HereOnly
        }
    };
    let mut response = page::signed_out(visit, how);
    answer::add_cookie(&mut response, &pending.clearing_cookie(visit));
    response
}
