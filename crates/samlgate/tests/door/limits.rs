//! What a connection may cost: slow heads, slow bodies, large heads, and the end of the process.

use std::time::{Duration, Instant};

use gateway::listen::Limits;
use testkit::http::{Client, app, ok, showing};

use crate::site::{HOST, Setup, Site};

const SHORT: Duration = Duration::from_millis(300);

async fn site_with(limits: Limits) -> Site {
    Site::open(showing().await.address, Setup { limits, ..Setup::default() }).await
}

#[tokio::test]
async fn a_head_that_comes_byte_by_byte_is_not_waited_for() {
    let site = site_with(Limits { head: SHORT, ..Limits::default() }).await;
    let mut client = site.client().await;
    let begun = Instant::now();
    for byte in "GET / HTTP/1.1\r\nHost: jira.example.com\r\n".bytes() {
        client.send([byte]).await;
        tokio::time::sleep(SHORT / 10).await;
        if begun.elapsed() > SHORT * 2 {
            break;
        }
    }
    let end = tokio::time::timeout(Duration::from_secs(5), client.reader.head()).await;
    let answer = end.expect("the connection stays open");
    assert!(answer.is_none_or(|answer| answer.status() == 408), "no answer, or one that says why");
}

#[tokio::test]
async fn an_idle_connection_and_a_silent_one_end() {
    let site = site_with(Limits { head: SHORT, ..Limits::default() }).await;
    let mut silent = site.client().await;
    let mut idle = site.client().await;
    assert_eq!(idle.get("/", "").await.status(), 200);
    for client in [&mut silent, &mut idle] {
        let end = tokio::time::timeout(Duration::from_secs(5), client.reader.head()).await;
        assert!(end.expect("the connection stays open").is_none());
    }
}

#[tokio::test]
async fn a_large_head_and_too_many_headers_are_refused_with_431() {
    let site = site_with(Limits::default()).await;
    let fits = format!("X-Large: {}\r\n", "a".repeat(60_000));
    let large = format!("X-Large: {}\r\n", "a".repeat(66_000));
    let many: String = (0..500).map(|n| format!("X-{n}: 1\r\n")).collect();
    let target = format!("/{}", "a".repeat(66_000));
    assert_eq!(site.client().await.get("/", &fits).await.status(), 200);
    for (target, headers, statuses) in [
        ("/", large.as_str(), [431, 431]),
        ("/", many.as_str(), [431, 431]),
        (target.as_str(), "", [414, 431]),
    ] {
        let answer = site.client().await.get(target, headers).await;
        assert!(statuses.contains(&answer.status()), "{}", answer.line);
    }
}

#[tokio::test]
async fn a_client_that_takes_nothing_is_given_up() {
    let (gone, mut saw) = tokio::sync::mpsc::channel(1);
    let app = app(move |mut caller| {
        let gone = gone.clone();
        async move {
            caller.request().await;
            caller.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n").await;
            let chunk = [b"100000\r\n".as_slice(), &[b'x'; 1 << 20], b"\r\n"].concat();
            use tokio::io::AsyncWriteExt as _;
            while caller.writer.write_all(&chunk).await.is_ok() {}
            let _ = gone.send(()).await;
        }
    });
    let limits = Limits { write: SHORT, ..Limits::default() };
    let site = Site::open(app.await.address, Setup { limits, ..Setup::default() }).await;
    let mut client = site.client().await;
    client.send("GET / HTTP/1.1\r\nHost: jira.example.com\r\n\r\n").await;
    let told = tokio::time::timeout(Duration::from_secs(10), saw.recv()).await;
    assert_eq!(told.expect("the app writes for ever"), Some(()));
}

#[tokio::test]
async fn when_the_process_stops_running_requests_end_and_new_connections_are_refused() {
    let (asked, mut was_asked) = tokio::sync::mpsc::channel(1);
    let app = app(move |mut caller| {
        let asked = asked.clone();
        async move {
            while let Some(request) = caller.request().await {
                if request.line.contains("/slow") {
                    asked.send(()).await.unwrap();
                    tokio::time::sleep(SHORT).await;
                }
                caller.send(ok(b"whole")).await;
            }
        }
    });
    let site = Site::plain(app.await.address).await;
    let mut idle = site.client().await;
    assert_eq!(idle.get("/", "").await.status(), 200);
    let mut running = site.client().await;
    running.send("GET /slow HTTP/1.1\r\nHost: jira.example.com\r\n\r\n").await;
    was_asked.recv().await.unwrap();
    site.stop.send(true).unwrap();
    assert!(idle.reader.head().await.is_none(), "an idle connection ends at once");
    assert_eq!(running.reader.response("GET").await.unwrap().body, b"whole");
    let stopped = tokio::time::timeout(Duration::from_secs(5), site.serving).await;
    stopped.expect("it does not stop").unwrap();
    assert!(tokio::net::TcpStream::connect(site.address).await.is_err());
}

#[tokio::test]
async fn a_connection_that_says_nothing_does_not_hold_the_stop_up() {
    let limits = Limits { stop: SHORT, ..Limits::default() };
    let site = site_with(limits).await;
    let mut client = Client::connect(site.address, HOST).await;
    client.send("POST / HTTP/1.1\r\nHost: jira.example.com\r\nContent-Length: 5\r\n\r\nab").await;
    tokio::time::sleep(SHORT).await;
    site.stop.send(true).unwrap();
    let stopped = tokio::time::timeout(Duration::from_secs(5), site.serving).await;
    stopped.expect("it does not stop").unwrap();
}

#[tokio::test]
async fn an_answer_to_a_body_that_still_comes_says_that_it_is_the_last_and_arrives() {
    let site = site_with(Limits::default()).await;
    let length = 60 << 20;
    for (path, framing, status) in [
        ("/dologin.action", format!("Content-Length: {length}"), 413),
        ("/dologin.action", "Transfer-Encoding: chunked".to_owned(), 413),
        ("/a/../b", format!("Content-Length: {length}"), 400),
    ] {
        let mut client = site.client().await;
        let form = "Content-Type: application/x-www-form-urlencoded";
        let head = format!("POST {path} HTTP/1.1\r\nHost: {HOST}\r\n{form}\r\n{framing}\r\n\r\n");
        client.send(head).await;
        let piece = vec![b'x'; 1 << 20];
        let chunked = framing.starts_with('T');
        // Longer than a client is heard out that says nothing.
        for _ in 0..40 {
            if chunked {
                client.send("100000\r\n").await;
            }
            client.send(&piece).await;
            if chunked {
                client.send("\r\n").await;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        let answer = client.reader.response("POST").await.expect("the answer is lost");
        assert_eq!(answer.status(), status, "{path} {framing}");
        assert_eq!(answer.text("connection"), Some("close"), "{path} {framing}");
    }
}

#[tokio::test]
async fn a_body_that_has_come_whole_ends_no_connection() {
    let site = site_with(Limits::default()).await;
    let mut client = site.client().await;
    for framing in
        ["Content-Length: 3\r\n\r\na=b", "Transfer-Encoding: chunked\r\n\r\n3\r\na=b\r\n0\r\n\r\n"]
    {
        for path in ["/", "/dologin.action"] {
            client.send(format!("POST {path} HTTP/1.1\r\nHost: {HOST}\r\n{framing}")).await;
            let answer = client.reader.response("POST").await.expect("the connection ends");
            assert_eq!(answer.text("connection"), None, "{path} {framing}");
        }
    }
}
