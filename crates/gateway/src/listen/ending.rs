//! The end of a connection, after the last answer on it.
//!
//! Closing while something still comes makes the system answer with a reset, and that takes from the
//! client what it has not read yet: the answer itself, when it refuses a body half sent, or the last
//! of a download, since a client of HTTP/2 tells how far it has read. So our side ends first, and
//! what still comes is read and dropped for a while.

use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::time::{Instant, timeout, timeout_at};

/// When a connection is closed whatever still comes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Linger {
    /// After so long without a byte.
    pub(super) silence: Duration,
    /// At this time.
    pub(super) until: Instant,
}

impl Linger {
    /// In a process that goes on: a client that still sends is heard out, within limits.
    pub(super) fn here() -> Self {
        Linger { silence: SILENCE, until: Instant::now() + LONGEST }
    }

    /// In a process that stops at `deadline`: a slow client has until then to read what it got.
    pub(super) fn stopping(deadline: Instant) -> Self {
        Linger { silence: LONGEST, until: deadline + SILENCE }
    }

    /// Ends our side, and closes when the other end does or when it is time.
    pub(super) async fn over<S: AsyncRead + AsyncWrite + Unpin>(self, mut stream: S) {
        let ended = async {
            stream.shutdown().await?;
            let mut scratch = [0; 4096];
            while let Ok(read) = timeout(self.silence, stream.read(&mut scratch)).await {
                if read? == 0 {
                    break;
                }
            }
            std::io::Result::Ok(())
        };
        let _ = timeout_at(self.until, ended).await;
    }
}

/// Within this time a client that hears us answers.
pub(super) const SILENCE: Duration = Duration::from_secs(3);

/// Nobody is heard out for longer.
pub(super) const LONGEST: Duration = Duration::from_secs(30);
