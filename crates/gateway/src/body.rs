//! Bodies: boxed once, streamed always, collected only up to a limit.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, Empty, Full, StreamBody};
use hyper::body::Frame;

use crate::GatewayError;
use crate::room::{ROOM, SentAway};

/// Whatever went wrong inside a body.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// The body of every request and answer.
pub type Body = UnsyncBoxBody<Bytes, BoxError>;

/// Boxes a body.
pub fn boxed<B>(body: B) -> Body
where
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    body.map_err(Into::into).boxed_unsync()
}

/// A body without bytes.
pub fn empty() -> Body {
    Empty::new().map_err(|never| match never {}).boxed_unsync()
}

/// A body that is known whole.
pub fn full(content: impl Into<Bytes>) -> Body {
    Full::new(content.into()).map_err(|never| match never {}).boxed_unsync()
}

/// A body that is collected must be there within this time: it is small, and whoever sends it byte
/// by byte wants to hold something up.
const COLLECT_WITHIN: Duration = Duration::from_secs(30);

/// The whole body, if it has at most `limit` bytes.
///
/// # Errors
/// [`GatewayError::TooLarge`] as soon as one byte more has come; [`GatewayError::BodyBroken`];
/// [`GatewayError::BodySlow`] when it has not come whole within 30 seconds; [`GatewayError::Busy`]
/// when it had to make room for others.
pub async fn collect(body: Body, limit: usize) -> Result<Bytes, GatewayError> {
    peek(body, limit).await.map(|(bytes, _)| bytes)
}

/// Reads the whole body of at most `limit` bytes, and gives it back as a body to send on,
/// trailers included.
///
/// # Errors
/// As [`collect`].
pub async fn peek(body: Body, limit: usize) -> Result<(Bytes, Body), GatewayError> {
    let peeked = tokio::time::timeout(COLLECT_WITHIN, peek_all(body, limit)).await;
    peeked.unwrap_or(Err(GatewayError::BodySlow(COLLECT_WITHIN.as_secs())))
}

fn not_whole(error: BoxError) -> GatewayError {
    if error.is::<SentAway>() {
        GatewayError::Busy
    } else {
        GatewayError::BodyBroken(error.to_string())
    }
}

async fn peek_all(body: Body, limit: usize) -> Result<(Bytes, Body), GatewayError> {
    let mut body = ROOM.counting(body);
    let mut collected = BytesMut::new();
    let mut trailers = None;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(not_whole)?;
        match frame.into_data() {
            Ok(data) if collected.len() + data.len() > limit => {
                return Err(GatewayError::TooLarge(limit));
            }
            Ok(data) => collected.extend_from_slice(&data),
            Err(other) => trailers = Some(other),
        }
    }
    let bytes = collected.freeze();
    let replay = match trailers {
        None => full(bytes.clone()),
        Some(trailers) => {
            let frames = [Ok::<_, BoxError>(Frame::data(bytes.clone())), Ok(trailers)];
            StreamBody::new(futures_util::stream::iter(frames)).boxed_unsync()
        }
    };
    Ok((bytes, replay))
}
