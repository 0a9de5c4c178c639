//! What must be read.

use super::{OLD, OURS, encrypted, encrypted_after, name, outcome, outcome_of};
use crate::scene::{ENTITY_ID, response};
use saml::Signed;
use testkit::{Encryption, Hash, Key, KeyPlace, Place, Signature, encrypt_in_place, sign};

#[test]
fn reads_every_allowed_cipher() -> anyhow::Result<()> {
    for cipher in Encryption::CIPHERS {
        let encryption = Encryption { cipher, ..Encryption::default() };
        let assertion = outcome(&encrypted(&encryption)?)
            .map_err(|rejection| anyhow::anyhow!("{cipher}: {rejection}"))?;
        assert_eq!(name(&assertion), "camilla");
        assert_eq!(assertion.signed(), Signed::Assertion);
    }
    Ok(())
}

#[test]
fn reads_every_pair_of_oaep_hashes_in_both_uris() -> anyhow::Result<()> {
    let signed = response().signed()?;
    let digests = || std::iter::once(None).chain(Hash::ALL.map(Some));
    let older = digests().map(|digest| (Encryption::OAEP, digest, None));
    let newer = digests().flat_map(|digest| digests().map(move |mask| (digest, mask)));
    let newer = newer.map(|(digest, mask)| (Encryption::OAEP_11, digest, mask));
    for (transport, digest, mask) in older.chain(newer) {
        let encryption = Encryption { transport, digest, mask, ..Encryption::default() };
        let assertion = outcome(&encryption.encrypt_assertion(&signed, OURS)?)
            .map_err(|rejection| anyhow::anyhow!("{transport} {digest:?} {mask:?}: {rejection}"))?;
        assert_eq!(name(&assertion), "camilla");
    }
    Ok(())
}

/// xmlenc-core1 §5.5.2: the label is empty unless it says otherwise; §3.2: a key's size may be told.
#[test]
fn reads_a_key_whose_empty_label_or_size_is_written_out() -> anyhow::Result<()> {
    let good = encrypted(&Encryption::default())?;
    for said in [
        "<xenc:OAEPparams></xenc:OAEPparams>",
        "<xenc:OAEPparams/>",
        "<xenc:OAEPparams>\n  </xenc:OAEPparams>",
        "<xenc:KeySize>2048</xenc:KeySize>",
        "<xenc:KeySize>2048</xenc:KeySize><xenc:OAEPparams/>",
    ] {
        let written = good.replace("#rsa-oaep-mgf1p\">", &format!("#rsa-oaep-mgf1p\">{said}"));
        assert_ne!(written, good);
        assert_eq!(name(&outcome(&written)?), "camilla", "{said}");
    }
    Ok(())
}

/// saml-core §2.7.3.2: what is encrypted for somebody else is not known, and nothing else.
#[test]
fn reads_encrypted_attributes_as_far_as_they_are_for_us() -> anyhow::Result<()> {
    let attribute = |name: &str| {
        format!(
            "<saml:Attribute xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" Name=\"{name}\">\
             <saml:AttributeValue>{name} value</saml:AttributeValue></saml:Attribute>"
        )
    };
    let sealed = |name: &str, key| {
        let encrypted = Encryption::default().encrypt(&attribute(name), key)?;
        anyhow::Ok(format!("<saml:EncryptedAttribute>{encrypted}</saml:EncryptedAttribute>"))
    };
    let mut response = response();
    response.attributes = [
        attribute("first"),
        sealed("for others", OLD)?,
        sealed("for us", OURS)?,
        attribute("last"),
        "<saml:EncryptedAttribute/>".to_owned(),
    ]
    .concat();
    let signed = response.signed()?;
    let read = |keys: &[Key]| {
        let assertion = outcome_of(&signed, keys)?;
        let names = assertion.attributes().map(|attribute| attribute.name.to_owned());
        anyhow::Ok((names.collect::<Vec<_>>(), assertion.unread_attributes()))
    };
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    assert_eq!(read(&[])?, (names(&["first", "last"]), 3));
    assert_eq!(read(&[OURS])?, (names(&["first", "for us", "last"]), 2));
    assert_eq!(read(&[OLD, OURS])?, (names(&["first", "for others", "for us", "last"]), 1));
    let assertion = outcome_of(&signed, &[OURS])?;
    assert_eq!(assertion.attribute_values("for us").collect::<Vec<_>>(), ["for us value"]);
    Ok(())
}

#[test]
fn of_many_encrypted_attributes_the_first_sixteen_are_decrypted() -> anyhow::Result<()> {
    let mut response = response();
    let attribute = "<saml:Attribute xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" \
                     Name=\"a\"></saml:Attribute>";
    let encrypted = Encryption::default().encrypt(attribute, OURS)?;
    response.attributes =
        format!("<saml:EncryptedAttribute>{encrypted}</saml:EncryptedAttribute>").repeat(20);
    let assertion = outcome(&response.signed()?)?;
    assert_eq!((assertion.attributes().count(), assertion.unread_attributes()), (16, 4));
    Ok(())
}

#[test]
fn reads_what_only_the_response_signs_over_the_ciphertext() -> anyhow::Result<()> {
    let mut response = response();
    response.assertion_signature = None;
    response.response_signature = Some(Signature::default());
    let encrypted = Encryption::default().encrypt_assertion(&response.xml(), OURS)?;
    let assertion = outcome(&sign(&encrypted, Place::Response, Key::Rsa2048)?)?;
    assert_eq!((name(&assertion), assertion.signed()), ("camilla", Signed::Response));
    Ok(())
}

#[test]
fn reads_what_both_sign() -> anyhow::Result<()> {
    let mut response = response();
    response.response_signature = Some(Signature::default());
    let signed = sign(&response.xml(), Place::Assertion, Key::Rsa2048)?;
    let encrypted = Encryption::default().encrypt_assertion(&signed, OURS)?;
    let assertion = outcome(&sign(&encrypted, Place::Response, Key::Rsa2048)?)?;
    assert_eq!((name(&assertion), assertion.signed()), ("camilla", Signed::Both));
    Ok(())
}

#[test]
fn reads_a_wrapped_key_wherever_it_may_stand() -> anyhow::Result<()> {
    for place in [KeyPlace::Inside, KeyPlace::Behind, KeyPlace::Named] {
        let encryption = Encryption { place, ..Encryption::default() };
        assert_eq!(name(&outcome(&encrypted(&encryption)?)?), "camilla", "{place:?}");
    }
    Ok(())
}

#[test]
fn of_several_wrapped_keys_ours_is_found_by_recipient_or_by_trying() -> anyhow::Result<()> {
    for recipient in [None, Some(ENTITY_ID.to_owned())] {
        let others = Encryption { recipient: Some("https://x.example/".to_owned()), ..default() };
        let others: String = (0..3).map(|_| others.encrypted_key(OLD)).collect::<Result<_, _>>()?;
        let encryption = Encryption { recipient, more_keys: others, ..default() };
        assert_eq!(name(&outcome(&encrypted(&encryption)?)?), "camilla");
    }
    Ok(())
}

#[test]
fn reads_what_is_encrypted_for_a_key_that_is_being_replaced() -> anyhow::Result<()> {
    let signed = response().signed()?;
    for key in [OURS, OLD, Key::Rsa2048] {
        let encrypted = Encryption::default().encrypt_assertion(&signed, key)?;
        let assertion = outcome_of(&encrypted, &[OURS, OLD, Key::Rsa2048])?;
        assert_eq!(name(&assertion), "camilla");
    }
    Ok(())
}

#[test]
fn reads_an_encrypted_name_inside_a_signed_assertion() -> anyhow::Result<()> {
    let name_id = "<saml:NameID xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" \
                   Format=\"urn:oasis:names:tc:SAML:2.0:nameid-format:persistent\">c &amp; a\
                   </saml:NameID>";
    let encrypted = Encryption::default().encrypt(name_id, OURS)?;
    let mut response = response();
    response.subject_name = format!("<saml:EncryptedID>{encrypted}</saml:EncryptedID>");
    let assertion = outcome(&response.signed()?)?;
    assert_eq!(name(&assertion), "c & a");
    let format = assertion.name_id().and_then(|name| name.format);
    assert_eq!(format, Some("urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"));
    // Both at once, each with a key of its own.
    let all = Encryption::default().encrypt_assertion(&response.signed()?, OURS)?;
    assert_eq!(name(&outcome(&all)?), "c & a");
    Ok(())
}

/// `xmlsec1` encrypts an element as it is printed alone: prefixes that the response declares are
/// then not declared in the plaintext.
#[test]
fn reads_what_uses_prefixes_that_are_declared_around_the_ciphertext() -> anyhow::Result<()> {
    let around = " xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" \
                  xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" \
                  xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"";
    for list in ["xs", "xs saml", ""] {
        let mut response = response();
        response.assertion_signature = Some(Signature::with_prefix_list(list));
        response.attributes = "<saml:Attribute Name=\"groups\"><saml:AttributeValue \
                               xsi:type=\"xs:string\">users</saml:AttributeValue></saml:Attribute>"
            .to_owned();
        let own = " xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"";
        let xml =
            response.xml().replacen(" ID=\"_response\"", &format!("{around} ID=\"_response\""), 1);
        let xml = xml.replace(&format!("<saml:Assertion{own}"), "<saml:Assertion");
        let signed = sign(&xml, Place::Assertion, Key::Rsa2048)?;
        let encrypted = encrypt_in_place(&signed, "aes-128", OURS)?;
        let assertion = outcome(&encrypted)?;
        assert_eq!(assertion.attribute_values("groups").collect::<Vec<_>>(), ["users"], "{list}");
    }
    Ok(())
}

/// An IdP that signs the assertion by itself and only then puts it into a response: what the
/// response declares must not change what was signed, not even for a prefix that is listed.
#[test]
fn reads_what_was_signed_before_it_had_surroundings() -> anyhow::Result<()> {
    let mut alone = response();
    alone.assertion_signature = Some(Signature::with_prefix_list("xs"));
    let signed = alone.signed()?;
    let encrypted = Encryption::default().encrypt_assertion(&signed, OURS)?;
    let around = " xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" ID=\"_response\"";
    let assertion = outcome(&encrypted.replacen(" ID=\"_response\"", around, 1))?;
    assert_eq!(name(&assertion), "camilla");
    Ok(())
}

#[test]
fn reads_a_plaintext_with_a_declaration_of_xml_and_large_ones() -> anyhow::Result<()> {
    let signed = response().signed()?;
    let start = signed.find("<saml:Assertion").expect("an assertion");
    let with = signed.replacen("<saml:Assertion", "<?xml version=\"1.0\"?>\n<saml:Assertion", 1);
    let end = with.find("</samlp:Response>").expect("its end");
    let encrypted = Encryption::default().encrypt(&with[start..end], OURS)?;
    let xml = format!(
        "{}<saml:EncryptedAssertion xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">\
         {encrypted}</saml:EncryptedAssertion></samlp:Response>",
        &signed[..start]
    );
    assert_eq!(name(&outcome(&xml)?), "camilla");

    let values: String = (0..5000)
        .map(|n| format!("<saml:AttributeValue>group-{n}</saml:AttributeValue>"))
        .collect();
    let large = encrypted_after(|response| {
        response.attributes = format!("<saml:Attribute Name=\"groups\">{values}</saml:Attribute>");
    })?;
    assert_eq!(outcome(&large)?.attribute_values("groups").count(), 5000);
    Ok(())
}

fn default() -> Encryption {
    Encryption::default()
}
