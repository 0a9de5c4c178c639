//! How a moment is written for people and for machines: RFC 3339, always in UTC.
//!
//! It does not ask for the time; that is [`crate::runtime::Clock`]'s.

use std::time::SystemTime;

use thiserror::Error;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;

/// `2026-11-24T12:00:00Z`, to the second.
pub fn seconds(moment: SystemTime) -> String {
    let format = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z");
    OffsetDateTime::from(moment).format(&format).unwrap_or_default()
}

/// `2026-11-24T12:00:00.123Z`, to the millisecond, as the database keeps it.
pub fn milliseconds(moment: SystemTime) -> String {
    let format =
        format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");
    OffsetDateTime::from(moment).format(&format).unwrap_or_default()
}

/// The text is no moment.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{0}; write a moment such as 2026-11-24T12:00:00Z")]
pub struct MomentError(time::error::Parse);

/// Reads an RFC 3339 moment of any offset.
///
/// # Errors
/// What is wrong with the text, and an example.
pub fn parse(text: &str) -> Result<SystemTime, MomentError> {
    OffsetDateTime::parse(text, &Rfc3339).map(SystemTime::from).map_err(MomentError)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_back_what_it_writes() {
        let moment = parse("2026-11-24T12:00:00.123Z").unwrap();
        assert_eq!(milliseconds(moment), "2026-11-24T12:00:00.123Z");
        assert_eq!(seconds(moment), "2026-11-24T12:00:00Z");
        assert_eq!(parse("2026-11-24T13:00:00.123+01:00").unwrap(), moment);
    }

    #[test]
    fn refuses_a_moment_without_an_offset() {
        let error = parse("2026-11-24 12:00").unwrap_err().to_string();
        assert!(error.contains("2026-11-24T12:00:00Z"), "{error}");
    }
}
