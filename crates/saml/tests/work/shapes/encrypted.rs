//! Work that only whoever decrypts sees, and work before that.

use anyhow::{Context as _, Result, bail};
use testkit::{Encryption, Hash, Key, KeyPlace, Response};

use super::{
    BYTES, Shape, attributes, letters, levels, long_namespaces, mixed_prefixes, namespaces_in_turn,
    prefixes_in_scope, shape,
};
use crate::hostile::many;
use crate::scene::response;

pub(crate) const SHAPES: &[Shape] = &[
    shape("encrypted namespaces in turn", || encrypted(namespaces_in_turn(PLAIN)), "unsigned"),
    shape("encrypted attributes", || encrypted(attributes(PLAIN)), "unsigned"),
    shape("encrypted attributes of a prefix", || encrypted(prefixes_in_scope(PLAIN)), "unsigned"),
    shape("encrypted long names", || encrypted(long_namespaces(PLAIN)), "unsigned"),
    shape("encrypted elements", || encrypted("<a/>".repeat(99_900)), "unsigned"),
    shape("encrypted references", || encrypted("&#9;".repeat(PLAIN / 4)), "unsigned"),
    shape("encrypted comments", || encrypted("<!---->".repeat(99_900)), "unsigned"),
    shape("encrypted levels", || encrypted(levels()), "unsigned"),
    shape("encrypted assertions", encrypted_assertions, "assertion_count"),
    shape("an encrypted digest", || encrypted_digest(attributes(PLAIN)), "digest_mismatch"),
    shape(
        "an encrypted digest, prefixes",
        || encrypted_digest(prefixes_in_scope(PLAIN)),
        "digest_mismatch",
    ),
    shape("an encrypted digest, a prefix around", encrypted_digest_around, "digest_mismatch"),
    shape("an encrypted digest, prefixes, a prefix around", prefixes_around, "digest_mismatch"),
    shape("encrypted rubbish", rubbish, "decryption"),
    shape("wrapped keys behind", || keys_behind("</xenc:EncryptedData>"), "encryption_malformed"),
    shape("wrapped keys inside", || keys_inside(WRAPPED), "encryption_malformed"),
    shape(
        "names of no wrapped keys",
        || keys_inside("<ds:RetrievalMethod URI=\"#a\"/>"),
        "encryption_malformed",
    ),
    shape("more than two keys that could be ours", three_keys, "encryption_malformed"),
    shape("recipients of references", recipients, "unsigned"),
    shape("encrypted assertions side by side", side_by_side, "assertion_count"),
    shape("an encrypted prefix declared nowhere", || undeclared(""), "decryption"),
    shape("an encrypted prefix declared around", || undeclared(" xmlns:y=\"u:y\""), "unsigned"),
    shape("an encrypted assertion of no namespace", of_no_namespace, "decryption"),
    shape("two keys, both for ours in turn, two hashes", two_keys, "unsigned"),
    shape("two keys, neither for us, two hashes", keys_of_others, "decryption"),
    shape("two keys for us that hold another", other_keys, "decryption"),
    shape("names of wrapped keys", names_of_keys, "encryption_malformed"),
    shape("a long wrapped key", long_key, "decryption"),
    shape("a ciphertext of references", || rewritten(|c| format!("&#{c};")), "unsigned"),
    shape(
        "a ciphertext on short lines",
        || rewritten(|c| format!("{}\n", char::from(c))),
        "unsigned",
    ),
];

/// Bytes of a plaintext whose base64 fills a message.
const PLAIN: usize = 740_000;

/// An assertion that nobody signed, with this in it.
fn assertion(content: &str) -> String {
    let advice = format!("<saml:Advice>{content}</saml:Advice>");
    Response { assertion_signature: None, advice, ..response() }.assertion_xml()
}

/// The usual message, unsigned, with this in the place of its assertion.
fn around(encrypted: &str) -> String {
    let response = Response { assertion_signature: None, ..response() };
    let encrypted = format!(
        "<saml:EncryptedAssertion xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">{encrypted}\
         </saml:EncryptedAssertion>"
    );
    response.xml().replace(&response.assertion_xml(), &encrypted)
}

fn encrypted(content: String) -> Result<String> {
    Ok(around(&Encryption::default().encrypt(&assertion(&content), Key::Rsa2048)?))
}

/// The last of many elements has a prefix that the plaintext does not declare.
fn undeclared(declared: &str) -> Result<String> {
    let xml = encrypted(format!("{}<y:z/>", attributes(PLAIN)))?;
    Ok(xml.replacen("<samlp:Response", &format!("<samlp:Response{declared}"), 1))
}

/// What it has no namespace of could be declared around.
fn of_no_namespace() -> Result<String> {
    let plain = format!("<Assertion>{}</Assertion>", attributes(PLAIN));
    Ok(around(&Encryption::default().encrypt(&plain, Key::Rsa2048)?))
}

fn encrypted_assertions() -> Result<String> {
    encrypted("<saml:Assertion/>".repeat(PLAIN / 17))
}

/// What the IdP signed, with this in it, which it did not sign, encrypted by whoever got it.
fn altered(content: &str) -> Result<String> {
    let signed = response().signed()?;
    let start = signed.find("<saml:Assertion").context("an assertion")?;
    let end = signed.find("</saml:Assertion>").context("its end")?;
    Ok(format!("{}<saml:Advice>{content}</saml:Advice></saml:Assertion>", &signed[start..end]))
}

fn encrypted_digest(content: String) -> Result<String> {
    Ok(around(&Encryption::default().encrypt(&altered(&content)?, Key::Rsa2048)?))
}

/// Parsed twice, since the last prefix is declared around it, and then written.
fn encrypted_digest_around() -> Result<String> {
    let xml = encrypted_digest(format!("{}<y:z/>", attributes(PLAIN)))?;
    Ok(xml.replacen("<samlp:Response", "<samlp:Response xmlns:y=\"u:y\"", 1))
}

/// The same with prefixes that must be looked up, and attributes that must be put in order.
fn prefixes_around() -> Result<String> {
    let xml = encrypted_digest(format!("{}<y:z/>", mixed_prefixes(PLAIN)))?;
    Ok(xml.replacen("<samlp:Response", "<samlp:Response xmlns:y=\"u:y\"", 1))
}

/// Nobody's content, as long as may be.
fn rubbish() -> Result<String> {
    let xml = encrypted(String::new())?;
    let at = xml.rfind(VALUE).context("a value")? + VALUE.len();
    Ok(format!("{}{}{}", &xml[..at], "AAAA".repeat(BYTES / 4 - 2_000), &xml[at..]))
}

const WRAPPED: &str = "<xenc:EncryptedKey xmlns:xenc=\"http://www.w3.org/2001/04/xmlenc#\"/>";

fn keys_behind(place: &str) -> Result<String> {
    let keys = WRAPPED.repeat(BYTES / WRAPPED.len() - 50);
    Ok(encrypted(String::new())?.replacen(place, &format!("{place}{keys}"), 1))
}

fn keys_inside(key: &str) -> Result<String> {
    let end = "</ds:KeyInfo>";
    let keys = key.repeat(BYTES / key.len() - 200);
    Ok(encrypted(String::new())?.replacen(end, &format!("{keys}{end}"), 1))
}

fn three_keys() -> Result<String> {
    let more_keys = Encryption::default().encrypted_key(Key::Rsa2048)?.repeat(2);
    let encryption = Encryption { more_keys, ..Encryption::default() };
    Ok(around(&encryption.encrypt(&assertion(&attributes(PLAIN)), Key::Rsa2048)?))
}

/// Whom each of as many as are looked at is for.
fn recipients() -> Result<String> {
    let name = "&#97;".repeat(BYTES / 15 / 5);
    let recipient = Some(name);
    let key = Encryption { recipient, ..Encryption::default() }.encrypted_key(Key::Rsa2048)?;
    let end = "</ds:KeyInfo>";
    Ok(encrypted(String::new())?.replacen(end, &format!("{}{end}", key.repeat(14)), 1))
}

fn side_by_side() -> Result<String> {
    let one = "<e:EncryptedAssertion xmlns:e=\"urn:oasis:names:tc:SAML:2.0:assertion\"/>";
    let end = "</samlp:Response>";
    let all = one.repeat(BYTES / one.len() - 50);
    Ok(encrypted(String::new())?.replacen(end, &format!("{all}{end}"), 1))
}

/// SHA-256 and a mask of SHA-1: the pair that the library has no call of its own for.
fn two_hashes() -> Encryption {
    Encryption { digest: Some(Hash::Sha256), ..Encryption::default() }
}

/// As many wrapped keys for an old key of ours before one for the new.
fn two_keys() -> Result<String> {
    let more_keys = two_hashes().encrypted_key(Key::Attacker)?;
    let encryption = Encryption { more_keys, ..two_hashes() };
    Ok(around(&encryption.encrypt(&assertion(&attributes(PLAIN)), Key::Rsa2048)?))
}

/// Wrapped keys of the length of ours that none of ours unwraps.
fn keys_of_others() -> Result<String> {
    let xml = two_keys()?;
    let pieces: Vec<_> = xml.split(VALUE).collect();
    let [before, first, second, content] = pieces[..] else { bail!("three values") };
    let (first, second) = (first.get(4..), second.get(4..));
    let spoilt =
        [before, first.context("a key")?, second.context("a key")?].join(&format!("{VALUE}AAAA"));
    Ok([&spoilt, content].join(VALUE))
}

/// Wrapped keys for us, one for each of ours, and content of another.
fn other_keys() -> Result<String> {
    let other = Encryption { cipher: "http://www.w3.org/2009/xmlenc11#aes256-gcm", ..two_hashes() };
    let keys = [other.encrypted_key(Key::Attacker)?, other.encrypted_key(Key::Rsa2048)?].concat();
    let xml = encrypted(attributes(PLAIN))?;
    let start = xml.find("<xenc:EncryptedKey").context("a key")?;
    let end = xml.find("</ds:KeyInfo>").context("its end")?;
    Ok([&xml[..start], &keys, &xml[end..]].concat())
}

/// Names that must be read to find which key is meant.
fn names_of_keys() -> Result<String> {
    let key = Encryption::default().encrypted_key(Key::Rsa2048)?;
    let name = "&#97;".repeat(BYTES / 16 / 5);
    let keys = many(15, |n| key.replace("\"_key\"", &format!("\"{name}{}\"", letters(n))));
    let encryption =
        Encryption { place: KeyPlace::Named, more_keys: keys, ..Encryption::default() };
    let xml = around(&encryption.encrypt(&assertion(""), Key::Rsa2048)?);
    let start = xml.find("<ds:RetrievalMethod").context("a name")?;
    let end = xml.find("</ds:KeyInfo>").context("its end")?;
    Ok([&xml[..start], &xml[start..end].repeat(16), &xml[end..]].concat())
}

fn long_key() -> Result<String> {
    let xml = encrypted(String::new())?;
    Ok(xml.replacen(VALUE, &format!("{VALUE}{}", "AAAA".repeat(BYTES / 4)), 1))
}

/// The content's base64, each letter written in this way.
fn rewritten(letter: fn(u8) -> String) -> Result<String> {
    let xml = encrypted("x".repeat(100_000))?;
    let start = xml.rfind(VALUE).context("a value")? + VALUE.len();
    let end = start + xml[start..].find('<').context("its end")?;
    let value: String = xml[start..end].bytes().map(letter).collect();
    Ok([&xml[..start], &value, &xml[end..]].concat())
}

const VALUE: &str = "<xenc:CipherValue>";
