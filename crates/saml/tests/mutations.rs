//! Genuine messages, changed: whoever is read from one is who was signed, and xmlsec1 agrees on
//! what its signature is worth.

mod scene;

use std::cell::Cell;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use saml::{Expected, RawResponse, VerifiedAssertion, accept};
use scene::{REQUEST, SKEW, SP, now, outcome, response, trusting};
use testkit::{Key, Place, Signature, verifies};

/// Everything that is read, in one text.
fn identity(assertion: &VerifiedAssertion) -> String {
    let attributes: Vec<_> = assertion
        .attributes()
        .map(|attribute| (attribute.name, attribute.values().collect::<Vec<_>>()))
        .collect();
    format!(
        "{} {} {:?} {:?} {:?} {:?} {attributes:?}",
        assertion.id(),
        assertion.issuer(),
        assertion.name_id(),
        assertion.session_index(),
        assertion.authn_context_class_ref(),
        assertion.session_not_on_or_after(),
    )
}

/// A message signed at the assertion, at the response, and at both.
fn genuine() -> anyhow::Result<[String; 3]> {
    let at = |assertion: bool, around: bool| {
        let mut response = response();
        response.subject_name = "<saml:NameID Format=\"urn:x\" NameQualifier=\"q\">camilla\
                                 </saml:NameID>"
            .to_owned();
        response.assertion_signature =
            assertion.then(|| Signature::with_prefix_list("xs saml #default"));
        response.response_signature = around.then(Signature::default);
        response.signed()
    };
    Ok([at(true, false)?, at(false, true)?, at(true, true)?])
}

#[test]
fn flipping_any_byte_never_changes_who_is_read() -> anyhow::Result<()> {
    let idp = trusting(&[Key::Rsa2048]);
    for message in genuine()? {
        let signed = identity(&outcome(message.clone())?);
        let mut accepted = 0;
        for at in 0..message.len() {
            for flip in [0x01, 0x04, 0x20, 0x80] {
                let mut changed = message.clone().into_bytes();
                changed[at] ^= flip;
                let Ok(raw) = RawResponse::from_xml(changed) else { continue };
                let expected = Expected::Request(REQUEST);
                if let Ok(read) = accept(&raw, &idp, &SP, expected, now(), SKEW) {
                    assert_eq!(identity(&read), signed, "byte {at} flipped by {flip}");
                    accepted += 1;
                }
            }
        }
        // Only what no signature covers may change: of a signed response hardly anything.
        assert!(accepted < message.len(), "{accepted} of {} were accepted", message.len());
    }
    Ok(())
}

/// The administrator's message of the same IdP, right in everything but that it is for another
/// service provider.
fn administrators(id: &str, assertion: bool, around: bool) -> anyhow::Result<String> {
    let mut response = response();
    response.id = format!("_r{id}");
    response.assertion_id = id.to_owned();
    response.subject_name = "<saml:NameID>admin</saml:NameID>".to_owned();
    response.attributes = response.attributes.replace("users", "administrators");
    response.audiences = vec![vec!["https://other.example.org/".to_owned()]];
    response.assertion_signature = assertion.then(Signature::default);
    response.response_signature = around.then(Signature::default);
    response.signed()
}

/// From where to where each element of a message stands, which has no comments.
fn elements(message: &str) -> Vec<(usize, usize)> {
    let (mut open, mut elements) = (Vec::new(), Vec::new());
    for (start, _) in message.match_indices('<') {
        let end = start + message[start..].find('>').expect("a tag ends") + 1;
        let tag = &message[start..end];
        if tag.starts_with("</") {
            elements.push((open.pop().expect("it was opened"), end));
        } else if tag.ends_with("/>") {
            elements.push((start, end));
        } else {
            open.push(start);
        }
    }
    elements
}

#[test]
fn no_part_of_another_message_put_anywhere_makes_somebody_else_of_the_person() -> anyhow::Result<()>
{
    // Every signature wrapping there is, and all that nobody has thought of: each element of one
    // genuine message before, behind, within and in the place of each element of another.
    let idp = trusting(&[Key::Rsa2048]);
    let mut messages = 0;
    for (genuine, (assertion, around)) in
        genuine()?.into_iter().zip([(true, false), (false, true), (true, true)])
    {
        let signed = identity(&outcome(genuine.clone())?);
        let places = elements(&genuine);
        for id in ["_assertion", "_other"] {
            let other = administrators(id, assertion, around)?;
            for (from, to) in elements(&other) {
                let part = &other[from..to];
                for (start, end) in &places {
                    let (start, end) = (*start, *end);
                    let inside = start + genuine[start..].find('>').expect("a tag ends") + 1;
                    let whole = &genuine[start..end];
                    for mixed in [
                        [&genuine[..start], part, &genuine[start..]].concat(),
                        [&genuine[..end], part, &genuine[end..]].concat(),
                        [&genuine[..inside], part, &genuine[inside..]].concat(),
                        [&genuine[..start], part, &genuine[end..]].concat(),
                        // The genuine one inside the other, where that has room.
                        [
                            &genuine[..start],
                            &part.replacen("><", &format!(">{whole}<"), 1),
                            &genuine[end..],
                        ]
                        .concat(),
                    ] {
                        messages += 1;
                        let raw = RawResponse::from_xml(mixed.into_bytes())?;
                        let expected = Expected::Request(REQUEST);
                        if let Ok(read) = accept(&raw, &idp, &SP, expected, now(), SKEW) {
                            assert_eq!(identity(&read), signed, "{}", raw.xml());
                        }
                    }
                }
            }
        }
    }
    println!("{messages} messages");
    assert!(messages > 10_000, "only {messages} messages");
    Ok(())
}

/// What may be put in: most of it leaves the canonical form as it is, the rest must not pass.
const INSERTIONS: &[&str] = &[
    " ",
    "\n",
    "\t",
    "\r\n",
    "  \n ",
    "<!-- x -->",
    "<!---->",
    "<![CDATA[]]>",
    "<![CDATA[x]]>",
    " xmlns:q=\"urn:q\"",
    " xmlns:q='urn:q'",
    " xmlns=\"\"",
    " xmlns=\"urn:q\"",
    " xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"",
    " xmlns:xs=\"urn:xs\"",
    " q=\"\"",
    " xml:lang=\"en\"",
    "&#x41;",
    "&#13;",
    "&#10;",
    "\r",
    ">",
    "x",
    "<q/>",
    "<q xmlns=\"\"/>",
    "'",
];

/// Where tags and values begin and end, and now and then anywhere.
fn places(message: &str) -> Vec<usize> {
    let mut places: Vec<usize> = Vec::new();
    for (at, byte) in message.bytes().enumerate() {
        match byte {
            b'>' => places.extend([at, at + 1]),
            b'<' | b' ' => places.push(at),
            b'"' => places.extend([at, at + 1]),
            _ if at % 41 == 0 => places.push(at),
            _ => {}
        }
    }
    places
}

#[test]
fn xmlsec1_verifies_what_we_accept_and_refuses_what_breaks_the_signature_here() {
    let messages = genuine().expect("the signer signs");
    let places = messages.each_ref().map(|message| places(message));
    let insertion = (any::<prop::sample::Index>(), prop::sample::select(INSERTIONS));
    let strategy = (0..3usize, prop::collection::vec(insertion, 1..4));
    let (accepted, broken) = (Cell::new(0), Cell::new(0));
    let config = Config { cases: 2500, failure_persistence: None, ..Config::default() };
    let outcome = TestRunner::new(config).run(&strategy, |(which, insertions)| {
        let mut changed = messages[which].clone();
        let mut insertions: Vec<_> =
            insertions.iter().map(|(at, what)| (*at.get(&places[which]), *what)).collect();
        insertions.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
        for (at, what) in insertions {
            changed.insert_str(at, what);
        }
        let verified = |changed: &str| {
            let at = |place| verifies(changed, place, Key::Rsa2048).expect("xmlsec1 runs");
            (which == 1 || at(Place::Assertion)) && (which == 0 || at(Place::Response))
        };
        match scene::outcome(changed.clone()) {
            Ok(read) => {
                accepted.set(accepted.get() + 1);
                prop_assert!(verified(&changed), "xmlsec1 does not verify {changed}");
                prop_assert_eq!(read.name_id().map(|name| name.value), Some("camilla"));
            }
            Err(rejection)
                if ["digest_mismatch", "signature_invalid"].contains(&rejection.code()) =>
            {
                broken.set(broken.get() + 1);
                prop_assert!(!verified(&changed), "xmlsec1 verifies {changed}");
            }
            Err(_) => {}
        }
        Ok(())
    });
    outcome.expect("both agree");
    let (accepted, broken) = (accepted.get(), broken.get());
    println!("{accepted} messages accepted by both, {broken} signatures refused by both");
    assert!(accepted > 100 && broken > 100, "{accepted} accepted, {broken} broken");
}
