//! One connection from its TLS handshake to its end.

use std::future::Future;
use std::time::Duration;

use http::{Request, Response};
use socket2::{SockRef, TcpKeepalive};
use tokio::net::TcpStream;
use tokio::time::Instant;

use super::complaints::{Cause, Complaints};
use super::opening::{self, Opening};
use super::{Limits, Peer, Stop, TlsFiles, http1, http2};
use crate::Body;

/// Serves one connection until it ends, or until the process stops and its requests have ended.
pub(super) async fn run<S, F>(
    stream: TcpStream,
    peer: Peer,
    tls: Option<TlsFiles>,
    limits: &Limits,
    mut stop: Stop,
    complaints: &Complaints,
    service: S,
) where
    S: Fn(Request<Body>, Peer) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Response<Body>> + Send + 'static,
{
    prepare(&stream, limits);
    let late = Instant::now() + limits.head;
    let opening = tokio::select! {
        opening = tokio::time::timeout_at(late, Opening::of(&stream)) => opening,
        _ = stop.told() => return,
    };
    let Ok(Ok(opening)) = opening else {
        return tracing::debug!(client = %peer.address, "a connection without a byte");
    };
    let listener = stream.local_addr().ok();
    let Some(tls) = tls else {
        if opening == Opening::Tls {
            complaints.about(Cause::TlsAtText, peer.address, listener);
            return opening::refuse_tls(stream).await;
        }
        return http1::serve(stream, peer, limits, stop, service).await;
    };
    if opening == Opening::Text {
        complaints.about(Cause::TextAtTls, peer.address, listener);
        return opening::refuse_text(stream).await;
    }
    match tokio::time::timeout_at(late, tls.acceptor().accept(stream)).await {
        Ok(Ok(stream)) if stream.get_ref().1.alpn_protocol() == Some(b"h2") => {
            http2::serve(stream, peer, limits, stop, service).await;
        }
        Ok(Ok(stream)) => http1::serve(stream, peer, limits, stop, service).await,
        Ok(Err(error)) if refuses_certificate(&error) => {
            complaints.about(Cause::Certificate, peer.address, listener);
        }
        Ok(Err(_)) | Err(_) => tracing::debug!(client = %peer.address, "no TLS handshake"),
    }
}

/// What the system is to do for a connection. Where it cannot, it still serves.
fn prepare(stream: &TcpStream, limits: &Limits) {
    let _ = stream.set_nodelay(true);
    let socket = SockRef::from(stream);
    // Else megabytes wait in the system, and nobody could tell a slow client from one that is gone.
    let _ = socket.set_tcp_notsent_lowat(UNSENT);
    // Whose machine has gone says nothing any more, also while an app thinks.
    let alive =
        TcpKeepalive::new().with_time(limits.head).with_interval(PROBE).with_retries(PROBES);
    let _ = socket.set_tcp_keepalive(&alive);
    let _ = socket.set_tcp_user_timeout(Some(limits.write * 5));
}

/// Whether the other end gave up because of our certificate (RFC 8446 §6.2).
fn refuses_certificate(error: &std::io::Error) -> bool {
    use rustls::AlertDescription as Alert;
    let error = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    matches!(
        error,
        Some(rustls::Error::AlertReceived(
            Alert::BadCertificate
                | Alert::UnsupportedCertificate
                | Alert::CertificateRevoked
                | Alert::CertificateExpired
                | Alert::CertificateUnknown
                | Alert::UnknownCA
        ))
    )
}

pub(super) fn broken(ended: hyper::Result<()>, peer: Peer) {
    if let Err(error) = ended {
        tracing::debug!(error = %error, client = %peer.address, "a connection broke off");
    }
}

/// So many bytes wait in the system for the network, beside those that are on their way.
const UNSENT: u32 = 128 * 1024;

/// Time between two questions whether a silent client's machine is there.
const PROBE: Duration = Duration::from_secs(10);

/// So many without an answer are enough.
const PROBES: u32 = 3;
