//! How people are signed out at the IdP, and it at us: `[idp.NAME.logout]`.

use saml::IdpMetadata;
use serde::{Deserialize, Serialize};

use super::request::Binding;
use super::{Fault, address};

/// Single log-out with one IdP.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LogoutSettings {
    /// Enable Single Signout: who logs out of an app is signed out at the IdP, too.
    pub single_signout: bool,
    /// Logout URL, when the IdP has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Where our answers go; unset: the Logout URL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response_url: Option<String>,
    /// How our log-out messages travel.
    pub binding: Binding,
    /// Answer the IdP's requests; some IdPs want none.
    pub answer: bool,
    /// Other entity IDs that the IdP uses in log-out messages.
    pub issuer_aliases: Vec<String>,
}

impl Default for LogoutSettings {
    fn default() -> Self {
        LogoutSettings {
            single_signout: false,
            url: None,
            response_url: None,
            binding: Binding::Redirect,
            answer: true,
            issuer_aliases: Vec::new(),
        }
    }
}

impl LogoutSettings {
    /// The address for our answers.
    pub fn answer_url(&self) -> Option<&str> {
        self.response_url.as_deref().or(self.url.as_deref())
    }

    /// The IdP's names in log-out messages besides `entity_id`. Entra ID signs people in as
    /// `sts.windows.net` and out as `login.microsoftonline.com`.
    pub fn aliases(&self, entity_id: &str) -> Vec<String> {
        let mut aliases = self.issuer_aliases.clone();
        let tenant = entity_id.strip_prefix("https://sts.windows.net/");
        aliases.extend(tenant.map(|tenant| format!("https://login.microsoftonline.com/{tenant}")));
        aliases
    }

    /// Takes over what the IdP's metadata says; switches of the administrator stay. An endpoint of
    /// the binding in use goes before another one.
    pub fn learn(&mut self, metadata: &IdpMetadata) {
        let of = |binding: Binding| {
            let redirect = binding == Binding::Redirect;
            metadata.single_logout.iter().find(move |endpoint| endpoint.is_redirect() == redirect)
        };
        let chosen = [self.binding, Binding::Redirect, Binding::Post]
            .into_iter()
            .find_map(|binding| Some((binding, of(binding)?)));
        self.binding = chosen.map_or(self.binding, |(binding, _)| binding);
        self.url = chosen.map(|(_, endpoint)| endpoint.location.clone());
        self.response_url = chosen.and_then(|(_, endpoint)| endpoint.response_location.clone());
    }

    /// Says what is wrong, with the cure.
    pub(super) fn check(&self) -> Result<(), Fault> {
        address("logout.url", "logout URL", self.url.as_deref())?;
        address("logout.response_url", "logout response URL", self.response_url.as_deref())?;
        if self.issuer_aliases.iter().any(|alias| alias.is_empty() || alias.len() > 1024) {
            let text = "an issuer alias must have 1 to 1024 characters";
            return Err(Fault::at("logout.issuer_aliases", text));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entra_signs_out_under_its_other_name() {
        let settings = LogoutSettings::default();
        assert_eq!(
            settings.aliases("https://sts.windows.net/8c1d/"),
            ["https://login.microsoftonline.com/8c1d/"]
        );
        assert!(settings.aliases("https://idp.example.com/").is_empty());
    }

    #[test]
    fn answers_go_where_requests_go_unless_said_otherwise() {
        let own = |text: &str| Some(text.to_owned());
        let plain = LogoutSettings { url: own("https://i/slo"), ..Default::default() };
        assert_eq!(plain.answer_url(), Some("https://i/slo"));
        let apart = LogoutSettings { response_url: own("https://i/slo-return"), ..plain };
        assert_eq!(apart.answer_url(), Some("https://i/slo-return"));
    }
}
