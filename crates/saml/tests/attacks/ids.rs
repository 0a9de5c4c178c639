//! IDs: repeated, polluted, or no names at all.

use super::{apart, refusal, refusal_of};
use crate::scene::response;

#[test]
fn refuses_two_elements_of_the_same_id() -> anyhow::Result<()> {
    let code = refusal_of(|response| {
        response.extensions = "<x:y xmlns:x=\"urn:x\" ID=\"_response\"/>".to_owned();
    })?;
    assert_eq!(code, "id_repeated");
    Ok(())
}

#[test]
fn refuses_the_same_id_in_response_and_assertion() -> anyhow::Result<()> {
    let signed = response().signed()?.replacen("_response", "_assertion", 1);
    assert_eq!(refusal(signed), "id_repeated");
    Ok(())
}

#[test]
fn refuses_more_ids_than_a_message_can_have() -> anyhow::Result<()> {
    let many: String = (0..64).map(|n| format!("<x:y xmlns:x=\"urn:x\" ID=\"_{n}\"/>")).collect();
    assert_eq!(refusal_of(|response| response.extensions = many)?, "id_repeated");
    Ok(())
}

/// The attribute `ID` of the signed assertion is replaced; the reference still fits its value.
fn with_id_attribute(attribute: &str) -> anyhow::Result<&'static str> {
    let signed = response().signed()?;
    let (before, assertion, after) = apart(&signed);
    let changed = assertion.replacen("ID=\"_assertion\"", attribute, 1);
    Ok(refusal([before, &changed, after].concat()))
}

#[test]
fn refuses_an_id_in_another_case() -> anyhow::Result<()> {
    assert_eq!(with_id_attribute("Id=\"_assertion\"")?, "id_malformed");
    assert_eq!(with_id_attribute("id=\"_assertion\"")?, "id_malformed");
    Ok(())
}

#[test]
fn refuses_the_id_of_xml_and_of_saml_1() -> anyhow::Result<()> {
    assert_eq!(with_id_attribute("xml:id=\"_assertion\"")?, "id_malformed");
    assert_eq!(with_id_attribute("AssertionID=\"_assertion\"")?, "id_malformed");
    Ok(())
}

#[test]
fn refuses_an_id_with_a_prefix() -> anyhow::Result<()> {
    // CVE-2025-66567: attribute pollution.
    assert_eq!(with_id_attribute("saml:ID=\"_assertion\"")?, "id_malformed");
    Ok(())
}

#[test]
fn reads_the_plain_id_beside_one_with_a_prefix() -> anyhow::Result<()> {
    let code = with_id_attribute("saml:ID=\"_assertion\" ID=\"_other\"")?;
    assert_eq!(code, "reference_elsewhere");
    Ok(())
}

#[test]
fn refuses_an_assertion_without_an_id() -> anyhow::Result<()> {
    assert_eq!(with_id_attribute("")?, "id_malformed");
    Ok(())
}

#[test]
fn refuses_ids_that_are_no_names() -> anyhow::Result<()> {
    for id in [
        "",
        "1 a",
        "1:a",
        "+1",
        "-1",
        ".1",
        "1'a",
        "&#10;1",
        " _assertion",
        "_assertion ",
        "_a&#10;b",
        "a:b",
        "_a'b",
        "_a&quot;]",
        "*",
    ] {
        assert_eq!(with_id_attribute(&format!("ID=\"{id}\""))?, "id_malformed", "{id:?}");
    }
    Ok(())
}

#[test]
fn refuses_a_response_id_that_is_no_name() -> anyhow::Result<()> {
    assert_eq!(refusal_of(|response| response.id = "x' or '1'='1".to_owned())?, "id_malformed");
    Ok(())
}
