//! One HTTP/1.1 connection that is kept: cheap, so that the server's cost is what is measured.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;

/// A connection to the server.
pub(crate) struct Client {
    stream: BufReader<TcpStream>,
    authority: &'static str,
}

/// An answer, read whole.
pub(crate) struct Answer {
    /// The status code.
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    /// The body as text.
    pub(crate) body: String,
}

impl Answer {
    /// The first header of this name.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// All headers of this name.
    pub(crate) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.headers.iter().filter(move |(n, _)| n == name).map(|(_, value)| &**value)
    }
}

impl Client {
    /// Connects to `port` of loopback, asking for `authority`.
    pub(crate) fn connect(port: u16, authority: &'static str) -> Self {
        let stream = TcpStream::connect(("127.0.0.1", port)).expect("the server listens");
        stream.set_nodelay(true).expect("a TCP stream");
        Client { stream: BufReader::new(stream), authority }
    }

    /// GET without cookies.
    pub(crate) fn get(&mut self, path: &str) -> Answer {
        let head = format!("GET {path} HTTP/1.1\r\nHost: {}\r\n\r\n", self.authority);
        self.exchange(&head, "")
    }

    /// POST of a form with these cookies.
    pub(crate) fn post(&mut self, path: &str, cookie: &str, form: &str) -> Answer {
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: {}\r\nCookie: {cookie}\r\nContent-Type: \
             application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n",
            self.authority,
            form.len()
        );
        self.exchange(&head, form)
    }

    fn exchange(&mut self, head: &str, body: &str) -> Answer {
        let message = [head, body].concat();
        self.stream.get_mut().write_all(message.as_bytes()).expect("the server reads");
        let status = self.line().split(' ').nth(1).and_then(|code| code.parse().ok());
        let mut headers = Vec::new();
        loop {
            let line = self.line();
            let Some((name, value)) = line.split_once(':') else { break };
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        let mut answer =
            Answer { status: status.expect("a status line"), headers, body: String::new() };
        let length = answer.header("content-length").and_then(|length| length.parse().ok());
        let mut bytes = vec![0; length.unwrap_or(0)];
        self.stream.read_exact(&mut bytes).expect("the whole body");
        answer.body = String::from_utf8_lossy(&bytes).into_owned();
        answer
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.stream.read_line(&mut line).expect("a line");
        line.trim_end().to_owned()
    }
}
