//! Work inside a signature that nobody made, and behind one that the IdP made for something else.

use anyhow::{Context as _, Result};
use testkit::{Response, Signature};

use super::{
    BYTES, NODES, Shape, attributes, letters, levels, mixed_prefixes, prefixes_in_scope,
    referred_values, shape,
};
use crate::hostile::{many, template};
use crate::scene::response;

pub(crate) const SHAPES: &[Shape] = &[
    shape("elements in a list's element", || listed(elements()), MALFORMED),
    shape("attributes in a list's element", || listed(attributes(BYTES)), MALFORMED),
    shape("parameters of PSS", || parameters(elements()), MALFORMED),
    shape("a digest", || value("DigestValue", "AAAA".repeat(BYTES / 4)), MALFORMED),
    shape("a digest on many lines", || value("DigestValue", "A\n".repeat(BYTES / 2)), MALFORMED),
    shape(
        "a SignedInfo that grows when it is written",
        || in_reference(&quotes_of_a_mebibyte()),
        MALFORMED,
    ),
    shape("a SignedInfo as long as may be", || in_reference(&"\"".repeat(7_000)), FORM),
    shape("references of a signature", references_of_a_signature, MALFORMED),
    shape("transforms", transforms, MALFORMED),
    shape("a list of many prefixes", || listed_prefixes(&"a ".repeat(BYTES / 2)), MALFORMED),
    shape("a list of references", || listed_prefixes(&"&#97;".repeat(BYTES / 5)), MALFORMED),
    shape("a certificate of references", certificate, FORM),
    shape("names of keys", || key_info("<ds:KeyName/>".repeat(BYTES / 13)), FORM),
    shape("a value of references", || value("SignatureValue", "&#65;".repeat(BYTES / 5)), FORM),
    shape(
        "a value in pieces",
        || value("SignatureValue", "<![CDATA[]]>A".repeat(NODES / 2)),
        MALFORMED,
    ),
    shape("certificates", certificates, FORM),
    shape("a digest over attributes", || altered(attributes(BYTES)), DIGEST),
    shape("a digest over attributes of a prefix", || altered(prefixes_in_scope(BYTES)), DIGEST),
    shape("a digest over attributes of many prefixes", || altered(mixed_prefixes(BYTES)), DIGEST),
    shape("a digest over quotes", || altered(quotes()), MALFORMED),
    shape("a digest over references in values", || altered(referred_values()), DIGEST),
    shape("a digest over references in text", || altered("&#9;".repeat(BYTES / 4)), DIGEST),
    shape("a digest over ends of lines", || altered("\r\n".repeat(BYTES / 2)), DIGEST),
    shape("a digest over referred ends of lines", || altered("&#13;".repeat(BYTES / 5)), DIGEST),
    shape("a digest over pieces of CDATA", || altered("<![CDATA[<]]>".repeat(BYTES / 13)), DIGEST),
    shape("a digest over levels", || altered(levels()), DIGEST),
    shape("a digest over long names", || altered(long_names()), DIGEST),
    shape("a digest over long prefixes", || altered(long_prefixes()), DIGEST),
    shape("a digest over signs", || altered(">".repeat(BYTES)), DIGEST),
    shape("a digest over small elements", || altered("<a/>".repeat(NODES)), DIGEST),
    shape("a digest over comments", || altered("a<!---->".repeat(NODES / 2)), DIGEST),
    shape("a digest over a default namespace in turn", || altered(in_turn()), DIGEST),
    shape("a digest with a prefix list", listed_and_altered, DIGEST),
    shape("a digest over a declaration written again", || altered(written_again()), MALFORMED),
];

const FORM: &str = "signature_invalid";
const DIGEST: &str = "digest_mismatch";
const MALFORMED: &str = "signature_malformed";

fn elements() -> String {
    "<a/>".repeat(NODES)
}

/// Many small elements, each of which must declare the same namespace anew, whose name is long.
fn written_again() -> String {
    let long = "a".repeat(1000);
    format!("<x xmlns:p=\"u:{long}\">{}</x>", "<p:a/>".repeat(BYTES / 12))
}

fn quotes() -> String {
    format!("<x y='{}'/>", "\"".repeat(BYTES))
}

fn quotes_of_a_mebibyte() -> String {
    "\"".repeat(BYTES)
}

/// The longest names of namespaces, by which attributes are put in order.
fn long_names() -> String {
    let long = "a".repeat(1000);
    let declared = many(15, |n| format!(" xmlns:{}=\"u:{long}{}\"", letters(n), letters(n)));
    let attributes = many(15, |n| format!(" {}:a=\"\"", letters(14 - n)));
    let tag = format!("<x{attributes}/>");
    format!("<x{declared}{attributes}>{}</x>", tag.repeat(BYTES / tag.len()))
}

/// Prefixes that only their last letters tell apart.
fn long_prefixes() -> String {
    let long = "a".repeat(1000);
    let declared = many(15, |n| format!(" xmlns:{long}{}=\"u:{n}\"", letters(n)));
    let attributes = many(15, |n| format!(" {long}{}:a=\"\"", letters(n)));
    let tag = format!("<x{attributes}/>");
    format!("<x{declared}>{}</x>", tag.repeat(BYTES / tag.len()))
}

fn in_turn() -> String {
    let pair = "<a xmlns=\"u:a\"><a xmlns=\"u:b\"/></a>";
    pair.repeat(BYTES / pair.len())
}

fn list(prefixes: &str, content: &str) -> String {
    format!(
        "<ec:InclusiveNamespaces xmlns:ec=\"http://www.w3.org/2001/10/xml-exc-c14n#\" \
         PrefixList=\"{prefixes}\">{content}</ec:InclusiveNamespaces>"
    )
}

/// Thirty-two prefixes, and content where none belongs.
fn listed(content: String) -> Result<String> {
    let list = list(&many(32, |n| format!("{} ", letters(n))), &content);
    let end = "</ds:CanonicalizationMethod>";
    Ok(template().replace(end, &format!("{list}{end}")))
}

/// PSS with parameters that hold what none of them may.
fn parameters(content: String) -> Result<String> {
    let more = "http://www.w3.org/2007/05/xmldsig-more#";
    let parameters = format!(
        "<m:RSAPSSParams xmlns:m=\"{more}\"><ds:DigestMethod \
         Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\">{content}</ds:DigestMethod>\
         </m:RSAPSSParams></ds:SignatureMethod>"
    );
    let algorithm = Signature { algorithm: PSS, ..Signature::default() };
    let response = Response { assertion_signature: Some(algorithm), ..response() };
    let value = format!("<ds:SignatureValue>{}==", "A".repeat(342));
    let xml = response.xml().replace("<ds:SignatureValue>", &value);
    Ok(xml.replace("</ds:SignatureMethod>", &parameters))
}

const PSS: &str = "http://www.w3.org/2007/05/xmldsig-more#rsa-pss";

fn value(name: &str, content: String) -> Result<String> {
    let tag = format!("<ds:{name}>");
    Ok(template().replace(&tag, &format!("{tag}{content}")))
}

/// This behind the value of the signature.
fn key_info(content: String) -> Result<String> {
    let end = "</ds:Signature>";
    Ok(template().replace(end, &format!("<ds:KeyInfo>{content}</ds:KeyInfo>{end}")))
}

fn certificates() -> Result<String> {
    key_info("<ds:X509Certificate>AAAA</ds:X509Certificate>".repeat(BYTES / 46))
}

fn certificate() -> Result<String> {
    key_info(format!("<ds:X509Certificate>{}</ds:X509Certificate>", "&#65;".repeat(BYTES / 5)))
}

fn references_of_a_signature() -> Result<String> {
    let end = "</ds:Reference>";
    let more = "<ds:Reference URI=\"#_assertion\"/>";
    Ok(template().replace(end, &format!("{end}{}", more.repeat(BYTES / more.len()))))
}

fn transforms() -> Result<String> {
    let end = "</ds:Transforms>";
    let more = "<ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/>";
    Ok(template().replace(end, &format!("{}{end}", more.repeat(BYTES / more.len()))))
}

fn listed_prefixes(prefixes: &str) -> Result<String> {
    let end = "</ds:CanonicalizationMethod>";
    Ok(template().replace(end, &format!("{}{end}", list(prefixes, ""))))
}

/// An attribute, which must be written before anybody can tell who signed it.
fn in_reference(value: &str) -> Result<String> {
    Ok(template().replace("<ds:Reference ", &format!("<ds:Reference Type='{value}' ")))
}

/// What the IdP signed, with this in its assertion, which it did not sign.
fn altered(content: String) -> Result<String> {
    replaced(&response(), &content)
}

fn replaced(response: &Response, content: &str) -> Result<String> {
    let signed = response.signed()?;
    let end = signed.rfind("</saml:Assertion>").context("an assertion")?;
    let (before, after) = signed.split_at(end);
    Ok(format!("{before}<saml:Advice>{content}</saml:Advice>{after}"))
}

/// An IdP's list, as long as one may be, and elements that declare all that may be.
fn listed_and_altered() -> Result<String> {
    let prefixes = many(32, |n| format!("{} ", letters(n)));
    let signature = Signature::with_prefix_list(prefixes.trim());
    let response = Response { assertion_signature: Some(signature), ..response() };
    let tags = [0, 16].map(|from| {
        let declared = many(16, |n| format!(" xmlns:{}=\"u:\"", letters(from + n)));
        format!("<x{declared}/>")
    });
    let tags = tags.concat();
    replaced(&response, &tags.repeat(BYTES / tags.len()))
}
