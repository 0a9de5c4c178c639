//! A message of ours on its way out: in the query of a redirect (saml-bindings §3.4), or in a form
//! (§3.5); signed or not.

use std::io::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::DeflateEncoder;

use crate::dsig::{RSA_SHA256, SignError, sign_enveloped};
use crate::key::SigningKey;

/// With what our messages are signed.
#[derive(Clone, Copy, Debug)]
pub struct Signer<'a> {
    /// The private key.
    pub key: &'a SigningKey,
    /// The certificate of its public key, which goes along in signed forms.
    pub certificate_der: &'a [u8],
}

/// A message, and where it goes.
#[derive(Clone, Debug)]
pub struct Outgoing {
    pub(crate) field: &'static str,
    pub(crate) id: String,
    pub(crate) xml: String,
    pub(crate) address: String,
    pub(crate) relay_state: Option<String>,
}

/// A form that carries a message to `action`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostForm {
    /// Where it is posted to.
    pub action: String,
    /// Names and values of its hidden fields.
    pub fields: Vec<(&'static str, String)>,
}

impl Outgoing {
    /// The same with more parameters in the query of the address. No signature covers them.
    #[must_use]
    pub fn with_query(mut self, name: &str, value: &str) -> Self {
        self.address = with_query(&self.address, &format!("{}={}", encoded(name), encoded(value)));
        self
    }

    /// The address that carries the message in its query; a query that is there already stays. The
    /// signature is over the very octets that are sent (saml-bindings §3.4.4.1).
    ///
    /// # Errors
    /// When the key cannot sign.
    pub fn redirect(&self, signer: Option<Signer<'_>>) -> Result<String, SignError> {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
        // Writing into memory cannot fail.
        let _ = encoder.write_all(self.xml.as_bytes());
        let message = STANDARD.encode(encoder.finish().unwrap_or_default());
        let mut query = format!("{}={}", self.field, encoded(&message));
        if let Some(relay_state) = &self.relay_state {
            query.push_str("&RelayState=");
            query.push_str(&encoded(relay_state));
        }
        if let Some(signer) = signer {
            query.push_str("&SigAlg=");
            query.push_str(&encoded(RSA_SHA256));
            let signature = STANDARD.encode(signer.key.sign(query.as_bytes())?);
            query.push_str("&Signature=");
            query.push_str(&encoded(&signature));
        }
        Ok(with_query(&self.address, &query))
    }

    /// The form that carries the message (saml-bindings §3.5.4).
    ///
    /// # Errors
    /// When the key cannot sign.
    pub fn post(&self, signer: Option<Signer<'_>>) -> Result<PostForm, SignError> {
        let value = match signer {
            Some(Signer { key, certificate_der }) => {
                STANDARD.encode(sign_enveloped(&self.xml, &self.id, key, certificate_der)?)
            }
            None => STANDARD.encode(&self.xml),
        };
        let mut fields = vec![(self.field, value)];
        fields.extend(self.relay_state.clone().map(|relay_state| ("RelayState", relay_state)));
        Ok(PostForm { action: self.address.clone(), fields })
    }
}

/// The address with `more` at the end of its query, before its fragment.
fn with_query(address: &str, more: &str) -> String {
    let (address, fragment) = match address.split_once('#') {
        Some((address, fragment)) => (address, Some(fragment)),
        None => (address, None),
    };
    let separator = match address.split_once('?') {
        None => "?",
        Some((_, "")) => "",
        Some((_, query)) if query.ends_with('&') => "",
        Some(_) => "&",
    };
    let fragment = fragment.map(|fragment| format!("#{fragment}")).unwrap_or_default();
    [address, separator, more, &fragment].concat()
}

/// Percent-encoding of everything but RFC 3986's unreserved characters.
fn encoded(text: &str) -> String {
    text.bytes().fold(String::with_capacity(text.len() * 5 / 4), |mut url, byte| {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            url.push(char::from(byte));
        } else {
            url.push_str(&format!("%{byte:02X}"));
        }
        url
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outgoing(address: &str) -> Outgoing {
        Outgoing {
            field: "SAMLRequest",
            id: "_1".to_owned(),
            xml: "<a/>".to_owned(),
            address: address.to_owned(),
            relay_state: Some("r".to_owned()),
        }
    }

    #[test]
    fn an_existing_query_and_fragment_stay() {
        let url = |address| outgoing(address).redirect(None).unwrap();
        assert!(url("https://idp/sso").starts_with("https://idp/sso?SAMLRequest="));
        assert!(url("https://idp/sso?a=b").starts_with("https://idp/sso?a=b&SAMLRequest="));
        assert!(url("https://idp/sso?").starts_with("https://idp/sso?SAMLRequest="));
        assert!(url("https://idp/sso#x").ends_with("&RelayState=r#x"));
    }

    #[test]
    fn more_parameters_are_encoded_and_go_before_the_message() {
        let outgoing = outgoing("https://idp/sso?a=b").with_query("login_hint", "a&b=c@d.e");
        let url = outgoing.redirect(None).unwrap();
        assert!(url.starts_with("https://idp/sso?a=b&login_hint=a%26b%3Dc%40d.e&SAMLRequest="));
        let form = outgoing.post(None).unwrap();
        assert_eq!(form.action, "https://idp/sso?a=b&login_hint=a%26b%3Dc%40d.e");
        let fields = [("SAMLRequest", "PGEvPg==".to_owned()), ("RelayState", "r".to_owned())];
        assert_eq!(form.fields, fields);
    }
}
