//! One request with its answer, and how both are written.

use crate::front::HOST;

/// How the end of a body is told.
#[derive(Clone, Debug)]
pub(super) enum Framing {
    Nothing,
    Length,
    /// Chunks of these sizes, the rest in one more.
    Chunks(Vec<usize>),
    /// Until the connection ends; answers only.
    Close,
}

/// A header as it is sent.
pub(super) type Header = (String, Vec<u8>);

/// One request with its answer.
#[derive(Clone, Debug)]
pub(super) struct Exchange {
    pub(super) method: String,
    pub(super) target: String,
    pub(super) headers: Vec<Header>,
    pub(super) framing: Framing,
    pub(super) body: Vec<u8>,
    /// The bytes are written in pieces that end here.
    pub(super) cuts: Vec<usize>,
    pub(super) status: u16,
    pub(super) reason: String,
    pub(super) answer_headers: Vec<Header>,
    pub(super) answer_framing: Framing,
    pub(super) answer_body: Vec<u8>,
    pub(super) early_hints: bool,
}

impl Exchange {
    /// The request, marked with its number.
    pub(super) fn request(&self, number: usize) -> Vec<u8> {
        let mut bytes = format!("{} {} HTTP/1.1\r\nhOsT: {HOST}\r\n", self.method, self.target);
        bytes.push_str(&format!("X-Case: {number}\r\n"));
        written(bytes, &self.headers, &self.framing, &self.body)
    }

    /// The answer of the app.
    pub(super) fn answer(&self) -> Vec<u8> {
        let mut start = String::new();
        if self.early_hints {
            start.push_str("HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n");
        }
        start.push_str(&format!("HTTP/1.1 {} {}\r\n", self.status, self.reason));
        if !self.is_bodiless() {
            return written(start, &self.answer_headers, &self.answer_framing, &self.answer_body);
        }
        written(start, &self.answer_headers, &Framing::Nothing, &[])
    }

    /// Whether the answer has no body whatever its headers say.
    pub(super) fn is_bodiless(&self) -> bool {
        self.method == "HEAD" || matches!(self.status, 204 | 304)
    }

    /// The bytes of the request's body.
    pub(super) fn sent(&self) -> &[u8] {
        if matches!(self.framing, Framing::Nothing) { &[] } else { &self.body }
    }

    /// Whether the app closes the connection after it, as it says then.
    pub(super) fn closes(&self) -> bool {
        matches!(self.answer_framing, Framing::Close) && !self.is_bodiless()
    }
}

fn written(start: String, headers: &[Header], framing: &Framing, body: &[u8]) -> Vec<u8> {
    let mut bytes = start.into_bytes();
    for (name, value) in headers {
        bytes.extend([name.as_bytes(), b":", value, b"\r\n"].concat());
    }
    match framing {
        Framing::Nothing => bytes.extend(b"\r\n"),
        Framing::Length => {
            bytes.extend(format!("Content-Length: {}\r\n\r\n", body.len()).into_bytes());
            bytes.extend(body);
        }
        Framing::Close => bytes.extend([b"Connection: close\r\n\r\n", body].concat()),
        Framing::Chunks(sizes) => {
            bytes.extend(b"Transfer-Encoding: chunked\r\n\r\n");
            let mut rest = body;
            for size in sizes.iter().copied().chain([usize::MAX]) {
                let (chunk, after) = rest.split_at(size.min(rest.len()));
                rest = after;
                if !chunk.is_empty() {
                    bytes.extend(format!("{:X}\r\n", chunk.len()).into_bytes());
                    bytes.extend([chunk, b"\r\n"].concat());
                }
            }
            bytes.extend(b"0\r\n\r\n");
        }
    }
    bytes
}
