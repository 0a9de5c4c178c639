//! Signature wrapping: what is signed stays in the message, something else shall be read.

use super::{apart, apart_signature, forged_assertion, refusal, refusal_of};
use crate::scene::response;
use testkit::Signature;

fn signed() -> anyhow::Result<String> {
    response().signed()
}

fn signed_response() -> anyhow::Result<String> {
    let mut response = response();
    response.assertion_signature = None;
    response.response_signature = Some(Signature::default());
    response.signed()
}

/// A forged response around the signature of a genuine one; `hide` puts the genuine one somewhere.
fn wrapped_response(hide: impl FnOnce(&str, &str, &str) -> String) -> anyhow::Result<&'static str> {
    let genuine = signed_response()?;
    let (before, signature, after) = apart_signature(&genuine);
    let original = [before, after].concat();
    let forged = original.replace("_response", "_forged").replace("_assertion", "_forged_a");
    let forged = forged.replace("camilla", "admin");
    Ok(refusal(hide(&forged, signature, &original)))
}

#[test]
fn refuses_xsw1_the_genuine_response_inside_its_signature() -> anyhow::Result<()> {
    let code = wrapped_response(|forged, signature, original| {
        let holding = signature.replace("</ds:Signature>", &format!("{original}</ds:Signature>"));
        forged.replacen("</saml:Issuer>", &format!("</saml:Issuer>{holding}"), 1)
    })?;
    assert_eq!(code, "assertion_count");
    Ok(())
}

#[test]
fn refuses_xsw2_the_genuine_response_before_its_signature() -> anyhow::Result<()> {
    let code = wrapped_response(|forged, signature, original| {
        forged.replacen("</saml:Issuer>", &format!("</saml:Issuer>{original}{signature}"), 1)
    })?;
    assert_eq!(code, "assertion_count");
    Ok(())
}

#[test]
fn refuses_a_response_whose_signature_names_another_id() -> anyhow::Result<()> {
    let forged = signed_response()?.replacen("_response", "_forged", 1);
    assert_eq!(refusal(forged), "reference_elsewhere");
    Ok(())
}

#[test]
fn refuses_xsw3_a_forged_assertion_before_the_genuine_one() -> anyhow::Result<()> {
    let signed = signed()?;
    let (before, assertion, after) = apart(&signed);
    let xml = [before, &forged_assertion("_forged"), assertion, after].concat();
    assert_eq!(refusal(xml), "assertion_count");
    Ok(())
}

#[test]
fn refuses_a_forged_assertion_behind_the_genuine_one() -> anyhow::Result<()> {
    let signed = signed()?;
    let (before, assertion, after) = apart(&signed);
    let xml = [before, assertion, &forged_assertion("_forged"), after].concat();
    assert_eq!(refusal(xml), "assertion_count");
    Ok(())
}

#[test]
fn refuses_xsw4_the_genuine_assertion_inside_a_forged_one() -> anyhow::Result<()> {
    let signed = signed()?;
    let (before, assertion, after) = apart(&signed);
    let forged = forged_assertion("_forged");
    let forged = forged.replace("</saml:Assertion>", &format!("{assertion}</saml:Assertion>"));
    assert_eq!(refusal([before, &forged, after].concat()), "assertion_count");
    Ok(())
}

#[test]
fn refuses_xsw5_a_changed_assertion_and_the_original_behind_it() -> anyhow::Result<()> {
    let signed = signed()?;
    let (before, assertion, after) = apart(&signed);
    let (start, _, end) = apart_signature(assertion);
    let changed = assertion.replace("camilla", "admin").replacen("_assertion", "_forged", 1);
    assert_eq!(refusal([before, &changed, start, end, after].concat()), "assertion_count");
    Ok(())
}

#[test]
fn refuses_xsw5_with_the_same_id() -> anyhow::Result<()> {
    let signed = signed()?;
    let (before, assertion, after) = apart(&signed);
    let (start, _, end) = apart_signature(assertion);
    let changed = assertion.replace("camilla", "admin");
    assert_eq!(refusal([before, &changed, start, end, after].concat()), "id_repeated");
    Ok(())
}

#[test]
fn refuses_xsw6_the_original_inside_the_signature_of_a_changed_one() -> anyhow::Result<()> {
    let signed = signed()?;
    let (before, assertion, after) = apart(&signed);
    let (start, signature, end) = apart_signature(assertion);
    let original = format!("{start}{end}</ds:Signature>");
    let signature = signature.replace("</ds:Signature>", &original);
    let changed = [start, &signature, end].concat().replacen("_assertion", "_forged", 1);
    let changed = changed.replacen("camilla", "admin", 2);
    assert_eq!(refusal([before, &changed, after].concat()), "assertion_count");
    Ok(())
}

#[test]
fn refuses_xsw7_a_forged_assertion_in_extensions() -> anyhow::Result<()> {
    let forged = forged_assertion("_forged");
    let code = refusal_of(|response| response.extensions = forged)?;
    assert_eq!(code, "assertion_count");
    Ok(())
}

#[test]
fn refuses_xsw8_the_original_in_an_object_of_the_signature() -> anyhow::Result<()> {
    let signed = signed()?;
    let (before, assertion, after) = apart(&signed);
    let (start, signature, end) = apart_signature(assertion);
    let object = format!("<ds:Object>{start}{end}</ds:Object></ds:Signature>");
    let signature = signature.replace("</ds:Signature>", &object);
    let changed = [start, &signature, end].concat().replacen("_assertion", "_forged", 1);
    assert_eq!(refusal([before, &changed, after].concat()), "assertion_count");
    Ok(())
}

/// The genuine assertion is moved to where `park` puts it; a forged one stands in its place.
fn parked(park: impl FnOnce(&str, &str) -> String) -> anyhow::Result<&'static str> {
    let signed = signed()?;
    let (before, genuine, after) = apart(&signed);
    let placed = [before, &forged_assertion("_forged"), after].concat();
    Ok(refusal(park(&placed, genuine)))
}

#[test]
fn refuses_the_genuine_assertion_parked_in_extensions() -> anyhow::Result<()> {
    let code = parked(|xml, genuine| {
        let parked = format!("<samlp:Extensions>{genuine}</samlp:Extensions><samlp:Status>");
        xml.replace("<samlp:Status>", &parked)
    })?;
    assert_eq!(code, "assertion_count");
    Ok(())
}

#[test]
fn refuses_the_genuine_assertion_parked_in_status_detail() -> anyhow::Result<()> {
    let code = parked(|xml, genuine| {
        let parked = format!("<samlp:StatusDetail>{genuine}</samlp:StatusDetail></samlp:Status>");
        xml.replace("</samlp:Status>", &parked)
    })?;
    assert_eq!(code, "assertion_count");
    Ok(())
}

#[test]
fn refuses_the_genuine_assertion_parked_in_advice() -> anyhow::Result<()> {
    let code = parked(|xml, genuine| {
        let parked = format!("</saml:Conditions><saml:Advice>{genuine}</saml:Advice>");
        xml.replace("</saml:Conditions>", &parked)
    })?;
    assert_eq!(code, "assertion_count");
    Ok(())
}

#[test]
fn refuses_the_genuine_assertion_parked_in_subject_confirmation_data() -> anyhow::Result<()> {
    let code = parked(|xml, genuine| {
        let end = "</saml:SubjectConfirmationData>";
        xml.replacen(end, &format!("{genuine}{end}"), 1)
    })?;
    assert_eq!(code, "assertion_count");
    Ok(())
}

#[test]
fn refuses_the_genuine_assertion_parked_in_an_attribute_value() -> anyhow::Result<()> {
    let code = parked(|xml, genuine| {
        xml.replacen("</saml:AttributeValue>", &format!("{genuine}</saml:AttributeValue>"), 1)
    })?;
    assert_eq!(code, "assertion_count");
    Ok(())
}

#[test]
fn refuses_a_forged_assertion_in_the_key_info_of_the_genuine_one() -> anyhow::Result<()> {
    // The enveloped transform leaves the signature out: nothing in it is signed.
    let signed = signed()?;
    let key_info = format!("<ds:KeyInfo>{}</ds:KeyInfo></ds:Signature>", forged_assertion("_f"));
    assert_eq!(refusal(signed.replace("</ds:Signature>", &key_info)), "assertion_count");
    Ok(())
}

#[test]
fn refuses_a_forged_assertion_in_the_signature_of_a_response_without_one() -> anyhow::Result<()> {
    let mut empty = response();
    empty.assertion_signature = None;
    empty.response_signature = Some(Signature::default());
    let xml = empty.xml();
    let (before, _, after) = apart(&xml);
    let signed = empty.sign(&[before, after].concat())?;
    let key_info = format!("<ds:KeyInfo>{}</ds:KeyInfo></ds:Signature>", forged_assertion("_f"));
    assert_eq!(refusal(signed.replace("</ds:Signature>", &key_info)), "assertion_count");
    Ok(())
}

#[test]
fn refuses_an_object_in_a_signature() -> anyhow::Result<()> {
    let object = "<ds:Object>text</ds:Object></ds:Signature>";
    assert_eq!(refusal(signed()?.replace("</ds:Signature>", object)), "signature_malformed");
    Ok(())
}

#[test]
fn refuses_a_decoy_signature_with_the_same_value() -> anyhow::Result<()> {
    let signed = signed()?;
    let (_, signature, _) = apart_signature(&signed);
    let xml = signed.replace("</saml:Subject>", &format!("</saml:Subject>{signature}"));
    assert_eq!(refusal(xml), "signature_malformed");
    Ok(())
}

#[test]
fn refuses_a_signature_deeper_in_the_assertion() -> anyhow::Result<()> {
    let signed = signed()?;
    let (start, signature, end) = apart_signature(&signed);
    let moved =
        [start, end].concat().replace("<saml:Subject>", &format!("<saml:Subject>{signature}"));
    assert_eq!(refusal(moved), "signature_elsewhere");
    Ok(())
}

#[test]
fn refuses_a_second_signature_in_extensions() -> anyhow::Result<()> {
    let signed = signed()?;
    let (_, signature, _) = apart_signature(&signed);
    let extensions = format!("<samlp:Extensions>{signature}</samlp:Extensions><samlp:Status>");
    assert_eq!(refusal(signed.replace("<samlp:Status>", &extensions)), "signature_elsewhere");
    Ok(())
}

#[test]
fn refuses_a_signature_of_the_response_that_names_only_the_assertion() -> anyhow::Result<()> {
    // CVE-2025-54369, CVE-2025-54419.
    let mut response = response();
    response.assertion_signature = None;
    response.response_signature =
        Some(Signature { uri: Some("#_assertion".to_owned()), ..Signature::default() });
    assert_eq!(refusal(response.signed()?), "reference_elsewhere");
    Ok(())
}

#[test]
fn refuses_a_loose_name_id_outside_the_assertion() -> anyhow::Result<()> {
    let code = refusal_of(|response| {
        response.extensions = "<saml:Subject xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">\
                               <saml:NameID>admin</saml:NameID></saml:Subject>"
            .to_owned();
        response.confirmations.clear();
    })?;
    assert_eq!(code, "subject_confirmation");
    Ok(())
}

#[test]
fn refuses_a_genuine_assertion_in_a_response_with_a_bad_signature() -> anyhow::Result<()> {
    let mut response = response();
    response.response_signature = Some(Signature::default());
    let xml = response.signed()?;
    let changed = xml.replacen("12:00:00Z", "12:00:01Z", 1);
    assert_eq!(refusal(changed), "digest_mismatch");
    Ok(())
}

#[test]
fn refuses_a_genuine_response_with_a_bad_signature_of_its_assertion() -> anyhow::Result<()> {
    // The response is signed over an assertion whose own signature was bad from the start.
    let mut response = response();
    let bad = response.signed()?.replace("camilla", "admin");
    response.response_signature = Some(Signature::default());
    let xml = response.xml();
    let (before, _, after) = apart(&xml);
    let (_, assertion, _) = apart(&bad);
    let xml = [before, assertion, after].concat();
    let xml = testkit::sign(&xml, testkit::Place::Response, response.key)?;
    assert_eq!(refusal(xml), "digest_mismatch");
    Ok(())
}

#[test]
fn refuses_a_signature_that_another_object_of_the_idp_lends() -> anyhow::Result<()> {
    // CVE-2024-6800: the signature of an assertion moved to a response of the same ID.
    let mut lender = response();
    lender.assertion_id = "_lent".to_owned();
    let lent = lender.signed()?;
    let (_, signature, _) = apart_signature(&lent);
    let mut borrower = response();
    borrower.assertion_signature = None;
    borrower.id = "_lent".to_owned();
    let end = "</saml:Issuer>";
    let xml = borrower.xml().replacen(end, &format!("{end}{signature}"), 1);
    assert_eq!(refusal(xml), "digest_mismatch");
    Ok(())
}
