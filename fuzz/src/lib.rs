//! What must hold for any bytes at all. A target in `targets` is one call of a function here.
//!
//! Built with `--cfg fuzzing` only, which opens the parser of the crate `saml`.

use std::io::Write as _;
use std::sync::LazyLock;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use saml::{
    Certificate, DecryptionKey, Expected, IdpMetadata, LogoutMessage, LogoutParties, MessageKind,
    RawResponse, ServiceProvider, TrustedIdp, VerifiedAssertion, accept, accept_logout_request,
    accept_logout_response, peek_issuer, peek_logout_issuer,
};
use testkit::{Key, outline_by_quick_xml, outline_by_roxmltree, without_line_ends};

/// The parser: what it accepts, two others accept and read the same, and its canonical form says
/// the same again, with and without comments.
pub fn parse(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Some(ours) = saml::fuzzing::outline(text) else { return };
    let theirs = outline_by_roxmltree(text).expect("roxmltree refuses what we accept");
    assert_eq!(without_line_ends(&ours), without_line_ends(&theirs), "roxmltree reads otherwise");
    let theirs = outline_by_quick_xml(text).expect("quick-xml refuses what we accept");
    assert_eq!(ours, theirs, "quick-xml reads otherwise");
    for (comments, prefixes) in [(true, &[][..]), (false, &["", "a"][..])] {
        // None where one declaration is written again and again.
        let Some(once) = saml::fuzzing::canonical(text, comments, prefixes) else { continue };
        let once = String::from_utf8(once).expect("a canonical form is UTF-8");
        let again = saml::fuzzing::outline(&once).expect("a canonical form is XML");
        if comments {
            assert_eq!(again, ours, "a canonical form says something else");
        }
        let twice = saml::fuzzing::canonical(&once, comments, prefixes).expect("it was accepted");
        assert_eq!(once.as_bytes(), twice, "a canonical form has another canonical form");
    }
}

/// The POST binding: whatever is posted, raw or as base64, ends in a refusal with a code, or in
/// the one person who was ever signed.
pub fn post(data: &[u8]) {
    let raws = [
        RawResponse::from_xml(data.to_vec()),
        RawResponse::from_post_value(&String::from_utf8_lossy(data)),
        RawResponse::from_post_value(&STANDARD.encode(data)),
    ];
    for raw in raws.into_iter().flatten() {
        let _ = peek_issuer(&raw).map(|issuer| issuer.as_str().len());
        for expected in [Expected::Request("_request"), Expected::Unsolicited] {
            check(accept(&raw, &IDP, &SP, expected, noon(), Duration::from_secs(180)));
        }
    }
}

/// A genuine message, parts of it overwritten. Who is read from it stays who was signed.
pub fn spliced(data: &[u8]) {
    let Some(changed) = splice(GENUINE, data) else { return };
    let Ok(raw) = RawResponse::from_xml(changed) else { return };
    check(accept(&raw, &IDP, &SP, Expected::Request("_request"), noon(), Duration::from_secs(180)));
}

/// The same with messages whose assertion is encrypted, in either mode of AES.
pub fn decrypt(data: &[u8]) {
    let Some(changed) = splice(ENCRYPTED, data) else { return };
    let Ok(raw) = RawResponse::from_xml(changed) else { return };
    let sp = ServiceProvider { decryption_keys: std::slice::from_ref(&*OURS), ..SP };
    check(accept(&raw, &IDP, &sp, Expected::Request("_request"), noon(), Duration::from_secs(180)));
}

/// The first bytes say which message, where and how much of it, the rest what is put there.
fn splice(messages: &[&[u8]], data: &[u8]) -> Option<Vec<u8>> {
    let [a, b, c, d, length, with @ ..] = data else { return None };
    let message = messages[usize::from(*a) % messages.len()];
    let at = usize::from(u16::from_le_bytes([*b, *c])) % message.len();
    let end = (at + usize::from(*length)).min(message.len());
    Some(match d % 3 {
        0 => [&message[..at], with, &message[end..]].concat(),
        1 => [&message[..at], with, &message[at..]].concat(),
        // A part of the message stands somewhere else, too.
        _ => {
            let to = with.iter().take(2).fold(0, |to, byte| to * 256 + usize::from(*byte));
            let to = to % message.len();
            [&message[..to], &message[at..end], &message[to..]].concat()
        }
    })
}

/// Log-out messages, as a query, as a form's value, and as XML in either: nobody without the IdP's
/// key ends a session.
pub fn logout(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let mut deflated = DeflateEncoder::new(Vec::new(), Compression::fast());
    deflated.write_all(data).expect("memory");
    let deflated = STANDARD.encode(deflated.finish().expect("memory"));
    let escaped = deflated.replace('+', "%2B");
    let queries = [
        LogoutMessage::from_query(&text),
        LogoutMessage::from_query(&format!("SAMLRequest={escaped}")),
        LogoutMessage::from_query(&format!("SAMLResponse={escaped}&RelayState=x")),
    ];
    let forms = [MessageKind::Request, MessageKind::Response]
        .map(|kind| LogoutMessage::from_post_value(kind, &STANDARD.encode(data), None));
    let parties = LogoutParties {
        idp: &IDP,
        issuer_aliases: &[],
        entity_id: SP.entity_id,
        slo_url: "https://jira.example.org/plugins/servlet/saml/logout",
        decryption_keys: std::slice::from_ref(&*OURS),
    };
    for message in queries.into_iter().chain(forms).flatten() {
        let _ = peek_logout_issuer(&message).map(|issuer| issuer.as_str().len());
        let request = accept_logout_request(&message, &parties, noon(), Duration::from_secs(180));
        assert!(request.is_err(), "a log-out request that nobody signed");
        let response = accept_logout_response(&message, &parties, "_request");
        assert!(response.is_err(), "a log-out response that nobody signed");
    }
}

/// Metadata: it is refused in words, or names an IdP with addresses and keys that can be used.
pub fn metadata(data: &[u8]) {
    match IdpMetadata::parse(data, None) {
        Ok(idp) => {
            assert!(!idp.single_sign_on.is_empty(), "nowhere to sign on");
            let _ = idp.check_time(noon()).map_err(|error| error.to_string());
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
    let _ = IdpMetadata::parse(data, Some("https://idp.example.org/"));
}

fn check(outcome: Result<VerifiedAssertion, saml::Rejection>) {
    match outcome {
        Ok(assertion) => {
            assert_eq!(assertion.id(), "_assertion");
            assert_eq!(assertion.issuer(), "https://idp.example.org/");
            assert_eq!(assertion.name_id().map(|name| name.value), Some("camilla"));
            let values: Vec<_> = assertion.attributes().flat_map(|a| a.values()).collect();
            assert_eq!(values, ["users"]);
        }
        Err(rejection) => {
            assert!(!rejection.code().is_empty() && !rejection.hint().is_empty());
            assert!(!rejection.to_string().chars().any(char::is_control));
        }
    }
}

/// Genuine messages of the IdP, as the test scene of the crate `saml` makes them.
const GENUINE: &[&[u8]] = &[
    include_bytes!("../corpus/post/assertion-signed.xml"),
    include_bytes!("../corpus/post/response-signed.xml"),
    include_bytes!("../corpus/post/both-signed-with-comments.xml"),
];

/// The same, encrypted with AES-GCM and AES-CBC for [`OURS`].
const ENCRYPTED: &[&[u8]] =
    &[include_bytes!("../corpus/decrypt/gcm.xml"), include_bytes!("../corpus/decrypt/cbc.xml")];

const SP: ServiceProvider<'_> = ServiceProvider {
    entity_id: "https://jira.example.org/",
    acs_url: "https://jira.example.org/plugins/servlet/saml/auth",
    decryption_keys: &[],
};

static IDP: LazyLock<TrustedIdp> = LazyLock::new(|| {
    let certificate = Certificate::from_pem_or_der(Key::Rsa2048.certificate_pem().as_bytes());
    let key = certificate.and_then(|certificate| certificate.key()).expect("the fixture's key");
    TrustedIdp {
        entity_id: "https://idp.example.org/".to_owned(),
        keys: vec![key],
        allow_sha1: false,
    }
});

static OURS: LazyLock<DecryptionKey> = LazyLock::new(|| {
    let pem = std::fs::read(Key::Attacker.private_path()).expect("the fixture's key");
    DecryptionKey::from_pem(&pem).expect("an RSA key")
});

fn noon() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_772_366_400)
}
