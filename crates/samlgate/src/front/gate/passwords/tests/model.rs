//! Another reader: a servlet container and the log-in of an app behind it, written for itself and
//! simply. Whatever it reads in a request that passes, the guard has read too.

use std::cell::Cell;

use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::TestRunner;

use super::super::watch::names_in_pieces;
use super::*;
use crate::front::gate::target;

/// The ways in which containers and apps differ.
#[derive(Clone, Copy, Debug)]
struct Container {
    /// Bytes are Latin-1 letters, else UTF-8.
    latin: bool,
    /// `;` ends a field.
    semicolon: bool,
    /// A broken percent code stands for itself, else its field is passed over.
    lenient: bool,
}

fn containers() -> impl Iterator<Item = Container> {
    (0..8).map(|n| Container { latin: n & 1 > 0, semicolon: n & 2 > 0, lenient: n & 4 > 0 })
}

impl Container {
    /// Parameters go before anything is decoded; then slashes and dots (servlet specification
    /// §3.5.2).
    fn path(raw: &str) -> String {
        let (mut plain, mut in_parameter) = (Vec::new(), false);
        for byte in raw.bytes() {
            in_parameter = byte == b';' || in_parameter && byte != b'/';
            if !in_parameter {
                plain.push(byte);
            }
        }
        let mut decoded = Self::decode(&plain, true).unwrap();
        decoded.iter_mut().filter(|byte| **byte == b'\\').for_each(|byte| *byte = b'/');
        let mut path = String::from_utf8_lossy(&decoded).into_owned();
        while let Some(at) = path.find("//") {
            path.remove(at);
        }
        while let Some(at) = path.find("/./") {
            path.replace_range(at..at + 2, "");
        }
        while let Some(at) = path.find("/../") {
            let parent = path[..at].rfind('/').unwrap_or(at);
            path.replace_range(parent..at + 3, "");
        }
        path
    }

    /// `None`: a code is broken, and nobody makes anything of it.
    fn decode(text: &[u8], lenient: bool) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        let mut at = 0;
        while at < text.len() {
            let digits = text.get(at + 1..at + 3).and_then(|two| std::str::from_utf8(two).ok());
            let digits = digits.filter(|two| two.bytes().all(|b| b.is_ascii_hexdigit()));
            match (text[at], digits) {
                (b'%', Some(two)) => {
                    bytes.push(u8::from_str_radix(two, 16).unwrap());
                    at += 2;
                }
                (b'%', None) if !lenient => return None,
                (byte, _) => bytes.push(byte),
            }
            at += 1;
        }
        Some(bytes)
    }

    fn letters(self, bytes: &[u8]) -> String {
        match self.latin {
            true => bytes.iter().copied().map(char::from).collect(),
            false => String::from_utf8_lossy(bytes).into_owned(),
        }
    }

    fn parameters(self, form: &[u8]) -> Vec<(String, String)> {
        let ends = |byte: &u8| *byte == b'&' || self.semicolon && *byte == b';';
        let blanks = |text: &[u8]| -> Vec<u8> {
            text.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect()
        };
        let fields = form.split(ends).filter_map(|field| {
            let mut halves = field.splitn(2, |byte| *byte == b'=').map(blanks);
            let name = Self::decode(&halves.next()?, self.lenient)?;
            let value = Self::decode(&halves.next()?, self.lenient)?;
            Some((self.letters(&name), self.letters(&value)))
        });
        fields.collect()
    }

    /// The names with which a log-in behind this container would look for a password.
    fn names(self, request: &Sent) -> Vec<String> {
        let path = Self::path(&request.path);
        let log_in = ["/login.jsp", "/rest/auth/1/session", "/rest/auth/1/session.json"];
        let log_in = log_in.contains(&&*path);
        let mut parameters = self.parameters(request.query.as_bytes());
        if request.kind.starts_with("application/x-www-form-urlencoded") {
            parameters.extend(self.parameters(&request.body));
        }
        let fields = if log_in { &["os_username", "username"][..] } else { &["os_username"] };
        parameters.retain(|(name, _)| fields.contains(&&**name));
        let mut names: Vec<String> = parameters.into_iter().map(|(_, value)| value).collect();
        if log_in && let Ok(json) = serde_json::from_slice::<serde_json::Value>(&request.body) {
            let value = json.get("username").or_else(|| json.get("user")?.get("username"));
            let value = value.map(|value| value.get(0).unwrap_or(value));
            names.extend(value.map(|value| match value.as_str() {
                Some(text) => text.to_owned(),
                None => value.to_string(),
            }));
        }
        names
    }
}

#[derive(Clone, Debug)]
struct Sent {
    path: String,
    query: String,
    kind: &'static str,
    body: Vec<u8>,
    size: usize,
}

/// One of `whole` with some of `pieces` put in somewhere.
fn spelling(
    whole: &'static [&'static str],
    pieces: &'static [&'static str],
) -> impl Strategy<Value = String> {
    let changes = prop::collection::vec((select(pieces), any::<Index>(), 0..3usize), 0..4);
    (select(whole), changes).prop_map(|(whole, changes)| {
        let mut text: Vec<char> = whole.chars().collect();
        for (piece, at, instead) in changes {
            let at = at.index(text.len() + 1);
            let end = (at + instead).min(text.len());
            text.splice(at..end, piece.chars());
        }
        text.into_iter().collect()
    })
}

/// Forms, in a query or a body.
const FORMS: &[&str] = &[
    "",
    "os_username=camilla&os_password=x",
    "username=camilla",
    "a=b",
    "os_username=s%F8ren",
    "a=b&os_username=s\u{f8}ren",
    "os_username=a&os_username=b",
];

/// What may stand anywhere in a form.
const FORM_PIECES: &[&str] = &[
    "&",
    ";",
    "=",
    "%",
    "%26",
    "%3D",
    "%6f",
    "+",
    "%00",
    "%20",
    "os_username=x",
    "username",
    "\u{f8}",
    "%F8",
    "%u0063",
    "%zz",
    "&os_username=",
    ";os_username=camilla",
    "{",
    "\"",
];

/// What may stand anywhere in a path.
const PATH_PIECES: &[&str] = &[
    "/",
    "//",
    ";",
    ";a=b",
    ";jsessionid=1",
    "%2F",
    "%5c",
    "\\",
    "%2e",
    "..",
    "/..",
    "/.",
    "%",
    "%25",
    "%6C",
    "%3b",
    "x",
    "%00",
    "l",
    ".json",
    "/x/../",
    "%c0%af",
    "?",
];

fn paths() -> impl Strategy<Value = String> {
    spelling(
        &["/login.jsp", "/rest/auth/1/session", "/rest/auth/1/session.json", "/browse/K-1"],
        PATH_PIECES,
    )
}

/// What may stand anywhere in JSON.
const JSON_PIECES: &[&str] = &[
    "\"",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    " ",
    "\\u0063",
    "\\u0000",
    "\u{feff}",
    "/**/",
    "//",
    r#""username":"x","#,
    "1e2",
    "null",
    "&os_username=a&",
    "\u{f8}",
];

fn json_bodies() -> impl Strategy<Value = String> {
    spelling(
        &[
            r#"{"username":"camilla","password":"x"}"#,
            r#"{"username":4711}"#,
            r#"{"user":{"username":"camilla"}}"#,
            r#"{"username":["camilla"]}"#,
        ],
        JSON_PIECES,
    )
}

fn requests() -> impl Strategy<Value = Sent> {
    let body = prop_oneof![spelling(FORMS, FORM_PIECES), json_bodies()];
    let kind = select(&[
        "application/x-www-form-urlencoded",
        "application/x-www-form-urlencoded;charset=utf-8",
        "application/x-www-form-urlencoded, text/plain",
        "application/json",
        "",
        "text/plain",
    ]);
    (paths(), spelling(FORMS, FORM_PIECES), kind, body, 1..9usize).prop_map(
        |(path, query, kind, body, size)| Sent { path, query, kind, body: body.into(), size },
    )
}

/// What the guard read in a request that passes; `None` when it refuses to.
fn guard(sent: &Sent) -> Option<Vec<String>> {
    let kind: &[_] = if sent.kind.is_empty() { &[] } else { &[("content-type", sent.kind)] };
    let uri: http::Uri = format!("{}?{}", sent.path, sent.query).parse().ok()?;
    let parts = parts(&uri.to_string(), kind);
    // A question mark in the path begins the query.
    target::check(uri.path()).ok()?;
    let (reading, mut names) = judge_head(&parts, at(uri.path()), !sent.body.is_empty()).ok()?;
    judge_body(reading, &sent.body, &mut names).ok()?;
    let mut names = names.as_slice().to_vec();
    if reading == Reading::Passing {
        names.extend(names_in_pieces(&sent.body, sent.size).ok()?);
    }
    Some(names)
}

/// The same as the container gets it, where the first question mark ends the path.
fn as_received(mut sent: Sent) -> Sent {
    let target = format!("{}?{}", sent.path, sent.query);
    let (path, query) = target.split_once('?').unwrap();
    (sent.path, sent.query) = (path.to_owned(), query.to_owned());
    sent
}

#[test]
fn whatever_a_container_reads_in_a_request_that_passes_was_judged() {
    let (passed, read) = (Cell::new(0), Cell::new(0));
    let config = ProptestConfig { cases: 20_000, failure_persistence: None, ..Default::default() };
    let mut runner = TestRunner::new(config);
    let held = runner.run(&requests().prop_map(as_received), |sent| {
        let Some(judged) = guard(&sent) else { return Ok(()) };
        passed.set(passed.get() + 1);
        for container in containers() {
            for name in container.names(&sent) {
                let name = name.trim_matches(|c: char| c <= ' ' || c.is_whitespace());
                read.set(read.get() + usize::from(!name.is_empty()));
                let known = name.is_empty() || judged.iter().any(|judged| judged == name);
                prop_assert!(known, "{container:?} reads {name:?}, the guard {judged:?}");
            }
        }
        Ok(())
    });
    if let Err(error) = held {
        panic!("{error}");
    }
    assert!(passed.get() > 4000, "{} passed", passed.get());
    assert!(read.get() > 4000, "{} names were read", read.get());
}
