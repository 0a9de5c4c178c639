//! What must be refused, and why: shapes and algorithms by name, all else with one answer.

use super::{OLD, OURS, encrypted, encrypted_after, outcome};
use crate::scene::{self, response};
use testkit::{Encryption, Key, KeyPlace, Place, Signature, sign};

fn refusal(xml: &str) -> &'static str {
    outcome(xml).map_or_else(|rejection| rejection.code(), |_| "it was accepted")
}

/// The code for a plaintext in the place of the assertion.
fn refusal_of_plaintext(plain: &str) -> anyhow::Result<&'static str> {
    let mut response = response();
    response.response_signature = Some(Signature::default());
    response.assertion_signature = None;
    let marked = Encryption::default().encrypt_assertion(&response.xml(), OURS)?;
    let own = Encryption::default().encrypt(plain, OURS)?;
    let (start, end) =
        (marked.find("<xenc:EncryptedData"), marked.find("</saml:EncryptedAssertion>"));
    let (start, end) = (start.expect("its start"), end.expect("its end"));
    let xml = format!("{}{own}{}", &marked[..start], &marked[end..]);
    Ok(refusal(&sign(&xml, Place::Response, Key::Rsa2048)?))
}

/// `xml` with the nth byte of its nth CipherValue changed.
fn flipped(xml: &str, value: usize, at: usize) -> String {
    let start = xml.match_indices("<xenc:CipherValue>").nth(value).expect("a CipherValue").0;
    let at = start + "<xenc:CipherValue>".len() + at;
    let other = if xml.as_bytes()[at] == b'A' { "B" } else { "A" };
    format!("{}{other}{}", &xml[..at], &xml[at + 1..])
}

#[test]
fn an_encrypted_assertion_without_a_signature_is_refused() -> anyhow::Result<()> {
    // CVE-2026-2092: whoever knows the public key can encrypt.
    assert_eq!(
        refusal(&encrypted_after(|response| response.assertion_signature = None)?),
        "unsigned"
    );
    Ok(())
}

#[test]
fn an_encrypted_assertion_of_another_signer_is_refused() -> anyhow::Result<()> {
    let xml = encrypted_after(|response| response.key = Key::Attacker)?;
    assert_eq!(refusal(&xml), "signature_invalid");
    Ok(())
}

#[test]
fn without_a_key_the_refusal_says_so() -> anyhow::Result<()> {
    let rejection = scene::outcome(encrypted(&default())?).expect_err("no key");
    assert_eq!(rejection.code(), "encrypted");
    assert!(rejection.hint().contains("metadata"), "{}", rejection.hint());
    Ok(())
}

#[test]
fn refused_algorithms_name_the_setting_to_change() -> anyhow::Result<()> {
    let triple = "http://www.w3.org/2001/04/xmlenc#tripledes-cbc";
    let old = Encryption { transport: "http://www.w3.org/2001/04/xmlenc#rsa-1_5", ..default() };
    let weak = Encryption { cipher: triple, ..default() };
    for (encryption, setting) in [(old, "key transport"), (weak, "data encryption")] {
        let rejection = outcome(&encrypted(&encryption)?).expect_err("a refused algorithm");
        assert_eq!(rejection.code(), "encryption_not_allowed");
        assert!(rejection.hint().contains(setting), "{}", rejection.hint());
        assert!(rejection.to_string().contains("http://www.w3.org/2001/04/xmlenc#"));
    }
    Ok(())
}

#[test]
fn whatever_is_wrong_with_key_or_content_the_answer_is_the_same() -> anyhow::Result<()> {
    let signed = response().signed()?;
    for cipher in [Encryption::AES_128_GCM, Encryption::AES_128_CBC] {
        let encryption = Encryption { cipher, ..default() };
        let good = encryption.encrypt_assertion(&signed, OURS)?;
        outcome(&good)?;
        let longer = Encryption::CIPHERS
            .into_iter()
            .find(|longer| longer.contains("256") && longer.ends_with(&cipher[cipher.len() - 3..]));
        let wrong_length = Encryption {
            cipher: longer.expect("AES-256 in the same mode"),
            real_cipher: Some(cipher),
            ..default()
        };
        let last = good.rfind("</xenc:CipherValue>").expect("the content's end")
            - good.rfind("<xenc:CipherValue>").expect("the content")
            - "<xenc:CipherValue>".len()
            - 6;
        let messages = [
            ("a key for somebody else", encryption.encrypt_assertion(&signed, Key::Rsa2048)?),
            ("a changed wrapped key", flipped(&good, 0, 40)),
            ("a changed IV", flipped(&good, 1, 3)),
            ("a changed block", flipped(&good, 1, 400)),
            ("a changed end", flipped(&good, 1, last)),
            ("a content key of another length", wrong_length.encrypt_assertion(&signed, OURS)?),
        ];
        for (what, xml) in messages {
            let rejection = outcome(&xml).expect_err(what);
            assert_eq!(rejection, saml::Rejection::Decryption, "{cipher}: {what}");
        }
    }
    Ok(())
}

#[test]
fn plaintexts_that_are_no_assertion_are_refused_with_the_same_answer() -> anyhow::Result<()> {
    let saml = "xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"";
    let assertion = response().assertion_xml();
    let name_id = format!("<saml:NameID {saml}>admin</saml:NameID>");
    let plaintexts = [
        "no XML".to_owned(),
        " ".to_owned(),
        name_id,
        format!("{assertion}{assertion}"),
        format!("text{assertion}"),
        format!("{assertion}</scope><scope>"),
        format!("</scope>{assertion}<scope>"),
        format!("{assertion}</saml:EncryptedAssertion>"),
        format!("<!DOCTYPE a [<!ENTITY b \"c\">]>{assertion}"),
        format!("<saml:Advice {saml}>{assertion}</saml:Advice>"),
        assertion.replacen("<saml:Assertion", "<saml:Assertion xmlns=\"relative\"", 1),
        assertion.replacen("<saml:Subject>", "<unknown:Subject>", 1),
    ];
    for plain in plaintexts {
        assert_eq!(refusal_of_plaintext(&plain)?, "decryption", "{plain}");
    }
    Ok(())
}

#[test]
fn nothing_is_nested_or_repeated_inside() -> anyhow::Result<()> {
    let assertion = response().assertion_xml();
    let inner = assertion.replace("_assertion", "_inner");
    let advice = |content: &str| {
        assertion.replacen(
            "<saml:AuthnStatement",
            &format!("<saml:Advice>{content}</saml:Advice><saml:AuthnStatement"),
            1,
        )
    };
    assert_eq!(refusal_of_plaintext(&advice(&inner))?, "assertion_count");
    let again = Encryption::default().encrypt(&inner, OURS)?;
    let again = format!("<saml:EncryptedAssertion>{again}</saml:EncryptedAssertion>");
    assert_eq!(refusal_of_plaintext(&advice(&again))?, "assertion_count");
    // IDs of the response and of what it holds encrypted are IDs of one message.
    assert_eq!(refusal_of_plaintext(&assertion.replace("_assertion", "_response"))?, "id_repeated");
    Ok(())
}

#[test]
fn encrypted_and_plain_assertions_are_counted_together() -> anyhow::Result<()> {
    let signed = response().signed()?;
    let encrypted = encrypted(&default())?;
    let start = encrypted.find("<saml:EncryptedAssertion").expect("it");
    let end = encrypted.find("</samlp:Response>").expect("the end");
    let both = signed
        .replace("</samlp:Response>", &format!("{}</samlp:Response>", &encrypted[start..end]));
    assert_eq!(refusal(&both), "assertion_count");
    let before = encrypted.replacen(
        "<saml:EncryptedAssertion",
        &format!("{}<saml:EncryptedAssertion", &encrypted[start..end]),
        1,
    );
    assert_eq!(refusal(&before), "assertion_count");
    Ok(())
}

#[test]
fn a_signature_of_the_response_holds_for_its_ciphertext_only() -> anyhow::Result<()> {
    let mut response = response();
    response.response_signature = Some(Signature::default());
    let signed = sign(&response.xml(), Place::Assertion, Key::Rsa2048)?;
    let encrypted = default().encrypt_assertion(&signed, OURS)?;
    let signed = sign(&encrypted, Place::Response, Key::Rsa2048)?;
    outcome(&signed)?;
    // Checked before anything is decrypted: there is no oracle behind a signature that fails.
    assert_eq!(refusal(&flipped(&signed, 1, 40)), "digest_mismatch");
    Ok(())
}

#[test]
fn other_shapes_are_refused_before_any_decryption() -> anyhow::Result<()> {
    let good = encrypted(&default())?;
    let value = "<xenc:CipherValue>";
    let start = good.rfind(value).expect("the content");
    let end = start + good[start..].find("</xenc:CipherData>").expect("its end");
    let content = &good[start..end];
    let named = encrypted(&Encryption { place: KeyPlace::Named, ..default() })?;
    let many = default().encrypted_key(OLD)?.repeat(17);
    let label = "#rsa-oaep-mgf1p\"><xenc:OAEPparams>bGFiZWw=</xenc:OAEPparams>";
    let empty_label = "#rsa-oaep-mgf1p\"><xenc:OAEPparams></xenc:OAEPparams>";
    let shapes = [
        good.replace(
            content,
            "<xenc:CipherReference URI=\"http://127.0.0.1/\"></xenc:CipherReference>",
        ),
        good.replace(content, "<xenc:CipherValue></xenc:CipherValue>"),
        good.replace(content, "<xenc:CipherValue>AAAA</xenc:CipherValue>"),
        good.replace(content, "<xenc:CipherValue>no base64</xenc:CipherValue>"),
        good.replace(content, &format!("{content}{content}")),
        good.replace(
            "Type=\"http://www.w3.org/2001/04/xmlenc#Element\"",
            "Type=\"http://www.w3.org/2001/04/xmlenc#Content\"",
        ),
        good.replace("#rsa-oaep-mgf1p\">", label),
        good.replace("#rsa-oaep-mgf1p\">", &empty_label.repeat(2)),
        good.replace("#rsa-oaep-mgf1p\">", &empty_label.replace("><", "><!-- --><")),
        named.replace("URI=\"#_key\"", "URI=\"#_other\""),
        named.replace("URI=\"#_key\"", "URI=\"http://127.0.0.1/key\""),
        named.replace("URI=\"#_key\"", "URI=\"\""),
        named.replace(
            "</ds:RetrievalMethod>",
            "<ds:Transforms></ds:Transforms></ds:RetrievalMethod>",
        ),
        encrypted(&Encryption { place: KeyPlace::Behind, more_keys: many, ..default() })?,
        good.replace("<xenc:EncryptedKey", "<xenc:AgreementMethod")
            .replace("</xenc:EncryptedKey", "</xenc:AgreementMethod"),
    ];
    for xml in shapes {
        assert_eq!(refusal(&xml), "encryption_malformed", "{xml}");
    }
    Ok(())
}

#[test]
fn of_more_than_two_keys_that_may_be_ours_none_is_tried() -> anyhow::Result<()> {
    let key = |recipient: Option<&str>| {
        let recipient = recipient.map(str::to_owned);
        Encryption { recipient, ..default() }.encrypted_key(OLD)
    };
    let (nobodys, others) = (key(None)?, key(Some("https://x.example/"))?);
    for (more_keys, code) in [
        (nobodys.clone(), "it was accepted"),
        ([nobodys.as_str(), &others, &others].concat(), "it was accepted"),
        (nobodys.repeat(2), "encryption_malformed"),
        ([nobodys.as_str(), &others, &nobodys].concat(), "encryption_malformed"),
    ] {
        assert_eq!(refusal(&encrypted(&Encryption { more_keys, ..default() })?), code);
    }
    Ok(())
}

#[test]
fn a_gcm_tag_is_whole() -> anyhow::Result<()> {
    // CVE-2026-32600: a tag of fewer bytes can be guessed.
    let good = encrypted(&default())?;
    let start = good.rfind("<xenc:CipherValue>").expect("the content") + "<xenc:CipherValue>".len();
    let end = start + good[start..].find('<').expect("its end");
    let cut = format!("{}{}", &good[..end - 4], &good[end..]);
    assert_eq!(refusal(&cut), "decryption");
    Ok(())
}

#[test]
fn an_encrypted_name_stands_alone_and_is_a_name() -> anyhow::Result<()> {
    let encrypted = |plain: &str| -> anyhow::Result<String> {
        Ok(format!("<saml:EncryptedID>{}</saml:EncryptedID>", default().encrypt(plain, OURS)?))
    };
    let saml = "xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"";
    let name = encrypted(&format!("<saml:NameID {saml}>admin</saml:NameID>"))?;
    let cases = [
        (format!("<saml:NameID>camilla</saml:NameID>{name}"), "malformed"),
        (format!("{name}{name}"), "malformed"),
        (encrypted(&format!("<saml:Issuer {saml}>admin</saml:Issuer>"))?, "decryption"),
        (encrypted(&format!("<saml:NameID {saml}> </saml:NameID>"))?, "name_id_empty"),
    ];
    for (subject, code) in cases {
        let mut response = response();
        response.subject_name = subject;
        assert_eq!(refusal(&response.signed()?), code);
    }
    Ok(())
}

fn default() -> Encryption {
    Encryption::default()
}
