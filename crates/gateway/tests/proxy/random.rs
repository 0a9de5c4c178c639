//! Ten thousand random requests and answers: what the app and the client saw is compared with what
//! the other end sent, and with what they see through Debian's nginx.

mod exchange;
mod generate;
mod nginx;

use std::collections::{BTreeMap, HashMap};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use proptest::collection::vec;
use proptest::test_runner::{Config, TestRunner};
use testkit::http::{App, Client, Message, app};

use crate::front::{HOST, front, is_own};
use exchange::{Exchange, Header};
use nginx::Nginx;

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
    "x-forwarded-port",
    "x-request-id",
    "forwarded",
    "x-real-ip",
    "expect",
];

/// Whether a client says with it who or where it is: no app hears of that. A name at random is one now
/// and then.
fn is_claim(name: &str) -> bool {
    let told = SET_FOR_APP.iter().any(|told| told.eq_ignore_ascii_case(name));
    !told && name.parse().is_ok_and(|name| gateway::is_claim(&name))
}

/// What both ends saw is what the other sent.
fn check(exchange: &Exchange, seen: &Message, got: &Message) {
    assert_eq!(seen.line, format!("{} {} HTTP/1.1", exchange.method, exchange.target));
    let mut expected = passing(&exchange.headers, SET_FOR_APP);
    expected.retain(|name, _| !is_claim(name));
    assert_eq!(passing(&seen.headers, SET_FOR_APP), expected, "the app saw other headers");
    assert!(seen.whole && seen.body == exchange.sent(), "the app saw another body: {seen:?}");
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
    let sent: &[u8] = if exchange.is_bodiless() { &[] } else { &exchange.answer_body };
    assert!(got.whole && got.body == sent, "the client saw another body: {got:?}");
}

/// An app that answers each request as its number says, and keeps what it saw.
#[derive(Clone, Default)]
struct Stage {
    script: Arc<Mutex<Vec<Exchange>>>,
    saw: Arc<Mutex<HashMap<usize, Message>>>,
}

impl Stage {
    async fn app(&self) -> App {
        let stage = self.clone();
        app(move |mut caller| {
            let stage = stage.clone();
            async move {
                while let Some(request) = caller.request().await {
                    let number: usize = request.text("x-case").unwrap().parse().unwrap();
                    let exchange = stage.script.lock().unwrap()[number].clone();
                    stage.saw.lock().unwrap().insert(number, request);
                    caller.send(exchange.answer()).await;
                    if exchange.closes() {
                        return;
                    }
                }
            }
        })
        .await
    }

    /// Plays all exchanges through one proxy; gives what the app and the client saw of each.
    async fn play(&self, case: &[Exchange], proxy: SocketAddr) -> Vec<(Option<Message>, Message)> {
        *self.script.lock().unwrap() = case.to_vec();
        self.saw.lock().unwrap().clear();
        let mut client = Client::connect(proxy, HOST).await;
        let mut seen = Vec::new();
        for (number, exchange) in case.iter().enumerate() {
            let bytes = exchange.request(number);
            let mut rest = bytes.as_slice();
            for cut in exchange.cuts.iter().copied().chain([usize::MAX]) {
                let (piece, after) = rest.split_at(cut.min(rest.len()));
                client.send(piece).await;
                tokio::task::yield_now().await;
                rest = after;
            }
            let answer = client.reader.response(&exchange.method);
            let answer = tokio::time::timeout(Duration::from_secs(20), answer).await;
            let answer = answer.unwrap_or_else(|_| panic!("no answer in time: {exchange:?}"));
            let got = answer.unwrap_or_else(|| panic!("no answer: {exchange:?}"));
            let closing = got.text("connection").is_some_and(|value| value == "close");
            if closing || got.text("content-length").or(got.text("transfer-encoding")).is_none() {
                client = Client::connect(proxy, HOST).await;
            }
            seen.push((self.saw.lock().unwrap().remove(&number), got));
        }
        seen
    }
}

#[test]
fn ten_thousand_random_exchanges_pass_as_they_are_and_as_through_nginx() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let stage = Stage::default();
    let (gateway, nginx) = runtime.block_on(async {
        let app = stage.app().await.address;
        (front(app, gateway::Timeouts::default()).await, Nginx::start(app).await)
    });
    let alike = Mutex::new(0);
    let config = Config {
        cases: 1_000,
        failure_persistence: None,
        max_shrink_iters: 30,
        ..Config::default()
    };
    let passed = TestRunner::new(config).run(&vec(generate::exchange(), 10..11), |case| {
        let fit: Vec<_> = case.iter().filter(|e| nginx::excused(e).is_none()).cloned().collect();
        let (ours, theirs) = runtime.block_on(async {
            (stage.play(&case, gateway).await, stage.play(&fit, nginx.address).await)
        });
        let mut theirs = theirs.into_iter();
        for (exchange, (seen, got)) in case.iter().zip(ours) {
            let seen = seen.unwrap_or_else(|| panic!("the app was not asked: {exchange:?}"));
            check(exchange, &seen, &got);
            if nginx::excused(exchange).is_none() {
                nginx::compare(&nginx, exchange, (&seen, &got), &theirs.next().unwrap());
                *alike.lock().unwrap() += 1;
            }
        }
        Ok(())
    });
    if let Err(error) = passed {
        panic!("{error}");
    }
    let alike = *alike.lock().unwrap();
    assert!(alike > 7_000, "only {alike} exchanges were the same through both");
}
