//! XML itself: what a strict parser refuses, and what it must read whole.

use super::{refusal, refusal_of};
use crate::scene::{outcome, response};

const ACCEPTED: &str = "it was accepted";

fn signed() -> anyhow::Result<String> {
    response().signed()
}

/// The code for a genuine message behind this document type.
fn behind(doctype: &str) -> anyhow::Result<&'static str> {
    Ok(refusal(format!("{doctype}{}", signed()?)))
}

#[test]
fn refuses_every_document_type() -> anyhow::Result<()> {
    // CVE-2016-10149, CVE-2017-9672, CVE-2025-23369: external and internal entities, defaults.
    for doctype in [
        "<!DOCTYPE x>",
        "<!doctype x>",
        "<!DOCTYPE x SYSTEM \"http://127.0.0.1:1/x.dtd\">",
        "<!DOCTYPE x [<!ENTITY e \"admin\">]>",
        "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>",
        "<!DOCTYPE x [<!ENTITY % p SYSTEM \"http://127.0.0.1:1/\"> %p;]>",
        "<!DOCTYPE x [<!ATTLIST samlp:Response ID ID #IMPLIED>]>",
        "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]>",
        "<?xml version=\"1.0\"?><!DOCTYPE x>",
        "\n<!-- x --><!DOCTYPE x>",
    ] {
        assert_eq!(behind(doctype)?, "xml", "{doctype}");
    }
    Ok(())
}

#[test]
fn refuses_a_document_type_anywhere_else() -> anyhow::Result<()> {
    for place in ["<saml:Subject>", "camilla", "</samlp:Response>"] {
        let changed = signed()?.replacen(place, &format!("<!DOCTYPE x>{place}"), 1);
        assert_eq!(refusal(changed), "xml", "{place}");
    }
    assert_eq!(refusal([signed()?, "<!DOCTYPE x>".to_owned()].concat()), "xml");
    Ok(())
}

#[test]
fn refuses_entities_of_ones_own() -> anyhow::Result<()> {
    for entity in ["&e;", "&nbsp;", "&AMP;", "&amp", "&#;", "&#x;", "&#xZ;", "&#-1;", "& ", "&%p;"]
    {
        let changed = signed()?.replacen("camilla", entity, 1);
        assert_eq!(refusal(changed), "xml", "{entity}");
        let changed = signed()?.replacen("_session", entity, 1);
        assert_eq!(refusal(changed), "xml", "{entity}");
    }
    Ok(())
}

#[test]
fn refuses_characters_that_xml_does_not_have() -> anyhow::Result<()> {
    for text in [
        "&#0;",
        "&#x0;",
        "&#x1F;",
        "&#xB;",
        "&#xD800;",
        "&#xDFFF;",
        "&#xFFFE;",
        "&#xFFFF;",
        "&#x110000;",
        "&#4294967361;",
        "\0",
        "\u{1}",
        "\u{b}",
        "\u{fffe}",
        "\u{ffff}",
    ] {
        let changed = signed()?.replacen("camilla", text, 1);
        assert_eq!(refusal(changed), "xml", "{text:?}");
        let changed = signed()?.replacen("_session", text, 1);
        assert_eq!(refusal(changed), "xml", "{text:?}");
    }
    for (open, close) in [("<!--", "-->"), ("<![CDATA[", "]]>")] {
        let changed = signed()?.replacen("camilla", &format!("{open}\u{1}{close}"), 1);
        assert_eq!(refusal(changed), "xml", "{open}");
    }
    Ok(())
}

/// The name that is read when `name` is signed and then written as `written`.
fn name_read(name: &str, written: &str) -> anyhow::Result<String> {
    let mut response = response();
    response.subject_name = format!("<saml:NameID>{name}</saml:NameID>");
    let signed = response.signed()?;
    assert!(signed.contains(name));
    let assertion = outcome(signed.replacen(name, written, 1))?;
    Ok(assertion.name_id().map(|name| name.value.to_owned()).unwrap_or_default())
}

#[test]
fn a_comment_does_not_shorten_a_name() -> anyhow::Result<()> {
    // CVE-2017-11427 to 11430, CVE-2018-0489, CVE-2018-7340: the signature still fits.
    let whole = "admin@example.org.evil.example";
    for written in [
        "admin@example.org<!---->.evil.example",
        "<!-- x -->admin@example.org.evil.example",
        "admin<!--a-->@<!--b-->example.org.evil.example<!--c-->",
    ] {
        assert_eq!(name_read(whole, written)?, whole, "{written}");
    }
    Ok(())
}

#[test]
fn cdata_does_not_shorten_a_name() -> anyhow::Result<()> {
    let whole = "admin@example.org.evil.example";
    for written in [
        "<![CDATA[admin@example.org]]>.evil.example",
        "admin@example.org<![CDATA[.evil.example]]>",
        "<![CDATA[admin]]><![CDATA[@example.org]]><![CDATA[.evil]]><![CDATA[]]>.example",
        "<!--x--><![CDATA[admin@example.org]]><!--y-->.evil.example",
    ] {
        assert_eq!(name_read(whole, written)?, whole, "{written}");
    }
    Ok(())
}

#[test]
fn a_name_is_what_its_references_mean() -> anyhow::Result<()> {
    assert_eq!(name_read("admin", "&#97;&#x64;min")?, "admin");
    assert_eq!(name_read("a&amp;b", "a<![CDATA[&]]>b")?, "a&b");
    assert_eq!(name_read("a&amp;lt;b", "a&#38;lt;b")?, "a&lt;b");
    assert_eq!(name_read("a&gt;b", "a>b")?, "a>b");
    Ok(())
}

#[test]
fn a_comment_does_not_hide_what_an_attribute_says() -> anyhow::Result<()> {
    let signed = signed()?.replacen(">users", "><!-- -->us<!--x-->ers", 1);
    let assertion = outcome(signed)?;
    assert_eq!(assertion.attribute_values("groups").collect::<Vec<_>>(), ["users"]);
    Ok(())
}

#[test]
fn a_comment_put_in_later_shortens_nothing_where_comments_are_said_to_be_signed()
-> anyhow::Result<()> {
    // They never are: a reference to an ID leaves them out before any transform.
    let mut response = response();
    response.assertion_signature = Some(testkit::Signature {
        transforms: vec![testkit::Signature::ENVELOPED, testkit::Signature::WITH_COMMENTS],
        ..testkit::Signature::default()
    });
    let assertion = outcome(response.signed()?.replacen("camilla", "cam<!---->illa", 1))?;
    assert_eq!(assertion.name_id().map(|name| name.value), Some("camilla"));
    Ok(())
}

#[test]
fn refuses_processing_instructions() -> anyhow::Result<()> {
    for instruction in ["<?x y?>", "<?xml version=\"1.0\"?>", "<?xml-stylesheet href=\"x\"?>"] {
        for place in ["camilla", "<saml:Subject>", "<samlp:Status>", "<ds:SignatureValue>"] {
            let changed = signed()?.replacen(place, &format!("{instruction}{place}"), 1);
            assert_eq!(refusal(changed), "xml", "{instruction} before {place}");
        }
        assert_eq!(refusal([signed()?, instruction.to_owned()].concat()), "xml");
        assert_eq!(refusal(format!("\n{instruction}{}", signed()?)), "xml");
    }
    Ok(())
}

#[test]
fn refuses_what_is_not_utf_8() -> anyhow::Result<()> {
    let signed = signed()?;
    let with = |bytes: &[u8]| {
        let at = signed.find("camilla").expect("a name");
        [&signed.as_bytes()[..at], bytes, &signed.as_bytes()[at..]].concat()
    };
    for bytes in [
        &b"\xff"[..],
        b"\xc0\x80",
        b"\xc1\x81",
        b"\xe0\x80\x81",
        b"\xed\xa0\x80",
        b"\xf4\x90\x80\x80",
        b"\xe4",
        b"\xfc\x80\x80\x80\x80\x80",
    ] {
        assert_eq!(refusal(with(bytes)), "not_utf8", "{bytes:?}");
    }
    let utf16: Vec<u8> = signed.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(refusal([&b"\xff\xfe"[..], &utf16].concat()), "not_utf8");
    assert_eq!(refusal(utf16), "xml");
    Ok(())
}

#[test]
fn refuses_other_encodings_and_versions_by_their_declaration() -> anyhow::Result<()> {
    for declaration in [
        "<?xml version=\"1.0\" encoding=\"UTF-7\"?>",
        "<?xml version=\"1.0\" encoding=\"UTF-16\"?>",
        "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>",
        "<?xml version=\"1.0\" encoding=\"IBM037\"?>",
        "<?xml version=\"1.0\" encoding=\"\"?>",
        "<?xml version=\"1.1\"?>",
        "<?xml version=\"2.0\"?>",
        "<?xml?>",
        "<?xml encoding=\"UTF-8\"?>",
        "<?xml encoding=\"UTF-8\" version=\"1.0\"?>",
        "<?xml version=\"1.0\" version=\"1.0\"?>",
        "<?xml version=\"1.0' ?>",
        "<?xml version=\"1.0\"encoding=\"UTF-8\"?>",
        "<?xml version=\"1.0\" standalone=\"maybe\"?>",
        "<?XML version=\"1.0\"?>",
        "<?xml VERSION=\"1.0\"?>",
        "<?xml version=\"1.0\">",
        " <?xml version=\"1.0\"?>",
        "<?xml version=\"1.0\"?><?xml version=\"1.0\"?>",
    ] {
        assert_eq!(refusal(format!("{declaration}{}", signed()?)), "xml", "{declaration}");
    }
    Ok(())
}

#[test]
fn refuses_what_stands_beside_the_root() -> anyhow::Result<()> {
    let signed = signed()?;
    for beside in ["x", "&amp;", "<x/>", "<![CDATA[x]]>", "<![CDATA[]]>", "\u{feff}", "\0", "]]>"] {
        assert_eq!(refusal([&signed, beside].concat()), "xml", "{beside:?}");
        if beside != "\u{feff}" && beside != "<x/>" {
            assert_eq!(refusal([beside, &signed].concat()), "xml", "{beside:?}");
        }
    }
    assert_eq!(refusal(["<x/>", &signed].concat()), "xml");
    assert_eq!(refusal([signed.as_str(), &signed].concat()), "xml");
    for nothing in ["", " ", "x", "<", "<!--", "<!-- -->", "\u{feff}"] {
        assert_eq!(refusal(nothing), "xml", "{nothing:?}");
    }
    Ok(())
}

#[test]
fn refuses_tags_that_do_not_fit() -> anyhow::Result<()> {
    let signed = signed()?;
    for (from, to) in [
        ("</saml:Subject>", ""),
        ("</saml:Subject>", "</saml:subject>"),
        ("</saml:Subject>", "</Subject>"),
        ("</saml:Subject>", "</saml:Subject x=\"y\">"),
        ("</saml:Subject>", "</ saml:Subject>"),
        ("</saml:Subject>", "</saml:Subject></saml:Subject>"),
        ("<saml:Subject>", "<saml:Subject/>"),
        ("<saml:Subject>", "<saml:Subject"),
        ("<saml:Subject>", "< saml:Subject>"),
        ("<saml:Subject>", "<saml::Subject>"),
        ("<saml:Subject>", "<:Subject>"),
        ("<saml:Subject>", "<saml:>"),
        ("<saml:Subject>", "<saml:1Subject>"),
        ("<saml:Subject>", "<saml:a:Subject>"),
        ("</samlp:Response>", ""),
        ("camilla", "camilla]]>"),
        ("camilla", "camilla<"),
        ("camilla", "<![CDATA[camilla"),
        ("camilla", "<!-- camilla"),
        ("camilla", "<!-- a -- b -->camilla"),
        ("camilla", "<!-- a --->camilla"),
        ("camilla", "<![cdata[camilla]]>"),
    ] {
        assert_eq!(refusal(signed.replacen(from, to, 1)), "xml", "{from} to {to}");
    }
    Ok(())
}

#[test]
fn refuses_attributes_that_are_malformed_or_stand_twice() -> anyhow::Result<()> {
    let signed = signed()?;
    for (from, to) in [
        (" Version=\"2.0\"", " Version=\"2.0\" Version=\"2.0\""),
        (" Version=\"2.0\"", " Version=2.0"),
        (" Version=\"2.0\"", " Version"),
        (" Version=\"2.0\"", " Version=\"2.0"),
        (" Version=\"2.0\"", " Version=\"<\""),
        (" Version=\"2.0\"", "Version=\"2.0\""),
        (" Version=\"2.0\"", " Version=\"2.0\" nobody:Version=\"2.0\""),
        (" Version=\"2.0\"", " Version=\"2.0\" a:x=\"1\" xmlns:a=\"urn:x\" a:x=\"2\""),
        (
            " Version=\"2.0\"",
            " Version=\"2.0\" a:x=\"1\" b:x=\"2\" xmlns:a=\"urn:x\" xmlns:b=\"urn:x\"",
        ),
        (" Version=\"2.0\"", " Version=\"2.0\" xmlns:a=\"urn:x\" xmlns:a=\"urn:x\""),
    ] {
        assert_eq!(refusal(signed.replacen(from, to, 1)), "xml", "{to}");
    }
    Ok(())
}

#[test]
fn refuses_declarations_that_namespaces_do_not_allow() -> anyhow::Result<()> {
    for declaration in [
        "xmlns:xmlns=\"urn:x\"",
        "xmlns:xml=\"urn:x\"",
        "xmlns:x=\"http://www.w3.org/XML/1998/namespace\"",
        "xmlns=\"http://www.w3.org/XML/1998/namespace\"",
        "xmlns:x=\"http://www.w3.org/2000/xmlns/\"",
        "xmlns:x=\"\"",
        // Canonical XML is not defined for it; CVE-2025-66568 lived on that.
        "xmlns:x=\"relative\"",
        "xmlns:x=\"../relative\"",
        // No URIs either (RFC 3986 §2); libxml2 takes none of these.
        "xmlns:x=\"urn:x>\"",
        "xmlns:x=\"urn:x%4\"",
        "xmlns:x=\"urn:x%4x\"",
        "xmlns:x=\"urn:x#y#z\"",
        "xmlns:x=\"urn:[x]\"",
        "xmlns:x=\"urn:\u{fc}\"",
        // Some parsers take any attribute of this local name for a declaration.
        "xml:xmlns=\"\"",
        "xmlns:x=\"urn:x\" x:xmlns=\"urn:x\"",
    ] {
        let code = refusal(signed()?.replacen(" Version=", &format!(" {declaration} Version="), 1));
        assert_eq!(code, "xml", "{declaration}");
    }
    Ok(())
}

#[test]
fn refuses_more_and_longer_namespaces_than_any_message_has() -> anyhow::Result<()> {
    let declared = |from: usize, to: usize| -> String {
        (from..to).map(|n| format!(" xmlns:p{n}=\"urn:{n}\"")).collect()
    };
    let nested = |levels: usize| {
        let open: String =
            (0..levels).map(|n| format!("<a{}>", declared(10 * n, 10 * n + 10))).collect();
        format!("{open}{}", "</a>".repeat(levels))
    };
    let in_turn = |count: usize| -> String {
        (0..count).map(|n| format!("<a xmlns=\"urn:{n}\"/>")).collect()
    };
    let named = |length: usize| format!("<a xmlns=\"u:{}\"/>", "a".repeat(length - 2));
    for (content, reason) in [
        (nested(3), None),
        (nested(4), Some("too many namespaces are in scope")),
        (in_turn(50), None),
        (in_turn(70), Some("the document has too many namespaces")),
        (named(1024), None),
        (named(1025), Some("a namespace name is too long")),
        (format!("<a{}/>", declared(0, 17)), Some("an element has too many attributes")),
    ] {
        let mut response = response();
        response.extensions = content;
        let refused = match outcome(response.signed()?) {
            Err(saml::Rejection::Xml(error)) => Some(error.reason),
            other => other.map(|_| None)?,
        };
        assert_eq!(refused, reason, "{}", response.extensions.len());
    }
    Ok(())
}

#[test]
fn names_that_begin_alike_are_told_apart() -> anyhow::Result<()> {
    let extended = |content: &str| -> anyhow::Result<&'static str> {
        let mut response = response();
        response.extensions = content.to_owned();
        Ok(refusal(response.signed()?))
    };
    for name in ["a", "abcdefg", "abcdefgh", "abcdefghi"] {
        let twice = format!("<x {name}=\"\" {name}=\"\"/>");
        let (long, other) = (format!("{name}1"), format!("{name}2"));
        let two = format!("<x {name}=\"\" {long}=\"\" {other}=\"\"/>");
        let prefixes = format!(
            "<x xmlns:{long}=\"urn:x\" xmlns:{other}=\"urn:y\" {long}:b=\"\" {other}:b=\"\"/>"
        );
        let same = prefixes.replace("urn:y", "urn:x");
        let undeclared = format!("<x xmlns:{long}=\"urn:x\" {other}:b=\"\"/>");
        for taken in [&two, &prefixes] {
            assert_eq!(extended(taken)?, ACCEPTED, "{taken}");
        }
        for refused in [&twice, &same, &undeclared] {
            let xml =
                response().xml().replacen("<samlp:Status>", &format!("{refused}<samlp:Status>"), 1);
            assert_eq!(refusal(xml), "xml", "{refused}");
        }
    }
    Ok(())
}

#[test]
fn a_prefix_declared_anew_is_another_namespace() -> anyhow::Result<()> {
    // The look-alike is unsigned or breaks the digest; it is never read as an assertion.
    let signed = signed()?;
    let other = signed.replacen("<saml:Assertion ", "<saml:Assertion xmlns:x=\"urn:x\" ", 1);
    assert_eq!(refusal(other), ACCEPTED);
    let changed = signed.replace("SAML:2.0:assertion\" ID", "SAML:2.0:assertion#\" ID");
    assert_eq!(refusal(changed), "assertion_count");
    let changed = signed.replacen("<saml:Subject>", "<saml:Subject xmlns:saml=\"urn:x\">", 1);
    assert_eq!(refusal(changed), "digest_mismatch");
    Ok(())
}

#[test]
fn uris_of_every_usual_form_name_namespaces() -> anyhow::Result<()> {
    for uri in [
        "x:",
        "urn:x:y;z=1,2",
        "tag:example.org,2026:x",
        "http://user@idp.example.org:8080/a/../b(c)?d=%C3%bc&amp;e='f'*!#/g?h",
        "X.y-z+1://$~_",
    ] {
        let declared = format!(" xmlns:x=\"{uri}\" Version=");
        let code = refusal(signed()?.replacen(" Version=", &declared, 1));
        assert_eq!(code, ACCEPTED, "{uri}");
    }
    Ok(())
}

#[test]
fn a_namespace_written_with_references_is_the_same_namespace() -> anyhow::Result<()> {
    let changed = signed()?.replace("SAML:2.0:assertion\"", "SAML:2.0:assertio&#110;\"");
    assert_eq!(refusal(changed), ACCEPTED);
    Ok(())
}

#[test]
fn processes_no_inclusion_and_no_schema_location() -> anyhow::Result<()> {
    let code = refusal_of(|response| {
        response.extensions = "<xi:include xmlns:xi=\"http://www.w3.org/2001/XInclude\" \
                               href=\"file:///etc/passwd\" parse=\"text\"/>"
            .to_owned();
        response.assertion_attributes = " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" \
                                         xsi:schemaLocation=\"urn:x http://127.0.0.1:1/x.xsd\""
            .to_owned();
    })?;
    assert_eq!(code, ACCEPTED);
    let mut included = response();
    included.subject_name = "<saml:NameID><xi:include \
                             xmlns:xi=\"http://www.w3.org/2001/XInclude\" href=\"x\"/>\
                             </saml:NameID>"
        .to_owned();
    assert_eq!(refusal(included.signed()?), "malformed");
    Ok(())
}
