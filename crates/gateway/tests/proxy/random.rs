//! Ten thousand random requests and answers, each compared with what the other end saw.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::front::{HOST, front, is_own};
use testkit::http::{Client, Message, app};

/// How the end of a body is told.
#[derive(Clone, Debug)]
enum Framing {
    Nothing,
    Length,
    /// Chunks of these sizes, the rest in one more.
    Chunks(Vec<usize>),
    /// Until the connection ends; answers only.
    Close,
}

/// A header as it is sent.
type Header = (String, Vec<u8>);

#[derive(Clone, Debug)]
struct Exchange {
    method: String,
    target: String,
    headers: Vec<Header>,
    framing: Framing,
    body: Vec<u8>,
    /// The bytes are written in pieces that end here.
    cuts: Vec<usize>,
    status: u16,
    reason: String,
    answer_headers: Vec<Header>,
    answer_framing: Framing,
    answer_body: Vec<u8>,
    early_hints: bool,
}

impl Exchange {
    fn request(&self) -> Vec<u8> {
        let mut bytes = format!("{} {} HTTP/1.1\r\nhOsT: {HOST}\r\n", self.method, self.target);
        bytes.push_str("X-Case: 1\r\n");
        written(bytes, &self.headers, &self.framing, &self.body)
    }

    fn answer(&self) -> Vec<u8> {
        let mut start = String::new();
        if self.early_hints {
            start.push_str("HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n");
        }
        start.push_str(&format!("HTTP/1.1 {} {}\r\n", self.status, self.reason));
        let bodiless = self.method == "HEAD" || matches!(self.status, 204 | 304);
        if !bodiless {
            return written(start, &self.answer_headers, &self.answer_framing, &self.answer_body);
        }
        written(start, &self.answer_headers, &Framing::Nothing, &[])
    }

    fn closes(&self) -> bool {
        matches!(self.answer_framing, Framing::Close)
    }
}

fn written(start: String, headers: &[Header], framing: &Framing, body: &[u8]) -> Vec<u8> {
    let mut bytes = start.into_bytes();
    for (name, value) in headers {
        bytes.extend([name.as_bytes(), b":", value, b"\r\n"].concat());
    }
    match framing {
        Framing::Nothing => bytes.extend(b"\r\n"),
        Framing::Length => {
            bytes.extend(format!("Content-Length: {}\r\n\r\n", body.len()).into_bytes());
            bytes.extend(body);
        }
        Framing::Close => bytes.extend([b"Connection: close\r\n\r\n", body].concat()),
        Framing::Chunks(sizes) => {
            bytes.extend(b"Transfer-Encoding: chunked\r\n\r\n");
            let mut rest = body;
            for size in sizes.iter().copied().chain([usize::MAX]) {
                let (chunk, after) = rest.split_at(size.min(rest.len()));
                rest = after;
                if !chunk.is_empty() {
                    bytes.extend(format!("{:X}\r\n", chunk.len()).into_bytes());
                    bytes.extend([chunk, b"\r\n"].concat());
                }
            }
            bytes.extend(b"0\r\n\r\n");
        }
    }
    bytes
}

/// What passes: everything but what belongs to one connection or is the gateway's to say.
fn passing(headers: &[Header], set_by_gateway: &[&str]) -> BTreeMap<String, Vec<Vec<u8>>> {
    let named: Vec<String> = headers
        .iter()
        .filter(|(name, _)| name.eq_ignore_ascii_case("connection"))
        .flat_map(|(_, value)| String::from_utf8(value.to_ascii_lowercase()).unwrap().into_bytes())
        .map(char::from)
        .collect::<String>()
        .split(',')
        .map(|name| name.trim().to_owned())
        .collect();
    let mut passing: BTreeMap<String, Vec<Vec<u8>>> = BTreeMap::new();
    for (name, value) in headers {
        let name = name.to_ascii_lowercase();
        let gone = HOP_BY_HOP.contains(&name.as_str()) || set_by_gateway.contains(&name.as_str());
        if !gone && !named.contains(&name) {
            passing.entry(name).or_default().push(value.trim_ascii().to_vec());
        }
    }
    passing
}

fn own_line(value: &[u8]) -> bool {
    is_own(std::str::from_utf8(value).unwrap_or_default().trim())
}

const HOP_BY_HOP: &[&str] = &[
    "connection",
    "keep-alive",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "content-length",
    "upgrade",
    "proxy-authenticate",
    "proxy-authorization",
];

const SET_FOR_APP: &[&str] = &[
    "host",
    "x-case",
    "x-forwarded-for",
    "x-forwarded-proto",
    "x-forwarded-host",
    "x-request-id",
    "forwarded",
    "x-real-ip",
    "expect",
];

fn check(exchange: &Exchange, seen: &Message, got: &Message) {
    let bodiless = exchange.method == "HEAD" || matches!(exchange.status, 204 | 304);
    assert_eq!(seen.line, format!("{} {} HTTP/1.1", exchange.method, exchange.target));
    assert_eq!(
        passing(&seen.headers, SET_FOR_APP),
        passing(&exchange.headers, SET_FOR_APP),
        "the app saw other headers"
    );
    let sent: &[u8] =
        if matches!(exchange.framing, Framing::Nothing) { &[] } else { &exchange.body };
    assert!(seen.whole && seen.body == sent, "the app saw another body: {seen:?}");
    assert_eq!(seen.values("x-forwarded-for"), [b"192.0.2.7"]);
    assert_eq!(seen.values("host"), [HOST.as_bytes()]);
    for name in ["te", "keep-alive", "proxy-connection", "forwarded", "x-real-ip"] {
        assert_eq!(seen.text(name), None);
    }

    assert_eq!(got.line, format!("HTTP/1.1 {} {}", exchange.status, exchange.reason));
    let mut expected = passing(&exchange.answer_headers, &["date"]);
    if let Some(cookies) = expected.get_mut("set-cookie") {
        cookies.retain(|cookie| !own_line(cookie));
    }
    expected.retain(|_, values| !values.is_empty());
    assert_eq!(passing(&got.headers, &["date"]), expected, "the client saw other headers");
    let sent: &[u8] = if bodiless { &[] } else { &exchange.answer_body };
    assert!(got.whole && got.body == sent, "the client saw another body: {got:?}");
}

fn exchange() -> impl Strategy<Value = Exchange> {
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
        "[a-zA-Z0-9._~!$&'()*+,;=:@-]{0,12}",
        Just("%2F%2e%2E%00".to_owned()),
        Just("..".to_owned()),
        Just("%C3%A9".to_owned()),
        Just("x;jsessionid=1".to_owned()),
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
    let byte =
        prop_oneof![12 => 0x21_u8..0x7f, 1 => Just(b' '), 1 => Just(b'\t'), 1 => 0x80_u8..=0xff];
    let plain = (name, vec(byte, 0..40)).prop_map(|(name, value)| (name, value));
    let own = "gate_[a-z]{1,5}=[a-z0-9]{0,9}"
        .prop_map(|value| ("Set-Cookie".to_owned(), value.into_bytes()));
    let drops = Just(("Connection".to_owned(), b"keep-alive, X-Dropped".to_vec()));
    let dropped = Just(("X-Dropped".to_owned(), b"1".to_vec()));
    prop_oneof![16 => plain, 1 => own, 1 => drops, 1 => dropped]
        .prop_filter("a cookie that is split would be another test", |(name, value)| {
            name != "Keep-Alive" || !value.starts_with(b"timeout")
        })
}

fn body() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        2 => Just(Vec::new()),
        4 => vec(any::<u8>(), 1..200),
        1 => (any::<u8>(), 1_usize..60_000).prop_map(|(byte, size)| vec![byte; size]),
    ]
}

type Script = Arc<Mutex<Vec<Exchange>>>;

async fn run(
    case: Vec<Exchange>,
    gateway: std::net::SocketAddr,
    script: &Script,
    saw: &Arc<Mutex<Vec<Message>>>,
) {
    saw.lock().unwrap_or_else(PoisonError::into_inner).clear();
    *script.lock().unwrap_or_else(PoisonError::into_inner) = case.iter().rev().cloned().collect();
    let mut client = Client::connect(gateway, HOST).await;
    for (number, exchange) in case.iter().enumerate() {
        let bytes = exchange.request();
        let mut rest = bytes.as_slice();
        for cut in exchange.cuts.iter().copied().chain([usize::MAX]) {
            let (piece, after) = rest.split_at(cut.min(rest.len()));
            client.send(piece).await;
            tokio::task::yield_now().await;
            rest = after;
        }
        let got = client.reader.response(&exchange.method).await.expect("no answer");
        let seen = saw.lock().unwrap_or_else(PoisonError::into_inner).get(number).cloned();
        let seen = seen.unwrap_or_else(|| panic!("the app was not asked: {got:?} {exchange:?}"));
        check(exchange, &seen, &got);
        let closing = got.text("connection").is_some_and(|value| value == "close");
        if closing || got.text("content-length").or(got.text("transfer-encoding")).is_none() {
            client = Client::connect(gateway, HOST).await;
        }
    }
}

#[test]
fn ten_thousand_random_exchanges_pass_as_they_are() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (script, saw) = (Script::default(), Arc::new(Mutex::new(Vec::new())));
    let gateway = runtime.block_on(async {
        let (script, saw) = (script.clone(), saw.clone());
        let app = app(move |mut caller| {
            let (script, saw) = (script.clone(), saw.clone());
            async move {
                while let Some(request) = caller.request().await {
                    saw.lock().unwrap_or_else(PoisonError::into_inner).push(request);
                    let Some(exchange) =
                        script.lock().unwrap_or_else(PoisonError::into_inner).pop()
                    else {
                        return;
                    };
                    caller.send(exchange.answer()).await;
                    if exchange.closes() {
                        return;
                    }
                }
            }
        });
        front(app.await.address, gateway::Timeouts::default()).await
    });
    let config = Config { cases: 2_500, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new(config);
    let passed = runner.run(&vec(exchange(), 4..5), |case| {
        runtime.block_on(run(case, gateway, &script, &saw));
        Ok(())
    });
    if let Err(error) = passed {
        panic!("{error}");
    }
}
