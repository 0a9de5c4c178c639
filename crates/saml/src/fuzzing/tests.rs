//! Documents made at random, as odd as XML allows, before other parsers and lxml's canonical form.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use testkit::{Canonicalizer, outline_by_quick_xml, outline_by_roxmltree, without_line_ends};

use super::*;

/// An element's start: prefix, name, declarations, attributes, and how its tag is spaced.
fn start() -> impl Strategy<Value = (String, String)> {
    let space = prop::sample::select(vec![" ", "\n", "\t", "  ", "\r\n", " \n "]);
    let quote = prop::sample::select(vec!['"', '\'']);
    let value = prop::collection::vec(
        prop::sample::select(vec![
            "a",
            "b c",
            "&amp;",
            "&lt;",
            "&#9;",
            "&#xA;",
            "&#13;",
            "\t",
            "\n",
            "\r\n",
            "\r",
            ">",
            "&quot;",
            "&apos;",
            "ü",
            "\u{10000}",
            "\u{feff}",
            "]]>",
            "\u{85}",
            "\u{2028}",
            "",
        ]),
        0..4,
    );
    // libxml2 leaves `&` in namespace names bare; none has one.
    let namespace = prop::sample::select(vec!["urn:a", "urn:b", "urn:&#99;", "http://x/?a&#61;b"]);
    let declaration = (prop::sample::select(vec!["xmlns:a", "xmlns:b", "xmlns:c"]), namespace)
        .prop_map(|(name, uri)| (name.to_owned(), uri.to_owned()));
    let default = prop::sample::select(vec!["", "urn:a", "urn:d"])
        .prop_map(|uri| ("xmlns".to_owned(), uri.to_owned()));
    let names =
        vec!["x", "y", "a:x", "b:x", "c:y", "xml:lang", "xml:base", "ID", "Ä", "a:ID", "b:y"];
    let attribute = (prop::sample::select(names), value)
        .prop_map(|(name, value)| (name.to_owned(), value.concat()));
    let parts = prop_oneof![2 => declaration, 1 => default, 3 => attribute];
    let parts = prop::collection::vec((parts, space.clone(), quote), 0..4);
    let name = prop::sample::select(vec!["p", "a:p", "b:q", "c:p", "é"]);
    (name, parts, prop::option::of(space)).prop_map(|(name, parts, end)| {
        let parts = parts.into_iter().map(|((name, value), space, quote)| {
            let value = value.replace(quote, "&#34;");
            format!("{space}{name}={quote}{value}{quote}")
        });
        let parts: String = parts.collect();
        (name.to_owned(), format!("<{name}{parts}{}", end.unwrap_or_default()))
    })
}

/// Content: text in every form, comments, and elements in elements.
fn element() -> impl Strategy<Value = String> {
    let text = prop::sample::select(vec![
        "a",
        "\r",
        "\r\n",
        "\n",
        "\t",
        " ",
        ">",
        "&gt;",
        "&amp;",
        "&#xD;",
        "&#x41;",
        "]]&gt;",
        "]",
        "]]",
        "\"",
        "'",
        "<![CDATA[]]>",
        "<![CDATA[<&>\r\n]]]>",
        "<![CDATA[x]]>",
        "<!---->",
        "<!-- a\r\nb & < -->",
        "ü",
        "\u{1d11e}",
        "\u{85}",
        "&quot;&apos;",
        "&#128512;",
    ]);
    let leaf = start().prop_map(|(_, tag)| format!("{tag}/>"));
    let leaf = prop_oneof![4 => text.prop_map(str::to_owned), 2 => leaf];
    let nested = leaf.prop_recursive(5, 40, 6, |inner| {
        (start(), prop::collection::vec(inner, 0..6), prop::sample::select(vec!["", " ", "\n"]))
            .prop_map(|((name, tag), inner, space)| {
                format!("{tag}>{}</{name}{space}>", inner.concat())
            })
    });
    (start(), prop::collection::vec(nested, 0..6)).prop_map(|((name, tag), inner)| {
        // Most prefixes shall be bound, so that most documents are worth reading.
        let bound = " xmlns:a=\"urn:a\" xmlns:b=\"urn:b\" xmlns:c=\"urn:c\"";
        format!("<r{bound}>{tag}>{}</{name}></r>", inner.concat())
    })
}

/// Runs `check` on many documents; at least a third of them must be ones that we accept.
fn on_many(check: impl Fn(&str) -> Result<bool, TestCaseError>) {
    let mut runner =
        TestRunner::new(Config { cases: 1500, failure_persistence: None, ..Config::default() });
    let accepted = std::cell::Cell::new(0);
    let outcome = runner.run(&element(), |text| {
        accepted.set(accepted.get() + u32::from(check(&text)?));
        Ok(())
    });
    outcome.expect("no difference");
    assert!(accepted.get() > 500, "only {} documents were accepted", accepted.get());
}

#[test]
fn what_we_accept_others_read_the_same() {
    on_many(|text| {
        let Some(ours) = outline(text) else { return Ok(false) };
        let theirs = outline_by_roxmltree(text).expect("roxmltree reads it");
        prop_assert_eq!(without_line_ends(&ours), without_line_ends(&theirs));
        prop_assert_eq!(&ours, &outline_by_quick_xml(text).expect("quick-xml reads it"));
        Ok(true)
    });
}

/// lxml takes no `#default` in lists: xmlsec1 judges those, in the tests of what is accepted.
#[test]
fn canonical_forms_are_those_of_lxml_byte_by_byte() {
    let lxml = std::cell::RefCell::new(Canonicalizer::start().expect("lxml"));
    let lists: [&[&str]; 5] =
        [&[], &["a"], &["b", "c"], &["a", "b", "c", "unbound"], &["b", "xml"]];
    on_many(|text| {
        let mut accepted = false;
        for comments in [false, true] {
            for prefixes in lists {
                let Some(ours) = canonical(text, comments, prefixes) else { return Ok(false) };
                let theirs = lxml.borrow_mut().canonical(text, comments, prefixes);
                let theirs = theirs.expect("lxml runs").expect("lxml reads it");
                let print = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
                prop_assert_eq!(print(&ours), print(&theirs), "{:?} {}", prefixes, comments);
                accepted = true;
            }
        }
        Ok(accepted)
    });
}

#[test]
fn a_canonical_form_says_the_same_and_is_its_own_canonical_form() {
    on_many(|text| {
        let Some(once) = canonical(text, true, &[]) else { return Ok(false) };
        let once = String::from_utf8(once).expect("UTF-8");
        let twice = canonical(&once, true, &[]).expect("it is XML");
        prop_assert_eq!(&once, &String::from_utf8(twice).expect("UTF-8"));
        prop_assert_eq!(outline(text), outline(&once));
        Ok(true)
    });
}
