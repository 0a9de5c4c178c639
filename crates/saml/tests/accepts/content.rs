//! What an assertion may hold besides the usual, and how it is read.

use std::time::{Duration, UNIX_EPOCH};

use super::{accepted, accepted_text, name, values};
use crate::scene::outcome;
use testkit::Signature;

fn attribute(name: &str, values: &[&str]) -> String {
    let value = |value: &&str| format!("<saml:AttributeValue>{value}</saml:AttributeValue>");
    let values: String = values.iter().map(value).collect();
    format!("<saml:Attribute Name=\"{name}\">{values}</saml:Attribute>")
}

#[test]
fn accepts_a_subject_without_a_name_when_an_attribute_tells_who_it_is() -> anyhow::Result<()> {
    let assertion = accepted(|response| {
        response.subject_name = String::new();
        response.attributes = attribute("uid", &["camilla"]);
    })?;
    assert_eq!(assertion.name_id(), None);
    assert_eq!(values(&assertion, "uid"), ["camilla"]);
    Ok(())
}

#[test]
fn keeps_all_parts_of_a_name() -> anyhow::Result<()> {
    let persistent = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent";
    let assertion = accepted(|response| {
        response.subject_name = format!(
            "<saml:NameID Format=\"{persistent}\" NameQualifier=\"https://idp.example.org/\" \
             SPNameQualifier=\"https://jira.example.org/\" SPProvidedID=\"x\">aB3+/=</saml:NameID>"
        );
    })?;
    let name_id = assertion.name_id().expect("a name");
    assert_eq!(name_id.value, "aB3+/=");
    assert_eq!(name_id.format, Some(persistent));
    assert_eq!(name_id.name_qualifier, Some("https://idp.example.org/"));
    assert_eq!(name_id.sp_name_qualifier, Some("https://jira.example.org/"));
    Ok(())
}

#[test]
fn accepts_transient_and_other_formats_of_names() -> anyhow::Result<()> {
    for format in [
        "urn:oasis:names:tc:SAML:2.0:nameid-format:transient",
        "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
        "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified",
        "urn:oasis:names:tc:SAML:1.1:nameid-format:WindowsDomainQualifiedName",
        "urn:example:of-their-own",
    ] {
        let assertion = accepted(|response| {
            response.subject_name =
                format!("<saml:NameID Format=\"{format}\">EXAMPLE\\camilla</saml:NameID>");
        })?;
        assert_eq!(assertion.name_id().and_then(|name| name.format), Some(format));
        assert_eq!(name(&assertion), Some("EXAMPLE\\camilla"));
    }
    Ok(())
}

#[test]
fn accepts_strings_of_256_characters_of_any_kind_unchanged() -> anyhow::Result<()> {
    // Implementation profile IIP-G02.
    for character in ["a", "ü", "\u{1F414}", "字"] {
        let long = character.repeat(256);
        let assertion = accepted(|response| {
            response.subject_name = format!("<saml:NameID>{long}</saml:NameID>");
            response.attributes = attribute(&long, &[&long]);
        })?;
        assert_eq!(name(&assertion), Some(long.as_str()));
        assert_eq!(values(&assertion, &long), [long.as_str()]);
    }
    Ok(())
}

#[test]
fn a_name_that_is_repeated_is_merged_in_order() -> anyhow::Result<()> {
    // Keycloak and samlify send one element for each value.
    let assertion = accepted(|response| {
        response.attributes = [
            attribute("groups", &["b"]),
            attribute("mail", &["camilla@example.org"]),
            attribute("groups", &["a", "c"]),
            attribute("groups", &["b"]),
        ]
        .concat();
    })?;
    assert_eq!(values(&assertion, "groups"), ["b", "a", "c", "b"]);
    Ok(())
}

#[test]
fn reads_attributes_of_every_statement() -> anyhow::Result<()> {
    let assertion = accepted_text(|xml| {
        let more = format!(
            "</saml:AttributeStatement><saml:AttributeStatement>{}</saml:AttributeStatement>\
             <saml:AttributeStatement></saml:AttributeStatement>",
            attribute("groups", &["more"])
        );
        xml.replace("</saml:AttributeStatement>", &more)
    })?;
    assert_eq!(values(&assertion, "groups"), ["users", "more"]);
    Ok(())
}

#[test]
fn accepts_an_assertion_without_attributes() -> anyhow::Result<()> {
    let assertion = accepted(|response| response.attributes = String::new())?;
    assert_eq!(assertion.attributes().count(), 0);
    Ok(())
}

#[test]
fn values_of_any_type_that_are_text_are_read() -> anyhow::Result<()> {
    let assertion = accepted(|response| {
        response.attributes = "<saml:Attribute xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" \
            xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" Name=\"x\" \
            NameFormat=\"urn:oasis:names:tc:SAML:2.0:attrname-format:basic\">\
            <saml:AttributeValue xsi:type=\"xs:string\">text</saml:AttributeValue>\
            <saml:AttributeValue xsi:type=\"xs:anyType\">any</saml:AttributeValue>\
            <saml:AttributeValue xsi:type=\"xs:boolean\">true</saml:AttributeValue>\
            <saml:AttributeValue xsi:type=\"unbound:type\">odd</saml:AttributeValue>\
            <saml:AttributeValue xsi:type=\"xs:string\"></saml:AttributeValue>\
            <saml:AttributeValue xsi:nil=\"true\"/>\
            <saml:AttributeValue/></saml:Attribute>"
            .to_owned();
        let signature = Signature::with_prefix_list("xs");
        response.assertion_signature = Some(signature);
    })?;
    assert_eq!(values(&assertion, "x"), ["text", "any", "true", "odd", "", "", ""]);
    Ok(())
}

#[test]
fn values_that_are_no_text_do_not_break_those_that_are() -> anyhow::Result<()> {
    // eduPersonTargetedID holds a NameID.
    let assertion = accepted(|response| {
        response.attributes = "<saml:Attribute Name=\"urn:oid:1.3.6.1.4.1.5923.1.1.1.10\">\
            <saml:AttributeValue><saml:NameID>opaque</saml:NameID></saml:AttributeValue>\
            <saml:AttributeValue>text</saml:AttributeValue></saml:Attribute>\
            <saml:Attribute Name=\"none\"/>"
            .to_owned();
    })?;
    assert_eq!(values(&assertion, "urn:oid:1.3.6.1.4.1.5923.1.1.1.10"), ["text"]);
    assert_eq!(values(&assertion, "none"), [""; 0]);
    assert!(assertion.attributes().any(|attribute| attribute.name == "none"));
    Ok(())
}

#[test]
fn accepts_several_sign_ins_and_takes_the_first_and_the_earliest_end() -> anyhow::Result<()> {
    let statement = |index: &str, class: &str, end: &str| {
        format!(
            "<saml:AuthnStatement AuthnInstant=\"2026-03-01T10:00:00Z\" SessionIndex=\"{index}\" \
             SessionNotOnOrAfter=\"{end}\"><saml:SubjectLocality Address=\"192.0.2.1\"/>\
             <saml:AuthnContext><saml:AuthnContextClassRef>{class}</saml:AuthnContextClassRef>\
             <saml:AuthenticatingAuthority>urn:x</saml:AuthenticatingAuthority>\
             </saml:AuthnContext></saml:AuthnStatement>"
        )
    };
    let assertion = accepted_text(|xml| {
        let start = xml.find("<saml:AuthnStatement").expect("a statement");
        let end = "</saml:AuthnStatement>";
        let behind = xml.find(end).expect("its end") + end.len();
        let first = statement("_first", "urn:first", "2026-03-01T20:00:00Z");
        let second = statement("_second", "urn:second", "2026-03-01T18:00:00Z");
        [&xml[..start], &first, &second, &xml[behind..]].concat()
    })?;
    assert_eq!(assertion.session_index(), Some("_first"));
    assert_eq!(assertion.authn_context_class_ref(), Some("urn:first"));
    let noon = UNIX_EPOCH + Duration::from_secs(1_772_366_400);
    assert_eq!(assertion.session_not_on_or_after(), Some(noon + Duration::from_secs(6 * 3600)));
    Ok(())
}

#[test]
fn accepts_a_sign_in_without_a_session_index_and_with_contexts_of_every_kind() -> anyhow::Result<()>
{
    let instant = "AuthnInstant=\"2026-03-01T11:59:00Z\"";
    for context in [
        "<saml:AuthnContextDeclRef>urn:x</saml:AuthnContextDeclRef>",
        "<saml:AuthnContextDecl><x:y xmlns:x=\"urn:x\">z</x:y></saml:AuthnContextDecl>",
        "<saml:AuthnContextClassRef>\n urn:x \n</saml:AuthnContextClassRef>",
        "",
    ] {
        let assertion = accepted_text(|xml| {
            let start = xml.find("<saml:AuthnStatement").expect("a statement");
            let behind = xml.find("</saml:AuthnStatement>").expect("its end");
            let statement = format!(
                "<saml:AuthnStatement {instant}><saml:AuthnContext>{context}</saml:AuthnContext>"
            );
            [&xml[..start], &statement, &xml[behind..]].concat()
        })?;
        assert_eq!(assertion.session_index(), None);
        let class = assertion.authn_context_class_ref();
        assert_eq!(class, context.contains("ClassRef").then_some("urn:x"), "{context}");
    }
    Ok(())
}

#[test]
fn unknown_extensions_advice_and_statements_break_nothing() -> anyhow::Result<()> {
    // Implementation profile IIP-EXT01.
    let unknown = "<x:y xmlns:x=\"urn:x\" x:z=\"1\"><x:NameID>admin</x:NameID>text</x:y>";
    let assertion = accepted(|response| {
        response.extensions = unknown.to_owned();
        response.status_detail = format!(
            "<samlp:StatusMessage>fine</samlp:StatusMessage><samlp:StatusDetail>{unknown}\
             </samlp:StatusDetail>"
        );
        response.advice = format!(
            "<saml:Advice><saml:AssertionIDRef>_other</saml:AssertionIDRef>{unknown}</saml:Advice>\
             <saml:Statement xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" \
             xsi:type=\"x\">{unknown}</saml:Statement><saml:AuthzDecisionStatement \
             Resource=\"urn:x\" Decision=\"Deny\"><saml:Action Namespace=\"urn:x\">y</saml:Action>\
             </saml:AuthzDecisionStatement>"
        );
        response.assertion_attributes = " xmlns:x=\"urn:x\" x:unknown=\"1\"".to_owned();
        response.confirmations[0].data = unknown.to_owned();
    })?;
    assert_eq!(name(&assertion), Some("camilla"));
    Ok(())
}

#[test]
fn accepts_optional_attributes_of_the_response() -> anyhow::Result<()> {
    let assertion = accepted_text(|xml| {
        xml.replacen(
            "<samlp:Response ",
            "<samlp:Response Consent=\"urn:oasis:names:tc:SAML:2.0:consent:obtained\" ",
            1,
        )
    })?;
    assert_eq!(name(&assertion), Some("camilla"));
    Ok(())
}

#[test]
fn accepts_many_attributes_and_one_huge_value() -> anyhow::Result<()> {
    let huge = "x".repeat(300_000);
    let assertion = accepted(|response| {
        let many = (0..500).map(|n| attribute(&format!("a{n}"), &[&n.to_string()]));
        let groups: Vec<String> = (0..2000).map(|n| format!("group-{n}")).collect();
        let groups: Vec<&str> = groups.iter().map(String::as_str).collect();
        response.attributes =
            [many.collect::<String>(), attribute("groups", &groups), attribute("huge", &[&huge])]
                .concat();
    })?;
    assert_eq!(assertion.attributes().count(), 502);
    assert_eq!(values(&assertion, "a499"), ["499"]);
    assert_eq!(assertion.attribute_values("groups").count(), 2000);
    assert_eq!(values(&assertion, "huge"), [huge.as_str()]);
    Ok(())
}

#[test]
fn accepts_ids_of_every_kind_that_are_names() -> anyhow::Result<()> {
    for (response_id, assertion_id) in [
        ("_2d7d3fe5-a2a1-45b5-93de-a39e27d7ff2d", "_958e90f3-5d10-4d92-b376-45b9bb6db68d"),
        ("id4529852334567", "id45298523349"),
        ("a.b-c", "Ä\u{300}_·"),
        ("pfx41d8ef22", "ID"),
    ] {
        let assertion = accepted(|response| {
            response.id = response_id.to_owned();
            response.assertion_id = assertion_id.to_owned();
            response.response_signature = Some(Signature::default());
        })?;
        assert_eq!(assertion.id(), assertion_id);
    }
    Ok(())
}

#[test]
fn a_message_of_nearly_a_mebibyte_is_read() -> anyhow::Result<()> {
    let mut response = crate::scene::response();
    response.attributes = attribute("huge", &[&"ü".repeat(500_000)]);
    let assertion = outcome(response.signed()?)?;
    assert_eq!(assertion.attribute_values("huge").map(str::len).sum::<usize>(), 1_000_000);
    Ok(())
}
