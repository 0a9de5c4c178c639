//! The main job, top to bottom: a posted SAMLResponse becomes a session of Samlgate.
//!
//! Each step takes the value of the step before and nothing else; no step can be skipped, because
//! its value cannot be made another way. A refusal anywhere ends in [`tracker::refuse`].
//! Neither the app nor the IdP is talked to here: the app's own session is opened afterwards, at
//! `<prefix>/open` ([`crate::front::opener`]).

mod claims;
mod fresh;
mod masked;
mod person;
mod request;
mod start;
mod trial;
mod verification;

use std::sync::Arc;

use directory::provision::Origin;
use gateway::Body;
use http::Response;
use installation::settings::Idp;
use saml::RawResponse;

use crate::front::access::Person;
use crate::front::answer;
use crate::front::refusal::Refusal;
use crate::front::session;
use crate::front::tracker::{self, Attempt};
use crate::front::visit::Visit;
use verification::Received;

pub use fresh::FreshAssertion;
pub use person::ActiveUser;
pub use request::PendingRequest;
pub use start::{return_address, start};

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
    let pending = match PendingRequest::answered_by(visit, form.relay_state.as_deref()) {
        Ok(pending) => pending,
        Err(refusal) => return tracker::refuse(visit, attempt, refusal).await,
    };
    match &pending {
        Some(pending) => attempt.belongs_to(&pending.attempt, &pending.return_to),
        None => attempt.begins_at_idp(),
    }
    if let Some(pending) = pending.as_ref().filter(|pending| trial::is_trial(&pending.reference)) {
        return trial::consume(visit, acs_url, form, pending, attempt).await;
    }
    match sign_in(visit, acs_url, form, pending.as_ref(), &mut attempt).await {
        Ok(user) => {
            let return_to = match &pending {
                Some(pending) => pending.return_to.clone(),
                None => start::unsolicited_destination(&visit.app, form.relay_state.as_deref()),
            };
            let there = session::open_address(&visit.app, Some(&return_to));
            let mut response = answer::see_other(&there);
            // The request's cookie stays for its ten minutes: who comes again by Reload or Back is led
            // to the same page.
            answer::add_cookie(&mut response, &session::cookie(&visit.app, user.token()));
            response.extensions_mut().insert(Person(user.name().to_owned()));
            response
        }
        Err(refusal) => tracker::refuse(visit, attempt, refusal).await,
    }
}

async fn sign_in(
    visit: &Visit,
    acs_url: &str,
    form: &AcsForm,
    pending: Option<&PendingRequest>,
    attempt: &mut Attempt,
) -> Result<ActiveUser, Refusal> {
    if trial::is_recording(form.relay_state.as_deref()) {
        attempt.detailed(visit);
    }
    let received = received(visit, acs_url, form, pending, attempt)?;
    let idp = idp_of(visit, pending, &received).await?;
    attempt.idp(&idp.name);
    attempt.asked(request_of(visit, &idp, pending, &received));
    attempt.log_checks(visit, &idp);

    let (idp, verified) = received.verified(visit, idp, attempt).await?;
    visit.front.trust.key_used(&idp.name, verified.key_sha256(), visit.now);
    attempt.verified(&idp.name, &verified);

    let request_id = received.request_id.as_deref();
    let claims = match claims::read(&verified, &idp) {
        Ok(claims) => claims,
        Err(refusal) => {
            fresh::spend(visit, &idp, &verified, request_id).await?;
            attempt.claimed();
            return Err(refusal);
        }
    };
    attempt.user(&claims.user_id);
    let said = (claims, origin_of(visit, pending));
    let fresh = FreshAssertion::claim(visit, &idp, verified, request_id, said).await?;
    attempt.claimed();
    ActiveUser::admit(visit, &idp, fresh, attempt).await
}

/// The response of the form, noted in the attempt.
fn received(
    visit: &Visit,
    acs_url: &str,
    form: &AcsForm,
    pending: Option<&PendingRequest>,
    attempt: &mut Attempt,
) -> Result<Received, Refusal> {
    let raw = Arc::new(RawResponse::from_post_value(&form.saml_response)?);
    let request_id = pending.map(|pending| pending.request_id(visit));
    attempt.received(visit, (acs_url, request_id.as_deref()), &raw);
    tracing::debug!(
        attempt.id = attempt.id(),
        request.id = visit.request_id,
        saml.response = %masked::Masked(raw.xml()),
        "a response came"
    );
    Ok(Received { raw, acs_url: acs_url.to_owned(), request_id })
}

/// The request that is answered, as it was sent.
fn request_of(
    visit: &Visit,
    idp: &Idp,
    pending: Option<&PendingRequest>,
    received: &Received,
) -> Option<String> {
    let (pending, id) = pending.zip(received.request_id.as_deref())?;
    Some(start::request_xml(visit, idp, pending, id))
}

/// Where the sign-in began.
fn origin_of(visit: &Visit, pending: Option<&PendingRequest>) -> Origin {
    let portal = pending.is_some_and(|pending| visit.app.is_portal(&pending.return_to));
    if portal { Origin::Portal } else { Origin::App }
}

/// The IdP that the sign-in was begun with. Only an unsolicited response is routed by its Issuer,
/// which proves nothing: the signature must then verify with that IdP's keys.
async fn idp_of(
    visit: &Visit,
    pending: Option<&PendingRequest>,
    received: &Received,
) -> Result<Arc<Idp>, Refusal> {
    let mut serving = visit.settings.idps_of(&visit.app);
    match pending {
        Some(pending) => serving
            .find(|idp| idp.name == pending.idp)
            .cloned()
            .ok_or_else(|| Refusal::idp_gone(&pending.idp)),
        None => {
            let issuer = received.issuer(visit).await?;
            serving
                .filter(|idp| idp.settings.allow_unsolicited)
                .find(|idp| idp.settings.entity_id == issuer.as_str())
                .cloned()
                .ok_or_else(Refusal::nobody_asked)
        }
    }
}
