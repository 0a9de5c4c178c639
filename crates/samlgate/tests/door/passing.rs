//! What passes untouched: answers that wait, bodies that are packed, cookies that bind a person to
//! one node of a cluster.

use std::sync::Arc;
use std::time::Duration;

use testkit::http::{answering, app, ok};
use tokio::sync::{Mutex, mpsc};

use crate::site::Site;

#[tokio::test]
async fn each_piece_of_a_long_poll_comes_at_once_even_when_a_request_waits_behind_it() {
    let (got, wait) = mpsc::channel::<()>(1);
    let wait = Arc::new(Mutex::new(wait));
    let app = app(move |mut caller| {
        let wait = wait.clone();
        async move {
            let request = caller.request().await.unwrap();
            if request.line.contains("/next") {
                return caller.send(ok(b"next")).await;
            }
            caller.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n").await;
            for _ in 0..5 {
                caller.send("4\r\ntick\r\n").await;
                // The next piece comes only when the client has this one.
                wait.lock().await.recv().await;
            }
            caller.send("0\r\n\r\n").await;
        }
    });
    let site = Site::plain(app.await.address).await;
    for behind in ["", "GET /next HTTP/1.1\r\nHost: jira.example.com\r\n\r\n"] {
        let mut client = site.client().await;
        let poll = "GET /plugins/servlet/streams HTTP/1.1\r\nHost: jira.example.com\r\n\r\n";
        client.send(format!("{poll}{behind}")).await;
        assert_eq!(client.reader.head().await.unwrap().status(), 200);
        for _ in 0..5 {
            let piece = tokio::time::timeout(Duration::from_secs(5), client.reader.exactly(9));
            assert_eq!(piece.await.expect("held back"), b"4\r\ntick\r\n");
            got.send(()).await.unwrap();
        }
        if !behind.is_empty() {
            assert_eq!(client.reader.exactly(5).await, b"0\r\n\r\n");
            assert_eq!(client.reader.response("GET").await.unwrap().body, b"next");
        }
    }
}

#[tokio::test]
async fn packed_and_chunked_answers_keep_their_bytes_and_their_headers() {
    let packed: Vec<u8> =
        [0x1f, 0x8b, 8, 0].into_iter().chain((0..=255).cycle().take(70_000)).collect();
    let body = packed.clone();
    let app = answering(move |request| {
        assert_eq!(request.text("accept-encoding"), Some("gzip, deflate, br"));
        let head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\
                    Vary: Accept-Encoding\r\nETag: \"1--gzip\"\r\n";
        if request.line.starts_with("HEAD") {
            return format!("{head}Content-Length: {}\r\n\r\n", body.len()).into_bytes();
        }
        let mut bytes = format!("{head}Transfer-Encoding: chunked\r\n\r\n").into_bytes();
        for chunk in body.chunks(7_000) {
            bytes.extend(format!("{:x}\r\n", chunk.len()).as_bytes());
            bytes.extend([chunk, b"\r\n"].concat());
        }
        bytes.extend(b"0\r\n\r\n");
        bytes
    });
    let site = Site::plain(app.await.address).await;
    let mut client = site.client().await;
    let asks = "Accept-Encoding: gzip, deflate, br\r\n";
    let answer = client.get("/display/DS/Welcome", asks).await;
    assert!(answer.body == packed, "other bytes came");
    for (name, value) in
        [("content-encoding", "gzip"), ("etag", "\"1--gzip\""), ("vary", "Accept-Encoding")]
    {
        assert_eq!(answer.text(name), Some(value));
    }
    client
        .send(format!("HEAD /display/DS/Welcome HTTP/1.1\r\nHost: jira.example.com\r\n{asks}\r\n"))
        .await;
    let head = client.reader.response("HEAD").await.unwrap();
    assert_eq!(head.text("content-length"), Some(packed.len().to_string().as_str()));
}

#[tokio::test]
async fn affinity_cookies_of_a_cluster_pass_both_ways() {
    let app = answering(|request| {
        let node = request.text("cookie") == Some("AWSALB=node2; JSESSIONID=1.node2");
        let head = "HTTP/1.1 200 OK\r\nSet-Cookie: AWSALB=node2; Expires=Wed, 01 Jan 2031 00:00:00 GMT; \
                    Path=/\r\nSet-Cookie: JSESSIONID=1.node2; Path=/; Secure; HttpOnly\r\n";
        format!("{head}Content-Length: 4\r\n\r\n{}", if node { "node" } else { "none" })
            .into_bytes()
    });
    let site = Site::plain(app.await.address).await;
    let mut client = site.client().await;
    let first = client.get("/", "Cookie: samlgate_session=x\r\n").await;
    assert_eq!((first.body.as_slice(), first.values("set-cookie").len()), (&b"none"[..], 2));
    let second = client.get("/", "Cookie: AWSALB=node2; JSESSIONID=1.node2\r\n").await;
    assert_eq!(second.body, b"node");
}

#[tokio::test]
async fn a_redirect_to_the_app_s_own_address_leads_to_the_public_one() {
    let app = answering(|request| {
        let host = request.text("host").unwrap();
        let head = "HTTP/1.1 302 Found\r\nContent-Length: 0\r\n";
        format!("{head}Location: http://{host}/login.action?os_destination=%2F\r\n\r\n")
            .into_bytes()
    });
    let site = Site::plain(app.await.address).await;
    let answer = site.client().await.get("/", "").await;
    let expected = "https://jira.example.com/login.action?os_destination=%2F";
    assert_eq!(answer.text("location"), Some(expected));
}

#[tokio::test]
async fn a_client_that_waits_for_100_continue_gets_it_and_trailers_do_no_harm() {
    let app = answering(|request| ok(&request.body));
    let site = Site::plain(app.await.address).await;
    let mut client = site.client().await;
    let head = "POST /rest/api/content/1/child/attachment HTTP/1.1\r\nHost: jira.example.com\r\n";
    client.send(format!("{head}Expect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n")).await;
    assert_eq!(client.reader.head().await.unwrap().status(), 100);
    client.send("5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n").await;
    assert_eq!(client.reader.response("POST").await.unwrap().body, b"hello");
    assert_eq!(client.get("/", "").await.status(), 200, "the connection goes on");
}
