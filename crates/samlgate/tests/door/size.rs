//! The state of a request is moved about while it passes, so it is small.

use gateway::Body;
use gateway::listen::Peer;
use http::Request;
use samlgate::front::gate;

use crate::site::{Setup, front};

#[tokio::test]
async fn a_request_that_passes_carries_little_state() {
    let folder = tempfile::tempdir().unwrap();
    let front = front(folder.path(), "127.0.0.1:9".parse().unwrap(), &Setup::default()).await;
    let request: Request<Body> = Request::new(gateway::empty());
    let peer = Peer { address: "127.0.0.1:9".parse().unwrap(), tls: false };
    let size = size_of_val(&gate::pass(front, request, peer));
    assert!(size <= 6 * 1024, "{size} bytes: put what is rare into a box");
}
