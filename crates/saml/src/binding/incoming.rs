//! A log-out message as it came: by redirect with a signature over the query's very octets
//! (saml-bindings §3.4.4.1), or by a form (§3.5).
//!
//! Nothing here is verified. What is verified later is what was read here: each parameter stands
//! there once, is read once, and no other reader sees another one (CVE-2025-27773).

use std::borrow::Cow;
use std::io::Read as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::read::DeflateDecoder;

use super::RawResponse;
use crate::rejection::LogoutRejection;

/// Whether a message asks or answers, as the name of its parameter says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageKind {
    /// `SAMLRequest`.
    Request,
    /// `SAMLResponse`.
    Response,
}

/// A log-out message whose size and text are checked, and nothing else.
#[derive(Clone, Debug)]
pub struct LogoutMessage {
    pub(crate) kind: MessageKind,
    pub(crate) xml: String,
    relay_state: Option<String>,
    /// `None` when it came by a form, where the signature is part of the XML.
    pub(crate) query: Option<QuerySignature>,
}

/// The signature of a query, if there is one.
#[derive(Clone, Debug)]
pub(crate) struct QuerySignature {
    /// Message, RelayState and SigAlg exactly as they were sent.
    pub(crate) octets: String,
    /// The URI of SigAlg and the signature's bytes.
    pub(crate) signature: Option<(String, Vec<u8>)>,
}

/// A log-out message in a query has at most this many bytes once inflated; a bomb ends here
/// (CVE-2025-25293).
const LARGEST: u64 = 128 * 1024;

/// The parameters of the binding, in the order in which they are signed.
const PARAMETERS: [&str; 5] = ["SAMLRequest", "SAMLResponse", "RelayState", "SigAlg", "Signature"];

const DEFLATE: &str = "urn:oasis:names:tc:SAML:2.0:bindings:URL-Encoding:DEFLATE";

impl LogoutMessage {
    /// Reads the query of a redirect, as it was sent, undecoded.
    ///
    /// # Errors
    /// When a parameter is missing, repeated, mixed or oddly written, or does not inflate.
    pub fn from_query(query: &str) -> Result<Self, LogoutRejection> {
        let mut found: [Option<&str>; 5] = [None; 5];
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let plain = decoded(name)?;
            if plain == "SAMLEncoding" && decoded(value)? != DEFLATE {
                return Err(parameters("SAMLEncoding is another than DEFLATE"));
            }
            let at = PARAMETERS.iter().position(|known| plain.eq_ignore_ascii_case(known));
            let Some(slot) = at.and_then(|at| found.get_mut(at)) else { continue };
            // Two readers must not take different parameters for the same one.
            if !PARAMETERS.contains(&name) {
                return Err(parameters("the name of a parameter is written oddly"));
            }
            if slot.replace(value).is_some() {
                return Err(parameters("a parameter stands there twice"));
            }
        }
        let [request, response, relay_state, algorithm, signature] = found;
        let (kind, name, value) = match (request, response) {
            (Some(value), None) => (MessageKind::Request, "SAMLRequest", value),
            (None, Some(value)) => (MessageKind::Response, "SAMLResponse", value),
            (Some(_), Some(_)) => return Err(parameters("it is a request and an answer at once")),
            (None, None) => return Err(parameters("there is neither a request nor an answer")),
        };
        let mut octets = format!("{name}={value}");
        for (name, value) in [("RelayState", relay_state), ("SigAlg", algorithm)] {
            octets.extend(value.iter().flat_map(|value| ["&", name, "=", value]));
        }
        let signature = match (algorithm, signature) {
            (Some(algorithm), Some(signature)) => {
                Some((decoded(algorithm)?.into_owned(), base64_of(signature)?))
            }
            (None, None) => None,
            _ => return Err(parameters("of SigAlg and Signature only one is there")),
        };
        Ok(LogoutMessage {
            kind,
            xml: inflated(&base64_of(value)?)?,
            relay_state: relay_state.map(|text| decoded(text).map(Cow::into_owned)).transpose()?,
            query: Some(QuerySignature { octets, signature }),
        })
    }

    /// Reads the value of a form's field, already taken out of the form.
    ///
    /// # Errors
    /// When it is too large, not base64 or not UTF-8.
    pub fn from_post_value(
        kind: MessageKind,
        value: &str,
        relay_state: Option<&str>,
    ) -> Result<Self, LogoutRejection> {
        let xml = RawResponse::from_post_value(value)?.into_xml();
        Ok(LogoutMessage { kind, xml, relay_state: relay_state.map(str::to_owned), query: None })
    }

    /// Whether it asks or answers.
    pub fn kind(&self) -> MessageKind {
        self.kind
    }

    /// Goes back to the sender of a request as it came (saml-bindings §3.4.3), or names a pending
    /// request of ours.
    pub fn relay_state(&self) -> Option<&str> {
        self.relay_state.as_deref()
    }
}

impl RawResponse {
    /// A response in a query, where no IdP may put one (saml-profiles §4.1.2): it is read to say which
    /// request it answers, and for nothing else. `query` is as it was sent, undecoded.
    pub fn from_query(query: &str) -> Option<Self> {
        let message = LogoutMessage::from_query(query).ok()?;
        let is_response = message.kind == MessageKind::Response;
        is_response.then(|| Self::from_xml(message.xml.into_bytes()).ok()).flatten()
    }
}

fn parameters(what: &'static str) -> LogoutRejection {
    LogoutRejection::Parameters { what }
}

/// Percent-decoding; `+` is a blank, as forms write it.
pub(super) fn decoded(text: &str) -> Result<Cow<'_, str>, LogoutRejection> {
    if !text.contains(['%', '+']) {
        return Ok(Cow::Borrowed(text));
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
                let (high, low) = (digit(rest.next()), digit(rest.next()));
                let value = high.zip(low).map(|(high, low)| (high * 16 + low) as u8);
                value.ok_or_else(|| parameters("a percent sign is not followed by two digits"))?
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).map(Cow::Owned).map_err(|_| parameters("a parameter is not UTF-8"))
}

/// base64; a `+` that its sender forgot to encode has become a blank.
fn base64_of(value: &str) -> Result<Vec<u8>, LogoutRejection> {
    let text = decoded(value)?;
    let plain: Vec<u8> = text
        .bytes()
        .filter(|byte| !matches!(byte, b'\r' | b'\n'))
        .map(|byte| if byte == b' ' { b'+' } else { byte })
        .collect();
    STANDARD.decode(plain).map_err(|_| parameters("a parameter is not base64"))
}

fn inflated(deflated: &[u8]) -> Result<String, LogoutRejection> {
    let mut xml = String::new();
    let mut decoder = DeflateDecoder::new(deflated).take(LARGEST + 1);
    decoder.read_to_string(&mut xml).map_err(|_| parameters("the message does not inflate"))?;
    if xml.len() as u64 > LARGEST {
        return Err(parameters("the message is larger than 128 kB once inflated"));
    }
    Ok(xml)
}
