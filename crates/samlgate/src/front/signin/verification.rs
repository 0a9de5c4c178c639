//! From the raw response to a verified assertion, at the places where strangers' messages are
//! verified, with the IdP's newest keys.

use std::sync::Arc;

use installation::settings::{Idp, SKEW};
use installation::trust::{self, Expired};
use saml::{Expected, RawResponse, Refused, ServiceProvider, UnverifiedIssuer, VerifiedAssertion};

use crate::front::refusal::Refusal;
use crate::front::tracker::Attempt;
use crate::front::visit::Visit;

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
        Ok(visit.front.verifier.run(move || saml::peek_issuer(&raw)).await??)
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
        trust::check_validity(&idp, visit.now)
            .map_err(|Expired(end)| Refusal::metadata_expired(&idp.name, end))?;
        let refused = match self.judged(visit, &idp).await? {
            Ok(verified) => return Ok((idp, verified)),
            Err(refused) => refused,
        };
        let newer = match visit.with_newer_keys(&idp, refused.rejection).await {
            Ok(newer) => newer,
            Err(refusal) => {
                note_origin(&idp, refused.signed_assertion_id, attempt);
                return Err(refusal);
            }
        };
        match self.judged(visit, &newer).await? {
            Ok(verified) => Ok((newer, verified)),
            Err(refused) => {
                note_origin(&newer, refused.signed_assertion_id, attempt);
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
        let (settings, now) = (visit.settings.clone(), visit.now);
        let done = visit.front.verifier.run(move || {
            let sp = ServiceProvider {
                entity_id: &app.entity_id,
                acs_url: &acs_url,
                decryption_keys: &settings.sp_keys.decryption,
            };
            let expected = request_id.as_deref().map_or(Expected::Unsolicited, Expected::Request);
            saml::judge(&raw, &idp.trust, &sp, expected, now, SKEW)
        });
        Ok(done.await?)
    }
}

/// A refusal of what the IdP signed is worth more than one of what anybody can make.
fn note_origin(idp: &Idp, signed_assertion_id: Option<String>, attempt: &mut Attempt) {
    if let Some(assertion) = signed_assertion_id {
        attempt.signed(&idp.name, assertion);
    }
}
