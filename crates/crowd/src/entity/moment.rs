//! Moments: an XML date-time in XML, milliseconds since 1970 in JSON. Does not read a clock.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Deserializer, Serializer};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;

/// The XML form, always in UTC and with milliseconds.
pub(crate) fn to_xml(moment: SystemTime) -> String {
    let form =
        format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(milliseconds(moment)) * 1_000_000)
        .ok()
        .and_then(|date| date.format(form).ok())
        .unwrap_or_else(|| String::from("1970-01-01T00:00:00.000Z"))
}

/// Reads the XML form with any offset.
pub(crate) fn from_xml(text: &str) -> Option<SystemTime> {
    let date = OffsetDateTime::parse(text.trim(), &Rfc3339).ok()?;
    let milliseconds = date.unix_timestamp_nanos().div_euclid(1_000_000);
    Some(from_milliseconds(i64::try_from(milliseconds).ok()?))
}

/// The JSON form, for serde's `with`.
pub(crate) fn serialize<S: Serializer>(
    moment: &Option<SystemTime>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match moment {
        Some(moment) => serializer.serialize_i64(milliseconds(*moment)),
        None => serializer.serialize_none(),
    }
}

/// The JSON form, for serde's `with`.
pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<SystemTime>, D::Error> {
    Ok(Option::<i64>::deserialize(deserializer)?.map(from_milliseconds))
}

fn milliseconds(moment: SystemTime) -> i64 {
    match moment.duration_since(UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_millis()).unwrap_or(i64::MAX),
        Err(before) => i64::try_from(before.duration().as_millis()).map_or(i64::MIN, |ms| -ms),
    }
}

fn from_milliseconds(milliseconds: i64) -> SystemTime {
    let distance = Duration::from_millis(milliseconds.unsigned_abs());
    let moment = if milliseconds < 0 {
        UNIX_EPOCH.checked_sub(distance)
    } else {
        UNIX_EPOCH.checked_add(distance)
    };
    moment.unwrap_or(UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_utc_with_milliseconds_and_reads_any_offset() {
        let moment = UNIX_EPOCH + Duration::from_millis(1_767_323_045_006);
        assert_eq!(to_xml(moment), "2026-01-02T03:04:05.006Z");
        assert_eq!(from_xml("2026-01-02T05:04:05.006+02:00"), Some(moment));
        assert_eq!(from_xml("yesterday"), None);
    }

    #[test]
    fn does_not_fail_on_moments_outside_of_the_calendar() {
        let far = UNIX_EPOCH + Duration::from_secs(1 << 50);
        assert_eq!(to_xml(far), "1970-01-01T00:00:00.000Z");
    }
}
