//! Keys and algorithms: which key verifies is decided by metadata, which algorithm by the key.

use super::{code, refusal, refusal_of};
use crate::scene::{IDP, outcome_with, response, trusting};
use saml::{IdpMetadata, TrustedIdp};
use testkit::{Key, Place, Scheme, Signature, sign_again};

const RSA_SHA1: &str = "http://www.w3.org/2000/09/xmldsig#rsa-sha1";
const SHA1: &str = "http://www.w3.org/2000/09/xmldsig#sha1";

fn key_info(key: Key) -> String {
    format!(
        "<ds:KeyInfo><ds:X509Data><ds:X509Certificate>{}</ds:X509Certificate></ds:X509Data>\
         </ds:KeyInfo>",
        key.certificate_base64()
    )
}

/// The code when the true key signs a SignedInfo that names another SignatureMethod or digest.
fn named(from: &str, to: &str, scheme: Scheme) -> anyhow::Result<&'static str> {
    let signed = response().signed()?;
    assert!(signed.contains(from), "{from} is not in the message");
    Ok(refusal(sign_again(&signed.replace(from, to), Place::Assertion, Key::Rsa2048, scheme)?))
}

#[test]
fn refuses_a_key_that_is_not_trusted() -> anyhow::Result<()> {
    assert_eq!(refusal_of(|response| response.key = Key::Attacker)?, "signature_invalid");
    Ok(())
}

#[test]
fn refuses_the_attackers_certificate_in_key_info() -> anyhow::Result<()> {
    // CVE-2018-7644 and many others.
    let code = refusal_of(|response| {
        response.key = Key::Attacker;
        response.assertion_signature =
            Some(Signature { key_info: key_info(Key::Attacker), ..Signature::default() });
    })?;
    assert_eq!(code, "signature_invalid");
    Ok(())
}

#[test]
fn refuses_the_trusted_certificate_in_key_info_over_the_attackers_signature() -> anyhow::Result<()>
{
    let code = refusal_of(|response| {
        response.key = Key::Attacker;
        response.assertion_signature =
            Some(Signature { key_info: key_info(Key::Rsa2048), ..Signature::default() });
    })?;
    assert_eq!(code, "signature_invalid");
    Ok(())
}

#[test]
fn a_wrong_certificate_in_key_info_changes_nothing_for_a_true_signature() -> anyhow::Result<()> {
    let mut response = response();
    let signature = Signature { key_info: key_info(Key::Attacker), ..Signature::default() };
    response.assertion_signature = Some(signature);
    let assertion = outcome_with(response.signed()?, &trusting(&[Key::Rsa2048]))?;
    assert_eq!(assertion.key_sha256(), trusting(&[Key::Rsa2048]).keys[0].sha256());
    Ok(())
}

#[test]
fn fetches_nothing_that_key_info_names() -> anyhow::Result<()> {
    let signed = response().signed()?.replace(
        "</ds:Signature>",
        "<ds:KeyInfo><ds:RetrievalMethod URI=\"http://127.0.0.1:1/\"/></ds:KeyInfo></ds:Signature>",
    );
    assert_eq!(code_with(&signed, &[Key::Attacker]), "signature_invalid");
    Ok(())
}

fn code_with(xml: &str, keys: &[Key]) -> &'static str {
    code(outcome_with(xml, &trusting(keys)))
}

#[test]
fn refuses_an_hmac_whose_secret_is_the_certificate() -> anyhow::Result<()> {
    // CVE-2009-0217 and the confusion of families.
    for uri in [
        "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256",
        "http://www.w3.org/2000/09/xmldsig#hmac-sha1",
    ] {
        let scheme = Scheme::HmacOfCertificate(Key::Rsa2048);
        assert_eq!(named(Signature::RSA_SHA256, uri, scheme)?, "algorithm_not_allowed");
    }
    Ok(())
}

#[test]
fn refuses_a_signature_method_with_content() -> anyhow::Result<()> {
    let from = format!("\"{}\"></ds:SignatureMethod>", Signature::RSA_SHA256);
    let to = from.replace("><", "><ds:HMACOutputLength>8</ds:HMACOutputLength><");
    assert_eq!(named(&from, &to, Scheme::Pkcs1("sha256"))?, "algorithm_not_allowed");
    Ok(())
}

#[test]
fn refuses_rsa_with_md5() -> anyhow::Result<()> {
    let uri = "http://www.w3.org/2001/04/xmldsig-more#rsa-md5";
    let code = named(Signature::RSA_SHA256, uri, Scheme::Pkcs1("md5"))?;
    assert_eq!(code, "algorithm_not_allowed");
    Ok(())
}

#[test]
fn refuses_a_digest_by_md5() -> anyhow::Result<()> {
    let uri = "http://www.w3.org/2001/04/xmldsig-more#md5";
    let code = named(Signature::SHA256, uri, Scheme::Pkcs1("sha256"))?;
    assert_eq!(code, "algorithm_not_allowed");
    Ok(())
}

#[test]
fn refuses_algorithms_that_are_unknown_empty_or_in_another_case() -> anyhow::Result<()> {
    for uri in [
        "",
        "none",
        "http://www.w3.org/2000/09/xmldsig#dsa-sha1",
        "http://www.w3.org/2009/xmldsig11#dsa-sha256",
        "http://www.w3.org/2001/04/xmldsig-more#RSA-SHA256",
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256 ",
        "https://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256\" Algorithm2=\"x",
    ] {
        let code = named(Signature::RSA_SHA256, uri, Scheme::Pkcs1("sha256"))?;
        let expected = match uri.contains("Algorithm2") {
            true => "it was accepted",
            false => "algorithm_not_allowed",
        };
        assert_eq!(code, expected, "{uri:?}");
    }
    for uri in ["", "none", "http://www.w3.org/2001/04/XMLENC#sha256", "sha256"] {
        let code = named(Signature::SHA256, uri, Scheme::Pkcs1("sha256"))?;
        assert_eq!(code, "algorithm_not_allowed", "{uri:?}");
    }
    Ok(())
}

#[test]
fn refuses_an_algorithm_that_was_not_the_one_used() -> anyhow::Result<()> {
    let uri = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512";
    let code = named(Signature::RSA_SHA256, uri, Scheme::Pkcs1("sha256"))?;
    assert_eq!(code, "signature_invalid");
    Ok(())
}

#[test]
fn refuses_ecdsa_named_for_an_rsa_key() -> anyhow::Result<()> {
    let uri = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256";
    assert_eq!(named(Signature::RSA_SHA256, uri, Scheme::Pkcs1("sha256"))?, "no_key");
    Ok(())
}

/// The outcome of a response signed with SHA-1 at one or both places.
fn with_sha1(
    algorithm: &'static str,
    digest: &'static str,
    allowed: bool,
) -> anyhow::Result<&'static str> {
    let mut response = response();
    response.assertion_signature = Some(Signature::of(algorithm, digest));
    let idp = TrustedIdp { allow_sha1: allowed, ..trusting(&[Key::Rsa2048]) };
    Ok(code(outcome_with(response.signed()?, &idp)))
}

#[test]
fn refuses_sha1_unless_it_is_allowed() -> anyhow::Result<()> {
    for (algorithm, digest) in
        [(RSA_SHA1, SHA1), (RSA_SHA1, Signature::SHA256), (Signature::RSA_SHA256, SHA1)]
    {
        assert_eq!(with_sha1(algorithm, digest, false)?, "sha1_not_allowed");
        assert_eq!(with_sha1(algorithm, digest, true)?, "it was accepted");
    }
    Ok(())
}

#[test]
fn allowing_sha1_does_not_allow_md5() -> anyhow::Result<()> {
    let signed = response().signed()?;
    let md5 = "http://www.w3.org/2001/04/xmldsig-more#rsa-md5";
    let signed = signed.replace(Signature::RSA_SHA256, md5);
    let signed = sign_again(&signed, Place::Assertion, Key::Rsa2048, Scheme::Pkcs1("md5"))?;
    let idp = TrustedIdp { allow_sha1: true, ..trusting(&[Key::Rsa2048]) };
    assert_eq!(code(outcome_with(signed, &idp)), "algorithm_not_allowed");
    Ok(())
}

#[test]
fn refuses_ecdsa_values_of_zero_and_of_other_lengths() -> anyhow::Result<()> {
    // CVE-2022-21449: r = s = 0 fits every message where nobody looks.
    let mut response = response();
    response.key = Key::P256;
    let algorithm = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256";
    response.assertion_signature = Some(Signature::of(algorithm, Signature::SHA256));
    let signed = response.signed()?;
    let start = signed.find("<ds:SignatureValue>").expect("a value") + "<ds:SignatureValue>".len();
    let end = signed.find("</ds:SignatureValue>").expect("its end");
    let zeros = format!("{}==", "A".repeat(86));
    // The order of the curve, twice: as good as zero.
    let orders = "/////wAAAAD//////////7zm+q2nF56E87nKwvxjJVH/////AAAAAP//////////vOb6racXnoTzucrC\
                  /GMlUQ==";
    let genuine = signed[start..end].trim();
    let longer = format!("AAAA{genuine}");
    for value in [&zeros, orders, &longer, &genuine[4..], "", "MAYCAQACAQA="] {
        let changed = [&signed[..start], value, &signed[end..]].concat();
        assert_eq!(code_with(&changed, &[Key::P256]), "signature_invalid", "{value:?}");
    }
    Ok(())
}

fn metadata(uses: &[(&str, Key)]) -> String {
    let descriptor = |(usage, key): &(&str, Key)| {
        format!("<KeyDescriptor{usage}>{}</KeyDescriptor>", key_info(*key))
    };
    format!(
        "<EntityDescriptor xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\" \
         xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\" entityID=\"{IDP}\"><IDPSSODescriptor \
         protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">{}\
         <SingleSignOnService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect\" \
         Location=\"{IDP}sso\"/></IDPSSODescriptor></EntityDescriptor>",
        uses.iter().map(descriptor).collect::<String>()
    )
}

/// The outcome of a response that the attacker's key signed, under this metadata.
fn under(metadata: &str) -> anyhow::Result<&'static str> {
    let mut response = response();
    response.key = Key::Attacker;
    let metadata = IdpMetadata::parse(metadata.as_bytes(), None)?;
    let keys = metadata.signing_keys.iter().map(saml::IdpKey::key).collect::<Result<_, _>>()?;
    let idp = TrustedIdp { entity_id: metadata.entity_id, keys, allow_sha1: false };
    Ok(code(outcome_with(response.signed()?, &idp)))
}

#[test]
fn refuses_a_key_that_metadata_lists_for_encryption_only() -> anyhow::Result<()> {
    let signing = (" use=\"signing\"", Key::Rsa2048);
    let code = under(&metadata(&[signing, (" use=\"encryption\"", Key::Attacker)]))?;
    assert_eq!(code, "signature_invalid");
    Ok(())
}

#[test]
fn a_key_that_metadata_lists_without_a_use_may_sign() -> anyhow::Result<()> {
    let signing = (" use=\"signing\"", Key::Rsa2048);
    assert_eq!(under(&metadata(&[signing, ("", Key::Attacker)]))?, "it was accepted");
    Ok(())
}

#[test]
fn metadata_with_encryption_keys_only_is_no_trust() {
    let only = metadata(&[(" use=\"encryption\"", Key::Rsa2048)]);
    let error = IdpMetadata::parse(only.as_bytes(), None).expect_err("there is no key");
    assert!(matches!(error, saml::MetadataError::NoKey { .. }), "{error}");
}

#[test]
fn refuses_another_idps_assertion_although_its_key_is_true() -> anyhow::Result<()> {
    // CVE-2026-49283, CVE-2026-49284: signer, Issuer and expected IdP must be one.
    let mut other = response();
    other.issuer = Some("https://other.example.org/".to_owned());
    other.assertion_issuer = "https://other.example.org/".to_owned();
    assert_eq!(refusal(other.signed()?), "issuer");
    Ok(())
}
