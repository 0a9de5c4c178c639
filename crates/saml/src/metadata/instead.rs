//! What a text that should be metadata is instead, and the cure.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use thiserror::Error;

use crate::key::DerKind;

/// See the module.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Instead {
    /// A web page, with its title.
    #[error("a web page{0} and no metadata: check the address, and whether it needs a log-in")]
    WebPage(String),
    /// What a browser shows of XML.
    #[error(
        "a browser's view of XML and not the document: give its address, or save the document \
         itself (curl -o metadata.xml ADDRESS)"
    )]
    BrowserView,
    /// Text before the first element.
    #[error("no XML document by itself, other text stands before the metadata: take it away")]
    TextBefore,
    /// Characters of XML that were written as something else.
    #[error("XML whose characters are {0}: get the document itself, or undo that first")]
    Escaped(&'static str),
    /// base64.
    #[error("base64 of {0}: decode it first (base64 -d FILE > metadata.xml)")]
    Base64(&'static str),
    /// OpenID Connect.
    #[error("an OpenID Connect document; give the address of the SAML metadata")]
    OpenId,
    /// Other JSON.
    #[error("JSON and no metadata; SAML metadata is XML")]
    Json,
    /// A certificate.
    #[error("a certificate and no metadata; give it with --certificate")]
    Certificate,
    /// A private key.
    #[error(
        "a private key and no metadata; it was neither stored nor shown. Nobody but its owner may \
         have it: if it is the IdP's, the IdP needs a new one"
    )]
    PrivateKey,
    /// Other PEM.
    #[error("PEM ({0}) and no metadata")]
    Pem(String),
    /// An address.
    #[error("an address and no metadata; give it where an address is asked for")]
    Address,
    /// The format of SimpleSAMLphp's own files.
    #[error("a file of SimpleSAMLphp; give its XML, which it shows under Federation")]
    Php,
}

impl Instead {
    /// Names what `text`, which begins with no white space, is, when its start shows it.
    pub(super) fn of(text: &str) -> Option<Self> {
        let head: String = text.chars().take(HEAD).collect();
        let lower = head.to_ascii_lowercase();
        if lower.starts_with('<') {
            return of_markup(&lower);
        }
        if let Some((_, label)) = text.split_once("-----BEGIN ") {
            let (label, _) = label.split_once("-----")?;
            return Some(match label {
                label if label.ends_with("PRIVATE KEY") => Instead::PrivateKey,
                label if label.ends_with("CERTIFICATE") => Instead::Certificate,
                label => Instead::Pem(label.chars().take(40).collect()),
            });
        }
        if is_view(&lower) {
            return Some(Instead::BrowserView);
        }
        if let Some(how) = escaped(&lower) {
            return Some(Instead::Escaped(how));
        }
        if head.starts_with(['{', '[']) {
            let openid = ["authorization_endpoint", "jwks_uri", "\"issuer\"", "\"keys\""];
            let is_openid = openid.iter().any(|word| lower.contains(word));
            return Some(if is_openid { Instead::OpenId } else { Instead::Json });
        }
        let is_address = lower.starts_with("https://") || lower.starts_with("http://");
        if is_address && text.split_whitespace().count() == 1 {
            return Some(Instead::Address);
        }
        if lower.starts_with("$metadata[") {
            return Some(Instead::Php);
        }
        let (before, _) = text.split_once("EntityDescriptor").unwrap_or_default();
        base64_of(&head).or_else(|| before.contains('<').then_some(Instead::TextBefore))
    }

    /// Names what was meant for `--certificate`.
    pub(super) fn of_der(bytes: &[u8]) -> Option<Self> {
        match DerKind::of(bytes)? {
            DerKind::PrivateKey => Some(Instead::PrivateKey),
            _ => Some(Instead::Certificate),
        }
    }
}

/// Of markup the first element decides, or what a browser left of it.
fn of_markup(lower: &str) -> Option<Instead> {
    if lower.starts_with("<?php") {
        return Some(Instead::Php);
    }
    let mut rest = lower;
    while let Some(end) = end_of_misc(rest) {
        rest = rest.split_once(end)?.1.trim_start();
    }
    if !PAGE.iter().any(|start| rest.starts_with(start)) {
        return None;
    }
    if lower.contains("xml-viewer") || lower.contains(VIEW) {
        return Some(Instead::BrowserView);
    }
    let title = lower.split_once("<title>").and_then(|(_, rest)| rest.split_once("</title>"));
    let titled = title.map(|(title, _)| format!(" titled {:?}", title.trim()));
    Some(Instead::WebPage(titled.unwrap_or_default()))
}

/// The end of a comment or processing instruction that begins here.
fn end_of_misc(rest: &str) -> Option<&'static str> {
    match rest {
        _ if rest.starts_with("<!--") => Some("-->"),
        _ if rest.starts_with("<?") => Some("?>"),
        _ => None,
    }
}

/// The sentence above the tree, or the marks by which its branches are opened and closed.
fn is_view(lower: &str) -> bool {
    let behind = lower.trim_start_matches(['-', '+', '\u{2212}', '▼', '▶', '▾', '▸', '▿', '▹']);
    lower.contains(VIEW) || behind.len() < lower.len() && behind.trim_start().starts_with('<')
}

/// How the first `<` is written.
fn escaped(lower: &str) -> Option<&'static str> {
    let start = lower.trim_start_matches(['"', '\'']);
    let starts = |all: &[&str]| all.iter().any(|one| start.starts_with(one));
    if starts(&["&lt;", "&#60;", "&#x3c;", "&amp;lt;"]) {
        Some("escaped (&lt; for <)")
    } else if starts(&["%3c", "%253c"]) {
        Some("percent-encoded (%3C for <)")
    } else if starts(&["\\u003c", "\\x3c"]) || start.len() < lower.len() && start.starts_with('<') {
        Some("written as a string of JSON or of a program")
    } else {
        None
    }
}

/// What base64 stands for, when `head` is the start of it.
fn base64_of(head: &str) -> Option<Instead> {
    let plain = head.split_once(";base64,").filter(|(start, _)| start.starts_with("data:"));
    let plain: String = plain.map_or(head, |(_, rest)| rest).split_whitespace().collect();
    let whole = plain.get(..plain.len() - plain.len() % 4)?;
    let bytes = LENIENT.decode(whole).ok().filter(|bytes| bytes.len() >= 12)?;
    let text = String::from_utf8_lossy(&bytes);
    let start = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    Some(match bytes.as_slice() {
        _ if start.starts_with('<') => Instead::Base64("an XML document"),
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => Instead::Base64("a text in UTF-16"),
        [0x1f, 0x8b, ..] => Instead::Base64("something compressed with gzip"),
        _ if start.starts_with("-----BEGIN ") => Instead::Base64("PEM and no metadata"),
        _ => return Instead::of_der(&bytes),
    })
}

/// How a web page begins.
const PAGE: &[&str] = &["<!doctype html", "<html", "<head", "<body", "<script"];
/// What browsers write above XML.
const VIEW: &str = "this xml file does not appear to have any style information";
/// Characters at the start that are looked at.
const HEAD: usize = 4096;

/// Whether it is base64 is asked, not whether it is canonical.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);
