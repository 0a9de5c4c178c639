//! A Response as an IdP writes it, every part of it open to change.

use anyhow::Result;

use crate::key::Key;
use crate::signature::Signature;
use crate::signer::{Place, sign};

/// The prefixes of the two namespaces of SAML; an empty one makes it the default namespace.
#[derive(Clone, Copy, Debug)]
pub struct Prefixes {
    /// Of protocol messages.
    pub protocol: &'static str,
    /// Of assertions.
    pub assertion: &'static str,
}

/// One SubjectConfirmation.
#[derive(Clone, Debug)]
pub struct Confirmation {
    /// How the subject is confirmed.
    pub method: String,
    /// The attributes of SubjectConfirmationData that are not `None`.
    pub recipient: Option<String>,
    /// The request that is answered.
    pub in_response_to: Option<String>,
    /// Must not be there for bearers.
    pub not_before: Option<String>,
    /// The end.
    pub not_on_or_after: Option<String>,
    /// What stands in SubjectConfirmationData, as XML.
    pub data: String,
}

/// A Response. Texts are written as they are: a test that wants `&` in a value writes `&amp;`.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields bear the names of what they fill in")]
pub struct Response {
    pub prefixes: Prefixes,
    pub version: String,
    pub id: String,
    pub issue_instant: String,
    pub destination: Option<String>,
    pub in_response_to: Option<String>,
    pub issuer: Option<String>,
    /// The content of Extensions, which are not there when it is empty.
    pub extensions: String,
    pub status: String,
    /// What stands in Status behind its code.
    pub status_detail: String,
    pub assertion_version: String,
    pub assertion_id: String,
    /// Further attributes of the assertion's start tag, with a blank before each.
    pub assertion_attributes: String,
    pub assertion_issuer: String,
    /// Everything before the confirmations, as XML.
    pub subject_name: String,
    pub confirmations: Vec<Confirmation>,
    pub not_before: Option<String>,
    pub not_on_or_after: Option<String>,
    /// The audiences of each restriction.
    pub audiences: Vec<Vec<String>>,
    /// Further conditions and, behind them, an Advice, as XML.
    pub more_conditions: String,
    pub advice: String,
    /// The attributes of AuthnStatement with a blank before each; without any there is none.
    pub authn_statement: Option<String>,
    /// The content of AttributeStatement, as XML.
    pub attributes: String,
    pub response_signature: Option<Signature>,
    pub assertion_signature: Option<Signature>,
    pub key: Key,
}

impl Response {
    /// A response that is right in everything, its assertion signed.
    pub fn new(issuer: &str, audience: &str, acs_url: &str, request_id: &str) -> Self {
        let own = |text: &str| Some(text.to_owned());
        Response {
            prefixes: Prefixes { protocol: "samlp", assertion: "saml" },
            version: "2.0".to_owned(),
            id: "_response".to_owned(),
            issue_instant: "2026-03-01T12:00:00Z".to_owned(),
            destination: own(acs_url),
            in_response_to: own(request_id),
            issuer: own(issuer),
            extensions: String::new(),
            status: "urn:oasis:names:tc:SAML:2.0:status:Success".to_owned(),
            status_detail: String::new(),
            assertion_version: "2.0".to_owned(),
            assertion_id: "_assertion".to_owned(),
            assertion_attributes: String::new(),
            assertion_issuer: issuer.to_owned(),
            subject_name: "<saml:NameID>camilla</saml:NameID>".to_owned(),
            confirmations: vec![Confirmation {
                method: "urn:oasis:names:tc:SAML:2.0:cm:bearer".to_owned(),
                recipient: own(acs_url),
                in_response_to: own(request_id),
                not_before: None,
                not_on_or_after: own("2026-03-01T12:05:00Z"),
                data: String::new(),
            }],
            not_before: own("2026-03-01T11:55:00Z"),
            not_on_or_after: own("2026-03-01T13:00:00Z"),
            audiences: vec![vec![audience.to_owned()]],
            more_conditions: String::new(),
            advice: String::new(),
            authn_statement: own(
                " AuthnInstant=\"2026-03-01T11:59:00Z\" SessionIndex=\"_session\"",
            ),
            attributes: "<saml:Attribute Name=\"groups\"><saml:AttributeValue>users\
                         </saml:AttributeValue></saml:Attribute>"
                .to_owned(),
            response_signature: None,
            assertion_signature: Some(Signature::default()),
            key: Key::Rsa2048,
        }
    }

    /// The text with its signature templates filled in: the assertion's, then the response's.
    ///
    /// # Errors
    /// When the signer cannot.
    pub fn signed(&self) -> Result<String> {
        self.sign(&self.xml())
    }

    /// The same for a text that was changed after [`Response::xml`].
    ///
    /// # Errors
    /// When the signer cannot.
    pub fn sign(&self, xml: &str) -> Result<String> {
        let mut xml = xml.to_owned();
        if self.assertion_signature.is_some() {
            xml = sign(&xml, Place::Assertion, self.key)?;
        }
        if self.response_signature.is_some() {
            xml = sign(&xml, Place::Response, self.key)?;
        }
        Ok(xml)
    }

    /// The text with empty signature templates.
    pub fn xml(&self) -> String {
        let p = prefix(self.prefixes.protocol);
        let issuer = self.issuer.as_deref().map_or(String::new(), |issuer| {
            format!("<saml:Issuer {}>{issuer}</saml:Issuer>", declaration("saml", SAML))
        });
        let extensions = match self.extensions.as_str() {
            "" => String::new(),
            content => format!("<{p}Extensions>{content}</{p}Extensions>"),
        };
        let text = format!(
            "<{p}Response {namespace}{id}{version}{instant}{destination}{in_response_to}>{issuer}\
             {signature}{extensions}<{p}Status><{p}StatusCode{status}></{p}StatusCode>{detail}\
             </{p}Status>{assertion}</{p}Response>",
            namespace = declaration(self.prefixes.protocol, SAMLP),
            id = attribute("ID", Some(&self.id)),
            version = attribute("Version", Some(&self.version)),
            instant = attribute("IssueInstant", Some(&self.issue_instant)),
            destination = attribute("Destination", self.destination.as_deref()),
            in_response_to = attribute("InResponseTo", self.in_response_to.as_deref()),
            signature = self.template(&self.response_signature, &self.id),
            status = attribute("Value", Some(&self.status)),
            detail = self.status_detail,
            assertion = self.assertion(),
        );
        self.with_prefix(&text)
    }

    /// The assertion alone, with an empty signature template.
    pub fn assertion_xml(&self) -> String {
        self.with_prefix(&self.assertion())
    }

    fn assertion(&self) -> String {
        let statement = self.authn_statement.as_deref().map_or(String::new(), |attributes| {
            format!(
                "<saml:AuthnStatement{attributes}><saml:AuthnContext><saml:AuthnContextClassRef>\
                 urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef>\
                 </saml:AuthnContext></saml:AuthnStatement>"
            )
        });
        let attributes = match self.attributes.as_str() {
            "" => String::new(),
            content => format!("<saml:AttributeStatement>{content}</saml:AttributeStatement>"),
        };
        format!(
            "<saml:Assertion {namespace}{id}{version}{instant}{more}><saml:Issuer>{issuer}\
             </saml:Issuer>{signature}<saml:Subject>{name}{confirmations}</saml:Subject>\
             {conditions}{advice}{statement}{attributes}</saml:Assertion>",
            namespace = declaration("saml", SAML),
            id = attribute("ID", Some(&self.assertion_id)),
            version = attribute("Version", Some(&self.assertion_version)),
            instant = attribute("IssueInstant", Some(&self.issue_instant)),
            more = self.assertion_attributes,
            issuer = self.assertion_issuer,
            signature = self.template(&self.assertion_signature, &self.assertion_id),
            name = self.subject_name,
            confirmations = self.confirmations.iter().map(Confirmation::xml).collect::<String>(),
            conditions = self.conditions(),
            advice = self.advice,
        )
    }

    fn conditions(&self) -> String {
        let restriction = |audiences: &Vec<String>| {
            let audience = |text: &String| format!("<saml:Audience>{text}</saml:Audience>");
            let audiences: String = audiences.iter().map(audience).collect();
            format!("<saml:AudienceRestriction>{audiences}</saml:AudienceRestriction>")
        };
        format!(
            "<saml:Conditions{}{}>{}{}</saml:Conditions>",
            attribute("NotBefore", self.not_before.as_deref()),
            attribute("NotOnOrAfter", self.not_on_or_after.as_deref()),
            self.audiences.iter().map(restriction).collect::<String>(),
            self.more_conditions,
        )
    }

    fn template(&self, signature: &Option<Signature>, id: &str) -> String {
        signature.as_ref().map_or(String::new(), |signature| signature.template(id))
    }

    /// Parts are written with `saml:`; here that becomes the prefix that was asked for.
    fn with_prefix(&self, text: &str) -> String {
        let p = prefix(self.prefixes.assertion);
        text.replace("<saml:", &format!("<{p}")).replace("</saml:", &format!("</{p}")).replace(
            "xmlns:saml=",
            declaration(self.prefixes.assertion, "").trim_end_matches("\"\""),
        )
    }
}

impl Confirmation {
    fn xml(&self) -> String {
        format!(
            "<saml:SubjectConfirmation{}><saml:SubjectConfirmationData{}{}{}{}>{}\
             </saml:SubjectConfirmationData></saml:SubjectConfirmation>",
            attribute("Method", Some(&self.method)),
            attribute("InResponseTo", self.in_response_to.as_deref()),
            attribute("NotBefore", self.not_before.as_deref()),
            attribute("NotOnOrAfter", self.not_on_or_after.as_deref()),
            attribute("Recipient", self.recipient.as_deref()),
            self.data,
        )
    }
}

fn attribute(name: &str, value: Option<&str>) -> String {
    value.map_or(String::new(), |value| format!(" {name}=\"{value}\""))
}

fn prefix(prefix: &str) -> String {
    if prefix.is_empty() { String::new() } else { format!("{prefix}:") }
}

fn declaration(prefix: &str, namespace: &str) -> String {
    let colon = if prefix.is_empty() { "" } else { ":" };
    format!("xmlns{colon}{prefix}=\"{namespace}\"")
}

const SAML: &str = "urn:oasis:names:tc:SAML:2.0:assertion";
const SAMLP: &str = "urn:oasis:names:tc:SAML:2.0:protocol";
