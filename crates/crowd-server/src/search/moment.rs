//! A moment as clients write it in a search: whatever ISO 8601 and Java's own formats give.

use std::time::SystemTime;

use time::format_description::BorrowedFormatItem;
use time::format_description::well_known::Iso8601;
use time::macros::format_description;
use time::{Date, OffsetDateTime, PrimitiveDateTime, UtcOffset};

/// Reads a moment, or the first one of a day, a month or a year. Where no offset stands it is UTC. A
/// number alone of more than eight digits counts milliseconds since 1970.
pub(super) fn read(text: &str) -> Option<SystemTime> {
    let text = text.trim();
    // Java's ZonedDateTime names the zone behind the offset.
    let text = text.split_once('[').map_or(text, |(moment, _)| moment);
    let moment =
        with_offset(text).or_else(|| without_offset(text).map(PrimitiveDateTime::assume_utc));
    let moment = moment.or_else(|| Some(day(text)?.midnight().assume_offset(UtcOffset::UTC)));
    moment.or_else(|| milliseconds(text)).map(SystemTime::from)
}

fn with_offset(text: &str) -> Option<OffsetDateTime> {
    // Java writes the offset without a colon, also behind a time that has some; others a blank for the T.
    const ZONED: [&[BorrowedFormatItem<'_>]; 2] = [
        format_description!(
            "[year]-[month]-[day][first [T] [ ]][hour]:[minute][optional [:[second][optional [.[subsecond]]]]][optional [ ]][offset_hour sign:mandatory][optional [:]][offset_minute]"
        ),
        format_description!(
            "[year]-[month]-[day][first [T] [ ]][hour]:[minute][optional [:[second][optional [.[subsecond]]]]][first [Z] [ UTC] [ GMT]]"
        ),
    ];
    let iso = OffsetDateTime::parse(text, &Iso8601::DEFAULT).ok();
    let zoned = || OffsetDateTime::parse(text, ZONED[0]).ok();
    let utc = || PrimitiveDateTime::parse(text, ZONED[1]).ok().map(PrimitiveDateTime::assume_utc);
    iso.or_else(zoned).or_else(utc)
}

fn without_offset(text: &str) -> Option<PrimitiveDateTime> {
    let local = format_description!(
        "[year]-[month]-[day][first [T] [ ]][hour]:[minute][optional [:[second][optional [.[subsecond]]]]]"
    );
    let iso = PrimitiveDateTime::parse(text, &Iso8601::DEFAULT).ok();
    iso.or_else(|| PrimitiveDateTime::parse(text, local).ok())
}

/// A day, as a date of a calendar, a year or a week; or the first of a month or a year.
fn day(text: &str) -> Option<Date> {
    let first = match text.len() {
        4 => format!("{text}-01-01"),
        7 if !text.contains('W') => format!("{text}-01"),
        _ => text.to_owned(),
    };
    Date::parse(&first, &Iso8601::DEFAULT).ok()
}

fn milliseconds(text: &str) -> Option<OffsetDateTime> {
    let long = text.trim_start_matches('-').len() > 8;
    let count: i128 = text.parse().ok().filter(|_| long)?;
    OffsetDateTime::from_unix_timestamp_nanos(count.checked_mul(1_000_000)?).ok()
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;

    #[test]
    fn reads_whatever_java_and_iso_8601_write() {
        let year = 1_767_225_600; // 2026-01-01T00:00:00Z
        for (text, seconds) in [
            ("2026-01-01T00:00:00+0000", year),
            ("2026-01-01T02:00:00.000+0200", year),
            ("2026-01-01T00:00:00Z", year),
            ("2026-01-01T00:00:00.000Z", year),
            ("2026-01-01T00:00Z", year),
            ("2026-01-01T02:00:00+02:00", year),
            ("2026-01-01T02:00:00+02", year),
            ("2026-01-01T02:00:00+02:00[Europe/Berlin]", year),
            ("2026-01-01T00:00:00Z[UTC]", year),
            ("2026-01-01T00:00:00", year),
            ("2026-01-01T00:00", year),
            ("2026-01-01 00:00:00", year),
            ("2026-01-01 00:00:00.0", year),
            ("2026-01-01 00:00:00 UTC", year),
            ("2026-01-01 02:00:00 +0200", year),
            ("20260101T000000Z", year),
            ("20260101", year),
            ("2026-001", year),
            ("2026-W01-4", year),
            ("2026-01-01", year),
            ("2026-01", year),
            ("2026", year),
            (" 2026-01-01 ", year),
            ("1767225600000", year),
            ("2026-02-28T12:30:15Z", year + 58 * 86_400 + 45_015),
        ] {
            let moment = UNIX_EPOCH + Duration::from_secs(seconds);
            assert_eq!(read(text), Some(moment), "{text}");
        }
        let half = UNIX_EPOCH + Duration::from_millis(year * 1000 + 500);
        assert_eq!(read("2026-01-01T00:00:00.5+0000"), Some(half));
        assert_eq!(read("2026-01-01T00:00:00,500Z"), Some(half));
    }

    #[test]
    fn what_is_no_moment_is_none() {
        for text in
            ["", "yesterday", "2026-13-01", "2026-02-30", "12:00", "01.01.2026", "-", "12345"]
        {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
