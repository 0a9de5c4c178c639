//! An app that answers with the very bytes it is told to.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::AsyncWriteExt as _;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};

use super::{Message, Reader};

/// One connection to the app.
pub struct Caller {
    /// What comes.
    pub reader: Reader<OwnedReadHalf>,
    /// Where bytes go.
    pub writer: OwnedWriteHalf,
}

impl Caller {
    fn new(stream: TcpStream) -> Self {
        stream.set_nodelay(true).unwrap();
        let (reader, writer) = stream.into_split();
        Caller { reader: Reader::new(reader), writer }
    }

    /// The next request.
    pub async fn request(&mut self) -> Option<Message> {
        self.reader.request().await
    }

    /// Sends bytes; a gateway that has gone is no failure of the app.
    pub async fn send(&mut self, bytes: impl AsRef<[u8]>) {
        let _ = self.writer.write_all(bytes.as_ref()).await;
    }
}

/// A running app.
pub struct App {
    /// Where it listens.
    pub address: SocketAddr,
    /// How many connections it has taken.
    pub connections: Arc<AtomicUsize>,
}

/// Starts an app that does `serve` for each connection.
pub async fn app<F>(serve: impl Fn(Caller) -> F + Send + Sync + 'static) -> App
where
    F: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let connections = Arc::new(AtomicUsize::new(0));
    let counter = connections.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            counter.fetch_add(1, Ordering::Relaxed);
            tokio::spawn(serve(Caller::new(stream)));
        }
    });
    App { address, connections }
}

/// Starts an app that answers each request by `answer`.
pub async fn answering(answer: impl Fn(&Message) -> Vec<u8> + Send + Sync + 'static) -> App {
    let answer = Arc::new(answer);
    app(move |mut caller| {
        let answer = answer.clone();
        async move {
            while let Some(request) = caller.request().await {
                caller.send(answer(&request)).await;
            }
        }
    })
    .await
}

/// Starts an app that shows each request it saw as the body of its answer.
pub async fn showing() -> App {
    answering(|request| ok(format!("{request:?}").as_bytes())).await
}

/// A plain answer.
pub fn ok(body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}
