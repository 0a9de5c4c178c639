//! The start of a sign-in: pick the IdP, remember where to return, send the person there.

use std::sync::Arc;

use gateway::Body;
use http::Response;
use installation::guided::Guided;
use installation::settings::Idp;
use saml::AuthnRequest;
use store::LivingSession;

use super::answered;
use super::destination::{return_path, start_page};
use super::request::{Beginning, PendingRequest};
use super::rounds::{self, Rounds};
use crate::front::answer;
use crate::front::page;
use crate::front::pending::Pending as _;
use crate::front::refusal::{Refusal, Round};
use crate::front::sending;
use crate::front::session;
use crate::front::tracker::{self, Attempt};
use crate::front::visit::Visit;

/// Answers a GET at the assertion consumer service: the Sign-on URL of both plug-ins.
pub async fn start(visit: &Visit) -> Response<Body> {
    let mut attempt = Attempt::begin(visit);
    match begin(visit, &mut attempt).await {
        Ok(response) => response,
        Err(refusal) => tracker::refuse(visit, attempt, refusal).await,
    }
}

async fn begin(visit: &Visit, attempt: &mut Attempt) -> Result<Response<Body>, Refusal> {
    if let Some(parameter) = ANSWERS.into_iter().find(|name| visit.query(name).is_some()) {
        if let Some(request) = answered::by_get(visit).await? {
            attempt.answers(&request.noted());
        }
        return Err(Refusal::response_by_get(parameter));
    }
    let return_to = wanted_page(visit)?;
    let guided = guided(visit)?;
    let living = session::current(visit).await.unwrap_or_default();
    let rounds = Rounds::before(visit, living.as_ref(), &return_to);
    let another_account = visit.query(page::ANOTHER).is_some();
    if guided.is_none() && !another_account {
        if let Some(rounds) = rounds.as_ref().filter(|rounds| rounds.are_too_many()) {
            attempt.wants(None, &return_to);
            attempt.goes_round(&rounds.attempt, living.as_ref());
            return Err(going_round(visit, living.as_ref(), &return_to));
        }
        if let Some(LivingSession { session, .. }) = &living {
            let rounds = Rounds::and_one(rounds.as_ref(), &session.attempt_id, visit.now);
            return Ok(answer::see_other(&rounds::open_url(visit, &return_to, &rounds)));
        }
    }
    let name = guided.as_ref().map_or_else(|| visit.query("idp"), |guided| guided.idp.clone());
    attempt.wants(name.as_deref(), &return_to);
    let Some(idp) = pick(visit, name.as_deref())? else {
        return Ok(page::choose_idp(visit, &return_to));
    };
    let guided = guided.as_ref();
    to_idp(visit, &idp, Beginning { return_to, guided, another_account, rounds, again: false })
}

/// Parameters in which IdPs answer: they belong into a form that is posted.
const ANSWERS: [&str; 2] = ["SAMLResponse", "SAMLart"];

/// Where the person wants to go. `redirectTo` is what the commercial plug-in's links say.
fn wanted_page(visit: &Visit) -> Result<String, Refusal> {
    let named = visit.query("os_destination").or_else(|| visit.query("redirectTo"));
    match named {
        None => Ok(start_page(&visit.app)),
        Some(named) => return_path(&visit.app, &named).ok_or_else(|| Refusal::return_path(&named)),
    }
}

/// What a link of the console began, if this is one.
fn guided(visit: &Visit) -> Result<Option<Guided>, Refusal> {
    let Some(link) = visit.query("guided") else { return Ok(None) };
    let secrets = &visit.installation().secrets;
    let guided = Guided::open(secrets, &visit.app.name, &link, visit.now);
    guided.map(Some).ok_or_else(Refusal::old_link)
}

/// Which of the reasons for endless rounds it is. The person is told once: what follows is a beginning.
fn going_round(visit: &Visit, living: Option<&LivingSession>, page: &str) -> Refusal {
    match living {
        Some(LivingSession { session, .. }) => {
            Rounds::forget(visit, session, page);
            Refusal::going_round(Round::AskedAgain)
        }
        None if session::token(&visit.app, &visit.headers).is_some() => {
            Refusal::going_round(Round::SessionOver)
        }
        None => Refusal::going_round(Round::CookieLost),
    }
}

/// Begins the sign-in of a request anew that was answered too late, once.
///
/// # Errors
/// When that was done before, when it was answered before, when the console began it, or when its IdP
/// is gone.
pub(super) async fn anew(
    visit: &Visit,
    late: PendingRequest,
    attempt: &mut Attempt,
) -> Result<Response<Body>, Refusal> {
    attempt.answers(&late.noted());
    // Reload and Back lead where the first answer led.
    let answered = visit.installation().store.attempt(&late.attempt).await?.is_some();
    if answered || late.again || late.purpose.is_some() {
        return Err(Refusal::request_expired(late.lifetime()));
    }
    let Some(idp) = pick(visit, Some(&late.idp))? else { return Err(Refusal::no_idp()) };
    tracing::info!(
        attempt.id = late.attempt,
        request.id = visit.request_id,
        app = late.app(),
        idp = idp.name,
        "an answer came too late; the sign-in begins anew"
    );
    let gone = late.clearing_cookie(visit);
    let beginning = Beginning {
        another_account: late.asked.forced,
        return_to: late.return_to,
        again: true,
        ..Beginning::default()
    };
    let mut response = to_idp(visit, &idp, beginning)?;
    answer::add_cookie(&mut response, &gone);
    Ok(response)
}

/// Sends the person to `idp` with an AuthnRequest (saml-bindings §3.4, §3.5).
fn to_idp(visit: &Visit, idp: &Idp, beginning: Beginning<'_>) -> Result<Response<Body>, Refusal> {
    let pending = PendingRequest::new(visit, idp, beginning);
    let id = pending.request_id(visit);
    let mut message = request(visit, idp, &pending, &id).outgoing(&pending.reference);
    let asked = &idp.settings.request;
    if let Some(domain) = asked.home_realm() {
        message = message.with_query("whr", domain);
    }
    let hint = visit.query("login_hint").filter(|hint| asked.login_hint && hint.len() <= HINT);
    if let Some(hint) = hint {
        message = message.with_query("login_hint", &hint);
    }
    let mut response = sending::to_idp(visit, &message, asked.binding, asked.signed())
        .map_err(|error| Refusal::cannot_sign(&error))?;
    for cookie in pending.cookies(visit) {
        answer::add_cookie(&mut response, &cookie);
    }
    Ok(response)
}

/// A longer hint is no user's name.
const HINT: usize = 254;

/// The request as it was sent, for the tracker.
pub(super) fn request_xml(visit: &Visit, idp: &Idp, pending: &PendingRequest, id: &str) -> String {
    request(visit, idp, pending, id).to_xml()
}

fn request<'a>(
    visit: &'a Visit,
    idp: &'a Idp,
    pending: &'a PendingRequest,
    id: &'a str,
) -> AuthnRequest<'a> {
    let settings = &idp.settings.request;
    AuthnRequest {
        id,
        issue_instant: pending.issued_at(),
        destination: settings.address(&idp.settings.login_url),
        issuer: &visit.app.entity_id,
        acs_url: visit.app.reply_url(),
        force_authn: pending.asked.forced,
        // An IdP that must ask may ask.
        is_passive: settings.passive && !pending.asked.forced,
        name_id_policy: settings.name_id_format.as_deref(),
        requested_authn_context: pending.asked.context(),
    }
}

/// The IdP by name, or the only one that serves the app; `None` when the person must choose.
fn pick(visit: &Visit, name: Option<&str>) -> Result<Option<Arc<Idp>>, Refusal> {
    let mut serving = visit.settings.idps_of(&visit.app);
    match name {
        Some(name) => match serving.find(|idp| idp.name == name) {
            Some(idp) => Ok(Some(idp.clone())),
            None => Err(Refusal::idp_gone(name)),
        },
        None => match (serving.next(), serving.next()) {
            (None, _) => Err(Refusal::no_idp()),
            (Some(only), None) => Ok(Some(only.clone())),
            _ => Ok(None),
        },
    }
}
