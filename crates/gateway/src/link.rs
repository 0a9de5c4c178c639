//! One connection to an app, driven by whoever uses it.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};

use hyper::client::conn::http1::{Builder, Connection, SendRequest};
use hyper_rustls::MaybeHttpsStream;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::GatewayError;
use crate::heard::Heard;
use crate::noted::Noted;
use crate::patience::Sending;

/// What a connection runs on.
type Wire = TokioIo<Noted<TokioIo<MaybeHttpsStream<TokioIo<TcpStream>>>, Heard>>;

/// One connection to an app; large, so it is moved about in a box.
pub(crate) struct Link {
    pub(crate) sender: SendRequest<Sending>,
    pub(crate) connection: Connection<Wire, Sending>,
    /// What the app has said on it.
    pub(crate) heard: Heard,
}

impl Link {
    /// Speaks HTTP/1.1 on a fresh connection.
    pub(crate) async fn open(
        stream: MaybeHttpsStream<TokioIo<TcpStream>>,
    ) -> Result<Box<Self>, GatewayError> {
        let heard = Heard::default();
        let wire = Noted { stream: TokioIo::new(stream), reads: heard.clone() };
        let opened = Builder::new().handshake(TokioIo::new(wire)).await;
        let (sender, connection) = opened.map_err(|error| failed(&error))?;
        Ok(Box::new(Link { sender, connection, heard }))
    }

    /// Lets the connection do what it can; true when it has ended.
    pub(crate) fn drive(&mut self, context: &mut Context<'_>) -> bool {
        Pin::new(&mut self.connection).poll(context).is_ready()
    }

    /// Whether an idle connection can take a request: the app may have closed it meanwhile.
    pub(crate) async fn is_fresh(&mut self) -> bool {
        poll_fn(|context| Poll::Ready(!self.drive(context) && self.sender.is_ready())).await
    }
}

pub(crate) fn failed(error: &hyper::Error) -> GatewayError {
    if error.is_user() {
        // The app is well: it was the sender's body that failed.
        return not_whole();
    }
    GatewayError::Unreachable(causes(error))
}

/// The client broke off.
pub(crate) fn not_whole() -> GatewayError {
    GatewayError::BadRequest("The body of the request did not come whole.")
}

/// An error with its causes, each said once.
pub(crate) fn causes(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let said = cause.to_string();
        if !text.contains(&said) {
            text = format!("{text}: {said}");
        }
        next = cause.source();
    }
    text
}
