//! Messages that try to make work, each of any size.

use crate::scene::response;

/// One kind.
#[derive(Clone, Copy)]
pub(crate) struct Case {
    pub(crate) name: &'static str,
    /// The message with this many of what it is made of.
    pub(crate) message: fn(usize) -> String,
    /// How it ends.
    pub(crate) code: &'static str,
    /// Fewer end otherwise.
    pub(crate) least: usize,
    /// How many more are counted, and twice as many more.
    pub(crate) n: usize,
    /// How many there are at most in the tests.
    pub(crate) most: usize,
    /// The number is that of trusted keys, too.
    pub(crate) keys: bool,
}

const fn case(
    name: &'static str,
    message: fn(usize) -> String,
    code: &'static str,
    [least, n, most]: [usize; 3],
) -> Case {
    Case { name, message, code, least, n, most, keys: false }
}

pub(crate) const CASES: &[Case] = &[
    case("attributes", attributes, "xml", [40, 5_000, 50_000]),
    case("levels", levels, "xml", [70, 10_000, 100_000]),
    case("namespaces", namespaces, "xml", [20, 2_000, 20_000]),
    case("namespaces in turn", namespaces_in_turn, "xml", [400, 4_000, 16_000]),
    case("prefixes in scope", prefixes_in_scope, "unsigned", [1, 100, 1_000]),
    case("elements", elements, "xml", [100_001, 20_000, 200_000]),
    case("empty elements", empty_elements, "unsigned", [1, 5_000, 90_000]),
    case("ids", ids, "id_repeated", [70, 3_000, 25_000]),
    case("references", references, "unsigned", [1, 10_000, 150_000]),
    case("character references", character_references, "unsigned", [1, 10_000, 150_000]),
    case("comments in a name", comments, "unsigned", [1, 4_000, 90_000]),
    case("pieces of CDATA", cdata, "unsigned", [1, 4_000, 60_000]),
    case("a mebibyte of text", text, "unsigned", [1, 100_000, 1_000_000]),
    case("white space in tags", blanks, "unsigned", [1, 50_000, 1_000_000]),
    case("assertions", assertions, "assertion_count", [2, 1_000, 9_000]),
    case("signatures", signatures, "signature_elsewhere", [1, 1_000, 8_000]),
    case(
        "references of a signature",
        references_of_a_signature,
        "signature_malformed",
        [2, 1_000, 8_000],
    ),
    case("transforms", transforms, "signature_malformed", [1, 1_000, 8_000]),
    case("a prefix list", prefix_list, "signature_malformed", [40, 10_000, 130_000]),
    case("a digest of a mebibyte", digest, "signature_malformed", [20_000, 50_000, 900_000]),
    case("certificates", certificates, "signature_invalid", [0, 2_000, 15_000]),
    case("unclosed comments", unclosed_comments, "xml", [1, 10_000, 200_000]),
    case("unclosed CDATA", unclosed_cdata, "xml", [1, 5_000, 100_000]),
    Case { keys: true, ..case("keys", keys, "signature_invalid", [1, 4, 500]) },
];

/// The usual message, unsigned, with this in its extensions.
pub(crate) fn extended(content: String) -> String {
    let mut response = response();
    response.assertion_signature = None;
    response.extensions = content;
    response.xml()
}

/// The usual message with a signature of the right shape, and of nobody.
pub(crate) fn template() -> String {
    let value = "A".repeat(342);
    response().xml().replace("<ds:SignatureValue>", &format!("<ds:SignatureValue>{value}=="))
}

pub(crate) fn many(n: usize, one: impl Fn(usize) -> String) -> String {
    (0..n).map(one).collect()
}

fn attributes(n: usize) -> String {
    extended(format!("<x{}/>", many(n, |n| format!(" a{n}=\"\""))))
}

fn levels(n: usize) -> String {
    extended(["<a>".repeat(n), "</a>".repeat(n)].concat())
}

fn namespaces(n: usize) -> String {
    extended(format!("<x{}/>", many(n, |n| format!(" xmlns:a{n}=\"urn:{n}\""))))
}

fn namespaces_in_turn(n: usize) -> String {
    extended(many(n, |n| format!("<x xmlns=\"urn:{n}\"/>")))
}

/// As many prefixes in scope as there may be around this.
pub(crate) fn in_scope(content: &str) -> String {
    let open = many(4, |level| {
        format!("<a{}>", many(7, |n| format!(" xmlns:p{level}-{n}=\"urn:{level}-{n}\"")))
    });
    [&open, content, &"</a>".repeat(4)].concat()
}

/// Attributes that look for the outermost.
fn prefixes_in_scope(n: usize) -> String {
    let attributes = many(32, |n| format!(" p0-0:a{n}=\"\""));
    extended(in_scope(&format!("<x{attributes}/>").repeat(n)))
}

fn elements(n: usize) -> String {
    extended("<a/>".repeat(n))
}

fn empty_elements(n: usize) -> String {
    extended("<a/>".repeat(n))
}

fn ids(n: usize) -> String {
    extended(many(n, |n| format!("<x ID=\"_id-{n}\"/>")))
}

fn references(n: usize) -> String {
    extended(format!("<x y=\"{0}\">{0}</x>", "&lt;".repeat(n / 2)))
}

fn character_references(n: usize) -> String {
    extended(format!("<x y=\"{0}\">{0}</x>", "&#9;".repeat(n / 2)))
}

fn comments(n: usize) -> String {
    let name = format!("<saml:NameID>{}</saml:NameID>", "a<!---->".repeat(n / 2));
    let mut response = response();
    response.assertion_signature = None;
    response.subject_name = name;
    response.xml()
}

fn cdata(n: usize) -> String {
    let mut response = response();
    response.assertion_signature = None;
    response.subject_name = format!("<saml:NameID>{}</saml:NameID>", "<![CDATA[a]]>".repeat(n));
    response.xml()
}

fn text(n: usize) -> String {
    extended("x".repeat(n))
}

fn blanks(n: usize) -> String {
    extended(format!("<x{}/>", " ".repeat(n)))
}

fn assertions(n: usize) -> String {
    let assertion = "<a:Assertion xmlns:a=\"urn:oasis:names:tc:SAML:2.0:assertion\"/>";
    extended(assertion.repeat(n))
}

fn signatures(n: usize) -> String {
    extended("<d:Signature xmlns:d=\"http://www.w3.org/2000/09/xmldsig#\"/>".repeat(n))
}

fn references_of_a_signature(n: usize) -> String {
    let end = "</ds:Reference>";
    template().replace(end, &format!("{end}{}", "<ds:Reference URI=\"#_assertion\"/>".repeat(n)))
}

fn transforms(n: usize) -> String {
    let end = "</ds:Transforms>";
    let more = "<ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/>";
    template().replace(end, &format!("{}{end}", more.repeat(n)))
}

fn prefix_list(n: usize) -> String {
    let list = format!(
        "><ec:InclusiveNamespaces xmlns:ec=\"http://www.w3.org/2001/10/xml-exc-c14n#\" \
         PrefixList=\"{}\"/></ds:Transform></ds:Transforms>",
        many(n, |n| format!("p{n} "))
    );
    template().replace("></ds:Transform></ds:Transforms>", &list)
}

fn digest(n: usize) -> String {
    template().replace("<ds:DigestValue>", &format!("<ds:DigestValue>{}", "AAAA".repeat(n / 4)))
}

fn certificates(n: usize) -> String {
    let end = "</ds:Signature>";
    let certificate = "<ds:X509Certificate>AAAA</ds:X509Certificate>";
    template().replace(end, &format!("<ds:KeyInfo>{}</ds:KeyInfo>{end}", certificate.repeat(n)))
}

fn unclosed_comments(n: usize) -> String {
    extended("<!-".repeat(n))
}

fn unclosed_cdata(n: usize) -> String {
    extended("<![CDATA[".repeat(n))
}

fn keys(_: usize) -> String {
    template()
}
