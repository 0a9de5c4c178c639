//! Decryption, the same work whatever is wrong: each wrapped key is unwrapped with each of our
//! keys, and the content decrypted and parsed, until one of them gives a document.

use super::shape;
use crate::Rejection;
use crate::key::DecryptionKey;
use crate::sp::SAML;
use crate::xml::{Document, Element, Limits, UNDECLARED, escape_attribute};

/// What was encrypted: a document of its own. Nothing in it is verified.
#[derive(Debug)]
pub(crate) struct Decrypted {
    document: Document<'static>,
    /// The document's root is a mere carrier of namespaces around the element.
    carried: bool,
}

impl Decrypted {
    /// The element that was encrypted.
    pub(crate) fn element(&self) -> Element<'_> {
        let root = self.document.root();
        let inner = if self.carried { root.children().next() } else { None };
        inner.unwrap_or(root)
    }
}

/// Decrypts `encrypted`, which must hold one element of SAML's of this name. `recipient` is our
/// entity ID.
///
/// # Errors
/// The shape's and the algorithms' by name; everything else is [`Rejection::Decryption`].
pub(crate) fn decrypt(
    encrypted: Element<'_>,
    keys: &[DecryptionKey],
    recipient: &str,
    name: &'static str,
) -> Result<Decrypted, Rejection> {
    let shape = shape::read(encrypted, recipient)?;
    if keys.is_empty() {
        return Err(Rejection::Encrypted { what: name });
    }
    for wrapped in &shape.keys {
        for key in keys.iter().filter(|key| key.size() == wrapped.value.len()) {
            let length = shape.cipher.key_length;
            let unwrapped = key.unwrap(wrapped.scheme, &wrapped.value, length);
            // Without the right key the content is decrypted with one that nobody can know: how
            // long that takes tells nothing. What comes of it is dropped, whatever it is.
            let is_ours = unwrapped.is_some();
            let content_key = unwrapped.unwrap_or_else(|| key.stand_in(&wrapped.value, length));
            let mut content = shape.content.clone();
            let plain = shape.cipher.decrypt(&content_key, &mut content);
            let document = plain.and_then(|plain| parse(plain, encrypted, name));
            if let Some(document) = document.filter(|_| is_ours) {
                return Ok(document);
            }
        }
    }
    Err(Rejection::Decryption)
}

/// The plaintext as a document: by itself, or, when it uses prefixes that are declared around
/// `encrypted`, with those in scope (xmlenc-core1 §4.4: it stands in the place of its ciphertext).
///
/// By itself first: an IdP that signs before it encrypts has signed it without any surroundings.
fn parse(plain: &[u8], encrypted: Element<'_>, name: &'static str) -> Option<Decrypted> {
    let plain = std::str::from_utf8(plain).ok()?;
    match Document::parse(plain.to_owned(), Limits::MESSAGE) {
        Ok(document) if document.root().is(SAML, name) => {
            return Some(Decrypted { document, carried: false });
        }
        Err(error) if error.reason != UNDECLARED => return None,
        // A name without a prefix, or a prefix, may have its namespace from around.
        Ok(_) | Err(_) => {}
    }
    let (start, end) = carrier(encrypted);
    let text = [start.as_str(), plain, end].concat();
    let document = Document::parse(text, Limits::MESSAGE).ok()?;
    let decrypted = Decrypted { document, carried: true };
    let root = decrypted.document.root();
    let is_alone = root.children().count() == 1 && root.holds_only_elements();
    let is_wanted = is_alone && decrypted.element().is(SAML, name);
    is_wanted.then_some(decrypted)
}

/// The tags of an element that declares all that is in scope at `place`.
fn carrier(place: Element<'_>) -> (String, &'static str) {
    let mut tag = b"<scope".to_vec();
    let mut declared = Vec::new();
    let mut element = Some(place);
    while let Some((inner, node)) = element.and_then(|element| Some((element, element.node()?))) {
        let document = inner.document();
        for declaration in document.declarations_of(node) {
            let prefix = document.str(declaration.prefix);
            if declared.contains(&prefix) {
                continue;
            }
            declared.push(prefix);
            tag.extend_from_slice(if prefix.is_empty() { b" xmlns" } else { b" xmlns:" });
            tag.extend_from_slice(prefix.as_bytes());
            tag.extend_from_slice(b"=\"");
            let namespace = document.namespace(declaration.namespace);
            escape_attribute(namespace, &mut |bytes| tag.extend_from_slice(bytes));
            tag.push(b'"');
        }
        element = inner.parent();
    }
    tag.push(b'>');
    // Made of UTF-8 only.
    (String::from_utf8(tag).unwrap_or_default(), "</scope>")
}
