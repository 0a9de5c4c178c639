//! WebSockets, as Confluence's Synchrony opens them, through the whole server.

use std::time::Duration;

use testkit::http::{App, Client, app};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _};

use crate::site::Site;

const ASKS: &str = "Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n\
                    Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

/// Agrees, greets in the same packet, and sends back whatever comes.
async fn synchrony() -> App {
    app(|mut caller| async move {
        let request = caller.request().await.unwrap();
        assert_eq!(request.line, "GET /synchrony/v1/bayeux-sync1?x=1 HTTP/1.1");
        assert_eq!(request.text("upgrade"), Some("websocket"));
        assert_eq!(request.text("sec-websocket-key"), Some("dGhlIHNhbXBsZSBub25jZQ=="));
        caller
            .send(
                "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\
                 Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\nhello",
            )
            .await;
        loop {
            let bytes = caller.reader.some().await;
            if bytes.is_empty() {
                return;
            }
            caller.send(bytes).await;
        }
    })
    .await
}

/// Bytes that are no HTTP pass both ways, and the end of one side is the end of the other.
async fn talk<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(mut client: Client<S>) {
    let answer = client.get("/synchrony/v1/bayeux-sync1?x=1", ASKS).await;
    assert_eq!(answer.status(), 101, "{answer:?}");
    assert_eq!(answer.text("sec-websocket-accept"), Some("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
    assert_eq!(client.reader.exactly(5).await, b"hello");
    let bytes: Vec<u8> = (0..=255).chain([b'\n', 0, b'\r']).cycle().take(300_000).collect();
    let Client { mut reader, mut writer, .. } = client;
    let sent = bytes.clone();
    let sending = tokio::spawn(async move {
        writer.write_all(&sent).await.unwrap();
        writer.flush().await.unwrap();
        writer
    });
    assert_eq!(reader.exactly(bytes.len()).await, bytes);
    sending.await.unwrap().shutdown().await.unwrap();
    let end = tokio::time::timeout(Duration::from_secs(5), reader.exactly(1)).await;
    assert_eq!(end.expect("the tunnel stays open"), b"");
}

#[tokio::test]
async fn a_websocket_carries_any_bytes_both_ways() {
    let site = Site::plain(synchrony().await.address).await;
    talk(site.client().await).await;
}

#[tokio::test]
async fn a_websocket_passes_through_tls_too() {
    let site = Site::with_tls(synchrony().await.address).await;
    talk(site.secure_client().await).await;
}
