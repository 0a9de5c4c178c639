//! A reader of HTTP/1.1 messages, written apart from the library that the gateway uses.

use tokio::io::{AsyncRead, AsyncReadExt as _};

/// A message as it came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message {
    /// The first line.
    pub line: String,
    /// Names in small letters, values as they came.
    pub headers: Vec<(String, Vec<u8>)>,
    /// The body without its framing.
    pub body: Vec<u8>,
    /// Whether the body ended as its framing says.
    pub whole: bool,
}

impl Message {
    /// All values of a header, in order.
    pub fn values(&self, name: &str) -> Vec<&[u8]> {
        self.headers.iter().filter(|(n, _)| n == name).map(|(_, v)| v.as_slice()).collect()
    }

    /// The one value of a header.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.values(name).first().map(|value| std::str::from_utf8(value).unwrap())
    }

    /// The status of an answer.
    pub fn status(&self) -> u16 {
        self.line.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or_default()
    }
}

/// A connection that is read message by message.
pub struct Reader<R> {
    stream: R,
    buffer: Vec<u8>,
}

impl<R: AsyncRead + Unpin> Reader<R> {
    /// Reads `stream` from here on.
    pub fn new(stream: R) -> Self {
        Reader { stream, buffer: Vec::new() }
    }

    /// The next message's line and headers; `None` at the end of the connection.
    pub async fn head(&mut self) -> Option<Message> {
        let mut message = Message { line: self.line().await?, whole: true, ..Message::default() };
        loop {
            let line = self.bytes_of_line().await?;
            if line.is_empty() {
                return Some(message);
            }
            let colon = line.iter().position(|byte| *byte == b':').unwrap();
            let name = String::from_utf8(line[..colon].to_ascii_lowercase()).unwrap();
            message.headers.push((name, line[colon + 1..].trim_ascii().to_vec()));
        }
    }

    /// The next request.
    pub async fn request(&mut self) -> Option<Message> {
        let mut message = self.head().await?;
        self.framed(&mut message).await;
        Some(message)
    }

    /// The next answer to a request with this method; interim answers are skipped.
    pub async fn response(&mut self, method: &str) -> Option<Message> {
        let mut message = self.head().await?;
        while (100..200).contains(&message.status()) && message.status() != 101 {
            message = self.head().await?;
        }
        let empty = method == "HEAD" || matches!(message.status(), 101 | 204 | 304);
        let framed = message.text("content-length").or(message.text("transfer-encoding"));
        match framed {
            _ if empty => {}
            Some(_) => self.framed(&mut message).await,
            None => {
                message.body = std::mem::take(&mut self.buffer);
                message.whole = self.stream.read_to_end(&mut message.body).await.is_ok();
            }
        }
        Some(message)
    }

    /// Exactly this many bytes, or fewer at the end of the connection.
    pub async fn exactly(&mut self, count: usize) -> Vec<u8> {
        while self.buffer.len() < count && self.more().await {}
        let rest = self.buffer.split_off(count.min(self.buffer.len()));
        std::mem::replace(&mut self.buffer, rest)
    }

    /// Whatever has come, at least one byte but at the end of the connection.
    pub async fn some(&mut self) -> Vec<u8> {
        if self.buffer.is_empty() {
            self.more().await;
        }
        std::mem::take(&mut self.buffer)
    }

    async fn framed(&mut self, message: &mut Message) {
        let lengths = message.values("content-length").len();
        let chunked = message.values("transfer-encoding").len();
        assert!(lengths + chunked < 2, "framed twice: {message:?}");
        if let Some(length) = message.text("content-length").map(|text| text.parse().unwrap()) {
            message.body = self.exactly(length).await;
            message.whole = message.body.len() == length;
        } else if chunked == 1 {
            assert_eq!(message.text("transfer-encoding"), Some("chunked"));
            message.whole = self.chunks(&mut message.body).await.is_some();
        }
    }

    async fn chunks(&mut self, body: &mut Vec<u8>) -> Option<()> {
        loop {
            let chunk = self.chunk().await?;
            if chunk.is_empty() {
                return Some(());
            }
            body.extend_from_slice(&chunk);
        }
    }

    /// The next chunk of a body; the last one is empty. `None` when the connection ends before it.
    pub async fn chunk(&mut self) -> Option<Vec<u8>> {
        let size = usize::from_str_radix(&self.line().await?, 16).unwrap();
        if size == 0 {
            while !self.line().await?.is_empty() {}
            return Some(Vec::new());
        }
        let chunk = self.exactly(size).await;
        (self.line().await?.is_empty() && chunk.len() == size).then_some(chunk)
    }

    async fn line(&mut self) -> Option<String> {
        self.bytes_of_line().await.map(|line| String::from_utf8_lossy(&line).into_owned())
    }

    async fn bytes_of_line(&mut self) -> Option<Vec<u8>> {
        loop {
            if let Some(end) = self.buffer.windows(2).position(|pair| pair == b"\r\n") {
                let rest = self.buffer.split_off(end + 2);
                let mut line = std::mem::replace(&mut self.buffer, rest);
                line.truncate(end);
                return Some(line);
            }
            if !self.more().await {
                return None;
            }
        }
    }

    async fn more(&mut self) -> bool {
        self.stream.read_buf(&mut self.buffer).await.is_ok_and(|count| count > 0)
    }
}
