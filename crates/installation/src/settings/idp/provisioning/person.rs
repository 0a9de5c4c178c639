//! From the words of a verified assertion to those of the directory: the only place where the two
//! meet.

use directory::provision::{Claims, NameId, Refusal};
use saml::VerifiedAssertion;

use super::Provisioning;

impl Provisioning {
    /// What the IdP says of the person, read as the settings say.
    ///
    /// # Errors
    /// When the user id is missing or ambiguous, or a step refuses a value.
    pub fn claims(&self, assertion: &VerifiedAssertion) -> Result<Claims, Refusal> {
        let attributes: Vec<(&str, Vec<&str>)> = assertion
            .attributes()
            .map(|attribute| (attribute.name, attribute.values().collect()))
            .collect();
        let name_id = assertion.name_id();
        let name_id = name_id.map(|name| NameId { value: name.value, format: name.format });
        let mut claims = self.reading.claims(name_id, &attributes)?;
        if assertion.unread_attributes() > 0 {
            claims.groups = claims.groups.with_unread();
        }
        Ok(claims)
    }
}
