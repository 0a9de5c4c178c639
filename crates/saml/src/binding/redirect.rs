//! The HTTP Redirect binding (saml-bindings §3.4): deflated, in base64, in the query.

use std::io::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::DeflateEncoder;

/// The address that carries `xml` as `parameter`; a query that `destination` has already stays.
pub(crate) fn redirect_url(
    destination: &str,
    parameter: &str,
    xml: &str,
    relay_state: &str,
) -> String {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
    // Writing into memory cannot fail.
    let _ = encoder.write_all(xml.as_bytes());
    let message = STANDARD.encode(encoder.finish().unwrap_or_default());
    let (address, fragment) = match destination.split_once('#') {
        Some((address, fragment)) => (address, Some(fragment)),
        None => (destination, None),
    };
    let separator = match address.split_once('?') {
        None => "?",
        Some((_, "")) => "",
        Some((_, query)) if query.ends_with('&') => "",
        Some(_) => "&",
    };
    let mut url = format!("{address}{separator}{parameter}={}", encoded(&message));
    if !relay_state.is_empty() {
        url.push_str("&RelayState=");
        url.push_str(&encoded(relay_state));
    }
    if let Some(fragment) = fragment {
        url.push('#');
        url.push_str(fragment);
    }
    url
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

    #[test]
    fn an_existing_query_and_fragment_stay() {
        let url = |destination| redirect_url(destination, "SAMLRequest", "<a/>", "r");
        assert!(url("https://idp/sso").starts_with("https://idp/sso?SAMLRequest="));
        assert!(url("https://idp/sso?a=b").starts_with("https://idp/sso?a=b&SAMLRequest="));
        assert!(url("https://idp/sso?").starts_with("https://idp/sso?SAMLRequest="));
        assert!(url("https://idp/sso#x").ends_with("&RelayState=r#x"));
    }
}
