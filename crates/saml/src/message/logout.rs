//! LogoutRequest and LogoutResponse as we write them (saml-core §3.7).

use std::time::SystemTime;

use super::NameId;
use super::write::{attribute, text};
use crate::binding::Outgoing;
use crate::moment;

/// "End this person's session", sent to the IdP when a person logs out of an app.
#[derive(Clone, Copy, Debug)]
pub struct LogoutRequest<'a> {
    /// An NCName that nobody else can make.
    pub id: &'a str,
    /// When it is sent.
    pub issue_instant: SystemTime,
    /// Until when it may be used.
    pub not_on_or_after: SystemTime,
    /// The IdP's single log-out endpoint.
    pub destination: &'a str,
    /// Our entity ID.
    pub issuer: &'a str,
    /// The name that the IdP gave the person, with every qualifier that it had.
    pub name_id: NameId<'a>,
    /// The IdP's name of its session; without one it means all sessions of this name.
    pub session_index: Option<&'a str>,
}

/// The answer to the IdP's LogoutRequest.
#[derive(Clone, Copy, Debug)]
pub struct LogoutResponse<'a> {
    /// An NCName that was used for nothing else.
    pub id: &'a str,
    /// When it is sent.
    pub issue_instant: SystemTime,
    /// Where the IdP takes answers.
    pub destination: &'a str,
    /// Our entity ID.
    pub issuer: &'a str,
    /// The ID of the request that it answers.
    pub in_response_to: &'a str,
    /// Whether the sessions that it named are over.
    pub status: LogoutStatus,
}

/// What a LogoutResponse says of the request (saml-core §3.2.2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogoutStatus {
    /// No session that it named is left.
    Success,
    /// It could not be told which sessions it means, and none was ended.
    Responder,
}

impl LogoutRequest<'_> {
    /// The request as XML.
    pub fn to_xml(&self) -> String {
        let LogoutRequest { id, issue_instant, destination, issuer, .. } = *self;
        let mut xml = start("LogoutRequest", id, issue_instant, destination);
        attribute(&mut xml, "NotOnOrAfter", &moment::format(self.not_on_or_after));
        attribute(&mut xml, "Reason", "urn:oasis:names:tc:SAML:2.0:logout:user");
        write_issuer(&mut xml, issuer);
        xml.push_str("<saml:NameID");
        for (name, value) in [
            ("NameQualifier", self.name_id.name_qualifier),
            ("SPNameQualifier", self.name_id.sp_name_qualifier),
            ("Format", self.name_id.format),
        ] {
            if let Some(value) = value {
                attribute(&mut xml, name, value);
            }
        }
        xml.push('>');
        text(&mut xml, self.name_id.value);
        xml.push_str("</saml:NameID>");
        if let Some(session_index) = self.session_index {
            xml.push_str("<samlp:SessionIndex>");
            text(&mut xml, session_index);
            xml.push_str("</samlp:SessionIndex>");
        }
        xml.push_str("</samlp:LogoutRequest>");
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

impl LogoutResponse<'_> {
    /// The answer as XML.
    pub fn to_xml(&self) -> String {
        let LogoutResponse { id, issue_instant, destination, issuer, .. } = *self;
        let mut xml = start("LogoutResponse", id, issue_instant, destination);
        attribute(&mut xml, "InResponseTo", self.in_response_to);
        write_issuer(&mut xml, issuer);
        let status = match self.status {
            LogoutStatus::Success => "urn:oasis:names:tc:SAML:2.0:status:Success",
            LogoutStatus::Responder => "urn:oasis:names:tc:SAML:2.0:status:Responder",
        };
        xml.push_str("<samlp:Status><samlp:StatusCode");
        attribute(&mut xml, "Value", status);
        xml.push_str("/></samlp:Status></samlp:LogoutResponse>");
        xml
    }

    /// The answer on its way; the request's `relay_state` goes along as it came.
    pub fn outgoing(&self, relay_state: Option<&str>) -> Outgoing {
        Outgoing {
            field: "SAMLResponse",
            id: self.id.to_owned(),
            xml: self.to_xml(),
            address: self.destination.to_owned(),
            relay_state: relay_state.map(str::to_owned),
        }
    }
}

fn start(name: &str, id: &str, issue_instant: SystemTime, destination: &str) -> String {
    let mut xml = String::with_capacity(800);
    xml.push_str("<samlp:");
    xml.push_str(name);
    xml.push_str(
        " xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" \
         xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" Version=\"2.0\"",
    );
    attribute(&mut xml, "ID", id);
    attribute(&mut xml, "IssueInstant", &moment::format(issue_instant));
    attribute(&mut xml, "Destination", destination);
    xml
}

fn write_issuer(xml: &mut String, issuer: &str) {
    xml.push_str("><saml:Issuer>");
    text(xml, issuer);
    xml.push_str("</saml:Issuer>");
}
