//! From the assertion's words to the directory's: the only place where the two meet.

use directory::provision::Claims;
use installation::settings::Idp;
use saml::VerifiedAssertion;

use crate::front::refusal::Refusal;

/// What the IdP says of the person, read as the IdP's settings say.
///
/// # Errors
/// When the user id is missing or ambiguous, or a step refuses a value.
pub(super) fn read(assertion: &VerifiedAssertion, idp: &Idp) -> Result<Claims, Refusal> {
    let attributes: Vec<(&str, Vec<&str>)> = assertion
        .attributes()
        .map(|attribute| (attribute.name, attribute.values().collect()))
        .collect();
    let name_id = assertion.name_id().map(|name_id| name_id.value);
    Ok(idp.provisioning.reading.claims(name_id, &attributes)?)
}
