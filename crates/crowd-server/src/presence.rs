//! Writes down which applications have come, and which have synchronised: once a minute at most,
//! beside the answer and never before it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use installation::Installation;
use installation::presence::Sign;

/// What this node has written down already.
#[derive(Default)]
pub(super) struct Book {
    written: Mutex<HashMap<(Sign, String), SystemTime>>,
}

impl Book {
    /// Notes that the application `name` did that now.
    pub(super) fn note(&self, installation: &Arc<Installation>, name: &str, sign: Sign) {
        let now = installation.clock.now();
        {
            let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
            let last = written.entry((sign, name.to_owned())).or_insert(UNIX_EPOCH);
            if now < *last + PAUSE {
                return;
            }
            *last = now;
        }
        let (installation, property) = (installation.clone(), sign.property(name));
        let millis = now.duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO).as_millis();
        tokio::spawn(async move {
            let written = async {
                let mut tx = installation.store.begin().await?;
                tx.put_property(&property, &millis.to_string()).await?;
                tx.commit().await
            };
            if let Err(error) = written.await {
                tracing::debug!(%error, "it is not noted that an application came");
            }
        });
    }
}

/// The same is written down once in this time.
const PAUSE: Duration = Duration::from_secs(60);
