//! Bare keys of a KeyInfo as SubjectPublicKeyInfo: RSA and EC KeyValue (xmldsig-core §4.5.2) and
//! DEREncodedKeyValue (xmldsig-core1 §4.5.9).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::dsig::DS;
use crate::xml::Element;

/// The key in `element`, a child of KeyInfo. `None` when the element holds no bare key,
/// `Some(None)` when it holds one that is of another kind or malformed.
pub(super) fn of(element: Element<'_>) -> Option<Option<Vec<u8>>> {
    if element.is(DS11, "DEREncodedKeyValue") {
        return Some(base64_of(element));
    }
    if !element.is(DS, "KeyValue") {
        return None;
    }
    let value = element.children().next();
    Some(value.and_then(|value| match value.name() {
        "RSAKeyValue" if value.is(DS, "RSAKeyValue") => rsa(value),
        "ECKeyValue" if value.is(DS11, "ECKeyValue") => ec(value),
        _ => None,
    }))
}

/// RSAKeyValue (xmldsig-core §4.5.2.2).
fn rsa(value: Element<'_>) -> Option<Vec<u8>> {
    let modulus = base64_of(value.children_named(DS, "Modulus").next()?)?;
    let exponent = base64_of(value.children_named(DS, "Exponent").next()?)?;
    let key = der(SEQUENCE, &[unsigned(&modulus), unsigned(&exponent)].concat());
    Some(of_rsa(&key))
}

/// An RSAPublicKey (RFC 8017 §A.1.1) within RFC 3279 §2.3.1.
pub(super) fn of_rsa(key: &[u8]) -> Vec<u8> {
    spki(&[der(OID, RSA_ENCRYPTION), der(NULL, &[])].concat(), key)
}

/// RFC 5480 §2.
fn ec(value: Element<'_>) -> Option<Vec<u8>> {
    let named = value.children_named(DS11, "NamedCurve").next()?;
    let curve = match named.attribute("URI")?.trim() {
        "urn:oid:1.2.840.10045.3.1.7" => P256,
        "urn:oid:1.3.132.0.34" => P384,
        "urn:oid:1.3.132.0.35" => P521,
        _ => return None,
    };
    let point = base64_of(value.children_named(DS11, "PublicKey").next()?)?;
    Some(spki(&[der(OID, EC_PUBLIC_KEY), der(OID, curve)].concat(), &point))
}

fn spki(algorithm: &[u8], key: &[u8]) -> Vec<u8> {
    let bits = [&[0], key].concat();
    der(SEQUENCE, &[der(SEQUENCE, algorithm), der(BIT_STRING, &bits)].concat())
}

/// A positive INTEGER of big-endian bytes (X.690 §8.3).
fn unsigned(bytes: &[u8]) -> Vec<u8> {
    let start = bytes.iter().position(|byte| *byte != 0).unwrap_or(bytes.len());
    let bytes = bytes.get(start..).unwrap_or_default();
    let sign = bytes.first().is_none_or(|first| *first >= 0x80);
    der(INTEGER, &[if sign { &[0][..] } else { &[] }, bytes].concat())
}

/// Tag, definite length, content (X.690 §8.1).
fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len().to_be_bytes();
    let used = length.iter().skip_while(|byte| **byte == 0).copied().collect::<Vec<_>>();
    let mut out = vec![tag];
    match content.len() {
        short @ 0..0x80 => out.push(short as u8),
        _ => {
            out.push(0x80 | used.len() as u8);
            out.extend(used);
        }
    }
    out.extend_from_slice(content);
    out
}

fn base64_of(element: Element<'_>) -> Option<Vec<u8>> {
    let text = element.text().ok()?;
    STANDARD.decode(text.split_ascii_whitespace().collect::<String>()).ok()
}

const DS11: &str = "http://www.w3.org/2009/xmldsig11#";
const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const NULL: u8 = 0x05;
const OID: u8 = 0x06;
const SEQUENCE: u8 = 0x30;
const RSA_ENCRYPTION: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
const EC_PUBLIC_KEY: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
const P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
const P384: &[u8] = &[0x2b, 0x81, 0x04, 0x00, 0x22];
const P521: &[u8] = &[0x2b, 0x81, 0x04, 0x00, 0x23];
