//! The exact shape that something encrypted must have, before any cryptography.
//!
//! `EncryptedAssertion` and `EncryptedID` (saml-core §2.2.4, §2.3.4) hold one `EncryptedData` and,
//! behind it or inside its `KeyInfo`, the wrapped content key.

use super::XENC;
use super::algorithm::{content_cipher, key_transport, malformed};
use crate::Rejection;
use crate::dsig::{DS, base64_of};
use crate::key::{ContentCipher, Oaep};
use crate::xml::Element;

/// Something encrypted, of the right shape.
pub(super) struct Shape {
    pub(super) cipher: ContentCipher,
    /// IV, ciphertext, and the tag when the cipher has one.
    pub(super) content: Vec<u8>,
    /// The content key, wrapped: for us, as far as can be told.
    pub(super) keys: Vec<WrappedKey>,
}

pub(super) struct WrappedKey {
    pub(super) scheme: Oaep,
    pub(super) value: Vec<u8>,
}

/// Wrapped keys that are looked at, and those of them that are tried: each costs a private-key
/// operation for each of our keys.
const LISTED: usize = 16;
const TRIED: usize = 2;

const ELEMENT: &str = "http://www.w3.org/2001/04/xmlenc#Element";

/// Reads `encrypted`; of several wrapped keys, those for `recipient`, our entity ID.
pub(super) fn read(encrypted: Element<'_>, recipient: &str) -> Result<Shape, Rejection> {
    if !encrypted.holds_only_elements() {
        return Err(malformed("text stands beside EncryptedData"));
    }
    let mut children = encrypted.children();
    let data = children
        .next()
        .filter(|child| child.is(XENC, "EncryptedData"))
        .ok_or(malformed("the first child is not EncryptedData"))?;
    let siblings: Vec<_> = children.take(LISTED + 1).collect();
    if !siblings.iter().all(|child| child.is(XENC, "EncryptedKey")) {
        return Err(malformed("something else than EncryptedKey follows EncryptedData"));
    }
    // saml-core §2.2.4, §2.3.4: if Type is there, it is this one.
    if data.attribute("Type").is_some_and(|of| of != ELEMENT) {
        return Err(malformed("what is encrypted is no element"));
    }
    let parts = parts(data, &["EncryptionProperties"])?;
    let cipher = content_cipher(parts.method)?;
    let content = base64_of(parts.value).map_err(|_| malformed("CipherValue is not base64"))?;
    if !cipher.takes(content.len()) {
        return Err(malformed("the ciphertext has a length that its cipher never gives"));
    }
    let mut listed = keys_in(parts.key_info, siblings)?;
    if listed.len() > LISTED {
        return Err(malformed("there are too many wrapped keys"));
    }
    choose(&mut listed, recipient);
    if listed.len() > TRIED {
        return Err(malformed("more wrapped keys than are tried could be ours"));
    }
    let keys = listed.into_iter().map(wrapped_key).collect::<Result<Vec<_>, _>>()?;
    if keys.is_empty() {
        return Err(malformed("there is no EncryptedKey"));
    }
    Ok(Shape { cipher, content, keys })
}

/// Of several wrapped keys, those that name us; of more than are tried, those that name nobody else
/// (xmlenc-core1 §3.5.1: Recipient is a hint. It chooses among several, nothing more).
fn choose(listed: &mut Vec<Element<'_>>, us: &str) {
    let is_ours = |key: &Element<'_>| key.attribute("Recipient").as_deref() == Some(us);
    if listed.len() > 1 && listed.iter().any(is_ours) {
        listed.retain(is_ours);
    }
    if listed.len() > TRIED {
        listed.retain(|key| key.attribute("Recipient").is_none_or(|named| named == us));
    }
}

/// The wrapped keys inside `KeyInfo`, and those behind `EncryptedData`: all of them, or the ones
/// that `KeyInfo` names. A name leads to a sibling and nowhere else, so it cannot lead in a circle.
fn keys_in<'d>(
    key_info: Option<Element<'d>>,
    siblings: Vec<Element<'d>>,
) -> Result<Vec<Element<'d>>, Rejection> {
    let Some(key_info) = key_info else { return Ok(siblings) };
    let mut keys: Vec<_> = key_info.children_named(XENC, "EncryptedKey").take(LISTED + 1).collect();
    let mut names_any = false;
    let mut ids = None;
    for name in key_info.children_named(DS, "RetrievalMethod").take(LISTED) {
        let elsewhere = malformed("RetrievalMethod leads to no EncryptedKey behind EncryptedData");
        let uri = name.attribute("URI").unwrap_or_default();
        let Some(id) = uri.strip_prefix('#').filter(|id| !id.is_empty()) else {
            return Err(elsewhere);
        };
        if name.children().next().is_some() {
            return Err(malformed("RetrievalMethod holds transforms"));
        }
        // Read once: an ID may be long and full of references.
        let id_of = |key: &Element<'d>| key.attribute("Id");
        let ids = ids.get_or_insert_with(|| siblings.iter().map(id_of).collect::<Vec<_>>());
        let named = ids.iter().zip(&siblings).find(|(known, _)| known.as_deref() == Some(id));
        keys.push(*named.ok_or(elsewhere)?.1);
        names_any = true;
    }
    if !names_any {
        keys.extend(siblings);
    }
    Ok(keys)
}

fn wrapped_key(key: Element<'_>) -> Result<WrappedKey, Rejection> {
    let parts = parts(key, &["EncryptionProperties", "ReferenceList", "CarriedKeyName"])?;
    let scheme = key_transport(parts.method)?;
    let value = base64_of(parts.value).map_err(|_| malformed("CipherValue is not base64"))?;
    Ok(WrappedKey { scheme, value })
}

/// What `EncryptedData` and `EncryptedKey` have in common (xmlenc-core1 §3.1).
struct Parts<'d> {
    method: Element<'d>,
    key_info: Option<Element<'d>>,
    value: Element<'d>,
}

fn parts<'d>(element: Element<'d>, ignored: &[&str]) -> Result<Parts<'d>, Rejection> {
    let (mut method, mut key_info, mut cipher_data) = (None, None, None);
    for child in element.children() {
        let place = match child.name() {
            "EncryptionMethod" if child.is(XENC, "EncryptionMethod") => &mut method,
            "KeyInfo" if child.is(DS, "KeyInfo") => &mut key_info,
            "CipherData" if child.is(XENC, "CipherData") => &mut cipher_data,
            name if ignored.contains(&name) => continue,
            _ => return Err(malformed("something unknown stands beside CipherData")),
        };
        if place.replace(child).is_some() {
            return Err(malformed("EncryptionMethod, KeyInfo or CipherData stands there twice"));
        }
    }
    let method = method.ok_or(malformed("EncryptionMethod is missing"))?;
    let cipher_data = cipher_data.ok_or(malformed("CipherData is missing"))?;
    let mut children = cipher_data.children();
    let value = children.next().filter(|child| child.is(XENC, "CipherValue"));
    match (value, children.next()) {
        (Some(value), None) => Ok(Parts { method, key_info, value }),
        // CipherReference would have us fetch something.
        _ => Err(malformed("CipherData holds something else than one CipherValue")),
    }
}
