//! What an intermediary changes in a head, and what it leaves alone.

use crate::front::client_of;
use testkit::http::{Message, answering, ok, showing};

/// The request that the app saw, from an answer that shows it.
fn shown(answer: &Message) -> String {
    String::from_utf8(answer.body.clone()).unwrap()
}

/// How a header with a text value looks there.
fn header(name: &str, value: &str) -> String {
    format!("({name:?}, {:?})", value.as_bytes())
}

#[tokio::test]
async fn tells_the_app_who_asked_and_for_what() {
    let mut client = client_of(showing().await.address).await;
    let seen = shown(&client.get("/browse/KEY-1?a=b%20c", "").await);
    assert!(seen.contains("GET /browse/KEY-1?a=b%20c HTTP/1.1"), "{seen}");
    for (name, value) in [
        ("host", "jira.example.com"),
        ("x-forwarded-for", "192.0.2.7"),
        ("x-forwarded-proto", "https"),
        ("x-forwarded-host", "jira.example.com"),
        ("x-forwarded-port", "443"),
        ("x-request-id", "0123456789abcdef"),
    ] {
        assert!(seen.contains(&header(name, value)), "{name}: {seen}");
    }
}

#[tokio::test]
async fn drops_whatever_the_request_says_of_its_sender() {
    let mut client = client_of(showing().await.address).await;
    let claims = "X-Forwarded-For: 10.9.8.7\r\nx-forwarded-for: 10.9.8.7\r\nX-Forwarded-Proto: 10.9.8.7\r\n\
                  X-Forwarded-Host: 10.9.8.7\r\nForwarded: for=10.9.8.7\r\nX-Real-IP: 10.9.8.7\r\n\
                  X-Forwarded-Port: 10.9.8.7\r\nX-Request-Id: 10.9.8.7\r\nX_Forwarded_For: 10.9.8.7\r\n\
                  Remote-User: 10.9.8.7\r\ntrue_client_ip: 10.9.8.7\r\n";
    let seen = shown(&client.get("/", claims).await);
    let claim = format!("{:?}", b"10.9.8.7");
    assert!(!seen.contains(claim.trim_matches(['[', ']'])), "{seen}");
    assert!(seen.contains(&header("x-forwarded-for", "192.0.2.7")), "{seen}");
}

#[tokio::test]
async fn takes_an_absolute_target_as_a_path() {
    let mut client = client_of(showing().await.address).await;
    let seen = shown(&client.get("http://jira.example.com/x?y", "").await);
    assert!(seen.contains("GET /x?y HTTP/1.1"), "{seen}");
}

#[tokio::test]
async fn own_cookies_never_reach_the_app_nor_come_from_it() {
    let app = answering(|request| {
        let cookies = request.values("cookie").concat();
        let head = "Set-Cookie: a=1; Path=/\r\nSet-Cookie: gate_s=forged\r\nSet-Cookie: b=2\r\n";
        let body = String::from_utf8(cookies).unwrap();
        let length = body.len();
        format!("HTTP/1.1 200 OK\r\n{head}Content-Length: {length}\r\n\r\n{body}").into_bytes()
    });
    let mut client = client_of(app.await.address).await;
    let answer = client.get("/", "Cookie: gate_s=1; JSESSIONID=x%20\"y\"; gate_t=2; z=\r\n").await;
    assert_eq!(answer.body, b"JSESSIONID=x%20\"y\"; z=");
    let cookies: Vec<&[u8]> = vec![b"a=1; Path=/", b"b=2"];
    assert_eq!(answer.values("set-cookie"), cookies);
}

#[tokio::test]
async fn expectations_are_met_by_the_gateway_itself() {
    let app =
        answering(|request| ok(if request.text("expect").is_some() { b"told" } else { b"not" }));
    let mut client = client_of(app.await.address).await;
    let head = "PUT /x HTTP/1.1\r\nHost: jira.example.com\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n";
    client.send(head).await;
    assert_eq!(client.reader.head().await.unwrap().status(), 100);
    client.send("hello").await;
    assert_eq!(client.reader.response("PUT").await.unwrap().body, b"not");
}

#[tokio::test]
async fn ranges_and_conditions_are_the_app_s_to_answer() {
    let app = answering(|request| match request.text("if-none-match") {
        Some("\"1\"") => {
            b"HTTP/1.1 304 Not Modified\r\nETag: \"1\"\r\nContent-Length: 10\r\n\r\n".to_vec()
        }
        _ => {
            assert_eq!(request.text("range"), Some("bytes=2-4"));
            let head =
                "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 2-4/10\r\nContent-Length: 3";
            format!("{head}\r\n\r\n234").into_bytes()
        }
    });
    let mut client = client_of(app.await.address).await;
    let part = client.get("/", "Range: bytes=2-4\r\n").await;
    assert_eq!((part.status(), part.text("content-range")), (206, Some("bytes 2-4/10")));
    assert_eq!(part.body, b"234");
    let same = client.get("/", "If-None-Match: \"1\"\r\n").await;
    assert_eq!((same.status(), same.text("etag")), (304, Some("\"1\"")));
}

#[tokio::test]
async fn an_answer_in_chunks_that_also_says_a_length_has_one_length_for_the_client() {
    let app = answering(|_| {
        let head = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n";
        format!("{head}5\r\nhello\r\n0\r\n\r\n").into_bytes()
    });
    let mut client = client_of(app.await.address).await;
    let answer = client.get("/", "").await;
    assert_eq!((answer.body.as_slice(), answer.text("content-length")), (&b"hello"[..], None));
}

#[tokio::test]
async fn is_no_proxy_to_other_places() {
    let mut client = client_of(showing().await.address).await;
    client.send("CONNECT other.example.com:443 HTTP/1.1\r\nHost: other.example.com\r\n\r\n").await;
    assert_eq!(client.reader.response("CONNECT").await.unwrap().status(), 400);
}
