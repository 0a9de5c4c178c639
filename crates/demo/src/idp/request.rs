//! An AuthnRequest as it comes by redirect. Signatures of requests are not looked at.

use std::io::Read as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::read::DeflateDecoder;
use quick_xml::XmlVersion;
use quick_xml::events::Event;
use quick_xml::name::ResolveResult;
use quick_xml::reader::NsReader;

/// What the IdP wants to know of a request.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct AuthnRequest {
    pub(super) id: String,
    pub(super) issuer: String,
    /// AssertionConsumerServiceURL.
    pub(super) acs_url: Option<String>,
    pub(super) force_authn: bool,
    pub(super) is_passive: bool,
}

const PROTOCOL: &str = "urn:oasis:names:tc:SAML:2.0:protocol";
const ASSERTION: &str = "urn:oasis:names:tc:SAML:2.0:assertion";
/// A request has a few hundred bytes; more is not inflated.
const LARGEST: u64 = 64 * 1024;

impl AuthnRequest {
    /// Reads the value of `SAMLRequest`: base64 of a raw DEFLATE stream (saml-bindings §3.4.4.1).
    pub(super) fn read(value: &str) -> Result<Self, String> {
        if value.is_empty() {
            return Err("There is no SAMLRequest. Start at the app.".to_owned());
        }
        let deflated = STANDARD.decode(value).map_err(|_| "SAMLRequest is not base64.")?;
        let mut xml = String::new();
        DeflateDecoder::new(deflated.as_slice())
            .take(LARGEST)
            .read_to_string(&mut xml)
            .map_err(|_| "SAMLRequest does not inflate to text.")?;
        AuthnRequest::parse(&xml).map_err(|why| format!("SAMLRequest cannot be read: {why}."))
    }

    fn parse(xml: &str) -> Result<Self, String> {
        let mut reader = NsReader::from_str(xml);
        let mut request = AuthnRequest::default();
        let mut depth = 0;
        let mut in_issuer = false;
        loop {
            let (namespace, event) =
                reader.read_resolved_event().map_err(|error| error.to_string())?;
            let is = |wanted: &str| matches!(&namespace, ResolveResult::Bound(bound) if bound.as_ref() == wanted);
            match event {
                Event::Start(tag) | Event::Empty(tag) if depth == 0 => {
                    if tag.local_name().as_ref() != "AuthnRequest" || !is(PROTOCOL) {
                        return Err("it is no AuthnRequest".to_owned());
                    }
                    for attribute in tag.attributes() {
                        let attribute = attribute.map_err(|error| error.to_string())?;
                        let value = attribute
                            .normalized_value(XmlVersion::Implicit1_0)
                            .map_err(|error| error.to_string())?
                            .into_owned();
                        request.set(attribute.key.as_ref(), value);
                    }
                    depth = 1;
                }
                Event::Start(tag) => {
                    in_issuer =
                        depth == 1 && tag.local_name().as_ref() == "Issuer" && is(ASSERTION);
                    depth += 1;
                }
                Event::End(_) => {
                    in_issuer = false;
                    depth -= 1;
                }
                Event::Text(text) if in_issuer => {
                    request.issuer.push_str(&text.xml_content(XmlVersion::Implicit1_0));
                }
                Event::GeneralRef(reference) if in_issuer => {
                    let reference = format!("&{};", &*reference);
                    let text = quick_xml::escape::unescape(&reference);
                    request.issuer.push_str(&text.map_err(|error| error.to_string())?);
                }
                Event::DocType(_) => return Err("it has a document type".to_owned()),
                Event::Eof => break,
                _ => {}
            }
        }
        if request.id.is_empty() || request.issuer.is_empty() {
            return Err("it has no ID or no Issuer".to_owned());
        }
        Ok(request)
    }

    fn set(&mut self, attribute: &str, value: String) {
        let is_true = || value == "true" || value == "1";
        match attribute {
            "ForceAuthn" => self.force_authn = is_true(),
            "IsPassive" => self.is_passive = is_true(),
            "ID" => self.id = value,
            "AssertionConsumerServiceURL" => self.acs_url = Some(value),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_the_answer_depends_on() {
        let request = AuthnRequest::parse(
            r#"<p:AuthnRequest xmlns:p="urn:oasis:names:tc:SAML:2.0:protocol" ID="_1"
                 ForceAuthn="1" AssertionConsumerServiceURL="http://a/?x=1&amp;y=2">
                 <Issuer xmlns="urn:oasis:names:tc:SAML:2.0:assertion">http://a/&amp;b</Issuer>
               </p:AuthnRequest>"#,
        );
        let expected = AuthnRequest {
            id: "_1".to_owned(),
            issuer: "http://a/&b".to_owned(),
            acs_url: Some("http://a/?x=1&y=2".to_owned()),
            force_authn: true,
            is_passive: false,
        };
        assert_eq!(request, Ok(expected));
    }

    #[test]
    fn refuses_other_messages() {
        let why = AuthnRequest::parse("<AuthnRequest ID='_1'/>").unwrap_err();
        assert_eq!(why, "it is no AuthnRequest");
        assert_eq!(AuthnRequest::read("%%%").unwrap_err(), "SAMLRequest is not base64.");
    }
}
