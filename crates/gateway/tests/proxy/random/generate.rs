//! Random requests and answers.

use proptest::collection::vec;
use proptest::prelude::*;

use super::exchange::{Exchange, Framing, Header};

/// Any request with any answer.
pub(super) fn exchange() -> impl Strategy<Value = Exchange> {
    let request = (method(), target(), vec(header(REQUEST), 0..12), vec(1_usize..400, 0..6));
    let sizes = || vec(1_usize..5000, 0..4);
    let request_framing = prop_oneof![
        3 => Just(Framing::Nothing),
        3 => Just(Framing::Length),
        3 => sizes().prop_map(Framing::Chunks),
    ];
    let answer_framing = prop_oneof![
        5 => Just(Framing::Length),
        5 => sizes().prop_map(Framing::Chunks),
        1 => Just(Framing::Close),
    ];
    let status = prop_oneof![
        8 => Just((200, "OK".to_owned())),
        6 => (200_u16..600).prop_filter_map("no body rules of its own", |code| {
            (code != 205).then(|| (code, "Some Words".to_owned()))
        }),
        1 => Just((204, "No Content".to_owned())),
        1 => Just((304, "Not Modified".to_owned())),
    ];
    let answer = (status, vec(header(ANSWER), 0..12), any::<u8>());
    (request, request_framing, body(), answer, answer_framing, body()).prop_map(
        |(request, framing, body, answer, answer_framing, answer_body)| {
            let (method, target, headers, cuts) = request;
            let ((status, reason), answer_headers, hints) = answer;
            let early_hints = hints < 16;
            Exchange {
                method,
                target,
                headers,
                framing,
                body,
                cuts,
                status,
                reason,
                answer_headers,
                answer_framing,
                answer_body,
                early_hints,
            }
        },
    )
}

fn method() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => Just("GET".to_owned()),
        3 => Just("POST".to_owned()),
        3 => prop::sample::select(vec!["HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND", "REPORT"])
            .prop_map(str::to_owned),
        1 => "[A-Z]{1,8}".prop_filter("no tunnel", |name| name != "CONNECT" && name != "PRI"),
    ]
}

fn target() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        12 => "[a-zA-Z0-9._~!$&'()*+,;=:@-]{0,12}",
        1 => Just("%2F%2e%2E%00".to_owned()),
        1 => Just("..".to_owned()),
        1 => Just("%C3%A9".to_owned()),
        1 => Just("x;jsessionid=1".to_owned()),
    ];
    (vec(piece, 1..5), "(\\?[a-zA-Z0-9/?._~!$&'()*+,;=:@%{}|^\\[\\]-]{0,40})?")
        .prop_map(|(pieces, query)| format!("/{}{query}", pieces.join("/")))
}

const REQUEST: &[&str] = &[
    "Accept",
    "Accept-Encoding",
    "Authorization",
    "Cookie",
    "If-None-Match",
    "X-Atlassian-Token",
    "X-Forwarded-For",
    "Forwarded",
    "X-Real-IP",
    "X-Request-Id",
    "Keep-Alive",
    "Proxy-Connection",
    "TE",
];

const ANSWER: &[&str] = &[
    "Set-Cookie",
    "Set-Cookie",
    "X-AUSERNAME",
    "ETag",
    "Content-Type",
    "Content-Encoding",
    "WWW-Authenticate",
    "Vary",
    "Location",
    "Keep-Alive",
];

fn header(known: &'static [&'static str]) -> impl Strategy<Value = Header> {
    let name = prop_oneof![
        3 => prop::sample::select(known.to_vec()).prop_map(str::to_owned),
        2 => "[xX]-[a-zA-Z0-9!#$%&'*+.^_`|~-]{1,20}",
    ];
    let plain = (name, any::<u64>(), 0_usize..40)
        .prop_map(|(name, seed, length)| (name, bytes(seed).map(letter).take(length).collect()));
    let own = "gate_[a-z]{1,5}=[a-z0-9]{0,9}"
        .prop_map(|value| ("Set-Cookie".to_owned(), value.into_bytes()));
    let drops = Just(("Connection".to_owned(), b"keep-alive, X-Dropped".to_vec()));
    let dropped = Just(("X-Dropped".to_owned(), b"1".to_vec()));
    prop_oneof![16 => plain, 1 => own, 1 => drops, 1 => dropped]
        .prop_filter("a cookie that is split would be another test", |(name, value)| {
            name != "Keep-Alive" || !value.starts_with(b"timeout")
        })
}

/// Mostly letters and signs, some white space, some bytes beyond ASCII.
fn letter(byte: u8) -> u8 {
    match byte {
        0..=9 => b' ',
        10..=19 => b'\t',
        20..=0x7f => 0x21 + byte % 0x5e,
        byte if byte % 8 == 0 => byte,
        byte => 0x21 + byte % 0x5e,
    }
}

fn body() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        2 => Just(Vec::new()),
        4 => (any::<u64>(), 1_usize..200)
            .prop_map(|(seed, length)| bytes(seed).take(length).collect::<Vec<u8>>()),
        1 => (any::<u8>(), 1_usize..60_000).prop_map(|(byte, size)| vec![byte; size]),
    ]
}

/// Random bytes from a seed: a strategy for each byte would take most of the test's time.
fn bytes(seed: u64) -> impl Iterator<Item = u8> {
    let mut state = seed | 1;
    std::iter::repeat_with(move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 32) as u8
    })
}
