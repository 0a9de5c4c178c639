//! Large and endless bodies, in memory that does not grow with them.

use std::sync::Arc;
use std::time::Duration;

use tokio::io::AsyncWriteExt as _;
use tokio::sync::{Mutex, mpsc};

use crate::front::{HOST, client_of};
use testkit::http::{Client, app, ok};

const SIZE: usize = 100 << 20;

/// This process' memory, in bytes.
fn memory() -> usize {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap();
    pages.split(' ').nth(1).unwrap().parse::<usize>().unwrap() * 4096
}

fn pattern() -> Vec<u8> {
    (0..=250).cycle().take(1 << 20).collect()
}

#[tokio::test]
async fn a_hundred_megabytes_pass_up_and_down_in_little_memory() {
    let app = app(|mut caller| async move {
        let head = caller.reader.head().await.unwrap();
        let piece = pattern();
        if head.line.starts_with("PUT") {
            assert_eq!(head.text("content-length"), Some(SIZE.to_string().as_str()));
            for _ in 0..SIZE / piece.len() {
                assert!(caller.reader.exactly(piece.len()).await == piece, "other bytes came");
            }
            caller.send(ok(b"all came")).await;
        } else {
            caller.send(format!("HTTP/1.1 200 OK\r\nContent-Length: {SIZE}\r\n\r\n")).await;
            for _ in 0..SIZE / piece.len() {
                caller.send(&piece).await;
            }
        }
    });
    let gateway = crate::front::front(app.await.address, gateway::Timeouts::default()).await;
    let before = memory();
    let mut peak = 0;
    let piece = pattern();

    let mut client = Client::connect(gateway, HOST).await;
    client.send(format!("PUT /big HTTP/1.1\r\nHost: a\r\nContent-Length: {SIZE}\r\n\r\n")).await;
    for _ in 0..SIZE / piece.len() {
        client.writer.write_all(&piece).await.unwrap();
        peak = peak.max(memory());
    }
    assert_eq!(client.reader.response("PUT").await.unwrap().body, b"all came");

    let mut client = Client::connect(gateway, HOST).await;
    client.send("GET /big HTTP/1.1\r\nHost: a\r\n\r\n").await;
    assert_eq!(client.reader.head().await.unwrap().status(), 200);
    for _ in 0..SIZE / piece.len() {
        assert!(client.reader.exactly(piece.len()).await == piece, "other bytes came");
        peak = peak.max(memory());
    }
    // The other tests of this process run meanwhile; a collected body would be five times this.
    assert!(peak.saturating_sub(before) < 20 << 20, "{} bytes more", peak - before);
}

#[tokio::test]
async fn each_piece_of_a_long_poll_comes_at_once() {
    let (got, wait) = mpsc::channel::<()>(1);
    let wait = Arc::new(Mutex::new(wait));
    let app = app(move |mut caller| {
        let wait = wait.clone();
        async move {
            caller.request().await.unwrap();
            caller.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n").await;
            for _ in 0..5 {
                caller.send("4\r\ntick\r\n").await;
                // The next piece comes only when the client has this one.
                wait.lock().await.recv().await;
            }
        }
    });
    let mut client = client_of(app.await.address).await;
    client.send("GET /events HTTP/1.1\r\nHost: a\r\n\r\n").await;
    assert_eq!(client.reader.head().await.unwrap().status(), 200);
    for _ in 0..5 {
        let piece = tokio::time::timeout(Duration::from_secs(2), client.reader.exactly(9)).await;
        assert_eq!(piece.expect("held back"), b"4\r\ntick\r\n");
        got.send(()).await.unwrap();
    }
}

#[tokio::test]
async fn an_app_that_does_not_read_slows_the_client_down() {
    let app = app(|mut caller| async move {
        caller.reader.head().await.unwrap();
        tokio::time::sleep(Duration::from_millis(300)).await;
        let mut left = SIZE;
        while left > 0 {
            left -= caller.reader.exactly(left.min(1 << 20)).await.len();
        }
        caller.send(ok(b"")).await;
    });
    let mut client = client_of(app.await.address).await;
    client.send(format!("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: {SIZE}\r\n\r\n")).await;
    let (piece, mut sent) = (pattern(), 0);
    let early = tokio::time::timeout(Duration::from_millis(200), async {
        while sent < SIZE {
            sent += client.writer.write(&piece).await.unwrap();
        }
    });
    assert!(early.await.is_err(), "all was taken though the app took nothing");
    assert!(sent < 30 << 20, "{sent} bytes were taken though the app took nothing");
    while sent < SIZE {
        let rest = piece.len().min(SIZE - sent);
        sent += client.writer.write(&piece[..rest]).await.unwrap();
    }
    assert_eq!(client.reader.response("POST").await.unwrap().status(), 200);
}

#[tokio::test]
async fn both_ways_at_once() {
    let app = app(|mut caller| async move {
        caller.reader.head().await.unwrap();
        caller.send(format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", 8 << 20)).await;
        for _ in 0..8 << 7 {
            let piece = caller.reader.exactly(8 << 10).await;
            caller.send(piece).await;
        }
    });
    let client = client_of(app.await.address).await;
    let Client { mut reader, mut writer, .. } = client;
    let sending = tokio::spawn(async move {
        let head = format!("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: {}\r\n\r\n", 8 << 20);
        writer.write_all(head.as_bytes()).await.unwrap();
        for _ in 0..8 {
            writer.write_all(&pattern()).await.unwrap();
        }
        // The connection stays open until its answer has been read.
        writer
    });
    let answer = reader.response("POST").await.unwrap();
    assert!(answer.body == pattern().repeat(8), "other bytes came back");
    sending.await.unwrap();
}
