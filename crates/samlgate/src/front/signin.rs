//! The main job, top to bottom: a posted SAMLResponse becomes a session of Samlgate.
//!
//! Each step takes the value of the step before and nothing else; no step can be skipped, because
//! its value cannot be made another way. Each notes in the attempt what it found. A refusal anywhere
//! ends in [`tracker::refuse`].
//! Neither the app nor the IdP is talked to here: the app's own session is opened afterwards, at
//! `<prefix>/open` ([`crate::front::opener`]).

mod answered;
mod destination;
mod fresh;
mod masked;
mod person;
mod person_claim;
mod received;
mod request;
mod rounds;
mod start;
mod test;

use std::sync::Arc;

use gateway::Body;
use http::Response;
use installation::guided::Purpose;
use saml::RawResponse;

use crate::front::access::Person;
use crate::front::answer;
use crate::front::refusal::Refusal;
use crate::front::session;
use crate::front::tracker::{self, Attempt};
use crate::front::visit::Visit;
use answered::Answered;
use person_claim::PersonClaim;
use received::Received;

pub use destination::{return_path, start_page};
pub use fresh::FreshAssertion;
pub use person::ActiveUser;
pub use request::{Beginning, PendingRequest};
pub use rounds::{AtApps, PARAMETER as ROUND, Rounds};
pub use start::start;

/// The fields of the form that the IdP's page posts (saml-bindings §3.5.4).
pub struct AcsForm {
    /// base64 of the response.
    pub saml_response: String,
    /// The reference that the request gave; absent in unsolicited answers.
    pub relay_state: Option<String>,
}

/// Answers a POST to the assertion consumer service at `acs_url`.
pub async fn consume(visit: &Visit, acs_url: &str, form: &AcsForm) -> Response<Body> {
    let mut attempt = Attempt::begin(visit);
    match answer_form(visit, acs_url, form, &mut attempt).await {
        Ok(response) => response,
        Err(refusal) => tracker::refuse(visit, attempt, refusal).await,
    }
}

async fn answer_form(
    visit: &Visit,
    acs_url: &str,
    form: &AcsForm,
    attempt: &mut Attempt,
) -> Result<Response<Body>, Refusal> {
    let raw = RawResponse::from_post_value(&form.saml_response).map(Arc::new);
    let relay_state = form.relay_state.as_deref();
    let request = match Answered::find(visit, raw.as_ref().ok(), relay_state).await? {
        Answered::Request(request) => Some(request),
        Answered::Late(request) => return start::anew(visit, request, attempt).await,
        Answered::Nothing => None,
    };
    match &request {
        Some(request) => attempt.answers(&request.noted()),
        None => attempt.begins_at_idp(),
    }
    let came = Came { acs_url, raw: raw?, relay_state, request: request.as_ref() };
    // What the sign-in is for was sealed when it began; nothing that came back can change it.
    if let Some(request) = request.as_ref().filter(|it| it.purpose == Some(Purpose::Test)) {
        return test::answer(visit, &came, request, attempt).await;
    }
    let user = sign_in(visit, &came, attempt).await?;
    Ok(let_in(visit, &came, &user, attempt))
}

/// What came to the assertion consumer service, and the request of this browser that it answers.
struct Came<'a> {
    acs_url: &'a str,
    raw: Arc<RawResponse>,
    relay_state: Option<&'a str>,
    request: Option<&'a PendingRequest>,
}

/// From the posted form to a person with a session.
async fn sign_in(
    visit: &Visit,
    came: &Came<'_>,
    attempt: &mut Attempt,
) -> Result<ActiveUser, Refusal> {
    let received = Received::read(visit, came, attempt).await?;
    let verified = received.verified(visit, attempt).await?;
    visit.front.trust.key_used(&verified.idp.name, verified.key_sha256(), visit.now);
    let person = PersonClaim::read(&verified, received.origin);
    let fresh = FreshAssertion::claim(visit, verified, &received, person, attempt).await?;
    ActiveUser::admit(visit, fresh, attempt).await
}

/// The person has a session; the app is opened next.
fn let_in(visit: &Visit, came: &Came<'_>, user: &ActiveUser, attempt: &Attempt) -> Response<Body> {
    let return_to = match came.request {
        Some(request) => request.return_to.clone(),
        None => destination::unsolicited_destination(&visit.app, came.relay_state),
    };
    let before = came.request.and_then(|request| request.rounds.as_ref());
    let rounds = Rounds::and_one(before, attempt.id(), visit.now);
    let mut response = answer::see_other(&rounds::open_url(visit, &return_to, &rounds));
    // The request's cookie stays for ten minutes: who comes again by Reload or Back is led to the
    // same page.
    if let Some(cookie) = came.request.and_then(|request| request.last_cookie(visit)) {
        answer::add_cookie(&mut response, &cookie);
    }
    answer::add_cookie(&mut response, &session::cookie(&visit.app, user.token()));
    response.extensions_mut().insert(Person(user.name().to_owned()));
    response
}

#[cfg(test)]
mod tests;
