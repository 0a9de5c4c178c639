//! Messages that try to make work, each as large as its limits let it be.

mod encrypted;
mod repeated;
mod signed;

use std::fmt::Write as _;

use anyhow::Result;
use testkit::Response;

use crate::hostile::{extended, in_scope, many};
use crate::scene::response;

/// One kind.
pub(crate) struct Shape {
    pub(crate) name: &'static str,
    /// The message.
    pub(crate) message: fn() -> Result<String>,
    /// How it ends.
    pub(crate) code: &'static str,
    /// It is what is posted, base64 and all.
    pub(crate) posted: bool,
}

const fn shape(name: &'static str, message: fn() -> Result<String>, code: &'static str) -> Shape {
    Shape { name, message, code, posted: false }
}

/// All of them.
pub(crate) fn shapes() -> impl Iterator<Item = &'static Shape> {
    PLAIN.iter().chain(repeated::SHAPES).chain(signed::SHAPES).chain(encrypted::SHAPES)
}

const PLAIN: &[Shape] = &[
    shape("namespaces in turn", || outside(namespaces_in_turn(BYTES)), "unsigned"),
    shape("namespaces that end differently", || outside(alike_namespaces(BYTES)), "unsigned"),
    shape("namespaces written with references", || outside(referred_namespaces()), "unsigned"),
    shape("sixteen declarations in each tag", || outside(declarations()), "unsigned"),
    shape("prefixes declared again in each level", || outside(shadowed()), "unsigned"),
    shape("attributes of the outermost prefix", || outside(prefixes_in_scope(BYTES)), "unsigned"),
    shape("elements of the outermost prefixes", || outside(prefixed_elements()), "unsigned"),
    shape("the longest name of a namespace", || outside(longest_namespace()), "xml"),
    shape("long names of namespaces", || outside(long_namespaces(BYTES)), "unsigned"),
    shape("attributes of one length", || outside(attributes(BYTES)), "unsigned"),
    shape("many small attributes", || outside(small_attributes()), "unsigned"),
    shape("elements", || outside("<a/>".repeat(NODES)), "unsigned"),
    shape("elements named Assertion", || outside("<Assertion/>".repeat(BYTES / 12)), "unsigned"),
    shape("levels", || outside(levels()), "unsigned"),
    shape("references in text", || outside("&#9;".repeat(BYTES / 4)), "unsigned"),
    shape("references in values", || outside(referred_values()), "unsigned"),
    shape("an ID of references", id_of_references, "unsigned"),
    shape("sixty-four long IDs", || outside(long_ids()), "unsigned"),
    shape("comments", || outside("<!---->".repeat(NODES)), "unsigned"),
    shape("comments in a name", || named("a<!---->".repeat(NODES / 2)), "unsigned"),
    shape("pieces of CDATA", || named("<![CDATA[]]>".repeat(BYTES / 12)), "unsigned"),
    shape("text between elements", || outside("\n<a/>".repeat(NODES / 2)), "unsigned"),
    shape("closing brackets and quotes", || outside("]>\"'".repeat(BYTES / 4)), "unsigned"),
    shape("characters of three bytes", || outside("\u{fdf0}".repeat(BYTES / 3)), "unsigned"),
];

/// What shapes are filled up to; the rest of the message is a few thousand bytes.
const BYTES: usize = 1_000_000;
/// A message has at most 100,000 elements, texts and comments.
const NODES: usize = 99_900;

/// Of 64 namespaces the message itself has a few.
const NAMESPACES: usize = 55;

/// The usual message, unsigned, with this in its extensions.
fn outside(content: String) -> Result<String> {
    Ok(extended(content))
}

/// The same with this as the subject's name.
fn named(name: String) -> Result<String> {
    let subject_name = format!("<saml:NameID>{name}</saml:NameID>");
    Ok(Response { assertion_signature: None, subject_name, ..response() }.xml())
}

/// As many pieces as go into so many bytes.
fn fill(bytes: usize, piece: impl Fn(usize, &mut String)) -> String {
    let mut text = String::with_capacity(bytes + 4096);
    for number in 0.. {
        let before = text.len();
        piece(number, &mut text);
        if text.len() > bytes {
            text.truncate(before);
            break;
        }
    }
    text
}

fn namespaces_in_turn(bytes: usize) -> String {
    fill(bytes, |n, text| {
        let _ = write!(text, "<x xmlns=\"u:{}\"/>", n % NAMESPACES);
    })
}

/// Names that only their last letters tell apart.
fn alike_namespaces(bytes: usize) -> String {
    let start = "u:0123456789012345678901234567890123456789";
    fill(bytes, |n, text| {
        let _ = write!(text, "<x xmlns=\"{start}{:03}\"/>", n % NAMESPACES);
    })
}

fn referred_namespaces() -> String {
    fill(BYTES, |n, text| {
        let _ = write!(text, "<x xmlns=\"u:&#{};{}\"/>", 97 + n % 5, n % 10);
    })
}

fn declarations() -> String {
    let tag = format!("<x{}/>", many(16, |n| format!(" xmlns:{}=\"u:\"", letters(n))));
    tag.repeat(BYTES / tag.len())
}

/// Levels of which each declares the two prefixes that there are anew.
fn shadowed() -> String {
    let open = many(14, |n| format!("<a:x xmlns:a=\"u:{n}\" xmlns:b=\"v:{n}\" b:c=\"\">"));
    let all = open + &"</a:x>".repeat(14);
    all.repeat(BYTES / all.len())
}

/// Attributes that look for the outermost prefix.
fn prefixes_in_scope(bytes: usize) -> String {
    let tag = format!("<x{}/>", many(32, |n| format!(" p0-0:{}=\"\"", letters(n))));
    in_scope(&tag.repeat(bytes / tag.len()))
}

/// Attributes in reverse order, each of another prefix.
fn mixed_prefixes(bytes: usize) -> String {
    let attributes = many(32, |n| format!(" p{}-{}:{}=\"\"", n % 4, n % 7, letters(31 - n)));
    let tag = format!("<x{attributes}/>");
    in_scope(&tag.repeat(bytes / tag.len()))
}

fn prefixed_elements() -> String {
    in_scope(&fill(9 * NODES, |n, text| {
        let _ = write!(text, "<p0-{}:x/>", n % 7);
    }))
}

/// Two long names that differ in their last letter, of the attributes of each tag.
fn long_namespaces(bytes: usize) -> String {
    let long = "a".repeat(1000);
    let tag = "<x p:a=\"\" q:a=\"\"></x>";
    let tags = tag.repeat(bytes / tag.len());
    format!("<x xmlns:p=\"u:{long}p\" xmlns:q=\"u:{long}q\">{tags}</x>")
}

/// One name for each of few namespaces, as long as the message.
fn longest_namespace() -> String {
    format!("<x xmlns:p=\"u:{}\"/>", "a".repeat(BYTES))
}

fn letters(n: usize) -> String {
    let letter = |n: usize| char::from(b'a' + (n % 26) as u8);
    [letter(n / 26), letter(n)].iter().collect()
}

fn attributes(bytes: usize) -> String {
    let tag = format!("<x{}/>", many(32, |n| format!(" {}=\"\"", letters(n))));
    tag.repeat(bytes / tag.len())
}

fn small_attributes() -> String {
    "<x a=\"\" b=\"\" c=\"\"/>".repeat(BYTES / 20)
}

fn levels() -> String {
    let all = ["<a>".repeat(60), "</a>".repeat(60)].concat();
    all.repeat(NODES / 60)
}

fn referred_values() -> String {
    format!("<x y=\"{}\"/>", "&lt;".repeat(BYTES / 4))
}

fn id_of_references() -> Result<String> {
    let id = "&#97;".repeat(BYTES / 5);
    Ok(Response { assertion_signature: None, id, ..response() }.xml())
}

fn long_ids() -> String {
    let long = "a".repeat(BYTES / 61 - 20);
    many(60, |n| format!("<x ID=\"{long}{}\"/>", letters(n)))
}
