//! The IdP's messages: its metadata and its Responses, written as text and signed.

use std::time::{Duration, SystemTime};

use anyhow::{Result, anyhow};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use quick_xml::escape::escape;
use time::OffsetDateTime;
use time::macros::format_description;

use super::Session;
use super::credential::Credential;
use crate::process;

/// Everything a Response says besides who it is about.
pub(super) struct Answer<'a> {
    /// The IdP's public URL.
    pub(super) issuer: &'a str,
    pub(super) audience: &'a str,
    pub(super) acs_url: &'a str,
    pub(super) in_response_to: &'a str,
    pub(super) now: SystemTime,
}

/// What the person did.
pub(super) enum Outcome<'a> {
    SignedIn(&'a Session),
    /// Nobody is signed in and nobody may be asked.
    NoPassive,
}

/// How long an assertion may be used.
const VALIDITY: Duration = Duration::from_secs(300);

const MICROSOFT: &str = "http://schemas.microsoft.com/ws/2008/06/identity/claims";
const XMLSOAP: &str = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims";

impl Answer<'_> {
    /// The Response; its assertion is signed, or itself when there is none.
    pub(super) fn signed(&self, outcome: Outcome<'_>, credential: &Credential) -> Result<String> {
        let response_id = format!("_{}", process::token());
        let assertion_id = format!("_{}", process::token());
        let (status, assertion, signed_id) = match outcome {
            Outcome::SignedIn(session) => (
                r#"<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/>"#,
                self.assertion(&assertion_id, session),
                &assertion_id,
            ),
            Outcome::NoPassive => (
                r#"<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Responder"><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:NoPassive"/></samlp:StatusCode>"#,
                String::new(),
                &response_id,
            ),
        };
        let issuer = entity_id(self.issuer);
        let xml = format!(
            r#"<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="{response_id}" Version="2.0" IssueInstant="{now}" Destination="{acs}" InResponseTo="{request}"><saml:Issuer>{issuer}</saml:Issuer><samlp:Status>{status}</samlp:Status>{assertion}</samlp:Response>"#,
            now = instant(self.now),
            acs = escape(self.acs_url),
            request = escape(self.in_response_to),
        );
        saml::dsig::sign_enveloped(&xml, signed_id, &credential.key, &credential.certificate_der)
            .map_err(|error| anyhow!("{error}"))
    }

    fn assertion(&self, id: &str, session: &Session) -> String {
        let person = session.person;
        let attributes = [
            (format!("{MICROSOFT}/windowsaccountname"), person.id.to_owned()),
            (format!("{XMLSOAP}/name"), person.full_name.to_owned()),
            (format!("{XMLSOAP}/emailaddress"), person.email.to_owned()),
            (format!("{MICROSOFT}/role"), person.groups.join(",")),
        ];
        let attributes: String = attributes
            .iter()
            .map(|(name, value)| {
                format!(
                    r#"<saml:Attribute Name="{name}"><saml:AttributeValue>{}</saml:AttributeValue></saml:Attribute>"#,
                    escape(value.as_str())
                )
            })
            .collect();
        format!(
            r#"<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="{id}" Version="2.0" IssueInstant="{now}"><saml:Issuer>{issuer}</saml:Issuer><saml:Subject><saml:NameID Format="urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified">{name}</saml:NameID><saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData InResponseTo="{request}" NotOnOrAfter="{end}" Recipient="{acs}"/></saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore="{now}" NotOnOrAfter="{end}"><saml:AudienceRestriction><saml:Audience>{audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions><saml:AuthnStatement AuthnInstant="{since}" SessionIndex="_{index}"><saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement><saml:AttributeStatement>{attributes}</saml:AttributeStatement></saml:Assertion>"#,
            now = instant(self.now),
            issuer = entity_id(self.issuer),
            name = escape(person.id),
            request = escape(self.in_response_to),
            end = instant(self.now + VALIDITY),
            acs = escape(self.acs_url),
            audience = escape(self.audience),
            since = instant(session.since),
            index = session.index,
        )
    }
}

/// The IdP's own metadata (saml-metadata §2.4.3).
pub(super) fn metadata(public_url: &str, credential: &Credential) -> String {
    let certificate = STANDARD.encode(&credential.certificate_der);
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="{entity_id}">
  <md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol" WantAuthnRequestsSigned="false">
    <md:KeyDescriptor use="signing">
      <ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>
    </md:KeyDescriptor>
    <md:NameIDFormat>urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified</md:NameIDFormat>
    <md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="{base}/sso"/>
  </md:IDPSSODescriptor>
</md:EntityDescriptor>
"#,
        entity_id = entity_id(public_url),
        base = escape(public_url),
    )
}

/// The IdP is called by the address of its metadata (saml-metadata §4.1).
fn entity_id(public_url: &str) -> String {
    escape(format!("{public_url}/metadata")).into_owned()
}

/// UTC with milliseconds, as SAML writes times (saml-core §1.3.3).
fn instant(moment: SystemTime) -> String {
    let format =
        format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");
    OffsetDateTime::from(moment).format(format).unwrap_or_default()
}
