//! Compression, long polls, uploads and the WebSocket.

use std::io::Read as _;
use std::time::{Duration, Instant};

use demo::{AppOptions, Profile, start_app};
use flate2::read::GzDecoder;
use http::{Method, StatusCode};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::browser::Browser;

#[tokio::test]
async fn pages_are_chunked_and_compressed_when_asked() {
    let app = start_app(Profile::Jira9, AppOptions::default()).await.unwrap();
    let mut browser = Browser::at(app.address);
    let plain = browser.get("/login.jsp").await;
    assert_eq!(plain.header("transfer-encoding"), "chunked");
    assert_eq!(plain.header("content-length"), "");
    browser.headers.push(("accept-encoding", "br, gzip".to_owned()));
    let packed = browser.get("/login.jsp").await;
    assert_eq!(packed.header("content-encoding"), "gzip");
    let mut text = String::new();
    GzDecoder::new(&packed.body[..]).read_to_string(&mut text).unwrap();
    assert_eq!(text, plain.text());
}

#[tokio::test]
async fn a_long_poll_keeps_silent_and_then_answers() {
    let app = start_app(Profile::Jira9, AppOptions::default()).await.unwrap();
    let begin = Instant::now();
    let answer = Browser::at(app.address).get("/double/long-poll?milliseconds=60").await;
    assert!(begin.elapsed() >= Duration::from_millis(120));
    assert_eq!(answer.text(), "first\nlast\n");
}

#[tokio::test]
async fn an_upload_is_hashed() {
    let app = start_app(Profile::Jira9, AppOptions::default()).await.unwrap();
    let body = Some(("application/octet-stream", "abc".to_owned()));
    let answer = Browser::at(app.address).send(Method::POST, "/double/upload", body).await;
    assert_eq!(answer.value()["length"], 3);
    let sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!(answer.value()["sha256"], sha256);
}

#[tokio::test]
async fn a_download_has_the_size_that_was_asked_for() {
    let app = start_app(Profile::Jira9, AppOptions::default()).await.unwrap();
    let answer = Browser::at(app.address).get("/double/download?bytes=200001").await;
    assert_eq!(answer.body.len(), 200_001);
}

#[tokio::test]
async fn the_websocket_sends_back_what_it_gets() {
    let app = start_app(Profile::Confluence7, AppOptions::default()).await.unwrap();
    let mut socket = TcpStream::connect(app.address).await.unwrap();
    let request = "GET /synchrony HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
                   Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    socket.write_all(request.as_bytes()).await.unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(socket.read_u8().await.unwrap());
    }
    let head = String::from_utf8(head).unwrap();
    assert!(head.starts_with("HTTP/1.1 101"), "{head}");
    assert!(head.contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="), "{head}");
    // The masked "Hello" of RFC 6455, section 5.7, and its echo without a mask.
    let masked = [0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58];
    socket.write_all(&masked).await.unwrap();
    let mut echo = [0_u8; 7];
    socket.read_exact(&mut echo).await.unwrap();
    assert_eq!(echo, [0x81, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f]);
}

#[tokio::test]
async fn the_websocket_address_asks_for_an_upgrade() {
    let app = start_app(Profile::Confluence7, AppOptions::default()).await.unwrap();
    let answer = Browser::at(app.address).get("/synchrony").await;
    assert_eq!(answer.status, StatusCode::UPGRADE_REQUIRED);
}
