//! Reading what comes to `<prefix>/logout`, and verifying it where strangers' messages are verified.

use std::sync::Arc;

use gateway::Body;
use http::Method;
use installation::settings::Idp;
use saml::{LogoutMessage, LogoutParties, LogoutRejection, MessageKind, UnverifiedIssuer};

use super::failure::Failure;
use crate::front::form::PostedForm;
use crate::front::refusal::Refusal;
use crate::front::visit::Visit;

/// Log-out messages are small; a form with one has at most this many bytes.
const LARGEST_FORM: usize = 256 * 1024;

/// The message in the query or in the form.
pub(super) async fn read(
    visit: &Visit,
    method: &Method,
    body: Body,
) -> Result<Arc<LogoutMessage>, Failure> {
    if *method != Method::POST {
        let query = visit.uri.query().unwrap_or_default();
        return Ok(Arc::new(LogoutMessage::from_query(query)?));
    }
    let form = PostedForm::read(&visit.headers, body, LARGEST_FORM).await?;
    let (mut message, mut relay_state) = (None, None);
    for (name, value) in form.fields() {
        let twice = match name.as_ref() {
            "SAMLRequest" => message.replace((MessageKind::Request, value)).is_some(),
            "SAMLResponse" => message.replace((MessageKind::Response, value)).is_some(),
            "RelayState" => relay_state.replace(value).is_some(),
            _ => false,
        };
        if twice {
            return Err(Failure::Fields(
                "a field stands there twice, or request and answer at once",
            ));
        }
    }
    let Some((kind, value)) = message else {
        return Err(Failure::Fields("there is neither SAMLRequest nor SAMLResponse"));
    };
    Ok(Arc::new(LogoutMessage::from_post_value(kind, &value, relay_state.as_deref())?))
}

/// The issuer that the message claims to have.
pub(super) async fn issuer(
    visit: &Visit,
    message: &Arc<LogoutMessage>,
) -> Result<UnverifiedIssuer, Failure> {
    let message = message.clone();
    let peeked = visit.front.verifier.run(move || saml::peek_logout_issuer(&message)).await;
    Ok(peeked.map_err(Refusal::from)??)
}

/// What `accept` makes of a message with the keys of `idp`, or with those that its metadata names
/// now: a log-out too may be the first to be signed with a new key.
pub(super) async fn verified<T, A>(
    visit: &Visit,
    idp: Arc<Idp>,
    accept: A,
) -> Result<(Arc<Idp>, T), Failure>
where
    T: Send + 'static,
    A: Fn(&LogoutParties<'_>) -> Result<T, LogoutRejection> + Clone + Send + 'static,
{
    match judged(visit, &idp, accept.clone()).await? {
        Ok(verified) => Ok((idp, verified)),
        Err(LogoutRejection::Message(rejection)) => {
            let newer = visit.with_newer_keys(&idp, rejection).await?;
            let verified = judged(visit, &newer, accept).await??;
            Ok((newer, verified))
        }
        Err(rejection) => Err(rejection.into()),
    }
}

async fn judged<T, A>(
    visit: &Visit,
    idp: &Arc<Idp>,
    accept: A,
) -> Result<Result<T, LogoutRejection>, Failure>
where
    T: Send + 'static,
    A: Fn(&LogoutParties<'_>) -> Result<T, LogoutRejection> + Send + 'static,
{
    let (idp, app, settings) = (idp.clone(), visit.app.clone(), visit.settings.clone());
    let done = visit.front.verifier.run(move || {
        accept(&LogoutParties {
            idp: &idp.trust,
            issuer_aliases: &idp.settings.logout.aliases(&idp.settings.entity_id),
            entity_id: &app.entity_id,
            slo_url: &app.slo_url,
            decryption_keys: &settings.sp_keys.decryption,
        })
    });
    Ok(done.await.map_err(Refusal::from)?)
}
