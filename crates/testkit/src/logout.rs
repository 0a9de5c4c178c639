//! A log-out message as an IdP writes it, every part of it open to change.

use crate::signature::Signature;

/// A LogoutRequest or LogoutResponse. Texts are written as they are.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields bear the names of what they fill in")]
pub struct Logout {
    /// `LogoutRequest` or `LogoutResponse`.
    pub element: &'static str,
    pub version: String,
    pub id: String,
    pub issue_instant: Option<String>,
    pub destination: Option<String>,
    pub in_response_to: Option<String>,
    pub not_on_or_after: Option<String>,
    pub issuer: Option<String>,
    /// Everything behind Issuer and Signature, as XML.
    pub content: String,
    /// The template of an enveloped signature.
    pub signature: Option<Signature>,
}

impl Logout {
    /// A request that is right in everything.
    pub fn request(issuer: &str, slo_url: &str) -> Self {
        Logout {
            element: "LogoutRequest",
            version: "2.0".to_owned(),
            id: "_logout".to_owned(),
            issue_instant: Some("2026-03-01T12:00:00Z".to_owned()),
            destination: Some(slo_url.to_owned()),
            in_response_to: None,
            not_on_or_after: Some("2026-03-01T12:05:00Z".to_owned()),
            issuer: Some(issuer.to_owned()),
            content: "<saml:NameID>camilla</saml:NameID><samlp:SessionIndex>_session\
                      </samlp:SessionIndex>"
                .to_owned(),
            signature: None,
        }
    }

    /// An answer that is right in everything.
    pub fn response(issuer: &str, slo_url: &str, request_id: &str) -> Self {
        let mut response = Self::request(issuer, slo_url);
        response.element = "LogoutResponse";
        response.not_on_or_after = None;
        response.in_response_to = Some(request_id.to_owned());
        response.content = "<samlp:Status><samlp:StatusCode \
                            Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\">\
                            </samlp:StatusCode></samlp:Status>"
            .to_owned();
        response
    }

    /// The text, with an empty signature template if there is to be one.
    pub fn xml(&self) -> String {
        let element = self.element;
        let attributes: String = [
            ("Version", Some(&self.version)),
            ("ID", Some(&self.id)),
            ("IssueInstant", self.issue_instant.as_ref()),
            ("Destination", self.destination.as_ref()),
            ("InResponseTo", self.in_response_to.as_ref()),
            ("NotOnOrAfter", self.not_on_or_after.as_ref()),
        ]
        .iter()
        .filter_map(|(name, value)| value.map(|value| format!(" {name}=\"{value}\"")))
        .collect();
        let issuer = self
            .issuer
            .as_ref()
            .map_or(String::new(), |issuer| format!("<saml:Issuer>{issuer}</saml:Issuer>"));
        let signature = self.signature.as_ref().map(|signature| signature.template(&self.id));
        format!(
            "<samlp:{element} xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" \
             xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"{attributes}>{issuer}{}{}\
             </samlp:{element}>",
            signature.unwrap_or_default(),
            self.content
        )
    }
}
