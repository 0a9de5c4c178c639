//! Sends the browser to an IdP with a message of ours: by redirect, or by a form that posts itself.

use gateway::Body;
use http::Response;
use installation::settings::Binding;
use saml::dsig::SignError;
use saml::{Outgoing, Signer};

use crate::front::answer;
use crate::front::page;
use crate::front::visit::Visit;

/// The answer that takes the browser and `message` to the IdP, signed with the SP's own key when
/// `signed` is set.
///
/// # Errors
/// When the key cannot sign.
pub fn to_idp(
    visit: &Visit,
    message: &Outgoing,
    binding: Binding,
    signed: bool,
) -> Result<Response<Body>, SignError> {
    let keys = &visit.settings.sp_keys;
    let signer = Signer { key: &keys.signing, certificate_der: keys.active().certificate.der() };
    let signer = signed.then_some(signer);
    Ok(match binding {
        Binding::Redirect => answer::see_other(&message.redirect(signer)?),
        Binding::Post => page::post(&visit.app, &message.post(signer)?),
    })
}
