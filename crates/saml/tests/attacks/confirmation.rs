//! The subject's confirmation: one bearer confirmation satisfies everything, or nothing does.

use super::{code, refusal_of};
use crate::scene::{ACS, REQUEST, SP, now, outcome, outcome_at, response, trusting};
use saml::{Expected, Rejection, Signed, VerifiedAssertion};
use testkit::{Confirmation, Key, Response};

const ACCEPTED: &str = "it was accepted";

/// The code for a response whose only confirmation was changed.
fn with(change: impl FnOnce(&mut Confirmation)) -> anyhow::Result<&'static str> {
    refusal_of(|response| change(&mut response.confirmations[0]))
}

/// One of the usual kind, changed.
fn confirmation(change: impl FnOnce(&mut Confirmation)) -> Confirmation {
    let mut confirmation = response().confirmations.remove(0);
    change(&mut confirmation);
    confirmation
}

fn text(value: &str) -> Option<String> {
    Some(value.to_owned())
}

#[test]
fn refuses_a_subject_without_any_confirmation() -> anyhow::Result<()> {
    let code = refusal_of(|response| response.confirmations.clear())?;
    assert_eq!(code, "subject_confirmation");
    Ok(())
}

#[test]
fn refuses_confirmations_by_other_methods() -> anyhow::Result<()> {
    for method in [
        "urn:oasis:names:tc:SAML:2.0:cm:holder-of-key",
        "urn:oasis:names:tc:SAML:2.0:cm:sender-vouches",
        "urn:oasis:names:tc:SAML:1.0:cm:bearer",
        "urn:oasis:names:tc:SAML:2.0:cm:Bearer",
        " urn:oasis:names:tc:SAML:2.0:cm:bearer",
        "bearer",
        "",
    ] {
        let code = with(|confirmation| confirmation.method = method.to_owned())?;
        assert_eq!(code, "subject_confirmation", "{method:?}");
    }
    Ok(())
}

#[test]
fn refuses_a_recipient_that_is_not_ours_letter_by_letter() -> anyhow::Result<()> {
    for recipient in [
        "",
        "https://evil.example.org/plugins/servlet/saml/auth",
        "https://jira.example.org/plugins/servlet/saml/auth/",
        "https://jira.example.org/plugins/servlet/saml/auth?x=y",
        "https://jira.example.org/plugins/servlet/saml/auth#x",
        "https://jira.example.org/plugins/servlet/saml/aut",
        "https://jira.example.org/plugins/servlet/saml/authx",
        "https://jira.example.org:443/plugins/servlet/saml/auth",
        "https://JIRA.example.org/plugins/servlet/saml/auth",
        "https://jira.example.org./plugins/servlet/saml/auth",
        "https://jira.example.org/plugins//servlet/saml/auth",
        "https://jira.example.org/plugins/./servlet/saml/auth",
        "https://jira.example.org/plugins/servlet/saml/%61uth",
        "https://jira.example.org@evil.example.org/plugins/servlet/saml/auth",
        "http://jira.example.org/plugins/servlet/saml/auth",
        " https://jira.example.org/plugins/servlet/saml/auth",
        "https://jira.example.org/plugins/servlet/saml/auth&#xA0;",
        "https://jira.example.org/plugins/servlet/saml/auth&#xA;",
        "https://jira.example.org/",
    ] {
        let code = with(|confirmation| confirmation.recipient = text(recipient))?;
        assert_eq!(code, "recipient", "{recipient:?}");
    }
    Ok(())
}

#[test]
fn refuses_a_confirmation_without_a_recipient() -> anyhow::Result<()> {
    assert_eq!(with(|confirmation| confirmation.recipient = None)?, "recipient");
    Ok(())
}

/// A response that is signed itself and names the request binds as well as a confirmation that does.
/// Nothing else makes up for a confirmation without it.
#[test]
fn only_a_signed_response_may_name_the_request_alone() -> anyhow::Result<()> {
    let with = |places: Signed, own: Option<&str>, inside: Option<&str>| {
        refusal_of(|response| {
            response.in_response_to = own.map(str::to_owned);
            response.confirmations[0].in_response_to = inside.map(str::to_owned);
            response.response_signature =
                (places != Signed::Assertion).then(testkit::Signature::default);
            response.assertion_signature =
                (places != Signed::Response).then(testkit::Signature::default);
        })
    };
    let ours = Some(REQUEST);
    assert_eq!(with(Signed::Response, ours, None)?, ACCEPTED);
    assert_eq!(with(Signed::Both, ours, None)?, ACCEPTED);
    assert_eq!(with(Signed::Assertion, ours, None)?, "in_response_to");
    for places in [Signed::Assertion, Signed::Response, Signed::Both] {
        for inside in [Some(""), Some("_other"), Some(" ")] {
            assert_eq!(with(places, ours, inside)?, "in_response_to", "{places:?} {inside:?}");
        }
        assert_eq!(with(places, None, None)?, "in_response_to", "{places:?}");
        assert_eq!(with(places, Some(""), None)?, "in_response_to", "{places:?}");
        assert_eq!(with(places, Some("_other"), None)?, "in_response_to", "{places:?}");
        assert_eq!(with(places, None, ours)?, ACCEPTED, "{places:?}");
    }
    Ok(())
}

#[test]
fn refuses_a_confirmation_that_answers_another_request_or_none() -> anyhow::Result<()> {
    // CVE-2026-49284, CVE-2026-9098: what is not signed names the right request, what is does not.
    for request in ["_other", "", "_REQUEST", "_request ", "&#x5F;request&#xA0;"] {
        let code = with(|confirmation| confirmation.in_response_to = text(request))?;
        assert_eq!(code, "in_response_to", "{request:?}");
    }
    assert_eq!(with(|confirmation| confirmation.in_response_to = None)?, "in_response_to");
    Ok(())
}

#[test]
fn refuses_a_response_that_answers_another_request_than_its_confirmation() -> anyhow::Result<()> {
    for request in ["_other", ""] {
        let code = refusal_of(|response| response.in_response_to = text(request))?;
        assert_eq!(code, "in_response_to", "{request:?}");
    }
    Ok(())
}

#[test]
fn accepts_a_response_that_leaves_the_request_to_its_confirmation() -> anyhow::Result<()> {
    assert_eq!(refusal_of(|response| response.in_response_to = None)?, ACCEPTED);
    Ok(())
}

#[test]
fn refuses_a_bearer_confirmation_without_an_end_or_with_a_start() -> anyhow::Result<()> {
    // saml-profiles §4.1.4.2: NotOnOrAfter must be there, NotBefore must not.
    assert_eq!(with(|it| it.not_on_or_after = None)?, "subject_confirmation");
    assert_eq!(with(|it| it.not_before = text("2026-03-01T11:00:00Z"))?, "subject_confirmation");
    Ok(())
}

#[test]
fn refuses_conditions_that_are_met_only_by_two_confirmations_together() -> anyhow::Result<()> {
    // CVE-2020-5268.
    let over = |it: &mut Confirmation| it.not_on_or_after = text("2026-03-01T11:00:00Z");
    let elsewhere = |it: &mut Confirmation| it.recipient = text("https://evil.example.org/acs");
    let foreign = |it: &mut Confirmation| it.in_response_to = text("_other");
    for (pair, expected) in [
        ([confirmation(over), confirmation(elsewhere)], "recipient"),
        ([confirmation(elsewhere), confirmation(over)], "expired"),
        ([confirmation(foreign), confirmation(over)], "expired"),
        ([confirmation(over), confirmation(foreign)], "in_response_to"),
    ] {
        let code = refusal_of(|response| response.confirmations = pair.to_vec())?;
        assert_eq!(code, expected);
    }
    Ok(())
}

#[test]
fn refuses_two_data_in_one_confirmation() -> anyhow::Result<()> {
    let response = response();
    let data = |recipient: &str, request: &str| {
        format!(
            "<saml:SubjectConfirmationData InResponseTo=\"{request}\" \
             NotOnOrAfter=\"2026-03-01T12:05:00Z\" Recipient=\"{recipient}\"/>"
        )
    };
    let (good, bad) = (data(ACS, REQUEST), data("https://evil.example.org/acs", "_other"));
    for both in [[&good, &bad], [&bad, &good], [&good, &good]] {
        let xml = replace_data(&response, &both.map(String::as_str).concat());
        assert_eq!(code(outcome(response.sign(&xml)?)), "subject_confirmation");
    }
    let xml = replace_data(&response, "");
    assert_eq!(code(outcome(response.sign(&xml)?)), "subject_confirmation");
    Ok(())
}

/// The message with something else where its SubjectConfirmationData stood.
fn replace_data(response: &Response, data: &str) -> String {
    let xml = response.xml();
    let end = "</saml:SubjectConfirmationData>";
    let start = xml.find("<saml:SubjectConfirmationData").expect("the data");
    let behind = xml.find(end).expect("its end") + end.len();
    [&xml[..start], data, &xml[behind..]].concat()
}

#[test]
fn refuses_data_of_another_namespace() -> anyhow::Result<()> {
    let response = response();
    let data = format!(
        "<x:SubjectConfirmationData xmlns:x=\"urn:x\" InResponseTo=\"{REQUEST}\" \
         NotOnOrAfter=\"2026-03-01T12:05:00Z\" Recipient=\"{ACS}\"/>"
    );
    let xml = replace_data(&response, &data);
    assert_eq!(code(outcome(response.sign(&xml)?)), "subject_confirmation");
    Ok(())
}

#[test]
fn refuses_attributes_of_another_namespace_for_those_that_are_asked_for() -> anyhow::Result<()> {
    let response = response();
    let data = format!(
        "<saml:SubjectConfirmationData xmlns:x=\"{saml}\" x:InResponseTo=\"{REQUEST}\" \
         x:NotOnOrAfter=\"2026-03-01T12:05:00Z\" x:Recipient=\"{ACS}\"/>",
        saml = "urn:oasis:names:tc:SAML:2.0:assertion"
    );
    let xml = replace_data(&response, &data);
    assert_eq!(code(outcome(response.sign(&xml)?)), "recipient");
    Ok(())
}

#[test]
fn one_fitting_confirmation_is_enough_wherever_it_stands() -> anyhow::Result<()> {
    let other =
        confirmation(|it| it.method = "urn:oasis:names:tc:SAML:2.0:cm:holder-of-key".into());
    let foreign = confirmation(|it| it.recipient = text("https://other.example.org/acs"));
    let good = confirmation(|_| ());
    for list in [
        vec![good.clone(), other.clone(), foreign.clone()],
        vec![other.clone(), foreign.clone(), good.clone()],
        vec![foreign, good.clone(), other],
        vec![good.clone(), good],
    ] {
        assert_eq!(refusal_of(|response| response.confirmations = list)?, ACCEPTED);
    }
    Ok(())
}

#[test]
fn refuses_what_stands_behind_more_confirmations_than_anybody_sends() -> anyhow::Result<()> {
    let foreign = confirmation(|it| it.recipient = text("https://other.example.org/acs"));
    let mut list = vec![foreign; 16];
    list.push(confirmation(|_| ()));
    assert_eq!(refusal_of(|response| response.confirmations = list)?, "recipient");
    Ok(())
}

#[test]
fn a_name_within_the_confirmation_is_not_the_subjects() -> anyhow::Result<()> {
    let response = response();
    let xml = response.xml().replace(
        "<saml:SubjectConfirmationData",
        "<saml:NameID>admin</saml:NameID><saml:SubjectConfirmationData",
    );
    let assertion = outcome(response.sign(&xml)?)?;
    assert_eq!(assertion.name_id().map(|name| name.value), Some("camilla"));
    Ok(())
}

#[test]
fn refuses_subjects_that_are_missing_or_repeated() -> anyhow::Result<()> {
    let response = response();
    let xml = response.xml();
    let end = "</saml:Subject>";
    let start = xml.find("<saml:Subject>").expect("a subject");
    let behind = xml.find(end).expect("its end") + end.len();
    let none = [&xml[..start], &xml[behind..]].concat();
    assert_eq!(code(outcome(response.sign(&none)?)), "malformed");
    let subject = &xml[start..behind];
    let admin = subject.replace("camilla", "admin");
    for both in [[subject, &admin], [&admin, subject]] {
        let two = [&xml[..start], both[0], both[1], &xml[behind..]].concat();
        assert_eq!(code(outcome(response.sign(&two)?)), "malformed");
    }
    Ok(())
}

fn outcome_unsolicited(xml: String) -> Result<VerifiedAssertion, Rejection> {
    outcome_at(xml, &trusting(&[Key::Rsa2048]), &SP, Expected::Unsolicited, now())
}

/// A response that nobody asked for.
fn unsolicited() -> Response {
    let mut response = response();
    response.in_response_to = None;
    response.confirmations[0].in_response_to = None;
    response
}

#[test]
fn refuses_an_unsolicited_response_while_a_request_is_pending() -> anyhow::Result<()> {
    assert_eq!(code(outcome(unsolicited().signed()?)), "in_response_to");
    Ok(())
}

#[test]
fn accepts_an_unsolicited_response_where_they_are_allowed() -> anyhow::Result<()> {
    let assertion = outcome_unsolicited(unsolicited().signed()?)?;
    assert_eq!(assertion.in_response_to(), None);
    Ok(())
}

#[test]
fn refuses_a_stolen_answer_dressed_as_an_unsolicited_one() -> anyhow::Result<()> {
    // The response is not signed: its InResponseTo can be taken out, its confirmation's cannot.
    let stolen = response().signed()?;
    assert_eq!(code(outcome_unsolicited(stolen.clone())), "in_response_to");
    let undressed = stolen.replacen(&format!(" InResponseTo=\"{REQUEST}\""), "", 1);
    assert_eq!(code(outcome_unsolicited(undressed)), "in_response_to");
    let mut empty = unsolicited();
    empty.confirmations[0].in_response_to = text("");
    assert_eq!(code(outcome_unsolicited(empty.signed()?)), "in_response_to");
    Ok(())
}
