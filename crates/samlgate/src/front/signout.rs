//! Signing out, both ways. The session here ends first, always; only then the IdP hears of it, or
//! is answered. No step needs the IdP to be well, and none asks the person twice.
//!
//! - A person uses the app's own log-out ([`leave`]): when it has happened, our session ends, and
//!   with Enable Single Signout the browser goes to the IdP with a LogoutRequest (saml-profiles
//!   §4.4.3.1). The answer comes to `<prefix>/logout` ([`receive`]).
//! - The IdP sends a LogoutRequest to `<prefix>/logout` ([`receive`]): the sessions that it names
//!   end, whether this browser sends their cookie or not, and it gets its LogoutResponse.

mod app;
mod asked;
mod confirmed;
mod failure;
mod message;
mod pending;

use std::sync::Arc;
use std::time::Duration;

use gateway::Body;
use http::header::SET_COOKIE;
use http::{HeaderMap, Method, Response};
use installation::settings::Idp;
use saml::{LogoutRequest, MessageKind, NameId};
use store::{LivingSession, Session};

use crate::front::answer;
use crate::front::page::{self, SignedOut};
use crate::front::sending;
use crate::front::session;
use crate::front::visit::Visit;
use pending::PendingLogout;

pub use app::{has_logged_out, is_log_out};

/// The IdP takes our request for this long.
const REQUEST_LIFETIME: Duration = Duration::from_secs(300);

/// The person has logged out at the app, which answered with `response`: the session here ends, the
/// first that lives of `sessions` (by the hashes of their tokens), and the person goes on to the IdP.
pub async fn leave(
    visit: &Visit,
    sessions: &[Arc<str>],
    mut response: Response<Body>,
) -> Response<Body> {
    let (installation, settings) = (visit.installation(), &visit.settings);
    let (mut hash, mut found) = ("", Ok(None));
    for one in sessions {
        let living = session::living(installation, settings, &visit.app, one, visit.now);
        (hash, found) = (one, living.await);
        if !matches!(found, Ok(None)) {
            break;
        }
    }
    let is_foreign = |living: &LivingSession| {
        !session::is_for(&visit.settings, &living.session, &visit.app.entity_id)
    };
    if found.as_ref().is_ok_and(|found| found.as_ref().is_some_and(is_foreign)) {
        return response;
    }
    if let Err(error) = installation.store.end_session(hash).await {
        tracing::error!(error = %error, "a session could not be ended at log-out");
    }
    visit.front.cookie_map.session_ended(visit.installation().clock.now());
    answer::add_cookie(&mut response, &session::clearing_cookie(&visit.app));
    let Ok(Some(LivingSession { session, user })) = found else { return response };
    let idp = visit.settings.idps.get(&session.idp);
    tracing::info!(app = visit.app.name, idp = session.idp, user.name = user.name, "signed out");
    match idp.filter(|idp| idp.settings.logout.single_signout && is_page(&visit.headers)) {
        Some(idp) => with_cookies_of(&response, to_idp(visit, idp, &session)),
        None => response,
    }
}

/// Answers a log-out message at `<prefix>/logout`.
pub async fn receive(visit: &Visit, method: &Method, body: Body) -> Response<Body> {
    let outcome = match message::read(visit, method, body).await {
        Ok(message) if message.kind() == MessageKind::Request => {
            asked::answer(visit, &message).await
        }
        Ok(message) => confirmed::answer(visit, &message).await,
        Err(failure) => Err(failure),
    };
    outcome.unwrap_or_else(|failure| failure.answer(visit))
}

/// Sends the person to the IdP, or says that only the session here has ended.
fn to_idp(visit: &Visit, idp: &Idp, session: &Session) -> Response<Body> {
    let here_only = |reason: &str| {
        tracing::info!(idp = idp.name, "signed out of the app only: {reason}");
        page::signed_out(visit, SignedOut::HereOnly)
    };
    let logout = &idp.settings.logout;
    let Some(url) = &logout.url else { return here_only("the IdP has no logout URL") };
    let Some(name_id) = name_id_of(session) else {
        return here_only("the IdP gave this session no NameID");
    };
    let pending = PendingLogout::new(visit, idp);
    let request = LogoutRequest {
        id: &pending.request_id(visit),
        issue_instant: visit.now,
        not_on_or_after: visit.now + REQUEST_LIFETIME,
        destination: url,
        issuer: &visit.app.entity_id,
        name_id,
        session_index: session.session_index.as_deref(),
    };
    let message = request.outgoing(&pending.reference);
    match sending::to_idp(visit, &message, logout.binding, true) {
        Ok(mut response) => {
            for cookie in pending.cookies(visit) {
                answer::add_cookie(&mut response, &cookie);
            }
            response
        }
        Err(error) => here_only(&error.to_string()),
    }
}

/// The name that the IdP knows the session by, with every qualifier that it had.
fn name_id_of(session: &Session) -> Option<NameId<'_>> {
    Some(NameId {
        value: session.name_id.as_deref()?,
        format: session.name_id_format.as_deref(),
        name_qualifier: session.name_qualifier.as_deref(),
        sp_name_qualifier: session.sp_name_qualifier.as_deref(),
    })
}

/// `response` with the cookies that the app's own log-out set.
fn with_cookies_of(from: &Response<Body>, mut response: Response<Body>) -> Response<Body> {
    for line in from.headers().get_all(SET_COOKIE) {
        response.headers_mut().append(SET_COOKIE, line.clone());
    }
    response
}

/// A script that logs out in the background cannot be led to the IdP, nor can a frame.
fn is_page(headers: &HeaderMap) -> bool {
    let is = |name: &str, wanted: &str| headers.get(name).is_none_or(|value| value == wanted);
    is("sec-fetch-mode", "navigate") && is("sec-fetch-dest", "document")
}
