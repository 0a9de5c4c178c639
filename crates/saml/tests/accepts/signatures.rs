//! Every algorithm, key, place and shape of a signature that may be used.

use anyhow::Context as _;

use super::{accepted, name};
use crate::scene::{outcome, outcome_with, response, trusting};
use saml::Signed;
use testkit::{Key, Place, Response, Scheme, Signature, sign_again, sign_with_signxml};

const MORE: &str = "http://www.w3.org/2001/04/xmldsig-more#";
const MORE_2007: &str = "http://www.w3.org/2007/05/xmldsig-more#";
const SHA256: &str = Signature::SHA256;
const SHA384: &str = "http://www.w3.org/2001/04/xmldsig-more#sha384";
const SHA512: &str = "http://www.w3.org/2001/04/xmlenc#sha512";

/// Algorithm and key, each with the digests that IdPs pair them with.
fn pairs() -> Vec<(String, Key)> {
    let rsa = |hash: &str| (format!("{MORE}rsa-sha{hash}"), Key::Rsa2048);
    let ecdsa = |hash: &str, key| (format!("{MORE}ecdsa-sha{hash}"), key);
    vec![
        rsa("256"),
        rsa("384"),
        rsa("512"),
        (format!("{MORE}rsa-sha256"), Key::Rsa3072),
        ecdsa("256", Key::P256),
        ecdsa("384", Key::P384),
        ecdsa("512", Key::P521),
    ]
}

/// A response whose signatures at `places` are of this kind, to be signed by xmlsec1.
fn signed_at(places: Signed, signature: &Signature, key: Key) -> Response {
    let mut response = response();
    response.key = key;
    let at = |here: bool| here.then(|| signature.clone());
    response.assertion_signature = at(places != Signed::Response);
    response.response_signature = at(places != Signed::Assertion);
    response
}

fn leaked(text: String) -> &'static str {
    Box::leak(text.into_boxed_str())
}

#[test]
fn accepts_every_algorithm_at_each_place_by_xmlsec1() -> anyhow::Result<()> {
    for (algorithm, key) in pairs() {
        let algorithm = leaked(algorithm);
        for digest in [SHA256, SHA384, SHA512] {
            let signature = Signature::of(algorithm, digest);
            for places in [Signed::Assertion, Signed::Response, Signed::Both] {
                let signed = signed_at(places, &signature, key).signed()?;
                let assertion = outcome_with(signed, &trusting(&[key]))?;
                assert_eq!(name(&assertion), Some("camilla"));
                assert_eq!(assertion.signed(), places, "{algorithm} {digest}");
                assert_eq!(assertion.key_sha256(), trusting(&[key]).keys[0].sha256());
            }
        }
    }
    Ok(())
}

#[test]
fn accepts_every_algorithm_at_each_place_by_signxml() -> anyhow::Result<()> {
    let pss =
        ["256", "384", "512"].map(|hash| (format!("{MORE_2007}sha{hash}-rsa-MGF1"), Key::Rsa2048));
    for (algorithm, key) in pairs().into_iter().chain(pss) {
        let signature = Signature::of(leaked(algorithm), SHA256);
        let mut unsigned = response();
        unsigned.assertion_signature = None;
        let xml = unsigned.xml();
        let assertion = sign_with_signxml(&xml, Place::Assertion, key, &signature)?;
        let response = sign_with_signxml(&xml, Place::Response, key, &signature)?;
        let both = sign_with_signxml(&assertion, Place::Response, key, &signature)?;
        for (xml, places) in
            [(assertion, Signed::Assertion), (response, Signed::Response), (both, Signed::Both)]
        {
            let assertion = outcome_with(xml, &trusting(&[key]))
                .with_context(|| format!("{} at {places:?}", signature.algorithm))?;
            assert_eq!(name(&assertion), Some("camilla"));
            assert_eq!(assertion.signed(), places);
        }
    }
    Ok(())
}

#[test]
fn accepts_every_hash_of_pss_by_openssl() -> anyhow::Result<()> {
    for hash in ["256", "384", "512"] {
        let algorithm = format!("{MORE_2007}sha{hash}-rsa-MGF1");
        let signed = response().signed()?.replace(Signature::RSA_SHA256, &algorithm);
        let scheme = Scheme::Pss(leaked(format!("sha{hash}")));
        let signed = sign_again(&signed, Place::Assertion, Key::Rsa2048, scheme)?;
        assert_eq!(name(&outcome(signed)?), Some("camilla"), "{algorithm}");
    }
    Ok(())
}

/// RFC 9231 §2.3.9: SHA-256, and 32 bytes of salt, unless something else is written out.
#[test]
fn accepts_pss_without_parameters_as_its_defaults_and_nothing_else() -> anyhow::Result<()> {
    let plain = format!("{MORE_2007}rsa-pss");
    let signed = response().signed()?.replace(Signature::RSA_SHA256, &plain);
    let by = |hash| sign_again(&signed, Place::Assertion, Key::Rsa2048, Scheme::Pss(hash));
    assert_eq!(name(&outcome(by("sha256")?)?), Some("camilla"));
    for hash in ["sha384", "sha512"] {
        let rejection = outcome(by(hash)?).expect_err("another hash");
        assert_eq!(rejection.code(), "signature_invalid", "{hash}");
    }
    Ok(())
}

#[test]
fn two_signers_may_sign_one_message() -> anyhow::Result<()> {
    let mut response = response();
    response.key = Key::P256;
    let algorithm = leaked(format!("{MORE}ecdsa-sha256"));
    response.assertion_signature = Some(Signature::of(algorithm, SHA256));
    let signed = response.signed()?;
    let both = sign_with_signxml(&signed, Place::Response, Key::Rsa2048, &Signature::default())?;
    let assertion = outcome_with(both, &trusting(&[Key::Rsa2048, Key::P256]))?;
    assert_eq!(assertion.signed(), Signed::Both);
    assert_eq!(assertion.key_sha256(), trusting(&[Key::P256]).keys[0].sha256());
    Ok(())
}

#[test]
fn tries_every_key_whatever_their_order_and_kind() -> anyhow::Result<()> {
    let all = [Key::P384, Key::Attacker, Key::P256, Key::Rsa3072, Key::Rsa2048, Key::P521];
    for key in [Key::Rsa2048, Key::Rsa3072] {
        let signed = signed_at(Signed::Assertion, &Signature::default(), key).signed()?;
        let assertion = outcome_with(signed, &trusting(&all))?;
        assert_eq!(assertion.key_sha256(), trusting(&[key]).keys[0].sha256());
    }
    Ok(())
}

#[test]
fn accepts_every_list_of_inclusive_prefixes() -> anyhow::Result<()> {
    let xs = " xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" xmlns:unused=\"urn:unused\" \
              xmlns=\"urn:default\"";
    for list in ["", "xs", "xs xsi", "#default", "#default xs saml ds samlp", "nobody", "xs xs"] {
        for assertion_attributes in ["", xs] {
            for places in [Signed::Assertion, Signed::Response, Signed::Both] {
                let signature = Signature::with_prefix_list(list);
                let mut response = signed_at(places, &signature, Key::Rsa2048);
                response.assertion_attributes = assertion_attributes.to_owned();
                // The response declares prefixes that the assertion inherits and may not use.
                let xml = response.xml().replacen(
                    "<samlp:Response ",
                    "<samlp:Response xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" \
                     xmlns=\"urn:outer\" xmlns:xs=\"urn:outer-xs\" ",
                    1,
                );
                let assertion = outcome(response.sign(&xml)?)
                    .with_context(|| format!("{list:?} {assertion_attributes:?} {places:?}"))?;
                assert_eq!(name(&assertion), Some("camilla"));
            }
        }
    }
    Ok(())
}

#[test]
fn accepts_a_default_namespace_that_is_taken_back_within() -> anyhow::Result<()> {
    for list in ["", "#default"] {
        let mut response = response();
        response.assertion_signature = Some(Signature::with_prefix_list(list));
        response.attributes = "<saml:Attribute Name=\"x\" xmlns=\"urn:a\"><saml:AttributeValue>\
            <a><b xmlns=\"\"><c xmlns=\"urn:a\"/><d/></b><e xmlns=\"urn:a\" xmlns:f=\"urn:f\"/></a>\
            </saml:AttributeValue></saml:Attribute>"
            .to_owned();
        assert_eq!(name(&outcome(response.signed()?)?), Some("camilla"), "{list:?}");
    }
    Ok(())
}

#[test]
fn accepts_a_prefix_list_for_signed_info_too() -> anyhow::Result<()> {
    let method = format!("<ds:CanonicalizationMethod Algorithm=\"{}\">", Signature::EXCLUSIVE);
    for list in ["", "saml samlp", "xs #default", "ds"] {
        let listed = format!(
            "{method}<ec:InclusiveNamespaces xmlns:ec=\"{}\" PrefixList=\"{list}\"/>",
            Signature::EXCLUSIVE
        );
        let mut response = response();
        response.assertion_attributes = " xmlns:xs=\"urn:xs\" xmlns=\"urn:default\"".to_owned();
        let xml = response.xml().replace(&method, &listed);
        let assertion = outcome(response.sign(&xml)?).with_context(|| format!("{list:?}"))?;
        assert_eq!(name(&assertion), Some("camilla"));
    }
    Ok(())
}

#[test]
fn accepts_canonicalization_with_comments() -> anyhow::Result<()> {
    let assertion = accepted(|response| {
        response.assertion_signature = Some(Signature {
            canonicalization: Signature::WITH_COMMENTS,
            transforms: vec![Signature::ENVELOPED, Signature::WITH_COMMENTS],
            ..Signature::default()
        });
        response.subject_name =
            "<saml:NameID>cam<!-- a \r\n comment & more -->illa</saml:NameID>".to_owned();
    })?;
    assert_eq!(name(&assertion), Some("camilla"));
    Ok(())
}

#[test]
fn accepts_every_prefix_of_a_signature() -> anyhow::Result<()> {
    for prefix in ["", "ds", "dsig", "ns2", "_", "Ünïcode"] {
        for places in [Signed::Assertion, Signed::Response, Signed::Both] {
            let signature = Signature { prefix, ..Signature::default() };
            let signed = signed_at(places, &signature, Key::Rsa2048).signed()?;
            assert_eq!(outcome(signed)?.signed(), places, "{prefix:?}");
        }
    }
    Ok(())
}

#[test]
fn accepts_whatever_key_info_says() -> anyhow::Result<()> {
    let certificate = Key::Attacker.certificate_base64();
    let data = format!("<ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate>");
    for info in [
        String::new(),
        "<ds:KeyInfo></ds:KeyInfo>".to_owned(),
        "<ds:KeyInfo><ds:KeyName>the key</ds:KeyName></ds:KeyInfo>".to_owned(),
        format!("<ds:KeyInfo>{data}</ds:X509Data></ds:KeyInfo>"),
        format!(
            "<ds:KeyInfo><ds:KeyValue><ds:RSAKeyValue><ds:Modulus>AQAB</ds:Modulus>\
             <ds:Exponent>AQAB</ds:Exponent></ds:RSAKeyValue></ds:KeyValue>{data}<ds:X509SubjectName>\
             CN=x</ds:X509SubjectName></ds:X509Data></ds:KeyInfo>"
        ),
        "<ds:KeyInfo><x:y xmlns:x=\"urn:x\" Id=\"z\">text<!-- and a comment --></x:y></ds:KeyInfo>"
            .to_owned(),
    ] {
        // It stands outside what is signed, so it can be put there afterwards.
        let signed = response().signed()?;
        let signed = signed.replace("</ds:Signature>", &format!("{info}</ds:Signature>"));
        assert_eq!(name(&outcome(signed)?), Some("camilla"), "{info}");
    }
    Ok(())
}

#[test]
fn accepts_signatures_with_line_breaks_and_ids_of_their_own() -> anyhow::Result<()> {
    let response = response();
    let spread = response
        .xml()
        .replace("<ds:Signature ", "<ds:Signature Id=\"_sig\" ")
        .replace("<ds:SignedInfo>", "\n  <ds:SignedInfo Id=\"_info\">\r\n\t")
        .replace("<ds:Reference ", "\n\n<ds:Reference Id=\"_ref\" ")
        .replace("<ds:DigestMethod", "\n<ds:DigestMethod")
        .replace("</ds:Reference>", "\n</ds:Reference>\n")
        .replace("</ds:Signature>", "\n  </ds:Signature>");
    let signed = response.sign(&spread)?;
    // The values are wrapped as MIME does.
    let value = signed.find("<ds:SignatureValue>").expect("a value") + 19;
    let wrapped =
        [&signed[..value], "\r\n  ", &signed[value..value + 10], "&#xD;\n", &signed[value + 10..]]
            .concat();
    assert_eq!(name(&outcome(wrapped)?), Some("camilla"));
    Ok(())
}
