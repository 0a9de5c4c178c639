//! Request smuggling: what two readers could read in two ways gets a 400, and nothing of it, nor of
//! what follows on the connection, reaches the app as a request (RFC 9112 §11.2).

use std::sync::{Arc, Mutex};

use testkit::http::{App, Client, app, ok};

use crate::site::{HOST, Site};

/// What follows each doubtful request; it must never be answered.
const FOLLOWING: &str = "GET /smuggled HTTP/1.1\r\nHost: jira.example.com\r\n\r\n";

/// An app that notes the first line of each whole request.
async fn noting() -> (App, Arc<Mutex<Vec<String>>>) {
    let whole = Arc::new(Mutex::new(Vec::new()));
    let notes = whole.clone();
    let app = app(move |mut caller| {
        let notes = notes.clone();
        async move {
            while let Some(request) = caller.request().await {
                if request.whole {
                    notes.lock().unwrap().push(request.line);
                }
                caller.send(ok(b"")).await;
            }
        }
    });
    (app.await, whole)
}

/// Sends each and expects a 400, the end of the connection, and an app that saw nothing whole.
async fn refused(requests: &[(&str, &[u8])]) {
    let (app, whole) = noting().await;
    let site = Site::plain(app.address).await;
    for (what, request) in requests {
        let mut client = Client::connect(site.address, HOST).await;
        client.send([request, FOLLOWING.as_bytes()].concat()).await;
        let answer = client.reader.response("POST").await;
        assert_eq!(answer.as_ref().map(|answer| answer.status()), Some(400), "{what}: {answer:?}");
        assert!(client.reader.response("GET").await.is_none(), "{what}: the connection went on");
        let seen = std::mem::take(&mut *whole.lock().unwrap());
        assert!(seen.is_empty(), "{what}: the app saw {seen:?}");
    }
}

/// A head whose lines are these, after a request line and a Host.
fn post(lines: &str) -> Vec<u8> {
    format!("POST /x HTTP/1.1\r\nHost: {HOST}\r\n{lines}").into_bytes()
}

#[tokio::test]
async fn two_lengths_are_refused() {
    refused(&[
        (
            "length, then chunks",
            &post("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        ),
        (
            "chunks, then length",
            &post("Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n"),
        ),
        ("two lengths", &post("Content-Length: 0\r\nContent-Length: 44\r\n\r\n")),
        ("the same length twice", &post("Content-Length: 0\r\nContent-Length: 0\r\n\r\n")),
        ("a list of lengths", &post("Content-Length: 0, 0\r\n\r\n")),
        (
            "chunked twice",
            &post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        ),
    ])
    .await;
}

#[tokio::test]
async fn odd_lengths_and_codings_are_refused() {
    refused(&[
        ("a signed length", &post("Content-Length: +0\r\n\r\n")),
        ("a hexadecimal length", &post("Content-Length: 0x0\r\n\r\n")),
        ("an empty length", &post("Content-Length:\r\n\r\n")),
        ("a huge length", &post("Content-Length: 99999999999999999999\r\n\r\n")),
        ("gzip alone", &post("Transfer-Encoding: gzip\r\n\r\n")),
        ("gzip and chunked", &post("Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n")),
        ("chunked that is not last", &post("Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n")),
        ("a coding with a tab", &post("Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n")),
        ("an empty coding", &post("Transfer-Encoding:\r\n\r\n")),
        (
            "chunks in HTTP/1.0",
            b"POST /x HTTP/1.0\r\nHost: jira.example.com\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        ),
    ])
    .await;
}

#[tokio::test]
async fn lines_that_could_end_elsewhere_are_refused() {
    refused(&[
        ("a folded line", &post("A: b\r\n Content-Length: 44\r\n\r\n")),
        ("a folded framing line", &post("Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n")),
        ("a line feed alone", &post("A: b\nContent-Length: 44\r\n\r\n")),
        (
            "a line feed alone after the request line",
            b"GET /x HTTP/1.1\nHost: jira.example.com\r\n\r\n",
        ),
        ("a carriage return alone", &post("A: b\rContent-Length: 44\r\n\r\n")),
        ("a head that ends in a line feed", &post("A: b\r\n\n")),
        ("a space before the colon", &post("Content-Length : 0\r\n\r\n")),
        ("a tab before the colon", &post("Transfer-Encoding\t: chunked\r\n\r\n0\r\n\r\n")),
        ("a line without a colon", &post("Content-Length\r\n\r\n")),
        ("a space before the first name", b"GET /x HTTP/1.1\r\n Host: jira.example.com\r\n\r\n"),
        ("a name that is no token", &post("Content\0Length: 44\r\n\r\n")),
        ("a zero byte in a value", &post("A: b\0c\r\n\r\n")),
        ("an empty name", &post(": b\r\n\r\n")),
    ])
    .await;
}

#[tokio::test]
async fn chunks_that_are_not_exactly_framed_are_refused() {
    let head = "Transfer-Encoding: chunked\r\n\r\n";
    let chunked = |body: &str| post(&format!("{head}{body}"));
    refused(&[
        ("a size and a line feed", &chunked("0\n\r\n")),
        ("a space before the size", &chunked(" 0\r\n\r\n")),
        ("a space after the size", &chunked("0 \r\n\r\n")),
        ("a size with a prefix", &chunked("0x0\r\n\r\n")),
        ("a size that overflows", &chunked("10000000000000000\r\n\r\n")),
        ("a chunk that is longer than said", &chunked("1\r\nab\r\n0\r\n\r\n")),
        ("an extension with a line feed", &chunked("1;a\nb\r\na\r\n0\r\n\r\n")),
        ("a length among the trailers", &chunked("0\r\nContent-Length: 44\r\n\r\n")),
    ])
    .await;
}

#[tokio::test]
async fn request_lines_that_are_none_are_refused() {
    refused(&[
        ("no version", b"GET /x\r\nHost: jira.example.com\r\n\r\n"),
        ("an unknown version", b"GET /x HTTP/1.2\r\nHost: jira.example.com\r\n\r\n"),
        ("two targets", b"GET /x /y HTTP/1.1\r\nHost: jira.example.com\r\n\r\n"),
    ])
    .await;
    let (app, whole) = noting().await;
    let site = Site::plain(app.address).await;
    for hosts in ["", "Host: jira.example.com\r\nHost: jira.example.com\r\n"] {
        let mut client = site.client().await;
        client.send(format!("GET /x HTTP/1.1\r\n{hosts}\r\n")).await;
        assert_eq!(client.reader.response("GET").await.unwrap().status(), 400, "{hosts:?}");
    }
    let mut client = site.client().await;
    client.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await;
    assert!(client.reader.head().await.is_none(), "HTTP/2 is spoken over TLS only");
    let mut client = site.client().await;
    client.send(format!("CONNECT {HOST}:443 HTTP/1.1\r\nHost: {HOST}:443\r\n\r\n")).await;
    assert_eq!(client.reader.response("CONNECT").await.unwrap().status(), 400);
    assert!(whole.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_target_with_a_quote_an_angle_bracket_or_a_hash_is_refused_in_words() {
    let (app, whole) = noting().await;
    let site = Site::plain(app.address).await;
    for (method, target) in [
        ("GET", "/issues/?jql=text~\"two words\"".replace(' ', "+")),
        ("GET", "/issues/?jql=created<-1d".to_owned()),
        ("GET", "/?x=>".to_owned()),
        ("GET", "/a\"b".to_owned()),
        ("DELETE", "/collection/#member".to_owned()),
        ("PROPFIND", "/collection/?#".to_owned()),
        ("PUT", format!("https://{HOST}/x#y")),
    ] {
        let mut client = site.client().await;
        let first = "GET /before HTTP/1.1\r\nHost: jira.example.com\r\n\r\n";
        let head =
            format!("{method} {target} HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 3\r\n\r\n");
        client.send(format!("{first}{head}abc{FOLLOWING}")).await;
        assert_eq!(client.reader.response("GET").await.unwrap().status(), 200);
        let answer = client.reader.response(method).await;
        let answer = answer.unwrap_or_else(|| panic!("{target}: no answer"));
        let text = String::from_utf8_lossy(&answer.body);
        assert_eq!(answer.status(), 400, "{target}");
        assert!(text.contains("%22") && text.contains("%23"), "{target}: {text}");
        assert_eq!(answer.text("connection"), Some("close"), "{target}");
        assert!(client.reader.response("GET").await.is_none(), "{target}: the connection went on");
        let seen = std::mem::take(&mut *whole.lock().unwrap());
        assert_eq!(seen, ["GET /before HTTP/1.1"], "{target}");
    }
}

#[tokio::test]
async fn answers_cannot_be_split_by_what_an_app_writes_into_a_header() {
    let app = testkit::http::answering(|request| {
        let value = request.line.split(['?', ' ']).nth(2).unwrap_or_default();
        let value = value.replace("%0d", "\r").replace("%0a", "\n").replace("%00", "\0");
        format!("HTTP/1.1 302 Found\r\nLocation: /{value}\r\nContent-Length: 0\r\n\r\n")
            .into_bytes()
    });
    let site = Site::plain(app.await.address).await;
    for (injected, status) in [("plain", 302), ("a%00b", 502), ("a%0d b", 502), ("a%0a b", 502)] {
        let mut client = site.client().await;
        let answer = client.get(&format!("/x?{}", injected.replace(' ', "")), "").await;
        let value = answer.text("location").unwrap_or_default().to_owned();
        assert!(!value.contains(['\r', '\n', '\0']), "{injected}: {answer:?}");
        assert!([status, 502].contains(&answer.status()), "{injected}: {answer:?}");
    }
}
