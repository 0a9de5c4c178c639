//! The shape of a signature: absent, emptied, doubled, or with something between its values.

use super::{apart_signature, refusal, refusal_of};
use crate::scene::{outcome, outcome_with, response, trusting};
use saml::Rejection;
use testkit::{Key, Place, Scheme, Signature, sign, sign_again};

fn signed() -> anyhow::Result<String> {
    response().signed()
}

/// The first signature of a signed assertion is changed.
fn with_signature(change: impl FnOnce(&str) -> String) -> anyhow::Result<&'static str> {
    let signed = signed()?;
    let (before, signature, after) = apart_signature(&signed);
    let changed = change(signature);
    assert_ne!(signature, changed, "the change changes something");
    Ok(refusal([before, &changed, after].concat()))
}

#[test]
fn refuses_a_response_without_any_signature() -> anyhow::Result<()> {
    assert_eq!(refusal_of(|response| response.assertion_signature = None)?, "unsigned");
    Ok(())
}

#[test]
fn refuses_a_response_whose_signature_was_taken_out() -> anyhow::Result<()> {
    let signed = signed()?;
    let (before, _, after) = apart_signature(&signed);
    assert_eq!(refusal([before, after].concat()), "unsigned");
    Ok(())
}

#[test]
fn refuses_an_empty_signature() -> anyhow::Result<()> {
    // CVE-2026-41103, CVE-2026-28323.
    let empty = "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"/>";
    assert_eq!(with_signature(|_| empty.to_owned())?, "signature_malformed");
    Ok(())
}

#[test]
fn refuses_a_template_that_was_never_signed() {
    assert_eq!(refusal(response().xml()), "signature_invalid");
}

/// What is malformed about the signature of the usual message, changed so.
fn malformed(from: &str, to: &str) -> anyhow::Result<&'static str> {
    let changed = signed()?.replacen(from, to, 1);
    match outcome(changed) {
        Err(Rejection::SignatureMalformed { what }) => Ok(what),
        other => anyhow::bail!("{other:?}"),
    }
}

#[test]
fn refuses_a_signed_info_that_is_longer_than_any_before_it_is_read() -> anyhow::Result<()> {
    let long = "a".repeat(8 * 1024);
    for (from, to) in [
        ("<ds:Reference ", format!("<ds:Reference Type=\"{long}\" ")),
        ("<ds:Reference ", format!("<ds:Reference {}", " ".repeat(8 * 1024))),
        ("<ds:DigestValue>", format!("<ds:DigestValue>{long}")),
        ("<ds:SignedInfo>", format!("<ds:SignedInfo Id=\"{long}\">")),
    ] {
        assert_eq!(malformed(from, &to)?, "SignedInfo is too long");
    }
    Ok(())
}

#[test]
fn refuses_content_in_a_prefix_list() -> anyhow::Result<()> {
    let end = "</ds:CanonicalizationMethod>";
    for content in ["<a/>", "a", "<!---->", "<![CDATA[]]>"] {
        let list = format!(
            "<ec:InclusiveNamespaces xmlns:ec=\"http://www.w3.org/2001/10/xml-exc-c14n#\" \
             PrefixList=\"a\">{content}</ec:InclusiveNamespaces>{end}"
        );
        assert_eq!(malformed(end, &list)?, "InclusiveNamespaces is malformed", "{content}");
    }
    Ok(())
}

#[test]
fn refuses_what_grows_more_than_fourfold_when_it_is_written() -> anyhow::Result<()> {
    let quotes = format!("<a b='{}'/></saml:Assertion>", "\"".repeat(500_000));
    let what = malformed("</saml:Assertion>", &quotes)?;
    assert_eq!(what, "the canonical form is more than four times as long as what is signed");
    Ok(())
}

#[test]
fn refuses_an_empty_digest_and_an_empty_value() -> anyhow::Result<()> {
    // CVE-2025-66568: nothing compared with nothing is no proof.
    let mut response = response();
    let xml = response.xml();
    let empty_digest = sign_again(&xml, Place::Assertion, response.key, Scheme::Pkcs1("sha256"))?;
    assert_eq!(refusal(empty_digest), "digest_mismatch");
    response.assertion_signature =
        Some(Signature { transforms: Vec::new(), ..Signature::default() });
    assert_eq!(refusal(response.xml()), "signature_malformed");
    Ok(())
}

#[test]
fn refuses_the_digest_of_nothing() -> anyhow::Result<()> {
    let of_nothing =
        "<ds:DigestValue>47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=</ds:DigestValue>";
    let xml = response().xml().replace("<ds:DigestValue></ds:DigestValue>", of_nothing);
    let xml = sign_again(&xml, Place::Assertion, response().key, Scheme::Pkcs1("sha256"))?;
    assert_eq!(refusal(xml), "digest_mismatch");
    Ok(())
}

#[test]
fn refuses_a_shortened_digest() -> anyhow::Result<()> {
    let signed = signed()?;
    let start = signed.find("<ds:DigestValue>").expect("a digest") + "<ds:DigestValue>".len();
    let shortened = [&signed[..start + 40], &signed[start + 44..]].concat();
    let shortened =
        sign_again(&shortened, Place::Assertion, response().key, Scheme::Pkcs1("sha256"))?;
    assert_eq!(refusal(shortened), "digest_mismatch");
    Ok(())
}

#[test]
fn refuses_two_signed_infos() -> anyhow::Result<()> {
    // CVE-2025-29774: one is verified, the other is believed.
    let doubled = |signature: &str, forged_first: bool| {
        let end = signature.find("</ds:SignedInfo>").expect("its end") + "</ds:SignedInfo>".len();
        let start = signature.find("<ds:SignedInfo>").expect("SignedInfo");
        let info = &signature[start..end];
        let forged = info.replace("#_assertion", "#_assertion\" Type=\"x");
        let both = if forged_first { [&forged, info] } else { [info, &forged] };
        [&signature[..start], both[0], both[1], &signature[end..]].concat()
    };
    assert_eq!(with_signature(|s| doubled(s, true))?, "signature_malformed");
    assert_eq!(with_signature(|s| doubled(s, false))?, "signature_malformed");
    Ok(())
}

#[test]
fn refuses_two_signature_values() -> anyhow::Result<()> {
    let code = with_signature(|signature| {
        let end = "</ds:SignatureValue>";
        signature.replace(end, &format!("{end}<ds:SignatureValue>AAAA{end}"))
    })?;
    assert_eq!(code, "signature_malformed");
    Ok(())
}

#[test]
fn refuses_a_signature_value_before_signed_info() -> anyhow::Result<()> {
    let code = with_signature(|signature| {
        let start = signature.find("<ds:SignedInfo>").expect("SignedInfo");
        let value = signature.find("<ds:SignatureValue>").expect("a value");
        let end = signature.find("</ds:Signature>").expect("its end");
        let (info, rest) = (&signature[start..value], &signature[value..end]);
        [&signature[..start], rest, info, &signature[end..]].concat()
    })?;
    assert_eq!(code, "signature_malformed");
    Ok(())
}

/// Puts something at the start of the text of `DigestValue` or `SignatureValue`.
fn inside(name: &str, what: &str) -> anyhow::Result<&'static str> {
    let tag = format!("<ds:{name}>");
    with_signature(|signature| signature.replace(&tag, &format!("{tag}{what}")))
}

#[test]
fn refuses_comments_in_digest_and_signature_value() -> anyhow::Result<()> {
    // CVE-2025-29775: the digest that is compared is not the one that was signed.
    let other = "<!--AAAA-->";
    assert_eq!(inside("DigestValue", other)?, "signature_malformed");
    assert_eq!(inside("SignatureValue", other)?, "signature_malformed");
    Ok(())
}

#[test]
fn refuses_elements_and_cdata_in_digest_and_signature_value() -> anyhow::Result<()> {
    for what in
        ["<ds:DigestValue>AAAA</ds:DigestValue>", "<x/>", "<![CDATA[]]>", "<![CDATA[AAAA]]>"]
    {
        assert_eq!(inside("DigestValue", what)?, "signature_malformed", "{what}");
        assert_eq!(inside("SignatureValue", what)?, "signature_malformed", "{what}");
    }
    Ok(())
}

#[test]
fn refuses_processing_instructions_in_digest_and_signature_value() -> anyhow::Result<()> {
    assert_eq!(inside("DigestValue", "<?x AAAA?>")?, "xml");
    assert_eq!(inside("SignatureValue", "<?x AAAA?>")?, "xml");
    Ok(())
}

#[test]
fn refuses_values_that_are_no_base64() -> anyhow::Result<()> {
    for what in ["*", "=", "AAA", "\u{a0}"] {
        assert_eq!(inside("DigestValue", what)?, "signature_malformed", "{what}");
        assert_eq!(inside("SignatureValue", what)?, "signature_malformed", "{what}");
    }
    Ok(())
}

#[test]
fn refuses_comments_and_text_between_the_parts() -> anyhow::Result<()> {
    for what in ["<!--x-->", "x", "<![CDATA[ ]]>"] {
        for place in ["<ds:SignedInfo>", "<ds:CanonicalizationMethod ", "<ds:Transforms>"] {
            let code = with_signature(|s| s.replacen(place, &format!("{what}{place}"), 1))?;
            assert_eq!(code, "signature_malformed", "{what} before {place}");
        }
    }
    Ok(())
}

#[test]
fn refuses_parts_of_another_namespace() -> anyhow::Result<()> {
    let code = with_signature(|signature| {
        let other = "<ds:SignedInfo xmlns:ds=\"http://www.w3.org/2000/09/xmldsig\">";
        signature.replace("<ds:SignedInfo>", other)
    })?;
    assert_eq!(code, "signature_malformed");
    Ok(())
}

#[test]
fn a_signature_of_another_namespace_is_none() -> anyhow::Result<()> {
    let code = with_signature(|signature| signature.replace("xmldsig#\"", "xmldsig#x\""))?;
    assert_eq!(code, "unsigned");
    Ok(())
}

#[test]
fn refuses_two_signatures_in_one_element() -> anyhow::Result<()> {
    let signed = signed()?;
    let (before, signature, after) = apart_signature(&signed);
    let broken = signature.replacen("<ds:SignatureValue>", "<ds:SignatureValue>AAAA", 1);
    for pair in [[signature, &broken], [&broken, signature], [signature, signature]] {
        let xml = [before, pair[0], pair[1], after].concat();
        assert_eq!(refusal(xml), "signature_malformed");
    }
    Ok(())
}

#[test]
fn refuses_a_signature_that_does_not_follow_the_issuer() -> anyhow::Result<()> {
    let signed = signed()?;
    let (before, signature, after) = apart_signature(&signed);
    let last = [before, after].concat();
    let last = last.replace("</saml:Assertion>", &format!("{signature}</saml:Assertion>"));
    assert_eq!(refusal(last), "signature_malformed");
    let first = [before, after].concat();
    let first = first.replace("<saml:Issuer>", &format!("{signature}<saml:Issuer>"));
    assert_eq!(refusal(first), "signature_malformed");
    Ok(())
}

#[test]
fn refuses_a_good_signature_beside_a_bad_one_whichever_is_bad() -> anyhow::Result<()> {
    let mut response = response();
    response.response_signature = Some(Signature::default());
    let signed = response.signed()?;
    let values: Vec<_> = signed.match_indices("<ds:SignatureValue>").map(|(at, _)| at).collect();
    assert_eq!(values.len(), 2);
    let spoilt = |at: usize| {
        let mut changed = signed.clone();
        let at = at + "<ds:SignatureValue>".len() + 8;
        let other = if changed.as_bytes()[at] == b'A' { "B" } else { "A" };
        changed.replace_range(at..=at, other);
        changed
    };
    assert_eq!(refusal(spoilt(values[0])), "signature_invalid");
    // The response's signature covers the assertion's, so that it is made again here.
    let again = sign(&spoilt(values[1]), Place::Response, Key::Rsa2048)?;
    assert_eq!(refusal(again), "signature_invalid");
    Ok(())
}

#[test]
fn refuses_everything_when_no_key_is_trusted() -> anyhow::Result<()> {
    let outcome = outcome_with(signed()?, &trusting(&[]));
    assert_eq!(super::code(outcome), "no_key");
    Ok(())
}

#[test]
fn refuses_a_value_that_was_changed_after_signing() -> anyhow::Result<()> {
    assert_eq!(refusal(signed()?.replace("camilla", "admin")), "digest_mismatch");
    Ok(())
}
