//! Which applications have come, and which have synchronised: for the person who sets one up.
//!
//! Written down once a minute at most, beside the answer and never before it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use store::{Store, StoreError};

use crate::open::Installation;

/// When an application was here last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Presence {
    /// It asked anything, with the right password.
    pub seen_at: Option<SystemTime>,
    /// It asked for all memberships, which ends a synchronisation.
    pub synchronised_at: Option<SystemTime>,
}

impl Presence {
    /// What is known of the application `name`.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn of(store: &Store, name: &str) -> Result<Self, StoreError> {
        let moment = async |sign: Sign| -> Result<Option<SystemTime>, StoreError> {
            let text = store.property(&sign.property(name)).await?;
            let millis = text.and_then(|text| text.parse().ok());
            Ok(millis.map(|millis| UNIX_EPOCH + Duration::from_millis(millis)))
        };
        Ok(Presence {
            seen_at: moment(Sign::Seen).await?,
            synchronised_at: moment(Sign::Synchronised).await?,
        })
    }
}

/// What an application did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Sign {
    /// It came.
    Seen,
    /// It asked for all memberships.
    Synchronised,
}

impl Sign {
    fn property(self, name: &str) -> String {
        let word = if self == Sign::Seen { "seen" } else { "synchronised" };
        format!("application.{word}.{name}")
    }
}

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
