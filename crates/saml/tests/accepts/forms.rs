//! The same message in every form that XML allows.

use super::{accepted, accepted_text, name, values};
use crate::scene::{outcome, response};
use saml::Signed;
use testkit::{Prefixes, Signature};

#[test]
fn accepts_every_prefix_style() -> anyhow::Result<()> {
    for (protocol, assertion) in [
        ("samlp", "saml"),
        ("saml2p", "saml2"),
        ("ns0", "ns1"),
        ("", "saml"),
        ("samlp", ""),
        ("a", "saml2"),
    ] {
        for places in [Signed::Assertion, Signed::Response, Signed::Both] {
            let mut response = response();
            response.prefixes = Prefixes { protocol, assertion };
            let at = |here: bool| here.then(Signature::default);
            response.assertion_signature = at(places != Signed::Response);
            response.response_signature = at(places != Signed::Assertion);
            let verified = outcome(response.signed()?)?;
            assert_eq!(name(&verified), Some("camilla"), "{protocol:?} {assertion:?}");
            assert_eq!(verified.signed(), places);
        }
    }
    Ok(())
}

#[test]
fn accepts_one_prefix_for_both_namespaces_in_turn() -> anyhow::Result<()> {
    // The assertion declares anew what the response's prefix means.
    let assertion = accepted(|response| {
        response.prefixes = Prefixes { protocol: "", assertion: "" };
    })?;
    assert_eq!(name(&assertion), Some("camilla"));
    Ok(())
}

#[test]
fn accepts_a_declaration_a_byte_order_mark_and_what_may_surround_the_root() -> anyhow::Result<()> {
    let signed = response().signed()?;
    for (before, after) in [
        ("\u{feff}", ""),
        ("<?xml version=\"1.0\"?>", ""),
        ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n", "\n"),
        ("<?xml version='1.0' encoding='utf-8' standalone='yes' ?>\r\n", "\r\n\r\n"),
        ("<?xml version = \"1.0\" standalone= \"no\"?>", " \t"),
        ("\u{feff}<?xml version=\"1.0\" encoding=\"Utf-8\"?>", ""),
        ("<!-- made by an IdP -->\n", "<!-- the end -->"),
        ("\n\n  ", "\n"),
    ] {
        let assertion = outcome([before, &signed, after].concat())?;
        assert_eq!(name(&assertion), Some("camilla"), "{before:?}");
    }
    Ok(())
}

/// XML 1.0 §2.3, xmlschema-1 §3.4.4: between elements it is white space, however it is written.
#[test]
fn accepts_white_space_between_elements_that_is_written_as_references() -> anyhow::Result<()> {
    for blank in ["&#13;", "&#xD;\n", "&#xd;&#10;", " &#x20;\t&#9;", "&#0013;", "\r\n&#13;\r"] {
        let assertion = accepted_text(|text| {
            let parts = ["SignedInfo>", "ds:Reference ", "ds:Transforms>", "ds:DigestMethod "];
            parts.into_iter().fold(text.to_owned(), |text, part| {
                text.replace(&format!("<{part}"), &format!("{blank}<{part}"))
                    .replace(&format!("<ds:{part}"), &format!("{blank}<ds:{part}"))
            })
        })?;
        assert_eq!(name(&assertion), Some("camilla"), "{blank:?}");
    }
    Ok(())
}

#[test]
fn accepts_ids_that_begin_with_a_digit() -> anyhow::Result<()> {
    for id in ["0", "12345678-9abc-4def-8012-3456789abcde", "1.2_3-4"] {
        let assertion = accepted(|response| response.assertion_id = id.to_owned())?;
        assert_eq!(assertion.id(), id);
        assert_eq!(name(&accepted(|response| response.id = id.to_owned())?), Some("camilla"));
    }
    Ok(())
}

/// xmlschema-2 §4.3.6: what stands around a time does not count, a line break neither.
#[test]
fn accepts_blanks_around_times() -> anyhow::Result<()> {
    for (before, after) in [(" ", " "), ("\n  ", ""), ("", "&#9;"), ("&#xD;", "&#xA; ")] {
        let assertion = accepted_text(|text| {
            ["IssueInstant", "NotBefore", "NotOnOrAfter", "AuthnInstant"].iter().fold(
                text.to_owned(),
                |text, name| {
                    let pieces: Vec<_> = text.split(&format!(" {name}=\"")).collect();
                    let (first, rest) = pieces.split_first().expect("one piece at least");
                    let padded = rest.iter().map(|piece| {
                        let (time, rest) = piece.split_once('"').expect("the value's end");
                        format!(" {name}=\"{before}{time}{after}\"{rest}")
                    });
                    std::iter::once((*first).to_owned()).chain(padded).collect()
                },
            )
        })?;
        assert_eq!(name(&assertion), Some("camilla"), "{before:?} {after:?}");
    }
    Ok(())
}

#[test]
fn accepts_tags_however_they_are_spaced_and_quoted() -> anyhow::Result<()> {
    // Each is written like this before it is signed: the digest is over the canonical form.
    for (from, to) in [
        (" Version=", "\n Version="),
        (" Version=", "\nVersion="),
        (" Version=", "\tVersion="),
        (" Version=", "\r\nVersion="),
        (" Version=", "   Version ="),
        (" NotOnOrAfter=", "\nNotOnOrAfter="),
        (" Name=", "\tName="),
        ("<saml:Subject>", "<saml:Subject >"),
        ("</saml:Subject>", "</saml:Subject\n>"),
        ("\">camilla", "\" >camilla"),
        ("Name=\"groups\"", "Name = 'groups'"),
        ("Name=\"groups\"", "Name='groups'"),
        ("Name=\"groups\"", "Name=\"gr&#111;ups\""),
        ("<saml:AuthnContext>", "\r\n    <saml:AuthnContext>\n\n"),
    ] {
        let mut response = response();
        response.subject_name = "<saml:NameID Format=\"urn:x\">camilla</saml:NameID>".to_owned();
        let changed = response.xml().replace(from, to);
        assert_ne!(changed, response.xml(), "{from:?}");
        let assertion = outcome(response.sign(&changed)?)?;
        assert_eq!(values(&assertion, "groups"), ["users"], "{from:?} to {to:?}");
    }
    Ok(())
}

#[test]
fn accepts_the_same_after_signing_because_the_canonical_form_is_the_same() -> anyhow::Result<()> {
    let signed = response().signed()?;
    for (from, to) in [
        ("<saml:Subject>", "<saml:Subject\n\n>"),
        (" Method=", "\n  Method  =\t"),
        ("Name=\"groups\"", "Name='groups'"),
        ("<saml:Subject>", "<saml:Subject><!-- a comment -->"),
        ("<saml:Subject>", "<saml:Subject xmlns:unused=\"urn:unused\">"),
        (">users<", "><![CDATA[users]]><"),
        (">users<", ">us&#x65;rs<"),
    ] {
        let changed = signed.replacen(from, to, 1);
        assert_ne!(changed, signed, "{from:?}");
        let assertion = outcome(changed)?;
        assert_eq!(values(&assertion, "groups"), ["users"], "{from:?} to {to:?}");
    }
    Ok(())
}

#[test]
fn accepts_attributes_in_any_order_with_prefixes_among_them() -> anyhow::Result<()> {
    let assertion = accepted_text(|xml| {
        xml.replace(
            "<saml:Attribute Name=\"groups\">",
            "<saml:Attribute z=\"1\" b:a=\"2\" xml:lang=\"en\" a:b=\"3\" Name=\"groups\" a:a=\"4\" \
             xmlns:b=\"urn:a\" xmlns:a=\"urn:b\" FriendlyName=\"g\" xml:base=\"urn:x\">",
        )
    })?;
    assert_eq!(values(&assertion, "groups"), ["users"]);
    Ok(())
}

#[test]
fn accepts_blanks_of_every_kind_in_attribute_values() -> anyhow::Result<()> {
    let assertion = accepted_text(|xml| {
        xml.replace("Name=\"groups\"", "Name=\"a\tb\nc\r\nd&#9;e&#10;f&#13;g&#x20;&quot;&lt;>'\"")
    })?;
    let name = assertion.attributes().next().map(|attribute| attribute.name);
    assert_eq!(name, Some("a b c d\te\nf\rg \"<>'"));
    Ok(())
}

#[test]
fn accepts_text_in_every_form() -> anyhow::Result<()> {
    for (written, meant) in [
        ("a &amp; b", "a & b"),
        ("&lt;b&gt; > &quot;&apos;\"'", "<b> > \"'\"'"),
        ("a\r\nb\rc&#13;d", "a\nb\nc\rd"),
        ("<![CDATA[a & <b>]]>", "a & <b>"),
        ("a<![CDATA[]]]]><![CDATA[>]]>b", "a]]>b"),
        ("a<!-- x -->b<!---->", "ab"),
        ("\u{1F414} Camilla the Chicken", "\u{1F414} Camilla the Chicken"),
        ("&#x1F414;&#128020;", "\u{1F414}\u{1F414}"),
        ("Zo\u{eb} Zoe\u{308}", "Zo\u{eb} Zoe\u{308}"),
        (
            "\u{85}\u{2028}\u{a0}\u{feff}\u{200b}\u{202e}",
            "\u{85}\u{2028}\u{a0}\u{feff}\u{200b}\u{202e}",
        ),
        ("\u{fffd}\u{10ffff}\u{e000}", "\u{fffd}\u{10ffff}\u{e000}"),
        ("  two  blanks  ", "  two  blanks  "),
        ("]] ] >", "]] ] >"),
    ] {
        let assertion = accepted_text(|xml| xml.replace(">users<", &format!(">{written}<")))?;
        assert_eq!(values(&assertion, "groups"), [meant], "{written:?}");
    }
    Ok(())
}

#[test]
fn accepts_a_pretty_printed_message() -> anyhow::Result<()> {
    for line_end in ["\n", "\r\n"] {
        let response = response();
        let pretty = response.xml().replace("><", &format!(">{line_end}  <"));
        let assertion = outcome(response.sign(&pretty)?)?;
        assert_eq!(values(&assertion, "groups"), ["users"]);
    }
    Ok(())
}
