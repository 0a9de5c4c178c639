//! The start of a sign-in: pick the IdP, remember where to return, send the person there.

use std::sync::Arc;

use gateway::Body;
use http::Response;
use installation::guided::Guided;
use installation::settings::{App, Idp};
use saml::AuthnRequest;

use super::request::PendingRequest;
use crate::front::answer;
use crate::front::page;
use crate::front::refusal::Refusal;
use crate::front::sending;
use crate::front::session;
use crate::front::tracker::{self, Attempt};
use crate::front::visit::Visit;

/// Answers a GET at the assertion consumer service: the Sign-on URL of both plug-ins.
pub async fn start(visit: &Visit) -> Response<Body> {
    let query = |name: &str| visit.query(name);
    let return_to = match query("os_destination") {
        None => format!("{}/", visit.app.context_path),
        Some(destination) => match return_path(&visit.app, &destination) {
            Some(path) => path,
            None => {
                let attempt = Attempt::begin(visit);
                return tracker::refuse(visit, attempt, Refusal::return_path(&destination)).await;
            }
        },
    };
    let guided = match query("guided") {
        None => None,
        Some(link) => {
            match Guided::open(&visit.installation().secrets, &visit.app.name, &link, visit.now) {
                Some(guided) => Some(guided),
                None => {
                    return tracker::refuse(visit, Attempt::begin(visit), Refusal::old_link())
                        .await;
                }
            }
        }
    };
    let signed_in = session::current(visit).await.is_ok_and(|session| session.is_some());
    if signed_in && guided.is_none() {
        return answer::see_other(&session::open_url(&visit.app, Some(&return_to)));
    }
    let name = match &guided {
        Some(guided) => guided.idp.clone(),
        None => query("idp"),
    };
    let begun = match pick(visit, name.as_deref()) {
        Ok(Some(idp)) => to_idp(visit, &idp, return_to, guided.as_ref()),
        Ok(None) => Ok(page::choose_idp(visit, &return_to)),
        Err(refusal) => Err(refusal),
    };
    match begun {
        Ok(response) => response,
        Err(refusal) => tracker::refuse(visit, Attempt::begin(visit), refusal).await,
    }
}

/// Sends the person to `idp` with an AuthnRequest (saml-bindings §3.4, §3.5).
fn to_idp(
    visit: &Visit,
    idp: &Idp,
    return_to: String,
    guided: Option<&Guided>,
) -> Result<Response<Body>, Refusal> {
    let pending = PendingRequest::new(visit, idp, return_to, guided);
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
        is_passive: settings.passive,
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

/// Where a person goes whose IdP began the sign-in (saml-profiles §4.1.5): RelayState may name a
/// path within the app, and nothing else; else it is the app's start page.
pub(super) fn unsolicited_destination(app: &App, relay_state: Option<&str>) -> String {
    let named = relay_state.and_then(|path| return_path(app, path));
    named.unwrap_or_else(|| format!("{}/", app.context_path))
}

/// A longer hint is no user's name.
const HINT: usize = 254;

/// The path within the app that `destination` names: it starts with one slash and holds no
/// backslash, control character or second slash at its start. The app writes it relative to its
/// context path; one that begins with the context path is taken as it is.
pub fn return_path(app: &App, destination: &str) -> Option<String> {
    let mut characters = destination.chars();
    let fits = characters.next() == Some('/')
        && characters.next() != Some('/')
        && destination.len() <= 2000
        && !destination.chars().any(|c| c == '\\' || c.is_control());
    if !fits {
        return None;
    }
    let path = destination.split(['?', '#']).next().unwrap_or_default();
    if path.contains("//") || path.split('/').any(is_dot_segment) {
        return None;
    }
    let whole = match app.context_path.is_empty() || app.holds(path) {
        true => destination.to_owned(),
        false => format!("{}{destination}", app.context_path),
    };
    Some(answer::ascii_url(&whole))
}

/// `.` and `..`, also percent-encoded, could lead out of the app's context path.
fn is_dot_segment(segment: &str) -> bool {
    let plain = segment.to_ascii_lowercase().replace("%2e", ".");
    plain == "." || plain == ".."
}
