//! Upgraded connections (RFC 9110 §7.8): once both sides have agreed, bytes pass both ways unread.

use http::header::{CONNECTION, UPGRADE};
use http::{Request, Response};
use hyper::body::Incoming;
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use tokio::io::copy_bidirectional_with_sizes;

use crate::Body;

/// Buffer of each direction of a tunnel, in bytes.
const BUFFER: usize = 16 * 1024;

/// The client's side of an upgrade, when the request asks for one.
pub(crate) fn asked_for(request: &mut Request<Body>) -> Option<OnUpgrade> {
    let names_upgrade = request
        .headers()
        .get_all(CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|name| name.trim().eq_ignore_ascii_case("upgrade"));
    let asks = names_upgrade && request.headers().contains_key(UPGRADE);
    asks.then(|| hyper::upgrade::on(request))
}

/// Joins both sides as soon as the 101 answer is through. Ends when either side does.
pub(crate) fn tunnel(client: OnUpgrade, response: &mut Response<Incoming>) {
    let app = hyper::upgrade::on(response);
    tokio::spawn(async move {
        let (Ok(client), Ok(app)) = tokio::join!(client, app) else { return };
        let (mut client, mut app) = (TokioIo::new(client), TokioIo::new(app));
        // However a tunnel ends, both sides see their connection closed: nothing is left to say.
        let _ = copy_bidirectional_with_sizes(&mut client, &mut app, BUFFER, BUFFER).await;
    });
}
