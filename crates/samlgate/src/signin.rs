//! The main job, top to bottom: a posted SAMLResponse becomes a session of Samlgate.
//!
//! Each step takes the value of the step before and nothing else; no step can be skipped, because
//! its value cannot be made another way. A refusal anywhere ends in [`tracker::refuse`].
//! Neither the app nor the IdP is talked to here: the app's own session is opened afterwards, at
//! `<prefix>/open` ([`crate::opener`]).

mod claims;
mod fresh;
mod masked;
mod person;
mod request;
mod start;
mod trial;

use std::sync::Arc;
use std::time::Duration;

use directory::provision::Origin;
use gateway::Body;
use http::Response;
use saml::{Expected, RawResponse, ServiceProvider};

use crate::access::Person;
use crate::answer;
use crate::session;
use crate::settings::Idp;
use crate::tracker::{self, Attempt, Refusal};
use crate::trust;
use crate::visit::Visit;

pub use fresh::FreshAssertion;
pub use person::ActiveUser;
pub use request::PendingRequest;
pub use start::{return_address, start};
pub use trial::{Guided, Purpose};

/// Clocks of IdP and SP may differ by this much (saml-profiles, implementation profile IIP-G01).
pub const SKEW: Duration = Duration::from_secs(180);

/// The fields of the form that the IdP's page posts (saml-bindings §3.5.4).
pub struct AcsForm {
    /// base64 of the response.
    pub saml_response: String,
    /// The reference that the request gave; absent in unsolicited answers.
    pub relay_state: Option<String>,
}

/// Answers a POST to the assertion consumer service at `acs_url`.
pub async fn consume(visit: &Visit, acs_url: &str, form: &AcsForm) -> Response<Body> {
    if let Some(reference) = form.relay_state.as_deref().filter(|state| trial::is_trial(state)) {
        return trial::consume(visit, acs_url, form, reference).await;
    }
    let mut attempt = Attempt::begin(visit);
    match sign_in(visit, acs_url, form, &mut attempt).await {
        Ok((user, pending)) => {
            let return_to = match &pending {
                Some(pending) => pending.return_to.clone(),
                None => start::unsolicited_destination(&visit.app, form.relay_state.as_deref()),
            };
            let there = session::open_address(&visit.app, Some(&return_to));
            let mut response = answer::see_other(&there);
            answer::add_cookie(&mut response, &session::cookie(&visit.app, user.token()));
            response.extensions_mut().insert(Person(user.name().to_owned()));
            if let Some(pending) = &pending {
                answer::add_cookie(&mut response, &pending.clearing_cookie(&visit.app));
            }
            response
        }
        Err(refusal) => tracker::refuse(visit, attempt, refusal).await,
    }
}

async fn sign_in(
    visit: &Visit,
    acs_url: &str,
    form: &AcsForm,
    attempt: &mut Attempt,
) -> Result<(ActiveUser, Option<PendingRequest>), Refusal> {
    let pending = PendingRequest::answered_by(visit, form.relay_state.as_deref())?;
    attempt.belongs_to(pending.as_ref());

    if trial::is_recording(form.relay_state.as_deref()) {
        attempt.detailed(visit);
    }
    let raw = RawResponse::from_post_value(&form.saml_response)?;
    let request_id = pending.as_ref().map(|pending| pending.request_id(visit));
    attempt.received(visit, (acs_url, request_id.as_deref()), &raw);
    tracing::debug!(
        attempt.id = attempt.id(),
        request.id = visit.request_id,
        saml.response = %masked::Masked(raw.xml()),
        "a response came"
    );
    let idp = idp_of(visit, pending.as_ref(), &raw)?;
    attempt.idp(&idp.name);
    let sent = pending.as_ref().zip(request_id.as_deref());
    attempt.asked(sent.map(|(pending, id)| start::request_xml(visit, &idp, pending, id)));
    attempt.log_checks(visit, &idp);

    trust::check_validity(visit, &idp)?;
    let sp = ServiceProvider {
        entity_id: &visit.app.entity_id,
        acs_url,
        decryption_keys: &visit.settings.sp_keys.decryption,
    };
    let expected = || request_id.as_deref().map_or(Expected::Unsolicited, Expected::Request);
    let accept = |idp: &Idp| saml::accept(&raw, &idp.trust, &sp, expected(), visit.now, SKEW);
    let (idp, verified) = match accept(&idp) {
        Ok(verified) => (idp, verified),
        // The IdP may have a new key: its metadata is read again, and the check is made again.
        Err(rejection) => {
            let newer = trust::newer_keys(visit, &idp, rejection).await?;
            let verified = accept(&newer)?;
            (newer, verified)
        }
    };
    visit.server.trust.key_used(&idp.name, verified.key_sha256(), visit.now);
    attempt.verified(&verified);

    let request_id = request_id.as_deref();
    let claims = match claims::read(&verified, &idp) {
        Ok(claims) => claims,
        Err(refusal) => {
            return fresh::spend(visit, &idp, &verified, request_id).await.and(Err(refusal));
        }
    };
    let portal = pending.as_ref().is_some_and(|pending| visit.app.is_portal(&pending.return_to));
    let origin = if portal { Origin::Portal } else { Origin::App };
    attempt.user(&claims.user_id);
    let said = (claims, origin);
    let fresh = FreshAssertion::claim(visit, &idp, verified, request_id, said).await?;
    let user = ActiveUser::admit(visit, &idp, fresh, attempt).await?;
    Ok((user, pending))
}

/// The IdP that the sign-in was begun with. Only an unsolicited response is routed by its Issuer,
/// which proves nothing: the signature must then verify with that IdP's keys.
fn idp_of(
    visit: &Visit,
    pending: Option<&PendingRequest>,
    raw: &RawResponse,
) -> Result<Arc<Idp>, Refusal> {
    let mut serving = visit.settings.idps_of(&visit.app);
    match pending {
        Some(pending) => serving
            .find(|idp| idp.name == pending.idp)
            .cloned()
            .ok_or_else(|| Refusal::idp_gone(&pending.idp)),
        None => {
            let issuer = saml::peek_issuer(raw)?;
            serving
                .filter(|idp| idp.settings.allow_unsolicited)
                .find(|idp| idp.settings.entity_id == issuer.as_str())
                .cloned()
                .ok_or_else(Refusal::nobody_asked)
        }
    }
}
