//! Reading the first bytes of a body without losing them.

use bytes::Bytes;
use gateway::{Body, BoxError, GatewayError, collect, peek};
use http_body_util::{BodyExt as _, StreamBody};
use hyper::body::Frame;

fn pieces(pieces: &'static [&'static str]) -> Body {
    let frames = pieces.iter().map(|piece| Ok::<_, BoxError>(Frame::data(Bytes::from(*piece))));
    StreamBody::new(futures_util::stream::iter(frames)).boxed_unsync()
}

#[tokio::test]
async fn gives_back_what_it_has_read() {
    let (bytes, body) = peek(pieces(&["os_user", "name=", "camilla"]), 19).await.unwrap();
    assert_eq!(bytes, "os_username=camilla");
    assert_eq!(collect(body, 100).await.unwrap(), bytes);
}

#[tokio::test]
async fn refuses_one_byte_more_than_allowed() {
    let refused = peek(pieces(&["os_user", "name=", "camilla"]), 18).await;
    assert!(matches!(refused, Err(GatewayError::TooLarge(18))));
    assert!(matches!(collect(pieces(&["abc"]), 2).await, Err(GatewayError::TooLarge(2))));
}

#[tokio::test]
async fn trailers_stay_with_the_body() {
    let mut trailers = http::HeaderMap::new();
    trailers.insert("x-sum", "7".parse().unwrap());
    let frames = [Ok::<_, BoxError>(Frame::data(Bytes::from("a"))), Ok(Frame::trailers(trailers))];
    let body = StreamBody::new(futures_util::stream::iter(frames)).boxed_unsync();
    let (_, replay) = peek(body, 10).await.unwrap();
    assert_eq!(replay.collect().await.unwrap().trailers().unwrap()["x-sum"], "7");
}
