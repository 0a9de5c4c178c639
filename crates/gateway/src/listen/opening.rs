//! What a connection opens with, and the words for who speaks the wrong protocol.
//!
//! A URL with the wrong scheme is a mistake that people make. Without words both ends only see a
//! connection that breaks off. It does not send people on to the right scheme: the address that they
//! used is theirs to say, and theirs to correct.

use std::io;

use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout_at};

use super::ending::{Linger, SILENCE};

/// What the first byte of a connection announces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Opening {
    /// A TLS handshake (RFC 8446 §5.1), or the hello of SSL 2 in which old clients offer TLS (RFC
    /// 5246 §E.2).
    Tls,
    /// Text: a method, or an empty line before it (RFC 9112 §2.2, §3).
    Text,
    /// Neither, or nothing at all.
    Other,
}

impl Opening {
    /// Waits for the first byte of `stream`, and leaves it there.
    ///
    /// # Errors
    /// When the connection is broken.
    pub(super) async fn of(stream: &TcpStream) -> io::Result<Self> {
        let mut first = [0];
        Ok(match stream.peek(&mut first).await? {
            0 => Opening::Other,
            _ => Self::announced_by(first[0]),
        })
    }

    fn announced_by(byte: u8) -> Self {
        match byte {
            0x16 | 0x80 => Opening::Tls,
            b' '..=b'~' | b'\t' | b'\r' | b'\n' => Opening::Text,
            _ => Opening::Other,
        }
    }
}

/// Tells a client whose plain HTTP came to a TLS port, in plain HTTP.
pub(super) async fn refuse_text(stream: TcpStream) {
    refuse(stream, "This port speaks HTTPS: use https:// in place of http://.\n").await;
}

/// Tells a client whose TLS came to a plain port. It cannot read this, but it sees at once that it
/// does not speak with TLS, and whoever looks at the connection finds the reason.
pub(super) async fn refuse_tls(stream: TcpStream) {
    refuse(stream, "This port speaks plain HTTP: use http:// in place of https://.\n").await;
}

async fn refuse(mut stream: TcpStream, words: &str) {
    let answer = format!(
        "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{words}",
        words.len()
    );
    let until = Instant::now() + SILENCE;
    if let Ok(Ok(())) = timeout_at(until, stream.write_all(answer.as_bytes())).await {
        Linger { silence: SILENCE, until }.over(stream).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_byte_tells_tls_from_text_in_every_spelling() {
        for hello in
            [&b"\x16\x03\x01\x02\x00"[..], b"\x16\x03\x03", b"\x16", b"\x80\x2e\x01\x03\x01"]
        {
            assert_eq!(Opening::announced_by(hello[0]), Opening::Tls, "{hello:?}");
        }
        for text in
            ["GET / HTTP/1.1", "PRI * HTTP/2.0", "get /", "\r\nGET /", "\nGET /", " GET /", "~x /"]
        {
            assert_eq!(Opening::announced_by(text.as_bytes()[0]), Opening::Text, "{text:?}");
        }
        for other in [0, 0x15, 0x17, 0x7f, 0xff] {
            assert_eq!(Opening::announced_by(other), Opening::Other, "{other}");
        }
    }
}
