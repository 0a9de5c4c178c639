//! How people are sent to the IdP: `[idp.NAME.request]`.

use saml::IdpMetadata;
use serde::{Deserialize, Serialize};

use super::{Fault, address};
use crate::choice::Choice;

/// How a message travels through the browser (saml-bindings §3.4, §3.5).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Binding {
    /// In the query of a redirect.
    #[default]
    Redirect,
    /// In a form that posts itself.
    Post,
}

impl Choice for Binding {
    const ALL: &'static [(Self, &'static str, &'static str)] = &[
        (Binding::Redirect, "redirect", "In the query of a redirect"),
        (Binding::Post, "post", "In a form that posts itself"),
    ];
}

/// What a request asks for. What is not set is not sent: IdPs understand the shortest form best.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RequestSettings {
    /// How requests travel.
    pub binding: Binding,
    /// Where posted requests go; unset: the Login URL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub post_url: Option<String>,
    /// Sign requests; unset: when the IdP's metadata asks for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sign: Option<bool>,
    /// The IdP's metadata asks for signed requests.
    pub wants_signed: bool,
    /// ForceAuthn: people must sign in anew.
    pub force_authn: bool,
    /// IsPassive: the IdP may show nothing.
    pub passive: bool,
    /// The Format of NameIDPolicy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name_id_format: Option<String>,
    /// The class of RequestedAuthnContext, which must be met exactly.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authn_context: Option<String>,
    /// Enable Home Realm Discovery.
    pub home_realm_discovery: bool,
    /// Domain Name, for Home Realm Discovery.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub domain: Option<String>,
    /// Pass a `login_hint` of the start address on to the IdP.
    pub login_hint: bool,
    /// Send people from the app's log-in page to the IdP at once.
    pub at_once: bool,
}

impl RequestSettings {
    /// Whether requests are signed.
    pub fn signed(&self) -> bool {
        self.sign.unwrap_or(self.wants_signed)
    }

    /// The address that requests go to.
    pub fn address<'a>(&'a self, login_url: &'a str) -> &'a str {
        match (self.binding, &self.post_url) {
            (Binding::Post, Some(post_url)) => post_url,
            _ => login_url,
        }
    }

    /// The domain that the IdP is told, when Home Realm Discovery is on.
    pub fn home_realm(&self) -> Option<&str> {
        self.domain.as_deref().filter(|_| self.home_realm_discovery)
    }

    /// Takes over what the IdP's metadata says; switches of the administrator stay.
    pub fn learn(&mut self, metadata: &IdpMetadata) {
        self.wants_signed = metadata.want_authn_requests_signed;
        let posted = metadata.single_sign_on.iter().find(|endpoint| !endpoint.is_redirect());
        self.post_url = posted.map(|endpoint| endpoint.location.clone());
        if metadata.single_sign_on.iter().all(|endpoint| !endpoint.is_redirect()) {
            self.binding = Binding::Post;
        }
    }

    /// Says what is wrong, with the cure.
    pub(super) fn check(&self) -> Result<(), Fault> {
        address("request.post_url", "address for posted requests", self.post_url.as_deref())?;
        if self.home_realm_discovery && self.domain.is_none() {
            let text = "Home Realm Discovery needs a domain name, such as example.com";
            return Err(Fault::at("request.domain", text));
        }
        let is_domain = |domain: &str| {
            let label = |label: &str| {
                !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-')
            };
            domain.len() <= 253 && domain.split('.').all(label)
        };
        if let Some(domain) = self.domain.as_deref().filter(|domain| !is_domain(domain)) {
            let text = format!("the domain name {domain:?} is none; write it as example.com");
            return Err(Fault::at("request.domain", text));
        }
        for (field, what, uri) in [
            ("request.name_id_format", "NameID format", &self.name_id_format),
            ("request.authn_context", "authentication context", &self.authn_context),
        ] {
            if let Some(uri) = uri.as_deref().filter(|uri| !is_uri(uri)) {
                return Err(Fault::at(
                    field,
                    format!(
                        "the {what} {uri:?} is no URI such as \
                         urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
                    ),
                ));
            }
        }
        Ok(())
    }
}

fn is_uri(text: &str) -> bool {
    let plain = text.chars().all(|c| c.is_ascii_graphic() && !matches!(c, '<' | '>' | '"'));
    plain && text.contains(':') && text.len() <= 1024
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn home_realm_discovery_needs_a_domain() {
        let on = RequestSettings { home_realm_discovery: true, ..Default::default() };
        assert!(on.check().unwrap_err().text.contains("needs a domain name"));
        let named = RequestSettings { domain: Some("muppets.com".to_owned()), ..on };
        assert_eq!((named.check(), named.home_realm()), (Ok(()), Some("muppets.com")));
        let off = RequestSettings { home_realm_discovery: false, ..named };
        assert_eq!(off.home_realm(), None, "the domain is kept for the next time");
    }

    #[test]
    fn a_domain_cannot_smuggle_parameters() {
        for domain in ["", "a.com&prompt=none", "a com", "a..b", "a.com/"] {
            let settings =
                RequestSettings { domain: Some(domain.to_owned()), ..Default::default() };
            assert!(settings.check().is_err(), "{domain}");
        }
    }

    #[test]
    fn the_switch_goes_before_the_wish_of_the_metadata() {
        let wish = RequestSettings { wants_signed: true, ..Default::default() };
        assert!(wish.signed());
        assert!(!RequestSettings { sign: Some(false), ..wish }.signed());
        assert!(!RequestSettings::default().signed());
    }
}
