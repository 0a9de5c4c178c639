//! What a signature refers to and how it transforms that. All are signed by the true key: only the
//! profile stands between them and acceptance.

use super::{apart_signature, refusal, refusal_of};
use crate::scene::response;
use testkit::{Place, Scheme, Signature, sign_again};

const PKCS1: Scheme = Scheme::Pkcs1("sha256");

/// The code for a SignedInfo that was changed and then signed by the true key.
fn resigned(from: &str, to: &str) -> anyhow::Result<&'static str> {
    let response = response();
    let signed = response.signed()?;
    assert!(signed.contains(from), "{from} is not in the message");
    let changed = signed.replacen(from, to, 1);
    Ok(refusal(sign_again(&changed, Place::Assertion, response.key, PKCS1)?))
}

fn transformed_by(transforms: Vec<&'static str>, content: &str) -> anyhow::Result<&'static str> {
    let signature =
        Signature { transforms, transform_content: content.to_owned(), ..Signature::default() };
    refusal_of(|response| response.assertion_signature = Some(signature))
}

#[test]
fn the_true_key_signing_again_is_accepted_when_nothing_else_changes() -> anyhow::Result<()> {
    assert_eq!(resigned("<ds:SignedInfo>", "<ds:SignedInfo>")?, "it was accepted");
    Ok(())
}

#[test]
fn refuses_no_reference() -> anyhow::Result<()> {
    let signed = response().signed()?;
    let start = signed.find("<ds:Reference").expect("a reference");
    let end = signed.find("</ds:SignedInfo>").expect("its end");
    let reference = signed[start..end].to_owned();
    let emptied = signed.replace(&reference, "");
    let emptied = sign_again(&emptied, Place::Assertion, response().key, PKCS1)?;
    assert_eq!(refusal(emptied), "signature_malformed");
    Ok(())
}

#[test]
fn refuses_several_references() -> anyhow::Result<()> {
    // CVE-2026-33487 and others: which of them is checked, which is read?
    let signed = response().signed()?;
    let start = signed.find("<ds:Reference").expect("a reference");
    let end = signed.find("</ds:SignedInfo>").expect("its end");
    let reference = &signed[start..end];
    assert_eq!(resigned(reference, &[reference, reference].concat())?, "signature_malformed");
    let other = reference.replace("#_assertion", "#_response");
    assert_eq!(resigned(reference, &[reference, &other].concat())?, "signature_malformed");
    Ok(())
}

#[test]
fn refuses_references_to_anything_but_the_parent() -> anyhow::Result<()> {
    for uri in [
        "",
        "#",
        "#_response",
        "# _assertion",
        "##_assertion",
        "_assertion",
        "#_ASSERTION",
        "#%5Fassertion",
        "#xpointer(/)",
        "#xpointer(id('_assertion'))",
        "http://idp.example.org/assertion.xml",
        "http://idp.example.org/#_assertion",
        "file:///etc/hostname",
        "Cargo.toml",
    ] {
        let code = resigned("URI=\"#_assertion\"", &format!("URI=\"{uri}\""))?;
        assert_eq!(code, "reference_elsewhere", "{uri:?}");
    }
    Ok(())
}

#[test]
fn refuses_a_reference_without_a_uri() -> anyhow::Result<()> {
    assert_eq!(resigned(" URI=\"#_assertion\"", "")?, "reference_elsewhere");
    Ok(())
}

#[test]
fn refuses_a_genuine_signature_of_the_whole_document() -> anyhow::Result<()> {
    let whole = Signature { uri: Some(String::new()), ..Signature::default() };
    let code = refusal_of(|response| {
        response.assertion_signature = None;
        response.response_signature = Some(whole);
    })?;
    assert_eq!(code, "reference_elsewhere");
    Ok(())
}

#[test]
fn refuses_an_xpath_transform_that_hides_the_subject() -> anyhow::Result<()> {
    let xpath = "<ds:XPath xmlns:s=\"urn:oasis:names:tc:SAML:2.0:assertion\">\
                 not(ancestor-or-self::s:Subject) and not(ancestor-or-self::ds:Signature)\
                 </ds:XPath>";
    let uri = "http://www.w3.org/TR/1999/REC-xpath-19991116";
    let code = transformed_by(vec![Signature::ENVELOPED, uri], xpath)?;
    assert_eq!(code, "transform_not_allowed");
    Ok(())
}

#[test]
fn refuses_inclusive_canonicalization() -> anyhow::Result<()> {
    let uri = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";
    assert_eq!(transformed_by(vec![Signature::ENVELOPED, uri], "")?, "transform_not_allowed");
    Ok(())
}

#[test]
fn refuses_inclusive_canonicalization_of_signed_info() -> anyhow::Result<()> {
    let signature = Signature {
        canonicalization: "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
        ..Signature::default()
    };
    let code = refusal_of(|response| response.assertion_signature = Some(signature))?;
    assert_eq!(code, "transform_not_allowed");
    Ok(())
}

#[test]
fn refuses_unknown_transforms() -> anyhow::Result<()> {
    for uri in [
        "http://www.w3.org/TR/1999/REC-xslt-19991116",
        "http://www.w3.org/TR/1999/REC-xpath-19991116",
        "http://www.w3.org/2002/06/xmldsig-filter2",
        "http://www.w3.org/2000/09/xmldsig#base64",
        "http://www.w3.org/2006/12/xml-c14n11",
        "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments",
        "http://www.w3.org/2001/10/xml-exc-c14n",
        "HTTP://www.w3.org/2001/10/xml-exc-c14n#",
        "urn:example:unknown",
        "",
    ] {
        let to = format!("<ds:Transform Algorithm=\"{uri}\">");
        let from = format!("<ds:Transform Algorithm=\"{}\">", Signature::EXCLUSIVE);
        assert_eq!(resigned(&from, &to)?, "transform_not_allowed", "{uri:?}");
        let from = format!("<ds:Transform Algorithm=\"{}\">", Signature::ENVELOPED);
        assert_eq!(resigned(&from, &to)?, "transform_not_allowed", "{uri:?}");
    }
    Ok(())
}

#[test]
fn refuses_other_numbers_of_transforms() -> anyhow::Result<()> {
    let (enveloped, exclusive) = (Signature::ENVELOPED, Signature::EXCLUSIVE);
    let more = vec![enveloped, exclusive, exclusive];
    assert_eq!(transformed_by(more, "")?, "signature_malformed");
    assert_eq!(transformed_by(vec![exclusive], "")?, "signature_malformed");
    // What follows then is inclusive canonicalization, which products do choose.
    assert_eq!(transformed_by(vec![enveloped], "")?, "transform_not_allowed");
    Ok(())
}

#[test]
fn refuses_transforms_in_the_other_order() -> anyhow::Result<()> {
    let code = resigned(
        &format!(
            "\"{}\"></ds:Transform><ds:Transform Algorithm=\"{}\"",
            Signature::ENVELOPED,
            Signature::EXCLUSIVE
        ),
        &format!(
            "\"{}\"></ds:Transform><ds:Transform Algorithm=\"{}\"",
            Signature::EXCLUSIVE,
            Signature::ENVELOPED
        ),
    )?;
    assert_eq!(code, "transform_not_allowed");
    Ok(())
}

#[test]
fn refuses_content_in_the_enveloped_transform() -> anyhow::Result<()> {
    let from = format!("\"{}\"></ds:Transform>", Signature::ENVELOPED);
    let to = from.replace("><", "><ds:XPath>1</ds:XPath><");
    assert_eq!(resigned(&from, &to)?, "transform_not_allowed");
    Ok(())
}

#[test]
fn refuses_anything_but_one_prefix_list_in_the_canonicalization() -> anyhow::Result<()> {
    let from = format!("\"{}\"></ds:Transform>", Signature::EXCLUSIVE);
    let list = "<ec:InclusiveNamespaces xmlns:ec=\"http://www.w3.org/2001/10/xml-exc-c14n#\" \
                PrefixList=\"xs\"></ec:InclusiveNamespaces>";
    for content in ["<ds:XPath>1</ds:XPath>".to_owned(), [list, list].concat()] {
        let to = from.replace("><", &format!(">{content}<"));
        assert_eq!(resigned(&from, &to)?, "signature_malformed", "{content}");
    }
    Ok(())
}

#[test]
fn refuses_a_prefix_list_without_bounds() -> anyhow::Result<()> {
    let prefixes: Vec<String> = (0..33).map(|n| format!("p{n}")).collect();
    let signature = Signature::with_prefix_list(&prefixes.join(" "));
    let code = refusal_of(|response| response.assertion_signature = Some(signature))?;
    assert_eq!(code, "signature_malformed");
    Ok(())
}

#[test]
fn refuses_a_manifest() -> anyhow::Result<()> {
    // The reference names a Manifest in the signature, which names the assertion in turn.
    let signed = response().signed()?;
    let start = signed.find("<ds:Reference").expect("a reference");
    let end = signed.find("</ds:SignedInfo>").expect("its end");
    let manifest = format!(
        "<ds:Object><ds:Manifest Id=\"_manifest\">{}</ds:Manifest></ds:Object></ds:Signature>",
        &signed[start..end]
    );
    let changed = signed.replacen("URI=\"#_assertion\"", "URI=\"#_manifest\"", 1);
    let changed = changed.replace("</ds:Signature>", &manifest);
    let changed = sign_again(&changed, Place::Assertion, response().key, PKCS1)?;
    assert_eq!(refusal(changed), "signature_malformed");
    Ok(())
}

#[test]
fn a_reference_of_type_manifest_still_means_the_parent() -> anyhow::Result<()> {
    let typed = "URI=\"#_manifest\" Type=\"http://www.w3.org/2000/09/xmldsig#Manifest\"";
    assert_eq!(resigned("URI=\"#_assertion\"", typed)?, "reference_elsewhere");
    Ok(())
}

#[test]
fn refuses_a_changed_prefix_list_after_signing() -> anyhow::Result<()> {
    let mut response = response();
    response.assertion_signature = Some(Signature::with_prefix_list("xs"));
    let signed = response.signed()?.replace("PrefixList=\"xs\"", "PrefixList=\"saml\"");
    let (_, signature, _) = apart_signature(&signed);
    assert!(signature.contains("PrefixList=\"saml\""));
    assert_eq!(refusal(signed), "signature_invalid");
    Ok(())
}
