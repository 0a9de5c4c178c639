//! Why a request could not be passed on.

use thiserror::Error;

/// A part of a request that has a limit of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Reaching the app.
    Connect,
    /// From the end of the request to the head of the answer.
    ResponseHead,
    /// Between two pieces of a body.
    Idle,
}

/// Why a request could not be passed on.
#[derive(Debug, Error)]
pub enum GatewayError {
    /// The request itself is refused; the text is for whoever sent it.
    #[error("bad request: {0}")]
    BadRequest(&'static str),
    /// The app cannot be reached or broke off before it answered.
    #[error("the app does not answer: {0}")]
    Unreachable(String),
    /// A phase took too long.
    #[error("the app took too long in phase {0:?}")]
    Timeout(Phase),
    /// A body is larger than what was to be read of it.
    #[error("the body is larger than {0} bytes")]
    TooLarge(usize),
    /// A body that is collected has not come whole within so many seconds.
    #[error("the body did not come whole within {0} seconds")]
    BodySlow(u64),
    /// Too much is going on at once, of this client or of all.
    #[error("too much at once")]
    Busy,
    /// A body broke off.
    #[error("the body broke off: {0}")]
    BodyBroken(String),
}
