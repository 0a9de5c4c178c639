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

/// How strong an authentication must be, beside the class that is asked for (saml-core §3.3.2.2.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Comparison {
    /// This class and no other.
    #[default]
    Exact,
    /// This class, or one behind it in the administrator's order.
    Minimum,
}

impl Choice for Comparison {
    const ALL: &'static [(Self, &'static str, &'static str)] = &[
        (Comparison::Exact, "exact", "This class and no other"),
        (Comparison::Minimum, "minimum", "This class, or a stronger one by the order"),
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
    /// The class of RequestedAuthnContext; an answer with another one is refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authn_context: Option<String>,
    /// Whether a stronger class will do, too.
    pub authn_context_comparison: Comparison,
    /// Classes from the weakest to the strongest: what "stronger" means.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub authn_context_order: Vec<String>,
    /// The sign-in at the IdP may be this old; unset: any age.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_authn_age_minutes: Option<u32>,
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

    /// The classes that are stronger than the one that is asked for.
    pub fn stronger_classes(&self) -> &[String] {
        let order = &self.authn_context_order;
        let own = order.iter().position(|class| Some(class) == self.authn_context.as_ref());
        own.and_then(|own| order.get(own + 1..)).unwrap_or_default()
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
        uri("request.name_id_format", "NameID format", self.name_id_format.as_ref())?;
        self.check_authentication()
    }

    fn check_authentication(&self) -> Result<(), Fault> {
        uri("request.authn_context", "authentication context", self.authn_context.as_ref())?;
        let order = &self.authn_context_order;
        uri("request.authn_context_order", "authentication context", order)?;
        if order.iter().map(String::len).sum::<usize>() > LONGEST_ORDER {
            let text = format!("the classes have more than {LONGEST_ORDER} characters together");
            return Err(Fault::at("request.authn_context_order", text));
        }
        let minimum = self.authn_context_comparison == Comparison::Minimum;
        if minimum && !self.authn_context.as_ref().is_some_and(|class| order.contains(class)) {
            let text = "minimum needs authn_context, and authn_context_order with that class in it: \
                        list the classes from the weakest to the strongest";
            return Err(Fault::at("request.authn_context_comparison", text));
        }
        let in_range = |minutes: u32| (1..=LONGEST_AGE).contains(&minutes);
        if !self.max_authn_age_minutes.is_none_or(in_range) {
            let text = format!("the maximum age must be 1 to {LONGEST_AGE} minutes");
            return Err(Fault::at("request.max_authn_age_minutes", text));
        }
        Ok(())
    }
}

/// A year.
const LONGEST_AGE: u32 = 366 * 24 * 60;

/// Characters of an order: part of it travels in the request's cookie.
const LONGEST_ORDER: usize = 1024;

fn uri<'a>(
    field: &'static str,
    what: &str,
    uris: impl IntoIterator<Item = &'a String>,
) -> Result<(), Fault> {
    match uris.into_iter().find(|uri| !is_uri(uri)) {
        None => Ok(()),
        Some(uri) => Err(Fault::at(
            field,
            format!(
                "the {what} {uri:?} is no URI such as \
                 urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
            ),
        )),
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
    fn a_minimum_needs_an_order_with_its_class_in_it() {
        let order = |order: &[&str]| RequestSettings {
            authn_context: Some("urn:b".to_owned()),
            authn_context_comparison: Comparison::Minimum,
            authn_context_order: order.iter().map(|class| (*class).to_owned()).collect(),
            ..Default::default()
        };
        assert_eq!(order(&["urn:a", "urn:b"]).check(), Ok(()));
        assert_eq!(order(&["urn:a", "urn:b"]).stronger_classes(), <[String; 0]>::default());
        for settings in [order(&[]), order(&["urn:a"])] {
            assert!(settings.check().unwrap_err().text.contains("from the weakest"));
        }
        let nothing = RequestSettings { authn_context: None, ..order(&["urn:b"]) };
        assert!(nothing.check().is_err());
        let long = format!("urn:{}", "x".repeat(LONGEST_ORDER));
        assert!(order(&["urn:b", &long]).check().is_err());
    }

    #[test]
    fn the_switch_goes_before_the_wish_of_the_metadata() {
        let wish = RequestSettings { wants_signed: true, ..Default::default() };
        assert!(wish.signed());
        assert!(!RequestSettings { sign: Some(false), ..wish }.signed());
        assert!(!RequestSettings::default().signed());
    }
}
