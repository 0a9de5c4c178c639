//! WebSockets (RFC 9110 §7.8, RFC 6455 §4): once both sides have agreed, bytes pass unread.
//!
//! No other protocol is let through: within a tunnel nobody sees requests, and an app that could
//! be talked into HTTP/2 there (`h2c`) would be reached past every rule of the gateway.
//!
//! A tunnel may outlive what allowed it, so whoever let it be opened can close it ([`Tunnel`]).

use std::sync::Arc;
use std::time::Duration;

use http::header::{CONNECTION, HeaderMap, UPGRADE};
use http::{Method, Request, Response, Version};
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use tokio::io::copy_bidirectional_with_sizes;
use tokio::sync::watch;

use crate::Body;
use crate::noted::{Noted, Reads};
use crate::patience::Progress;
use crate::turns::TunnelTurn;

/// Buffer of each direction of a tunnel, in bytes.
const BUFFER: usize = 16 * 1024;

/// A hold on an open tunnel: an extension of the 101 answer with which it began. Without one kept, the
/// tunnel goes on.
#[derive(Clone, Debug)]
pub struct Tunnel {
    close: watch::Sender<bool>,
    client: Arc<Progress>,
}

impl Tunnel {
    /// Closes it: both sides see the end of their connection.
    pub fn close(&self) {
        self.close.send_replace(true);
    }

    /// How long ago the client sent something.
    pub fn silent_for(&self) -> Duration {
        self.client.age()
    }

    /// Whether it has ended, however that came.
    pub fn has_ended(&self) -> bool {
        self.close.is_closed()
    }
}

/// The client's side of a WebSocket, when the request asks for one.
pub(crate) fn asked_for(request: &mut Request<Body>) -> Option<OnUpgrade> {
    let asks = *request.method() == Method::GET
        && request.version() == Version::HTTP_11
        && names(request.headers(), CONNECTION.as_str(), "upgrade")
        && request.headers().get_all(UPGRADE).iter().count() == 1
        && request.headers()[UPGRADE].as_bytes().eq_ignore_ascii_case(b"websocket");
    asks.then(|| hyper::upgrade::on(request))
}

/// Joins both sides as soon as the 101 answer is through. Ends when either side does, when nothing
/// moved for `idle`, or when it is closed by its [`Tunnel`].
pub(crate) fn tunnel<B>(
    client: OnUpgrade,
    response: &mut Response<B>,
    idle: Duration,
    turn: TunnelTurn,
) {
    let app = hyper::upgrade::on(&mut *response);
    let (close, mut closed) = watch::channel(false);
    let heard = Arc::new(Progress::new());
    response.extensions_mut().insert(Tunnel { close, client: heard.clone() });
    tokio::spawn(async move {
        let _turn = turn;
        let (Ok(client), Ok(app)) = tokio::join!(client, app) else { return };
        let progress = Arc::new(Progress::new());
        let reads = OfClient { tunnel: progress.clone(), client: heard };
        let mut client = Noted { stream: TokioIo::new(client), reads };
        let mut app = Noted { stream: TokioIo::new(app), reads: progress.clone() };
        let copying = copy_bidirectional_with_sizes(&mut client, &mut app, BUFFER, BUFFER);
        // However a tunnel ends, both sides see their connection closed: nothing is left to say.
        tokio::select! {
            _ = copying => {}
            () = silence(&progress, idle) => {}
            Ok(_) = closed.wait_for(|closed| *closed) => {}
        }
    });
}

/// What the client sends moves the tunnel, and is told from what the app sends.
struct OfClient {
    tunnel: Arc<Progress>,
    client: Arc<Progress>,
}

impl Reads for OfClient {
    fn came(&self, bytes: usize) {
        self.tunnel.came(bytes);
        self.client.came(bytes);
    }
}

/// Ends when nothing has moved for `limit`.
async fn silence(progress: &Progress, limit: Duration) {
    loop {
        let left = limit.saturating_sub(progress.age());
        if left.is_zero() {
            return;
        }
        tokio::time::sleep(left).await;
    }
}

/// Whether a header that is a list names `token`.
fn names(headers: &HeaderMap, header: &str, token: &str) -> bool {
    headers
        .get_all(header)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|name| name.trim().eq_ignore_ascii_case(token))
}
