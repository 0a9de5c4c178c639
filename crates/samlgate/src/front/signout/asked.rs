//! The IdP asks us to end sessions (saml-profiles §4.4.3.2). They are found by name and index, not
//! by a cookie: the message may come in a frame of the IdP's page, where the browser sends none.

use std::sync::Arc;

use gateway::Body;
use http::Response;
use installation::runtime::token_hash;
use installation::settings::{Idp, SKEW};
use saml::{LogoutMessage, LogoutResponse, VerifiedLogoutRequest};
use store::Claim;

use super::failure::Failure;
use super::{message, name_id_of};
use crate::front::answer;
use crate::front::page::{self, SignedOut};
use crate::front::sending;
use crate::front::session;
use crate::front::visit::Visit;

/// Ends the sessions that the request names, and answers it.
pub(super) async fn answer(
    visit: &Visit,
    message: &Arc<LogoutMessage>,
) -> Result<Response<Body>, Failure> {
    let idp = idp_of(visit, message).await?;
    let (asked, now) = (message.clone(), visit.now);
    let (idp, request) = message::verified(visit, idp, move |parties| {
        saml::accept_logout_request(&asked, parties, now, SKEW)
    })
    .await?;
    let ended = end_sessions(visit, &idp, &request).await?;
    tracing::info!(
        app = visit.app.name,
        idp = idp.name,
        sessions = ended.len(),
        "the IdP signed somebody out"
    );
    let mut response = respond(visit, &idp, &request, message.relay_state())?;
    let own = session::token(&visit.app, &visit.headers).map(token_hash);
    if own.is_some_and(|own| ended.contains(&own)) {
        answer::add_cookie(&mut response, &session::clearing_cookie(&visit.app));
    }
    Ok(response)
}

/// The IdP that serves the app and has the issuer's name, which proves nothing: the signature must
/// then verify with its keys.
async fn idp_of(visit: &Visit, message: &Arc<LogoutMessage>) -> Result<Arc<Idp>, Failure> {
    let issuer = message::issuer(visit, message).await?;
    let is_called = |idp: &&Arc<Idp>| {
        let entity_id = &idp.settings.entity_id;
        entity_id == issuer.as_str()
            || idp.settings.logout.aliases(entity_id).iter().any(|alias| alias == issuer.as_str())
    };
    let found = visit.settings.idps_of(&visit.app).find(is_called).cloned();
    found.ok_or_else(|| Failure::IdpUnknown(issuer.as_str().to_owned()))
}

/// Ends the sessions at this service provider that the request means; gives their tokens' hashes.
/// A request ends sessions once: the same one, sent again by a reload or by somebody who kept it,
/// changes nothing and gets the same answer.
async fn end_sessions(
    visit: &Visit,
    idp: &Idp,
    request: &VerifiedLogoutRequest,
) -> Result<Vec<String>, Failure> {
    let mut tx = visit.installation().store.begin().await?;
    let until = request.valid_until() + SKEW;
    let claim = Claim { idp: &idp.name, id: request.id(), request_id: None, until };
    if !tx.claim(&claim).await? {
        return Ok(Vec::new());
    }
    let mut ended = Vec::new();
    for session in tx.sessions_named(&idp.name, request.name()).await? {
        let index = session.session_index.as_deref();
        let meant = name_id_of(&session).is_some_and(|name_id| request.names(&name_id, index));
        if meant && session::is_for(&visit.settings, &session, &visit.app.entity_id) {
            tx.end_session(&session.token_hash).await?;
            ended.push(session.token_hash);
        }
    }
    tx.commit().await?;
    visit.front.cookie_map.session_ended(visit.installation().clock.now());
    Ok(ended)
}

/// The LogoutResponse, or a page when the IdP has no address for it or wants none.
fn respond(
    visit: &Visit,
    idp: &Idp,
    request: &VerifiedLogoutRequest,
    relay_state: Option<&str>,
) -> Result<Response<Body>, Failure> {
    let logout = &idp.settings.logout;
    let Some(destination) = logout.answer_url().filter(|_| logout.answer) else {
        return Ok(page::signed_out(visit, SignedOut::Everywhere));
    };
    let response = LogoutResponse {
        id: &format!("_{}", visit.installation().random.token()),
        issue_instant: visit.now,
        destination,
        issuer: &visit.app.entity_id,
        in_response_to: request.id(),
    };
    let message = response.outgoing(relay_state);
    Ok(sending::to_idp(visit, &message, logout.binding, true)?)
}
