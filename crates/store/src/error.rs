//! What can go wrong with the database.

use thiserror::Error;

/// Why the store did not do it; nothing has changed then.
#[derive(Clone, Debug, Error)]
pub enum StoreError {
    /// The database cannot be reached, is full or too busy: try again later.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// Something of that name or ID is there already, or the change contradicts itself.
    #[error("{0}")]
    Conflict(String),
    /// The database holds something that Samlgate did not write.
    #[error("the database is damaged or of another version: {0}")]
    Corrupt(String),
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        use sqlx::error::ErrorKind::{ForeignKeyViolation, UniqueViolation};
        match &error {
            sqlx::Error::Database(inner) => match inner.kind() {
                UniqueViolation => StoreError::Conflict(format!("it is there already ({inner})")),
                ForeignKeyViolation => StoreError::Conflict(format!("it is not there ({inner})")),
                _ if is_busy(&error) => StoreError::Unavailable(
                    "another program writes to it for long; try again when it has finished"
                        .to_owned(),
                ),
                _ => StoreError::Unavailable(error.to_string()),
            },
            sqlx::Error::ColumnDecode { .. }
            | sqlx::Error::ColumnNotFound(_)
            | sqlx::Error::Decode(_)
            | sqlx::Error::TypeNotFound { .. } => StoreError::Corrupt(error.to_string()),
            _ => StoreError::Unavailable(error.to_string()),
        }
    }
}

/// Whether others hold an `SQLite` database.
pub(crate) fn is_busy(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(|error| error.code());
    code.is_some_and(|code| BUSY.contains(&&*code))
}

/// `SQLITE_BUSY` and its extended codes; no code of PostgreSQL looks like them.
const BUSY: [&str; 4] = ["5", "261", "517", "773"];
