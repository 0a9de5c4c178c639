//! The start of a sign-in: pick the IdP, remember where to return, send the person there.

use std::sync::Arc;

use gateway::Body;
use http::Response;
use saml::AuthnRequest;

use super::request::{self, PendingRequest};
use super::trial::Guided;
use crate::gate::{Visit, answer};
use crate::page;
use crate::session;
use crate::settings::{App, Idp};
use crate::tracker::{self, Attempt, Refusal};

/// Answers a GET at the assertion consumer service: the Sign-on URL of both plug-ins.
pub async fn start(visit: &Visit) -> Response<Body> {
    let query = |name: &str| visit.query(name);
    let return_to = match query("os_destination") {
        None => format!("{}/", visit.app.context_path),
        Some(destination) => match return_address(&visit.app, &destination) {
            Some(path) => path,
            None => {
                let attempt = Attempt::begin(visit);
                return tracker::refuse(visit, attempt, Refusal::return_address(&destination))
                    .await;
            }
        },
    };
    let guided = match query("guided") {
        None => None,
        Some(link) => match Guided::open(visit, &link) {
            Some(guided) => Some(guided),
            None => {
                return tracker::refuse(visit, Attempt::begin(visit), Refusal::old_link()).await;
            }
        },
    };
    if let Some(guided) = guided {
        return match pick(visit, guided.idp.as_deref()) {
            Ok(Some(idp)) => to_idp(visit, &idp, return_to, Some(&guided)),
            Ok(None) => page::choose_idp(visit, &return_to),
            Err(refusal) => tracker::refuse(visit, Attempt::begin(visit), refusal).await,
        };
    }
    if session::current(visit).await.is_ok_and(|session| session.is_some()) {
        return answer::see_other(&session::open_address(&visit.app, Some(&return_to)));
    }
    match pick(visit, query("idp").as_deref()) {
        Ok(Some(idp)) => to_idp(visit, &idp, return_to, None),
        Ok(None) => page::choose_idp(visit, &return_to),
        Err(refusal) => tracker::refuse(visit, Attempt::begin(visit), refusal).await,
    }
}

/// Sends the person to `idp` with an AuthnRequest (saml-bindings §3.4).
fn to_idp(visit: &Visit, idp: &Idp, return_to: String, guided: Option<&Guided>) -> Response<Body> {
    let pending = PendingRequest::new(visit, idp, return_to, guided);
    let id = pending.request_id(visit);
    let request = request(visit, idp, &pending, &id);
    let mut response = answer::see_other(&request.redirect_url(&pending.reference));
    for cookie in request::make_room(visit) {
        answer::add_cookie(&mut response, &cookie);
    }
    answer::add_cookie(&mut response, &pending.cookie(visit));
    response
}

/// The request as it was sent, for the tracker.
pub(super) fn request_xml(visit: &Visit, idp: &Idp, pending: &PendingRequest, id: &str) -> String {
    request(visit, idp, pending, id).to_xml()
}

fn request<'a>(
    visit: &'a Visit,
    idp: &'a Idp,
    pending: &PendingRequest,
    id: &'a str,
) -> AuthnRequest<'a> {
    AuthnRequest {
        id,
        issue_instant: pending.issued_at(),
        destination: &idp.settings.login_url,
        issuer: &visit.app.entity_id,
        acs_url: visit.app.reply_url(),
        force_authn: false,
        is_passive: false,
        name_id_policy: None,
        requested_authn_context: None,
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

/// The path within the app that `destination` names: it starts with one slash and holds no
/// backslash, control character or second slash at its start. The app writes it relative to its
/// context path; one that begins with the context path is taken as it is.
pub fn return_address(app: &App, destination: &str) -> Option<String> {
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
    Some(answer::ascii_address(&whole))
}

/// `.` and `..`, also percent-encoded, could lead out of the app's context path.
fn is_dot_segment(segment: &str) -> bool {
    let plain = segment.to_ascii_lowercase().replace("%2e", ".");
    plain == "." || plain == ".."
}
