//! WebSockets as tunnels of bytes, and what must not become one.

use std::time::Duration;

use gateway::Timeouts;
use tokio::io::AsyncWriteExt as _;

use crate::front::{HOST, client_of, front};
use testkit::http::{App, Client, app, showing};

const ASKS: &str = "Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
                    Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
const AGREES: &str = "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\
                      Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

/// Agrees, greets in the same packet, and sends back whatever comes.
async fn echo() -> App {
    app(|mut caller| async move {
        let request = caller.request().await.unwrap();
        assert_eq!(request.text("upgrade"), Some("websocket"));
        assert_eq!(request.text("connection"), Some("upgrade"));
        assert_eq!(request.text("sec-websocket-key"), Some("dGhlIHNhbXBsZSBub25jZQ=="));
        caller.send(format!("{AGREES}hello")).await;
        loop {
            let bytes = caller.reader.exactly(1).await;
            if bytes.is_empty() {
                return;
            }
            caller.send(bytes).await;
        }
    })
    .await
}

#[tokio::test]
async fn carries_every_byte_both_ways() {
    let mut client = client_of(echo().await.address).await;
    let answer = client.get("/synchrony/v1/bayeux-sync1", ASKS).await;
    assert_eq!(answer.status(), 101);
    assert_eq!(answer.text("sec-websocket-accept"), Some("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
    assert_eq!(client.reader.exactly(5).await, b"hello");
    let bytes: Vec<u8> = (0..=255).cycle().take(20_000).collect();
    let Client { mut reader, mut writer, .. } = client;
    let sent = bytes.clone();
    tokio::spawn(async move { writer.write_all(&sent).await.unwrap() });
    assert_eq!(reader.exactly(bytes.len()).await, bytes);
}

#[tokio::test]
async fn ends_on_both_sides_when_one_ends() {
    let mut client = client_of(echo().await.address).await;
    assert_eq!(client.get("/", ASKS).await.status(), 101);
    assert_eq!(client.reader.exactly(5).await, b"hello");
    client.writer.shutdown().await.unwrap();
    assert_eq!(client.reader.exactly(1).await, b"");
}

#[tokio::test]
async fn ends_when_nothing_moves() {
    let timeouts = Timeouts { tunnel_idle: Duration::from_millis(100), ..Timeouts::default() };
    let mut client = Client::connect(front(echo().await.address, timeouts).await, HOST).await;
    assert_eq!(client.get("/", ASKS).await.status(), 101);
    assert_eq!(client.reader.exactly(5).await, b"hello");
    for _ in 0..4 {
        tokio::time::sleep(Duration::from_millis(50)).await;
        client.send("x").await;
        assert_eq!(client.reader.exactly(1).await, b"x");
    }
    let end = tokio::time::timeout(Duration::from_secs(5), client.reader.exactly(1));
    assert_eq!(end.await.expect("the tunnel stays open"), b"");
}

#[tokio::test]
async fn an_app_that_does_not_agree_just_answers() {
    let mut client = client_of(showing().await.address).await;
    assert_eq!(client.get("/", ASKS).await.status(), 200);
}

#[tokio::test]
async fn no_other_protocol_is_asked_for() {
    let mut client = client_of(showing().await.address).await;
    let asks = "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n";
    let seen = String::from_utf8(client.get("/", asks).await.body).unwrap();
    assert!(!seen.contains("upgrade") && !seen.contains("http2-settings"), "{seen}");
}

#[tokio::test]
async fn an_app_that_changes_the_protocol_unasked_is_not_followed() {
    let app = app(|mut caller| async move {
        caller.request().await.unwrap();
        caller.send(AGREES).await;
        caller.request().await;
    });
    let mut client = client_of(app.await.address).await;
    assert_eq!(client.get("/", "").await.status(), 502);
}
