//! Which applications have come, and which have synchronised: for the person who sets one up. The
//! Crowd server writes it down.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use store::{Store, StoreError};

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
pub enum Sign {
    /// It came.
    Seen,
    /// It asked for all memberships.
    Synchronised,
}

impl Sign {
    /// The property that holds the last time, in Unix milliseconds.
    pub fn property(self, name: &str) -> String {
        let word = if self == Sign::Seen { "seen" } else { "synchronised" };
        format!("application.{word}.{name}")
    }
}
