//! What else goes through a gateway: long polls, uploads, downloads, a WebSocket. No page of an app.

use std::convert::Infallible;
use std::time::Duration;

use aws_lc_rs::digest::{Context, SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest};
use axum::body::Body;
use axum::extract::{Query, Request};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{any, get, post};
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use futures_util::stream;
use http::header::{CONNECTION, CONTENT_TYPE, UPGRADE};
use http::{HeaderValue, StatusCode};
use http_body_util::BodyExt as _;
use hyper_util::rt::TokioIo;
use serde::Deserialize;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::process;

/// Answers that are not pages, the same in every app; below `/double/` but for the WebSocket.
pub(crate) fn router() -> Router {
    Router::new()
        .route("/synchrony", any(echo))
        .route("/synchrony-proxy", any(echo))
        .route("/double/long-poll", get(long_poll))
        .route("/double/upload", post(upload))
        .route("/double/download", get(download))
        .route("/double/request", any(request_seen))
}

#[derive(Deserialize)]
struct Wait {
    /// Until the first byte, and again until the last one.
    #[serde(default)]
    milliseconds: u64,
}

/// Keeps silent, says one word, keeps silent again, ends.
async fn long_poll(Query(wait): Query<Wait>) -> Response {
    let pause = Duration::from_millis(wait.milliseconds.min(600_000));
    tokio::time::sleep(pause).await;
    let words = stream::unfold(0_u8, move |said| async move {
        let word = match said {
            0 => "first\n",
            1 => {
                tokio::time::sleep(pause).await;
                "last\n"
            }
            _ => return None,
        };
        Some((Ok::<_, Infallible>(Bytes::from_static(word.as_bytes())), said + 1))
    });
    ([(CONTENT_TYPE, "text/plain")], Body::from_stream(words)).into_response()
}

/// Reads a body of any size, keeps none of it, and says how long it was and its SHA-256.
async fn upload(request: Request) -> Response {
    let mut hash = Context::new(&SHA256);
    let mut length = 0_u64;
    let mut body = request.into_body();
    while let Some(frame) = body.frame().await {
        let Ok(frame) = frame else { return StatusCode::BAD_REQUEST.into_response() };
        if let Some(data) = frame.data_ref() {
            hash.update(data);
            length += data.len() as u64;
        }
    }
    let sha256 = process::hex(hash.finish().as_ref());
    Json(json!({ "length": length, "sha256": sha256 })).into_response()
}

#[derive(Deserialize)]
struct Size {
    bytes: u64,
}

/// So many bytes of a fixed pattern, made while they are sent.
async fn download(Query(size): Query<Size>) -> Response {
    const BLOCK: &[u8] = &[b'x'; 64 * 1024];
    let blocks = stream::unfold(size.bytes, |left| async move {
        let now = left.min(BLOCK.len() as u64);
        let block = BLOCK.get(..now as usize).filter(|block| !block.is_empty())?;
        Some((Ok::<_, Infallible>(Bytes::from_static(block)), left - now))
    });
    ([(CONTENT_TYPE, "application/octet-stream")], Body::from_stream(blocks)).into_response()
}

/// The request as it arrived: what a gateway made of it.
async fn request_seen(request: Request) -> Response {
    let headers = request.headers().iter();
    let headers: Vec<[String; 2]> = headers
        .map(|(name, value)| {
            [name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()]
        })
        .collect();
    let (method, target) = (request.method().to_string(), request.uri().to_string());
    Json(json!({ "method": method, "target": target, "headers": headers })).into_response()
}

/// A WebSocket that sends back what it gets.
async fn echo(mut request: Request) -> Response {
    let key = request.headers().get("sec-websocket-key").cloned();
    let (Some(key), Some(upgrade)) =
        (key, request.extensions_mut().remove::<hyper::upgrade::OnUpgrade>())
    else {
        return (StatusCode::UPGRADE_REQUIRED, "This is a WebSocket.\n").into_response();
    };
    tokio::spawn(async move {
        if let Ok(upgraded) = upgrade.await {
            // The other side goes away when it likes.
            let _ = echo_frames(TokioIo::new(upgraded)).await;
        }
    });
    let headers = [
        (CONNECTION, HeaderValue::from_static("Upgrade")),
        (UPGRADE, HeaderValue::from_static("websocket")),
        (http::header::SEC_WEBSOCKET_ACCEPT, accept_value(key.as_bytes())),
    ];
    (StatusCode::SWITCHING_PROTOCOLS, headers).into_response()
}

/// RFC 6455, section 4.2.2, number 5.4.
fn accept_value(key: &[u8]) -> HeaderValue {
    let mut text = key.to_vec();
    text.extend_from_slice(b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11");
    let hash = digest(&SHA1_FOR_LEGACY_USE_ONLY, &text);
    let value = HeaderValue::from_str(&STANDARD.encode(hash));
    value.unwrap_or(HeaderValue::from_static(""))
}

/// Sends every frame back without its mask, a ping as a pong, and ends after a close frame
/// (RFC 6455, section 5.2).
async fn echo_frames<S>(mut socket: S) -> std::io::Result<()>
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
{
    const PING: u8 = 9;
    const CLOSE: u8 = 8;
    loop {
        let first = socket.read_u8().await?;
        let second = socket.read_u8().await?;
        let length = match second & 0x7f {
            126 => u64::from(socket.read_u16().await?),
            127 => socket.read_u64().await?,
            length => u64::from(length),
        };
        let mut mask = [0_u8; 4];
        if second & 0x80 != 0 {
            socket.read_exact(&mut mask).await?;
        }
        let mut payload = vec![0_u8; length.min(16 << 20) as usize];
        socket.read_exact(&mut payload).await?;
        for (byte, mask) in payload.iter_mut().zip(mask.iter().cycle()) {
            *byte ^= mask;
        }
        let opcode = first & 0x0f;
        let opcode_out = if opcode == PING { 10 } else { opcode };
        let mut frame = vec![first & 0xf0 | opcode_out];
        match payload.len() {
            short @ 0..=125 => frame.push(short as u8),
            middle @ 126..=0xffff => {
                frame.push(126);
                frame.extend_from_slice(&(middle as u16).to_be_bytes());
            }
            long => {
                frame.push(127);
                frame.extend_from_slice(&(long as u64).to_be_bytes());
            }
        }
        frame.extend_from_slice(&payload);
        socket.write_all(&frame).await?;
        socket.flush().await?;
        if opcode == CLOSE {
            return socket.shutdown().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_the_example_key_of_the_standard() {
        let value = accept_value(b"dGhlIHNhbXBsZSBub25jZQ==");
        assert_eq!(value, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }
}
