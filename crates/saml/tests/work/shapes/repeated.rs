//! What may stand once, or where it is read: many times, or as long as a message.

use anyhow::{Context as _, Result};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use testkit::Response;

use super::{BYTES, NODES, Shape, outside, shape};
use crate::scene::response;

pub(crate) const SHAPES: &[Shape] = &[
    shape("assertions", || outside(ASSERTION.repeat(BYTES / ASSERTION.len())), "assertion_count"),
    shape("assertions of one prefix", assertions_of_one_prefix, "assertion_count"),
    shape(
        "signatures",
        || outside(SIGNATURE.repeat(BYTES / SIGNATURE.len())),
        "signature_elsewhere",
    ),
    shape("signatures of the response", signatures_of_the_response, "signature_malformed"),
    shape("children of the response", || children("</samlp:Response>"), "unsigned"),
    shape("children of the assertion", || children("</saml:Assertion>"), "unsigned"),
    shape("children of the subject", || children("</saml:Subject>"), "unsigned"),
    shape("children of the status", || children("</samlp:Status>"), "unsigned"),
    shape("codes of the status", codes_of_the_status, "status"),
    shape("a message of the status", message_of_the_status, "status"),
    shape("an issuer of references", issuer, "issuer"),
    shape("an issuer in pieces", issuer_in_pieces, "issuer"),
    shape("a destination of references", destination, "destination"),
    shape("a moment of references", moment, "time_malformed"),
    shape("processing instructions", || outside("<?a b?>".repeat(BYTES / 7)), "xml"),
    shape("entities", entities, "xml"),
    shape("references to no entity", || outside("&a;".repeat(BYTES / 3)), "xml"),
    Shape { posted: true, ..shape("base64 on short lines", short_lines, "unsigned") },
    Shape { posted: true, ..shape("base64 that ends wrongly", wrong_end, "not_base64") },
];

const ASSERTION: &str = "<a:Assertion xmlns:a=\"urn:oasis:names:tc:SAML:2.0:assertion\"/>";
const SIGNATURE: &str = "<d:Signature xmlns:d=\"http://www.w3.org/2000/09/xmldsig#\"/>";

fn assertions_of_one_prefix() -> Result<String> {
    let namespace = "urn:oasis:names:tc:SAML:2.0:assertion";
    let all = "<a:Assertion/>".repeat(BYTES / 14);
    outside(format!("<x xmlns:a=\"{namespace}\">{all}</x>"))
}

/// Where one may stand, one behind the other.
fn signatures_of_the_response() -> Result<String> {
    before("<samlp:Status>", &SIGNATURE.repeat(BYTES / SIGNATURE.len()))
}

/// The usual message, unsigned, with this before the first of `place`.
fn before(place: &str, content: &str) -> Result<String> {
    let xml = Response { assertion_signature: None, ..response() }.xml();
    let at = xml.find(place).context("a place")?;
    let (before, after) = xml.split_at(at);
    Ok([before, content, after].concat())
}

fn children(of: &str) -> Result<String> {
    before(of, &"<a/>".repeat(NODES))
}

fn failed(detail: String) -> Result<String> {
    let status = "urn:oasis:names:tc:SAML:2.0:status:Responder".to_owned();
    let response = Response { status, status_detail: detail, ..response() };
    Ok(Response { assertion_signature: None, ..response }.xml())
}

/// In the place of a code below the code: as many as there is room for.
fn codes_of_the_status() -> Result<String> {
    let codes = "<samlp:StatusCode/>".repeat(BYTES / 19);
    Ok(failed(String::new())?.replacen(
        "</samlp:StatusCode>",
        &format!("{codes}</samlp:StatusCode>"),
        1,
    ))
}

fn message_of_the_status() -> Result<String> {
    let text = "&#65;<!---->".repeat(NODES / 2);
    failed(format!("<samlp:StatusMessage>{text}</samlp:StatusMessage>"))
}

fn issuer() -> Result<String> {
    let issuer = Some("&#97;".repeat(BYTES / 5));
    Ok(Response { assertion_signature: None, issuer, ..response() }.xml())
}

fn issuer_in_pieces() -> Result<String> {
    let issuer = Some("a<!---->".repeat(NODES / 2));
    Ok(Response { assertion_signature: None, issuer, ..response() }.xml())
}

fn destination() -> Result<String> {
    let destination = Some("&#97;".repeat(BYTES / 5));
    Ok(Response { assertion_signature: None, destination, ..response() }.xml())
}

fn moment() -> Result<String> {
    // It stands in the assertion, too.
    let issue_instant = "&#50;".repeat(BYTES / 10);
    Ok(Response { assertion_signature: None, issue_instant, ..response() }.xml())
}

/// Ten of each ten, as in the attack of a billion laughs.
fn entities() -> Result<String> {
    let xml = outside("&a9;".repeat(BYTES / 4))?;
    Ok(format!("<!DOCTYPE a [<!ENTITY a0 \"ha\">]>{xml}"))
}

fn short_lines() -> Result<String> {
    let text = STANDARD.encode(outside("x".repeat(BYTES / 2 + 20_000))?);
    let pieces: Vec<_> = text.split("").filter(|letter| !letter.is_empty()).collect();
    Ok(pieces.join("\n"))
}

fn wrong_end() -> Result<String> {
    let text = STANDARD.encode(outside("x".repeat(BYTES))?);
    Ok(format!("{text}\n*"))
}
