//! An IdP: whom we trust, and how people are sent there. Each further theme is a table of its own.

mod asked;
mod keys;
mod logout;
mod metadata;
mod preset;
mod provisioning;
mod request;
mod times;

use std::time::SystemTime;

use saml::TrustedIdp;
use serde::{Deserialize, Serialize};

use super::{Document, Fault};

pub use asked::Asked;
pub use keys::{KeyOrigin, KnownKey};
pub use logout::LogoutSettings;
pub use metadata::MetadataSettings;
pub use preset::Preset;
pub use provisioning::{
    AccessSettings, AttributeSettings, GroupSettings, Provisioning, ProvisioningSettings,
    SourceError, StepSettings, StepsByValue, WhenAbsent, source,
};
pub use request::{Binding, Comparison, RequestSettings};
pub use times::{MOST_SKEW, TimeSettings};

/// An IdP as the administrator sets it; the field names follow the Microsoft plug-in's screen and
/// the provisioning page of its commercial peer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IdpSettings {
    /// The IdP's entity ID, exactly as it stands in the Issuer of its messages.
    pub entity_id: String,
    /// Login URL: the single sign-on endpoint for the HTTP-Redirect binding.
    pub login_url: String,
    /// Keys set by hand that may sign, beside those of the metadata: X.509 certificates or bare
    /// public keys, each base64 of its DER form; any number at once.
    #[serde(default)]
    pub certificates: Vec<String>,
    /// The apps it serves; empty: all.
    #[serde(default)]
    pub apps: Vec<String>,
    /// Login Button Name; unset: `Login with <name>`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub button_label: Option<String>,
    /// Login Button Description: stands below the button.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub button_description: Option<String>,
    /// Take IdP-initiated sign-ins.
    #[serde(default)]
    pub allow_unsolicited: bool,
    /// Take SHA-1 signatures from this IdP. Dangerous; for old IdPs only.
    #[serde(default)]
    pub allow_sha1: bool,
    /// Of several IdPs the one that binds users who are bound to none by their first sign-in.
    #[serde(default)]
    pub for_unbound_users: bool,
    /// Where its metadata is, what it says, and how far it is trusted.
    #[serde(default)]
    pub metadata: MetadataSettings,
    /// How people are sent to the IdP.
    #[serde(default)]
    pub request: RequestSettings,
    /// How people are signed out at the IdP, and it at us.
    #[serde(default)]
    pub logout: LogoutSettings,
    /// How far its clock and its word on a session's end are followed.
    #[serde(default, skip_serializing_if = "TimeSettings::is_default")]
    pub times: TimeSettings,
    /// How an assertion is read, and what a sign-in may change.
    #[serde(default)]
    pub provisioning: ProvisioningSettings,
}

/// An IdP, ready for use: its keys are parsed once, here.
pub struct Idp {
    /// Its name in the settings: the tag of the users it creates.
    pub name: String,
    /// As the administrator set it.
    pub settings: IdpSettings,
    /// What verification trusts.
    pub trust: TrustedIdp,
    /// Its keys, for people: those it trusts, and those that wait for approval.
    pub keys: Vec<KnownKey>,
    /// Until when its metadata may be used (saml-metadata §2.2).
    pub valid_until: Option<SystemTime>,
    /// How its assertions are read, and what a sign-in may change.
    pub provisioning: Provisioning,
    /// The text of the button.
    pub button_label: String,
}

impl Idp {
    /// Whether it serves the app of this name.
    pub fn serves(&self, app: &str) -> bool {
        self.settings.apps.is_empty() || self.settings.apps.iter().any(|name| name == app)
    }
}

impl Document for IdpSettings {
    const KIND: &'static str = "idp";
    type Compiled = Idp;

    fn compile(&self, name: &str) -> Result<Idp, Fault> {
        if self.entity_id.is_empty() || self.entity_id.len() > 1024 {
            return Err(Fault::at("entity_id", "the entity ID must have 1 to 1024 characters"));
        }
        address("login_url", "login URL", Some(&self.login_url))?;
        self.request.check()?;
        self.logout.check()?;
        self.times.check()?;
        self.metadata.check()?;
        let (keys, trusted) = keys::read(self)?;
        let trust = TrustedIdp {
            entity_id: self.entity_id.clone(),
            keys: trusted,
            allow_sha1: self.allow_sha1,
        };
        let provisioning = self.provisioning.compile(name, &self.entity_id)?;
        let button_label =
            self.button_label.clone().unwrap_or_else(|| format!("Login with {name}"));
        if button_label.trim().is_empty() || button_label.chars().count() > 100 {
            let text = "the button's label must have 1 to 100 characters";
            return Err(Fault::at("button_label", text));
        }
        let description = self.button_description.as_deref().unwrap_or("-");
        if description.trim().is_empty() || description.chars().count() > 300 {
            let text = "the button's description must have 1 to 300 characters";
            return Err(Fault::at("button_description", text));
        }
        Ok(Idp {
            name: name.to_owned(),
            settings: self.clone(),
            trust,
            keys,
            valid_until: self.metadata.valid_until()?,
            provisioning,
            button_label,
        })
    }
}

/// An address of the IdP, when there is one.
fn address(field: &'static str, what: &str, text: Option<&str>) -> Result<(), Fault> {
    let fits = |text: &str| {
        url::Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "https" | "http"))
    };
    match text {
        Some(text) if !fits(text) => {
            Err(Fault::at(field, format!("the {what} is not an http or https address")))
        }
        _ => Ok(()),
    }
}
