//! Which request of this browser a response answers.
//!
//! The response's own InResponseTo says it; RelayState only helps to find it, since IdPs lose it, change
//! it, or send one of their own. Nothing is proven here: the response must then verify as the answer to
//! that very request (saml-profiles §4.1.4.3).

use std::sync::Arc;

use saml::RawResponse;

use super::request::PendingRequest;
use crate::front::pending;
use crate::front::refusal::{BUSY, Refusal};
use crate::front::visit::Visit;

/// What a response answers.
pub(super) enum Answered {
    /// A request of this browser that can still be answered.
    Request(PendingRequest),
    /// A request of this browser that is too old by now.
    Late(PendingRequest),
    /// Nothing: the IdP began.
    Nothing,
}

impl Answered {
    /// Looks among what this browser holds for this app. `raw` is the response, if it can be read;
    /// `relay_state` is what came with it.
    ///
    /// # Errors
    /// When it answers a request that this browser does not hold.
    pub(super) async fn find(
        visit: &Visit,
        raw: Option<&Arc<RawResponse>>,
        relay_state: Option<&str>,
    ) -> Result<Self, Refusal> {
        let relay_state = relay_state.filter(|text| !text.is_empty());
        let named = relay_state.and_then(|reference| PendingRequest::named(visit, reference));
        // The usual case, told without a second reading of the message.
        if let (Some(named), Some(raw)) = (&named, raw)
            && raw.xml().contains(&named.request_id(visit))
        {
            return Ok(Self::of(visit, named.clone()));
        }
        let in_response_to = match raw {
            Some(raw) => in_response_to(visit, raw.clone()).await?,
            None => None,
        };
        if let Some(id) = &in_response_to
            && let Some(request) = PendingRequest::of_id(visit, id)
        {
            return Ok(Self::of(visit, request));
        }
        // A response that names no request is one that the IdP began, where it may.
        match named {
            Some(named) if in_response_to.is_some() || !may_begin(visit, &named.idp) => {
                Ok(Self::of(visit, named))
            }
            _ if in_response_to.is_some() => Err(Refusal::no_request_cookie()),
            None if relay_state.is_some_and(pending::is_reference) && !any_may_begin(visit) => {
                Err(Refusal::no_request_cookie())
            }
            _ => Ok(Answered::Nothing),
        }
    }

    fn of(visit: &Visit, request: PendingRequest) -> Self {
        match pending::expired(visit, &request) {
            true => Answered::Late(request),
            false => Answered::Request(request),
        }
    }
}

/// The request of this browser that a response in the address answers, where none may come.
///
/// # Errors
/// When too many wait to be read.
pub(super) async fn by_get(visit: &Visit) -> Result<Option<PendingRequest>, Refusal> {
    let raw = visit.uri.query().and_then(RawResponse::from_query).map(Arc::new);
    let relay_state = visit.query("RelayState");
    let found = match Answered::find(visit, raw.as_ref(), relay_state.as_deref()).await {
        Ok(Answered::Request(request) | Answered::Late(request)) => Some(request),
        Ok(Answered::Nothing) => None,
        Err(refusal) if refusal.code == BUSY => return Err(refusal),
        Err(_) => None,
    };
    Ok(found)
}

fn may_begin(visit: &Visit, idp: &str) -> bool {
    let mut serving = visit.settings.idps_of(&visit.app);
    serving.any(|it| it.name == idp && it.settings.allow_unsolicited)
}

fn any_may_begin(visit: &Visit) -> bool {
    visit.settings.idps_of(&visit.app).any(|idp| idp.settings.allow_unsolicited)
}

/// The ID of the request that it says to answer. What is no response is refused later, in better words.
async fn in_response_to(visit: &Visit, raw: Arc<RawResponse>) -> Result<Option<String>, Refusal> {
    let envelope = visit.front.verifier.run(move || saml::peek_envelope(&raw)).await?;
    Ok(envelope.ok().and_then(|envelope| envelope.in_response_to))
}
