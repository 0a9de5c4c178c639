//! Why a question to the Crowd server was not answered.

use http::StatusCode;

/// One variant for each thing that the app tells apart.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CrowdFailure {
    #[error("the server did not answer: {0}")]
    Unreachable(String),
    #[error(
        "the answer ({0}) does not come from a Crowd server: it has no X-Embedded-Crowd-Version"
    )]
    NoCrowd(StatusCode),
    #[error("the application's name or password was refused: {0}")]
    ApplicationRefused(String),
    #[error("the application may not do this from here: {0}")]
    NotPermitted(String),
    /// The server gave a reason of its own list.
    #[error("{reason}: {message}")]
    Reason { reason: String, message: String },
    /// 404 without a reason: the server does not know the resource.
    #[error("the server has no such resource: {0}")]
    Missing(String),
    #[error("the server answered {0}")]
    Failed(StatusCode),
    #[error("the answer cannot be understood: {0}")]
    Unreadable(String),
}

impl CrowdFailure {
    /// The reason given by the server; empty when there was none.
    pub(crate) fn reason(&self) -> &str {
        match self {
            CrowdFailure::Reason { reason, .. } => reason,
            _ => "",
        }
    }
}
