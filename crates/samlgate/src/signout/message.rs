//! Reading what comes to `<prefix>/logout`.

use std::sync::Arc;

use gateway::Body;
use http::Method;
use saml::{LogoutMessage, LogoutParties, LogoutRejection, MessageKind};

use super::failure::Failure;
use crate::form::PostedForm;
use crate::settings::Idp;
use crate::trust;
use crate::visit::Visit;

/// Log-out messages are small; a form with one has at most this many bytes.
const LARGEST_FORM: usize = 256 * 1024;

/// The message in the query or in the form.
pub(super) async fn read(
    visit: &Visit,
    method: &Method,
    body: Body,
) -> Result<LogoutMessage, Failure> {
    if *method != Method::POST {
        return Ok(LogoutMessage::from_query(visit.uri.query().unwrap_or_default())?);
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
    Ok(LogoutMessage::from_post_value(kind, &value, relay_state.as_deref())?)
}

/// What `accept` makes of a message with the keys of `idp`, or with those that its metadata names
/// now: a log-out too may be the first to be signed with a new key.
pub(super) async fn verified<T>(
    visit: &Visit,
    idp: Arc<Idp>,
    accept: impl Fn(&LogoutParties<'_>) -> Result<T, LogoutRejection>,
) -> Result<(Arc<Idp>, T), Failure> {
    let accept = |idp: &Idp| {
        let aliases = idp.settings.logout.aliases(&idp.settings.entity_id);
        accept(&parties(visit, idp, &aliases))
    };
    match accept(&idp) {
        Ok(verified) => Ok((idp, verified)),
        Err(LogoutRejection::Message(rejection)) => {
            let newer = trust::newer_keys(visit, &idp, rejection).await?;
            let verified = accept(&newer)?;
            Ok((newer, verified))
        }
        Err(rejection) => Err(rejection.into()),
    }
}

/// Between whom log-out messages of `idp` travel at this app.
fn parties<'a>(visit: &'a Visit, idp: &'a Idp, aliases: &'a [String]) -> LogoutParties<'a> {
    LogoutParties {
        idp: &idp.trust,
        issuer_aliases: aliases,
        entity_id: &visit.app.entity_id,
        slo_url: &visit.app.slo_url,
        decryption_keys: &visit.settings.sp_keys.decryption,
    }
}
