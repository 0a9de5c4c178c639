//! The IdP asks us to end sessions (saml-profiles §4.4.3.2). They are found by name and index, not
//! by a cookie: the message may come in a frame of the IdP's page, where the browser sends none.

use std::collections::HashSet;
use std::sync::Arc;

use gateway::Body;
use http::{Response, StatusCode};
use installation::runtime::token_hash;
use installation::settings::{Idp, MOST_SKEW};
use saml::{LogoutMessage, LogoutResponse, LogoutStatus, VerifiedLogoutRequest};
use store::{Claim, Session};

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
    let (asked, now, skew) = (message.clone(), visit.now, idp.settings.times.clock_skew());
    let (idp, request) = message::verified(visit, idp, move |parties| {
        saml::accept_logout_request(&asked, parties, now, skew)
    })
    .await?;
    let ending = end_sessions(visit, &idp, &request).await?;
    ending.log(visit, &idp);
    let mut response = respond(visit, &idp, &request, message.relay_state(), ending.status())?;
    let own = session::token(&visit.app, &visit.headers).map(token_hash);
    if own.is_some_and(|own| ending.has_ended(&own)) {
        answer::add_cookie(&mut response, &session::clearing_cookie(&visit.app));
    }
    Ok(response)
}

/// What a request did.
enum Ending {
    /// It ended these sessions, by their tokens' hashes.
    Sessions(Vec<String>),
    /// It means no session here. So many have its name, but are over, or have another Format,
    /// qualifier, index or service provider.
    Nothing { of_the_name: usize },
    /// It came before, and changes nothing again.
    Again,
    /// It means sessions of several people, and says no index: it ended none.
    SeveralUsers(usize),
}

impl Ending {
    fn status(&self) -> LogoutStatus {
        match self {
            Ending::Sessions(_) | Ending::Nothing { .. } | Ending::Again => LogoutStatus::Success,
            Ending::SeveralUsers(_) => LogoutStatus::Responder,
        }
    }

    fn has_ended(&self, token_hash: &str) -> bool {
        matches!(self, Ending::Sessions(ended) if ended.iter().any(|ended| ended == token_hash))
    }

    fn log(&self, visit: &Visit, idp: &Idp) {
        let (app, idp) = (&visit.app.name, &idp.name);
        match self {
            Ending::Sessions(ended) => {
                tracing::info!(app, idp, sessions = ended.len(), "the IdP signed somebody out");
            }
            Ending::Nothing { of_the_name } => tracing::info!(
                app,
                idp,
                sessions.of_the_name = of_the_name,
                "the IdP asked for a log-out, and there was no such session"
            ),
            Ending::Again => {
                tracing::info!(app, idp, "the IdP's log-out request came before: nothing is done");
            }
            Ending::SeveralUsers(users) => tracing::warn!(
                app,
                idp,
                users,
                "the IdP asked for a log-out without SessionIndex that fits several users: nobody \
                 is signed out, and the answer says Responder"
            ),
        }
    }
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

/// Ends the sessions at this service provider that the request means. A request ends sessions once:
/// the same one, sent again by a reload or by somebody who kept it, changes nothing and gets the same
/// answer. One that might mean several people is not used up.
async fn end_sessions(
    visit: &Visit,
    idp: &Idp,
    request: &VerifiedLogoutRequest,
) -> Result<Ending, Failure> {
    let mut tx = visit.installation().store.begin().await?;
    let until = request.valid_until() + MOST_SKEW;
    let claim = Claim { idp: &idp.name, id: request.id(), request_id: None, until };
    if !tx.claim(&claim).await? {
        return Ok(Ending::Again);
    }
    let mut sessions = tx.sessions_named(&idp.name, request.name()).await?;
    let of_the_name = sessions.len();
    sessions.retain(|session| {
        let index = session.session_index.as_deref();
        let meant = name_id_of(session).is_some_and(|name_id| request.names(&name_id, index));
        meant
            && session::is_for(&visit.settings, session, &visit.app.entity_id)
            && lives_somewhere(visit, session)
    });
    let users: HashSet<&str> = sessions.iter().map(|session| session.user_id.as_str()).collect();
    if users.len() > 1 && !request.names_indexes() {
        return Ok(Ending::SeveralUsers(users.len()));
    }
    let ended: Vec<String> = sessions.into_iter().map(|session| session.token_hash).collect();
    for token_hash in &ended {
        tx.end_session(token_hash).await?;
    }
    tx.commit().await?;
    if ended.is_empty() {
        return Ok(Ending::Nothing { of_the_name });
    }
    visit.front.cookie_map.session_ended(visit.installation().clock.now());
    Ok(Ending::Sessions(ended))
}

/// Whether a session opens any app yet: each has limits of its own.
fn lives_somewhere(visit: &Visit, session: &Session) -> bool {
    let settings = &visit.settings;
    let mut opened = settings.apps.values().filter(|app| session::opens(settings, session, app));
    opened.any(|app| session::lives(settings, app, session, visit.now))
}

/// The LogoutResponse, or a page when the IdP has no address for it or wants none.
fn respond(
    visit: &Visit,
    idp: &Idp,
    request: &VerifiedLogoutRequest,
    relay_state: Option<&str>,
    status: LogoutStatus,
) -> Result<Response<Body>, Failure> {
    let logout = &idp.settings.logout;
    let Some(destination) = logout.answer_url().filter(|_| logout.answer) else {
        return Ok(match status {
            LogoutStatus::Success => page::signed_out(visit, SignedOut::Everywhere),
            LogoutStatus::Responder => page::log_out_refused(visit, StatusCode::CONFLICT),
        });
    };
    let response = LogoutResponse {
        id: &format!("_{}", visit.installation().random.token()),
        issue_instant: visit.now,
        destination,
        issuer: &visit.app.entity_id,
        in_response_to: request.id(),
        status,
    };
    let message = response.outgoing(relay_state);
    Ok(sending::to_idp(visit, &message, logout.binding, true)?)
}
