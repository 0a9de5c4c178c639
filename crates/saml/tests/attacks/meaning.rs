//! What a message means: status, version, addresses, issuers, audiences, names. All are signed by
//! the true key.

use super::{code, refusal, refusal_of};
use crate::scene::{ENTITY_ID, IDP, outcome, response};
use testkit::{Response, Signature};

const ACCEPTED: &str = "it was accepted";

fn text(value: &str) -> Option<String> {
    Some(value.to_owned())
}

/// The outcome of a message whose text was changed between writing and signing.
fn signed_after(change: impl FnOnce(&str) -> String) -> anyhow::Result<&'static str> {
    let response = response();
    let (before, after) = (response.xml(), change(&response.xml()));
    assert_ne!(before, after, "the change changes something");
    Ok(refusal(response.sign(&after)?))
}

#[test]
fn refuses_every_status_but_success() -> anyhow::Result<()> {
    for status in [
        "",
        "Success",
        "urn:oasis:names:tc:SAML:2.0:status:Requester",
        "urn:oasis:names:tc:SAML:2.0:status:Responder",
        "urn:oasis:names:tc:SAML:2.0:status:success",
        "urn:oasis:names:tc:SAML:2.0:status:Success ",
        "urn:oasis:names:tc:SAML:2.0:status:Success&#xA;",
        "samlp:Success",
    ] {
        let code = refusal_of(|response| response.status = status.to_owned())?;
        assert_eq!(code, "status", "{status:?}");
    }
    Ok(())
}

#[test]
fn refuses_success_below_a_failure() -> anyhow::Result<()> {
    let code = signed_after(|xml| {
        let success = "<samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\">";
        let failure = "<samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Responder\">";
        let end = "</samlp:StatusCode>";
        xml.replace(success, &[failure, success, end].concat())
    })?;
    assert_eq!(code, "status");
    Ok(())
}

#[test]
fn refuses_a_missing_and_a_doubled_status() -> anyhow::Result<()> {
    let success = "<samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\">\
                   </samlp:StatusCode>";
    let whole = format!("<samlp:Status>{success}</samlp:Status>");
    let failure = whole.replace("Success", "Responder");
    for changed in [
        String::new(),
        "<samlp:Status></samlp:Status>".to_owned(),
        [whole.as_str(), &failure].concat(),
        [failure.as_str(), &whole].concat(),
        format!("<samlp:Status>{success}{success}</samlp:Status>"),
    ] {
        let code = signed_after(|xml| xml.replace(&whole, &changed))?;
        assert_eq!(code, "malformed", "{changed}");
    }
    Ok(())
}

#[test]
fn a_failure_is_told_with_both_codes_and_its_message() -> anyhow::Result<()> {
    let uri = |name: &str| format!("urn:oasis:names:tc:SAML:2.0:status:{name}");
    let success = format!("<samlp:StatusCode Value=\"{}\"></samlp:StatusCode>", uri("Success"));
    let failure = format!(
        "<samlp:StatusCode Value=\"{}\"><samlp:StatusCode Value=\"{}\"/></samlp:StatusCode>\
         <samlp:StatusMessage>Not <!-- at all -->assigned</samlp:StatusMessage>",
        uri("Responder"),
        uri("AuthnFailed")
    );
    let xml = response().xml().replace(&success, &failure);
    let rejection = outcome(xml).expect_err("a failure");
    assert_eq!(rejection.code(), "status");
    let told = rejection.to_string();
    for part in ["status:Responder", "status:AuthnFailed", "Not assigned"] {
        assert!(told.contains(part), "{part} is not in {told}");
    }
    Ok(())
}

#[test]
fn refuses_other_versions() -> anyhow::Result<()> {
    for version in ["1.1", "2.1", "2", "2.0 ", "", "２.0"] {
        let code = refusal_of(|response| response.version = version.to_owned())?;
        assert_eq!(code, "version", "{version:?}");
        let code = refusal_of(|response| response.assertion_version = version.to_owned())?;
        assert_eq!(code, "version", "{version:?}");
    }
    Ok(())
}

#[test]
fn refuses_messages_that_do_not_say_when_they_were_made() -> anyhow::Result<()> {
    let instant = " IssueInstant=\"2026-03-01T12:00:00Z\"";
    for (to, expected) in [("", "malformed"), (" IssueInstant=\"now\"", "time_malformed")] {
        assert_eq!(signed_after(|xml| xml.replacen(instant, to, 1))?, expected);
        let last = |xml: &str| {
            let at = xml.rfind(instant).expect("the assertion's");
            [&xml[..at], to, &xml[at + instant.len()..]].concat()
        };
        assert_eq!(signed_after(last)?, expected);
    }
    Ok(())
}

#[test]
fn refuses_a_destination_that_is_not_ours_letter_by_letter() -> anyhow::Result<()> {
    for destination in [
        "",
        "https://evil.example.org/plugins/servlet/saml/auth",
        "https://jira.example.org/plugins/servlet/saml/auth/",
        "https://jira.example.org/plugins/servlet/saml",
        "https://jira.example.org:443/plugins/servlet/saml/auth",
        "https://Jira.example.org/plugins/servlet/saml/auth",
        "https://jira.example.org.evil.example/plugins/servlet/saml/auth",
        "//jira.example.org/plugins/servlet/saml/auth",
        "/plugins/servlet/saml/auth",
    ] {
        let code = refusal_of(|response| response.destination = text(destination))?;
        assert_eq!(code, "destination", "{destination:?}");
    }
    Ok(())
}

#[test]
fn refuses_a_signed_response_without_a_destination() -> anyhow::Result<()> {
    // saml-bindings §3.5.5.2.
    let code = refusal_of(|response| {
        response.response_signature = Some(Signature::default());
        response.destination = None;
    })?;
    assert_eq!(code, "destination");
    Ok(())
}

#[test]
fn accepts_an_unsigned_response_without_a_destination() -> anyhow::Result<()> {
    // Its assertion is signed and names the recipient.
    assert_eq!(refusal_of(|response| response.destination = None)?, ACCEPTED);
    Ok(())
}

#[test]
fn refuses_other_issuers_in_either_place() -> anyhow::Result<()> {
    for issuer in [
        "https://evil.example.org/",
        "https://idp.example.org",
        "https://IDP.example.org/",
        "https://idp.example.org/ https://evil.example.org/",
        "https://idp.example.org/&#xA0;",
        "",
    ] {
        let code = refusal_of(|response| response.issuer = text(issuer))?;
        assert_eq!(code, "issuer", "{issuer:?}");
        let code = refusal_of(|response| response.assertion_issuer = issuer.to_owned())?;
        assert_eq!(code, "issuer", "{issuer:?}");
    }
    Ok(())
}

#[test]
fn refuses_issuers_that_are_missing_doubled_or_in_another_place() -> anyhow::Result<()> {
    let own = format!("<saml:Issuer>{IDP}</saml:Issuer>");
    let other = own.replace(IDP, "https://evil.example.org/");
    let without = response().xml().replacen(&own, "", 1);
    // Without an Issuer before it, the signature is in the wrong place as well.
    assert_eq!(refusal(response().sign(&without)?), "signature_malformed");
    for pair in [[own.as_str(), &other], [&other, &own], [&own, &own]] {
        let code = signed_after(|xml| xml.replacen(&own, &pair.concat(), 1))?;
        assert_ne!(code, ACCEPTED);
    }
    let behind = |xml: &str| {
        let without = xml.replacen(&own, "", 1);
        without.replacen("<saml:Conditions", &format!("{own}<saml:Conditions"), 1)
    };
    assert_eq!(signed_after(behind)?, "signature_malformed");
    let mut unsigned = response();
    unsigned.assertion_signature = None;
    unsigned.response_signature = Some(Signature::default());
    for changed in [behind(&unsigned.xml()), unsigned.xml().replacen(&own, "", 1)] {
        let signed = unsigned.sign(&changed)?;
        assert_eq!(refusal(signed), "malformed");
    }
    Ok(())
}

#[test]
fn refuses_an_issuer_of_another_format_or_with_elements_in_it() -> anyhow::Result<()> {
    let own = format!("<saml:Issuer>{IDP}</saml:Issuer>");
    let format = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress";
    let other = own.replace("Issuer>h", &format!("Issuer Format=\"{format}\">h"));
    assert_eq!(signed_after(|xml| xml.replacen(&own, &other, 1))?, "issuer");
    let entity = other.replace(format, "urn:oasis:names:tc:SAML:2.0:nameid-format:entity");
    assert_eq!(signed_after(|xml| xml.replacen(&own, &entity, 1))?, ACCEPTED);
    let nested = own.replace(IDP, &format!("{IDP}<x:y xmlns:x=\"urn:x\"/>"));
    assert_eq!(signed_after(|xml| xml.replacen(&own, &nested, 1))?, "malformed");
    Ok(())
}

#[test]
fn refuses_audiences_that_are_not_ours_letter_by_letter() -> anyhow::Result<()> {
    // CVE-2026-41577.
    for audience in [
        "",
        "https://jira.example.org",
        "https://jira.example.org//",
        "https://JIRA.example.org/",
        "https://jira.example.org:443/",
        "https://jira.example.org/x",
        "https://jira.example.org.evil.example/",
        "https://evil.example.org/ https://jira.example.org/",
        "https://jira.example.org/,https://evil.example.org/",
        "https://jira.example.org/&#xA0;",
        "&#x3000;https://jira.example.org/",
        "*",
    ] {
        let code = refusal_of(|response| response.audiences = vec![vec![audience.to_owned()]])?;
        assert_eq!(code, "audience", "{audience:?}");
    }
    Ok(())
}

#[test]
fn refuses_an_assertion_for_everybody() -> anyhow::Result<()> {
    let none = |response: &mut Response| response.audiences.clear();
    assert_eq!(refusal_of(none)?, "audience");
    let empty = |response: &mut Response| response.audiences = vec![Vec::new()];
    assert_eq!(refusal_of(empty)?, "audience");
    let code = signed_after(|xml| {
        let start = xml.find("<saml:Conditions").expect("conditions");
        let end = "</saml:Conditions>";
        let behind = xml.find(end).expect("their end") + end.len();
        [&xml[..start], &xml[behind..]].concat()
    })?;
    assert_eq!(code, "audience");
    Ok(())
}

#[test]
fn each_of_several_restrictions_must_name_us() -> anyhow::Result<()> {
    let (us, them) = (ENTITY_ID.to_owned(), "https://other.example.org/".to_owned());
    for (audiences, expected) in [
        (vec![vec![us.clone()], vec![them.clone()]], "audience"),
        (vec![vec![them.clone()], vec![us.clone()]], "audience"),
        (vec![vec![us.clone()], Vec::new()], "audience"),
        (vec![vec![them.clone(), us.clone()]], ACCEPTED),
        (vec![vec![us.clone(), them.clone()], vec![us.clone()]], ACCEPTED),
        (vec![vec![format!("\n  {us}\t ")]], ACCEPTED),
    ] {
        let code = refusal_of(|response| response.audiences = audiences.clone())?;
        assert_eq!(code, expected, "{audiences:?}");
    }
    Ok(())
}

#[test]
fn refuses_doubled_conditions() -> anyhow::Result<()> {
    let code = signed_after(|xml| {
        let start = xml.find("<saml:Conditions").expect("conditions");
        let end = "</saml:Conditions>";
        let behind = xml.find(end).expect("their end") + end.len();
        [&xml[..behind], &xml[start..]].concat()
    })?;
    assert_eq!(code, "malformed");
    Ok(())
}

#[test]
fn refuses_conditions_that_are_not_understood() -> anyhow::Result<()> {
    // saml-core §2.5.1.1: what cannot be evaluated makes the assertion indeterminate.
    for condition in [
        "<saml:Condition xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" \
         xmlns:x=\"urn:x\" xsi:type=\"x:OnlyOnMondays\"/>",
        "<x:AudienceRestriction xmlns:x=\"urn:x\"/>",
        "<saml:AudienceRestrictionCondition/>",
    ] {
        let code = refusal_of(|response| response.more_conditions = condition.to_owned())?;
        assert_eq!(code, "unknown_condition", "{condition}");
    }
    Ok(())
}

#[test]
fn accepts_conditions_that_are_kept_anyway() -> anyhow::Result<()> {
    for condition in [
        "<saml:OneTimeUse/>",
        "<saml:ProxyRestriction Count=\"0\"/>",
        "<saml:OneTimeUse/><saml:ProxyRestriction><saml:Audience>urn:x</saml:Audience>\
         </saml:ProxyRestriction>",
    ] {
        let code = refusal_of(|response| response.more_conditions = condition.to_owned())?;
        assert_eq!(code, ACCEPTED, "{condition}");
    }
    Ok(())
}

#[test]
fn an_audience_in_a_proxy_restriction_is_none_of_ours() -> anyhow::Result<()> {
    let code = refusal_of(|response| {
        response.audiences.clear();
        response.more_conditions = format!(
            "<saml:ProxyRestriction><saml:Audience>{ENTITY_ID}</saml:Audience>\
             </saml:ProxyRestriction>"
        );
    })?;
    assert_eq!(code, "audience");
    Ok(())
}

#[test]
fn refuses_names_that_are_empty_or_blank() -> anyhow::Result<()> {
    for name in ["", " ", "\n\t", "&#xA0;", "&#x3000;", "<!--admin-->", "<![CDATA[ ]]>"] {
        let element = format!("<saml:NameID>{name}</saml:NameID>");
        let code = refusal_of(|response| response.subject_name = element)?;
        assert_eq!(code, "name_id_empty", "{name:?}");
    }
    Ok(())
}

#[test]
fn refuses_two_names_and_elements_in_a_name() -> anyhow::Result<()> {
    for name in [
        "<saml:NameID>camilla</saml:NameID><saml:NameID>admin</saml:NameID>",
        "<saml:NameID>camilla<x:y xmlns:x=\"urn:x\">admin</x:y></saml:NameID>",
        "<saml:NameID><saml:NameID>admin</saml:NameID></saml:NameID>",
        "<saml:NameID>admin<x:y xmlns:x=\"urn:x\"/>@example.org</saml:NameID>",
    ] {
        let code = refusal_of(|response| response.subject_name = name.to_owned())?;
        assert_eq!(code, "malformed", "{name}");
    }
    Ok(())
}

#[test]
fn a_name_of_another_namespace_is_none() -> anyhow::Result<()> {
    let mut response = response();
    response.subject_name = "<x:NameID xmlns:x=\"urn:oasis:names:tc:SAML:1.0:assertion\">admin\
                             </x:NameID>"
        .to_owned();
    assert_eq!(outcome(response.signed()?)?.name_id(), None);
    Ok(())
}

#[test]
fn refuses_an_assertion_that_tells_no_sign_in() -> anyhow::Result<()> {
    let code = refusal_of(|response| response.authn_statement = None)?;
    assert_eq!(code, "no_authn_statement");
    let code = refusal_of(|response| response.authn_statement = text(""))?;
    assert_eq!(code, "malformed");
    Ok(())
}

#[test]
fn refuses_an_attribute_without_a_name() -> anyhow::Result<()> {
    let attribute = "<saml:Attribute FriendlyName=\"groups\"><saml:AttributeValue>administrators\
                     </saml:AttributeValue></saml:Attribute>";
    let code = refusal_of(|response| response.attributes = attribute.to_owned())?;
    assert_eq!(code, "malformed");
    Ok(())
}

#[test]
fn a_friendly_name_is_no_name() -> anyhow::Result<()> {
    let mut response = response();
    response.attributes = "<saml:Attribute Name=\"urn:oid:1.1\" FriendlyName=\"groups\">\
                           <saml:AttributeValue>administrators</saml:AttributeValue>\
                           </saml:Attribute><saml:Attribute Name=\"GROUPS\"><saml:AttributeValue>\
                           administrators</saml:AttributeValue></saml:Attribute>"
        .to_owned();
    let assertion = outcome(response.signed()?)?;
    assert_eq!(assertion.attribute_values("groups").count(), 0);
    assert_eq!(assertion.attribute_values("urn:oid:1.1").collect::<Vec<_>>(), ["administrators"]);
    Ok(())
}

#[test]
fn attributes_outside_their_statement_are_none() -> anyhow::Result<()> {
    let response = response();
    let loose = "<saml:Attribute Name=\"groups\"><saml:AttributeValue>administrators\
                 </saml:AttributeValue></saml:Attribute>";
    let nested = format!("<x:y xmlns:x=\"urn:x\">{loose}</x:y></saml:AttributeStatement>");
    let xml = response.xml().replace("</saml:AttributeStatement>", &nested);
    let xml = xml.replace("</saml:Assertion>", &format!("{loose}</saml:Assertion>"));
    let assertion = outcome(response.sign(&xml)?)?;
    assert_eq!(assertion.attribute_values("groups").collect::<Vec<_>>(), ["users"]);
    Ok(())
}

#[test]
fn refuses_what_is_encrypted_by_name() -> anyhow::Result<()> {
    for name in
        ["<saml:EncryptedID></saml:EncryptedID>", "<saml:EncryptedID/><saml:NameID>a</saml:NameID>"]
    {
        let code = refusal_of(|response| response.subject_name = name.to_owned())?;
        assert_ne!(code, ACCEPTED, "{name}");
    }
    Ok(())
}

#[test]
fn refuses_messages_of_other_kinds() -> anyhow::Result<()> {
    let signed = response().signed()?;
    let (_, assertion, _) = super::apart(&signed);
    let renamed = |name: &str| signed.replace("samlp:Response", &format!("samlp:{name}"));
    let soap = "http://schemas.xmlsoap.org/soap/envelope/";
    for message in [
        assertion.to_owned(),
        renamed("LogoutResponse"),
        renamed("LogoutRequest"),
        renamed("ArtifactResponse"),
        renamed("AuthnRequest"),
        renamed("response"),
        signed.replace("SAML:2.0:protocol", "SAML:1.0:protocol"),
        format!("<s:Envelope xmlns:s=\"{soap}\"><s:Body>{signed}</s:Body></s:Envelope>"),
        format!(
            "<t:RequestSecurityTokenResponse xmlns:t=\"urn:x\">{assertion}\
                 </t:RequestSecurityTokenResponse>"
        ),
    ] {
        assert_eq!(refusal(message.clone()), "not_a_response", "{message}");
    }
    Ok(())
}

#[test]
fn refuses_an_assertion_of_saml_1() -> anyhow::Result<()> {
    let xml = response().xml().replace("SAML:2.0:assertion", "SAML:1.0:assertion");
    assert_eq!(code(outcome(xml)), "assertion_count");
    Ok(())
}

#[test]
fn refuses_a_response_without_an_assertion() -> anyhow::Result<()> {
    let xml = response().xml();
    let (before, _, after) = super::apart(&xml);
    assert_eq!(refusal([before, after].concat()), "assertion_count");
    Ok(())
}

#[test]
fn refuses_an_assertion_in_another_place_of_the_response() -> anyhow::Result<()> {
    let signed = response().signed()?;
    let (before, assertion, after) = super::apart(&signed);
    let moved = format!("<samlp:Extensions>{assertion}</samlp:Extensions>");
    assert_eq!(refusal([before, &moved, after].concat()), "assertion_count");
    Ok(())
}
