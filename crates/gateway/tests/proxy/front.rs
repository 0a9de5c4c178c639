//! The gateway as a program of its own would run it.

use std::convert::Infallible;
use std::net::SocketAddr;

use gateway::{Body, ForwardContext, GatewayError, Timeouts, Turns, Upstream};
use http::{Request, Response, StatusCode};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use testkit::http::Client;
use tokio::net::TcpListener;

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
        request_id: "0123456789abcdef",
        is_own_cookie: is_own,
        let_through: &[],
    };
    gateway::forward(upstream, request, &context, &Turns::new(100)).await.unwrap_or_else(|error| {
        let mut response = Response::new(gateway::full(error.to_string()));
        *response.status_mut() = match error {
            GatewayError::BadRequest(_) => StatusCode::BAD_REQUEST,
            GatewayError::Timeout(_) => StatusCode::GATEWAY_TIMEOUT,
            _ => StatusCode::BAD_GATEWAY,
        };
        response
    })
}

/// A client of a gateway before the app at `address`.
pub(crate) async fn client_of(address: SocketAddr) -> Client {
    Client::connect(front(address, Timeouts::default()).await, HOST).await
}
