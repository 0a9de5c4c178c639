//! AuthnRequest (saml-core §3.4.1).

use std::time::SystemTime;

use super::write::{attribute, text};
use crate::binding::Outgoing;
use crate::moment;

/// A request to sign a person in. What is not set is not sent: IdPs understand the shortest form
/// best.
#[derive(Clone, Debug)]
pub struct AuthnRequest<'a> {
    /// An NCName that nobody else can make.
    pub id: &'a str,
    /// When it is sent.
    pub issue_instant: SystemTime,
    /// The IdP's single sign-on endpoint.
    pub destination: &'a str,
    /// Our entity ID.
    pub issuer: &'a str,
    /// Where the answer is to be posted.
    pub acs_url: &'a str,
    /// The person must sign in anew.
    pub force_authn: bool,
    /// The IdP must not show anything.
    pub is_passive: bool,
    /// The Format of NameIDPolicy.
    pub name_id_policy: Option<&'a str>,
    /// How the person must be authenticated.
    pub requested_authn_context: Option<RequestedAuthnContext<'a>>,
}

/// RequestedAuthnContext (saml-core §3.3.2.2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestedAuthnContext<'a> {
    /// A class reference.
    pub class: &'a str,
    /// A stronger class will do, too; else exactly this one.
    pub minimum: bool,
}

impl AuthnRequest<'_> {
    /// The request as XML.
    pub fn to_xml(&self) -> String {
        let mut xml = String::with_capacity(800);
        xml.push_str(
            "<samlp:AuthnRequest xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" \
             xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" Version=\"2.0\"",
        );
        let instant = moment::format(self.issue_instant);
        attribute(&mut xml, "ID", self.id);
        attribute(&mut xml, "IssueInstant", &instant);
        attribute(&mut xml, "Destination", self.destination);
        attribute(&mut xml, "AssertionConsumerServiceURL", self.acs_url);
        attribute(&mut xml, "ProtocolBinding", "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST");
        if self.force_authn {
            attribute(&mut xml, "ForceAuthn", "true");
        }
        if self.is_passive {
            attribute(&mut xml, "IsPassive", "true");
        }
        xml.push_str("><saml:Issuer>");
        text(&mut xml, self.issuer);
        xml.push_str("</saml:Issuer>");
        if let Some(format) = self.name_id_policy {
            xml.push_str("<samlp:NameIDPolicy AllowCreate=\"true\"");
            attribute(&mut xml, "Format", format);
            xml.push_str("/>");
        }
        if let Some(RequestedAuthnContext { class, minimum }) = self.requested_authn_context {
            xml.push_str("<samlp:RequestedAuthnContext");
            attribute(&mut xml, "Comparison", if minimum { "minimum" } else { "exact" });
            xml.push_str("><saml:AuthnContextClassRef>");
            text(&mut xml, class);
            xml.push_str("</saml:AuthnContextClassRef></samlp:RequestedAuthnContext>");
        }
        xml.push_str("</samlp:AuthnRequest>");
        xml
    }

    /// The request on its way, with `relay_state`.
    pub fn outgoing(&self, relay_state: &str) -> Outgoing {
        Outgoing {
            field: "SAMLRequest",
            id: self.id.to_owned(),
            xml: self.to_xml(),
            address: self.destination.to_owned(),
            relay_state: Some(relay_state.to_owned()),
        }
    }
}
