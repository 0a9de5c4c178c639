//! From the posted form to a verified assertion: which IdP it is to be verified with, at the places
//! where strangers' messages are verified, with the IdP's newest keys.

use std::ops::Deref;
use std::sync::Arc;
use std::time::SystemTime;

use directory::provision::Origin;
use installation::settings::{Asked, Idp};
use saml::{Expected, RawResponse, Refused, ServiceProvider, UnverifiedIssuer, VerifiedAssertion};

use super::masked::Masked;
use super::{Came, PendingRequest, start};
use crate::front::refusal::Refusal;
use crate::front::tracker::{Attempt, Exchange};
use crate::front::visit::Visit;

/// A response that came, and the IdP that it must be verified with.
pub(super) struct Received {
    raw: Arc<RawResponse>,
    idp: Arc<Idp>,
    acs_url: String,
    /// The ID of the request that it must answer; of an unsolicited one there is none.
    pub(super) request_id: Option<String>,
    /// When that can be answered no more.
    pub(super) request_ends: Option<SystemTime>,
    /// What was asked of the authentication.
    asked: Asked,
    /// Where the sign-in began.
    pub(super) origin: Origin,
}

/// A verified assertion and the IdP that made it.
pub(super) struct Verified {
    pub(super) idp: Arc<Idp>,
    pub(super) assertion: VerifiedAssertion,
}

impl Received {
    /// Notes in the attempt what came and what was asked for.
    ///
    /// # Errors
    /// When no IdP that serves the app is to answer.
    pub(super) async fn read(
        visit: &Visit,
        came: &Came<'_>,
        attempt: &mut Attempt,
    ) -> Result<Self, Refusal> {
        let raw = came.raw.clone();
        tracing::debug!(
            attempt.id = attempt.id(),
            request.id = visit.request_id,
            saml.response = %Masked(raw.xml()),
            "a response came"
        );
        let request_id = came.request.map(|request| request.request_id(visit));
        let idp = idp_of(visit, came.request, &raw).await;
        let request = came.request.zip(idp.as_ref().ok()).zip(request_id.as_deref());
        let asked = asked_of(came.request, idp.as_deref().ok());
        attempt.exchanged(
            visit,
            &Exchange {
                acs_url: came.acs_url,
                idp: idp.as_deref().ok(),
                request_id: request_id.as_deref(),
                asked: &asked,
                request: request.map(|((it, idp), id)| start::request_xml(visit, idp, it, id)),
                response: &raw,
                with_headers: came.request.is_some_and(|request| request.purpose.is_some()),
            },
        );
        let acs_url = came.acs_url.to_owned();
        let origin = origin_of(visit, came.request);
        let request_ends = came.request.map(PendingRequest::ends_at);
        Ok(Received { raw, idp: idp?, acs_url, request_id, request_ends, asked, origin })
    }

    /// Verifies the response with the keys of its IdP. The IdP may have a new key: then its metadata
    /// is read again, and the check is made again.
    ///
    /// # Errors
    /// The first rule that is broken. What the IdP signed nevertheless is noted in the attempt: its
    /// refusal is worth more than one of what anybody can make.
    pub(super) async fn verified(
        &self,
        visit: &Visit,
        attempt: &mut Attempt,
    ) -> Result<Verified, Refusal> {
        let idp = visit.with_valid_metadata(&self.idp).await?;
        let refused = match self.judged(visit, &idp).await? {
            Ok(assertion) => return Ok(Verified::noted(idp, assertion, attempt)),
            Err(refused) => refused,
        };
        let newer = match visit.with_newer_keys(&idp, refused.rejection).await {
            Ok(newer) => newer,
            Err(refusal) => {
                attempt.refused_although_signed(&idp, refused.signed_assertion_id);
                return Err(refusal);
            }
        };
        match self.judged(visit, &newer).await? {
            Ok(assertion) => Ok(Verified::noted(newer, assertion, attempt)),
            Err(refused) => {
                attempt.refused_although_signed(&newer, refused.signed_assertion_id);
                Err(refused.rejection.into())
            }
        }
    }

    async fn judged(
        &self,
        visit: &Visit,
        idp: &Arc<Idp>,
    ) -> Result<Result<VerifiedAssertion, Refused>, Refusal> {
        let (raw, idp, app) = (self.raw.clone(), idp.clone(), visit.app.clone());
        let (acs_url, request_id) = (self.acs_url.clone(), self.request_id.clone());
        let (settings, asked, now) = (visit.settings.clone(), self.asked.clone(), visit.now);
        let done = visit.front.verifier.run(move || {
            let sp = ServiceProvider {
                entity_id: &app.entity_id,
                acs_url: &acs_url,
                decryption_keys: &settings.sp_keys.decryption,
            };
            let expected = request_id.as_deref().map_or(Expected::Unsolicited, Expected::Request);
            let skew = idp.settings.times.clock_skew();
            saml::judge(&raw, &idp.trust, &sp, expected, asked.required(), now, skew)
        });
        Ok(done.await?)
    }
}

impl Verified {
    fn noted(idp: Arc<Idp>, assertion: VerifiedAssertion, attempt: &mut Attempt) -> Self {
        attempt.verified(&idp.name, &assertion);
        Verified { idp, assertion }
    }
}

impl Deref for Verified {
    type Target = VerifiedAssertion;

    fn deref(&self) -> &VerifiedAssertion {
        &self.assertion
    }
}

/// The IdP that the sign-in was begun with. Only an unsolicited response is routed by its Issuer,
/// which proves nothing: the signature must then verify with that IdP's keys.
async fn idp_of(
    visit: &Visit,
    request: Option<&PendingRequest>,
    raw: &Arc<RawResponse>,
) -> Result<Arc<Idp>, Refusal> {
    let mut serving = visit.settings.idps_of(&visit.app);
    match request {
        Some(request) => serving
            .find(|idp| idp.name == request.idp)
            .cloned()
            .ok_or_else(|| Refusal::idp_gone(&request.idp)),
        None => {
            let issuer = issuer_of(visit, raw.clone()).await?;
            serving
                .filter(|idp| idp.settings.allow_unsolicited)
                .find(|idp| idp.settings.entity_id == issuer.as_str())
                .cloned()
                .ok_or_else(Refusal::unsolicited)
        }
    }
}

async fn issuer_of(visit: &Visit, raw: Arc<RawResponse>) -> Result<UnverifiedIssuer, Refusal> {
    Ok(visit.front.verifier.run(move || saml::peek_issuer(&raw)).await??)
}

/// What the request asked for, as it was sealed. An answer that nobody asked for must be what a request
/// would ask for now: beginning at the IdP is no way around it.
fn asked_of(request: Option<&PendingRequest>, idp: Option<&Idp>) -> Asked {
    match (request, idp) {
        (Some(request), _) => request.asked.clone(),
        (None, Some(idp)) => Asked::by(&idp.settings.request, false),
        (None, None) => Asked::default(),
    }
}

fn origin_of(visit: &Visit, request: Option<&PendingRequest>) -> Origin {
    let portal = request.is_some_and(|request| visit.app.is_portal(&request.return_to));
    if portal { Origin::Portal } else { Origin::App }
}
