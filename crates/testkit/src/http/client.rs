//! A client that speaks bytes.

use std::net::SocketAddr;

use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _, ReadHalf, WriteHalf};
use tokio::net::TcpStream;

use super::{Message, Reader};

/// One connection to a server.
pub struct Client<S = TcpStream> {
    /// What comes.
    pub reader: Reader<ReadHalf<S>>,
    /// Where bytes go.
    pub writer: WriteHalf<S>,
    host: String,
}

impl Client {
    /// Connects to `address`; [`Client::get`] will ask for `host`.
    pub async fn connect(address: SocketAddr, host: &str) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Client::over(stream, host)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Client<S> {
    /// Speaks over a stream that is open already.
    pub fn over(stream: S, host: &str) -> Self {
        let (reader, writer) = tokio::io::split(stream);
        Client { reader: Reader::new(reader), writer, host: host.to_owned() }
    }

    /// Sends bytes; a server that refuses to read on is no failure of the client.
    pub async fn send(&mut self, bytes: impl AsRef<[u8]>) {
        let _ = self.writer.write_all(bytes.as_ref()).await;
        let _ = self.writer.flush().await;
    }

    /// Sends a request without a body and reads its answer.
    pub async fn get(&mut self, target: &str, headers: &str) -> Message {
        self.send(format!("GET {target} HTTP/1.1\r\nHost: {}\r\n{headers}\r\n", self.host)).await;
        self.reader.response("GET").await.unwrap()
    }
}
