//! HTTP/2 from the browser (RFC 9113): the app hears the same as over HTTP/1.1.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{Request, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http2::{self, SendRequest};
use hyper_util::rt::{TokioExecutor, TokioIo};
use testkit::http::{Message, answering, ok};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::site::{HOST, Setup, Site};

async fn browser(site: &Site) -> SendRequest<Full<Bytes>> {
    let stream = site.secure(&["h2", "http/1.1"]).await;
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
    let opened = http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await;
    let (sender, connection) = opened.unwrap();
    tokio::spawn(connection);
    sender
}

fn request(method: &str, path: &str) -> http::request::Builder {
    Request::builder().method(method).uri(format!("https://{HOST}{path}"))
}

/// An app that keeps each request and answers with its body.
async fn keeping() -> (std::net::SocketAddr, Arc<Mutex<Vec<Message>>>) {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let kept = seen.clone();
    let app = answering(move |request| {
        kept.lock().unwrap().push(request.clone());
        if request.line.starts_with("HEAD") {
            return b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\nKeep-Alive: timeout=5\r\n\r\n"
                .to_vec();
        }
        ok(&request.body)
    });
    (app.await.address, seen)
}

#[tokio::test]
async fn a_request_over_http_2_reaches_the_app_as_http_1_with_one_cookie_line() {
    let (app, seen) = keeping().await;
    let site = Site::with_tls(app).await;
    let mut browser = browser(&site).await;
    let request = request("POST", "/rest/api/2/issue?x=%20")
        .header("cookie", "JSESSIONID=1")
        .header("cookie", "samlgate_session=secret")
        .header("cookie", "atlassian.xsrf.token=2")
        .header("te", "trailers")
        .header("x-forwarded-for", "198.51.100.66");
    let answer =
        browser.send_request(request.body(Full::from("{\"a\":1}")).unwrap()).await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.into_body().collect().await.unwrap().to_bytes(), "{\"a\":1}");
    let message = seen.lock().unwrap().pop().unwrap();
    assert_eq!(message.line, "POST /rest/api/2/issue?x=%20 HTTP/1.1");
    let cookies: Vec<&[u8]> = vec![b"JSESSIONID=1; atlassian.xsrf.token=2"];
    assert_eq!(message.values("cookie"), cookies);
    for (name, value) in [
        ("host", Some(HOST)),
        ("x-forwarded-for", Some("127.0.0.1")),
        ("x-forwarded-proto", Some("https")),
        ("x-forwarded-host", Some(HOST)),
        ("content-length", Some("7")),
        ("te", None),
    ] {
        assert_eq!(message.text(name), value, "{name}");
    }
}

#[tokio::test]
async fn heads_and_many_requests_at_once_pass_over_one_connection() {
    let (app, seen) = keeping().await;
    let site = Site::with_tls(app).await;
    let mut browser = browser(&site).await;
    let head = request("HEAD", "/").body(Full::default()).unwrap();
    let answer = browser.send_request(head).await.unwrap();
    assert_eq!(answer.headers()["content-length"], "7");
    assert!(answer.headers().get("keep-alive").is_none());
    let asking: Vec<_> = (0..100)
        .map(|number| {
            let body = Full::from(number.to_string().repeat(2_000));
            let mut browser = browser.clone();
            let request = request("PUT", &format!("/{number}")).body(body).unwrap();
            tokio::spawn(async move {
                let answer = browser.send_request(request).await.unwrap();
                answer.into_body().collect().await.unwrap().to_bytes()
            })
        })
        .collect();
    for (number, answer) in asking.into_iter().enumerate() {
        assert_eq!(answer.await.unwrap(), number.to_string().repeat(2_000));
    }
    assert_eq!(seen.lock().unwrap().len(), 101);
}

#[tokio::test]
async fn a_client_that_knows_no_alpn_is_served_http_1() {
    let (app, _) = keeping().await;
    let site = Site::with_tls(app).await;
    let stream = site.secure(&[]).await;
    let mut client = testkit::http::Client::over(stream, HOST);
    assert_eq!(client.get("/", "").await.status(), 200);
}

/// How the server answered one stream.
#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    /// With an answer of this status, by its index in HPACK's table.
    Status(u8),
    /// By ending the stream or the connection.
    Refused,
}

const OK: Outcome = Outcome::Status(0x88);
const BAD_REQUEST: Outcome = Outcome::Status(0x8c);

/// Sends one HEADERS frame, written byte by byte, and waits for what comes of it.
async fn outcome(site: &Site, headers: &[(&str, &str)]) -> Outcome {
    let mut block = Vec::new();
    for text in headers {
        block.push(0);
        for part in [text.0, text.1] {
            block.push(u8::try_from(part.len()).unwrap());
            block.extend(part.as_bytes());
        }
    }
    let mut bytes = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec();
    bytes.extend([0, 0, 0, 4, 0, 0, 0, 0, 0]);
    bytes.extend([0, 0, u8::try_from(block.len()).unwrap(), 1, 5, 0, 0, 0, 1]);
    bytes.extend(block);
    let mut stream = site.secure(&["h2"]).await;
    stream.write_all(&bytes).await.unwrap();
    loop {
        let mut frame = [0; 9];
        if stream.read_exact(&mut frame).await.is_err() {
            return Outcome::Refused;
        }
        let length = u32::from_be_bytes([0, frame[0], frame[1], frame[2]]);
        let mut payload = vec![0; length as usize];
        stream.read_exact(&mut payload).await.unwrap();
        match (frame[3], frame[8]) {
            (1, 1) => return Outcome::Status(payload[0]),
            (3, 1) | (7, _) => return Outcome::Refused,
            _ => {}
        }
    }
}

#[tokio::test]
async fn malformed_requests_are_refused_and_the_app_hears_nothing() {
    let (app, seen) = keeping().await;
    let site = Site::with_tls(app).await;
    let head = [
        (":method", "GET"),
        (":scheme", "https"),
        (":path", "/x"),
        (":authority", "jira.example.com"),
    ];
    assert_eq!(outcome(&site, &head).await, OK);
    assert_eq!(seen.lock().unwrap().drain(..).count(), 1);
    for line in [
        ("connection", "close"),
        ("transfer-encoding", "chunked"),
        ("upgrade", "websocket"),
        ("keep-alive", "timeout=5"),
        ("proxy-connection", "close"),
        ("te", "gzip"),
        ("content-length", "5"),
        ("Upper", "case"),
        ("x-split", "a\r\nx-injected: 1"),
        ("x-zero", "a\0b"),
        ("x-split\r\n", "a"),
        ("a:b", "c"),
        (":authority", "other.example.com"),
        (":path", "/y"),
        (":unknown", "1"),
    ] {
        let answered = outcome(&site, &[&head[..], &[line]].concat()).await;
        assert_eq!(answered, Outcome::Refused, "{line:?}");
    }
    for missing in 0..3 {
        let rest: Vec<_> = head
            .iter()
            .enumerate()
            .filter(|(at, _)| *at != missing)
            .map(|(_, line)| *line)
            .collect();
        assert_eq!(outcome(&site, &rest).await, Outcome::Refused, "without {:?}", head[missing]);
    }
    assert_eq!(outcome(&site, &head[..3]).await, BAD_REQUEST, "no host at all");
    let two_hosts = [&head[..], &[("host", "other.example.com")]].concat();
    assert_eq!(outcome(&site, &two_hosts).await, BAD_REQUEST);
    assert_eq!(seen.lock().unwrap().len(), 0, "the app heard of it");
}

#[tokio::test]
async fn an_idle_connection_ends() {
    let (app, _) = keeping().await;
    let limits = gateway::listen::Limits {
        head: std::time::Duration::from_millis(300),
        ..gateway::listen::Limits::default()
    };
    let site = Site::open(app, Setup { tls: true, limits, ..Setup::default() }).await;
    let stream = site.secure(&["h2"]).await;
    let opened = http2::handshake::<_, _, Full<Bytes>>(TokioExecutor::new(), TokioIo::new(stream));
    let (sender, connection) = opened.await.unwrap();
    let ended = tokio::time::timeout(std::time::Duration::from_secs(5), connection).await;
    ended.expect("the connection stays open").unwrap();
    drop(sender);
}

#[tokio::test]
async fn a_path_with_a_quote_or_an_angle_bracket_is_refused_and_a_hash_cuts_it_off() {
    let (app, seen) = keeping().await;
    let site = Site::with_tls(app).await;
    let asking =
        |path| [(":method", "GET"), (":scheme", "https"), (":path", path), (":authority", HOST)];
    for path in ["/?jql=a~\"b\"", "/?a<b", "/?a>b", "/a<b"] {
        assert_eq!(outcome(&site, &asking(path)).await, Outcome::Refused, "{path}");
    }
    assert_eq!(seen.lock().unwrap().len(), 0);
    assert_eq!(outcome(&site, &asking("/a#b")).await, OK);
    assert_eq!(seen.lock().unwrap().pop().unwrap().line, "GET /a HTTP/1.1");
}
