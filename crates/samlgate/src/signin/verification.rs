//! From the raw response to a verified assertion, at the places where strangers' messages are
//! verified, with the IdP's newest keys.

use std::sync::Arc;

use saml::{
    Expected, RawResponse, Rejection, ServiceProvider, UnverifiedIssuer, VerifiedAssertion,
};

use super::SKEW;
use crate::settings::Idp;
use crate::tracker::{Attempt, Refusal};
use crate::trust;
use crate::visit::Visit;

/// A response that came to `acs_url`, as the answer to the request of `request_id`, if to any.
pub(super) struct Received {
    pub(super) raw: Arc<RawResponse>,
    pub(super) acs_url: String,
    pub(super) request_id: Option<String>,
}

impl Received {
    /// The issuer that the response claims to have.
    ///
    /// # Errors
    /// When it names none, or too many messages wait.
    pub(super) async fn issuer(&self, visit: &Visit) -> Result<UnverifiedIssuer, Refusal> {
        let raw = self.raw.clone();
        let peeked = visit.server.verifier.run(move || saml::peek_issuer(&raw)).await;
        Ok(peeked.map_err(|_| Refusal::busy())??)
    }

    /// Verifies the response with the keys of `idp`. The IdP may have a new key: then its metadata is
    /// read again, and the check is made again.
    ///
    /// # Errors
    /// The first rule that is broken. What the IdP signed nevertheless is noted in the attempt.
    pub(super) async fn verified(
        &self,
        visit: &Visit,
        idp: Arc<Idp>,
        attempt: &mut Attempt,
    ) -> Result<(Arc<Idp>, VerifiedAssertion), Refusal> {
        trust::check_validity(visit, &idp)?;
        let rejection = match self.accepted(visit, &idp).await? {
            Ok(verified) => return Ok((idp, verified)),
            Err(rejection) => rejection,
        };
        let newer = match trust::newer_keys(visit, &idp, rejection).await {
            Ok(newer) => newer,
            Err(refusal) => {
                self.note_origin(visit, &idp, attempt).await;
                return Err(refusal);
            }
        };
        match self.accepted(visit, &newer).await? {
            Ok(verified) => Ok((newer, verified)),
            Err(rejection) => {
                self.note_origin(visit, &newer, attempt).await;
                Err(rejection.into())
            }
        }
    }

    async fn accepted(
        &self,
        visit: &Visit,
        idp: &Arc<Idp>,
    ) -> Result<Result<VerifiedAssertion, Rejection>, Refusal> {
        let now = visit.now;
        self.at_a_place(visit, idp, move |raw, idp, sp, request_id| {
            let expected = request_id.map_or(Expected::Unsolicited, Expected::Request);
            saml::accept(raw, &idp.trust, sp, expected, now, SKEW)
        })
        .await
    }

    /// A refusal of what the IdP signed is worth more than one of what anybody can make.
    async fn note_origin(&self, visit: &Visit, idp: &Arc<Idp>, attempt: &mut Attempt) {
        let signed = self.at_a_place(visit, idp, |raw, idp, sp, _| {
            saml::signed_assertion_id(raw, &idp.trust, sp)
        });
        if let Ok(Some(assertion)) = signed.await {
            attempt.signed(&idp.name, assertion);
        }
    }

    async fn at_a_place<T, W>(&self, visit: &Visit, idp: &Arc<Idp>, work: W) -> Result<T, Refusal>
    where
        T: Send + 'static,
        W: FnOnce(&RawResponse, &Idp, &ServiceProvider<'_>, Option<&str>) -> T + Send + 'static,
    {
        let (raw, idp, app) = (self.raw.clone(), idp.clone(), visit.app.clone());
        let (acs_url, request_id) = (self.acs_url.clone(), self.request_id.clone());
        let settings = visit.settings.clone();
        let done = visit.server.verifier.run(move || {
            let sp = ServiceProvider {
                entity_id: &app.entity_id,
                acs_url: &acs_url,
                decryption_keys: &settings.sp_keys.decryption,
            };
            work(&raw, &idp, &sp, request_id.as_deref())
        });
        done.await.map_err(|_| Refusal::busy())
    }
}
