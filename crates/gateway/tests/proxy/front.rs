//! The gateway as a program of its own would run it, and a client that speaks bytes to it.

use std::convert::Infallible;
use std::net::SocketAddr;

use gateway::{Body, ForwardContext, GatewayError, Timeouts, Upstream};
use http::{Request, Response, StatusCode};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::AsyncWriteExt as _;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};

use crate::message::{Message, Reader};

/// The public authority of the app behind the gateway.
pub(crate) const HOST: &str = "jira.example.com";

/// Whether a cookie is the gateway's.
pub(crate) fn is_own(name: &str) -> bool {
    name.starts_with("gate_")
}

/// Starts a gateway before the app at `address`.
pub(crate) async fn front(address: SocketAddr, timeouts: Timeouts) -> SocketAddr {
    let upstream = Upstream::new(format!("http://{address}/").parse().unwrap(), None, timeouts);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let front = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let upstream = upstream.clone();
            let service = service_fn(move |request: Request<Incoming>| {
                let upstream = upstream.clone();
                async move { Ok::<_, Infallible>(pass(&upstream, request.map(gateway::boxed)).await) }
            });
            let connection = http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .with_upgrades();
            tokio::spawn(connection);
        }
    });
    front
}

async fn pass(upstream: &Upstream, request: Request<Body>) -> Response<Body> {
    let context = ForwardContext {
        client: [192, 0, 2, 7].into(),
        scheme: "https",
        host: HOST,
        forwarded_for: None,
        request_id: "0123456789abcdef",
        is_own_cookie: is_own,
    };
    gateway::forward(upstream, request, &context).await.unwrap_or_else(|error| {
        let mut response = Response::new(gateway::full(error.to_string()));
        *response.status_mut() = match error {
            GatewayError::BadRequest(_) => StatusCode::BAD_REQUEST,
            GatewayError::Timeout(_) => StatusCode::GATEWAY_TIMEOUT,
            _ => StatusCode::BAD_GATEWAY,
        };
        response
    })
}

/// A client of the gateway.
pub(crate) struct Client {
    pub(crate) reader: Reader<OwnedReadHalf>,
    pub(crate) writer: OwnedWriteHalf,
}

impl Client {
    pub(crate) async fn connect(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let (reader, writer) = stream.into_split();
        Client { reader: Reader::new(reader), writer }
    }

    /// Sends bytes; a gateway that refuses to read on is no failure of the client.
    pub(crate) async fn send(&mut self, bytes: impl AsRef<[u8]>) {
        let _ = self.writer.write_all(bytes.as_ref()).await;
    }

    /// Sends a request without a body and reads its answer.
    pub(crate) async fn get(&mut self, target: &str, headers: &str) -> Message {
        self.send(format!("GET {target} HTTP/1.1\r\nHost: {HOST}\r\n{headers}\r\n")).await;
        self.reader.response("GET").await.unwrap()
    }
}

/// A client of a gateway before the app at `address`.
pub(crate) async fn client_of(address: SocketAddr) -> Client {
    Client::connect(front(address, Timeouts::default()).await).await
}
