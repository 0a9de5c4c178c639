//! Decryption, the same work whatever is wrong: each wrapped key is unwrapped with each of our
//! keys, and the content is decrypted and parsed once.
//!
//! Several keys of ours fit a message at most in a message that somebody made to cost work: the
//! first that unwraps is the one, and OAEP leaves no doubt whether it does.

use super::shape::{self, Shape, WrappedKey};
use crate::Rejection;
use crate::key::DecryptionKey;
use crate::xml::{Document, Element, Limits, SAML, UNDECLARED, escape_attribute};

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
    let mut shape = shape::read(encrypted, recipient)?;
    if keys.is_empty() {
        return Err(Rejection::Encrypted { what: name });
    }
    let mut content = std::mem::take(&mut shape.content);
    let mut attempts = attempts(&shape, keys);
    let length = shape.cipher.key_length;
    let unwrap = |(wrapped, key): (&WrappedKey, &DecryptionKey)| {
        key.unwrap(wrapped.scheme, &wrapped.value, length)
    };
    let first = attempts.clone().next().ok_or(Rejection::Decryption)?;
    let content_key = attempts.find_map(unwrap);
    // Without the right key the content is decrypted with one that nobody can know: how long that
    // takes tells nothing. What comes of it is dropped, whatever it is.
    let is_ours = content_key.is_some();
    let content_key = content_key.unwrap_or_else(|| first.1.stand_in(&first.0.value, length));
    let plain = shape.cipher.decrypt(&content_key, &mut content);
    let document = plain.and_then(|plain| parse(plain, encrypted, name));
    if let Some(document) = document.filter(|_| is_ours) {
        return Ok(document);
    }
    // What is refused has cost every attempt, whichever of them was the right one.
    for attempt in attempts {
        std::hint::black_box(unwrap(attempt));
    }
    Err(Rejection::Decryption)
}

/// Each wrapped key with each of our keys that it can be for.
fn attempts<'s>(
    shape: &'s Shape,
    keys: &'s [DecryptionKey],
) -> impl Iterator<Item = (&'s WrappedKey, &'s DecryptionKey)> + Clone {
    shape.keys.iter().flat_map(move |wrapped| {
        let fitting = keys.iter().filter(|key| key.size() == wrapped.value.len());
        fitting.map(move |key| (wrapped, key))
    })
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
        // The name of the root has its namespace from around, if there is a default one.
        Ok(document) if document.root().is("", name) && has_default(encrypted) => {}
        Err(error) if error.reason == UNDECLARED => {}
        Ok(_) | Err(_) => return None,
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

/// Whether a default namespace is declared at `place` or around it.
fn has_default(place: Element<'_>) -> bool {
    std::iter::successors(Some(place), |element| element.parent())
        .filter_map(|element| Some((element.document(), element.node()?)))
        .flat_map(|(document, node)| document.declarations_of(node))
        .any(|declaration| declaration.prefix.len() == 0)
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
