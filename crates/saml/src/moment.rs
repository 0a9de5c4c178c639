//! `xs:dateTime` as SAML uses it (saml-core §1.3.3): UTC, or with an offset.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use time::{Date, Month, OffsetDateTime, Time};

/// The moment that `text` names; `None` when it names none. White space around it does not count
/// (xmlschema-2 §4.3.6: dateTime collapses it), inside it there is none.
pub(crate) fn parse(text: &str) -> Option<SystemTime> {
    let text = text.trim_matches([' ', '\t', '\n', '\r']);
    let (date, rest) = text.split_once('T')?;
    let zone = rest.find(['Z', '+', '-'])?;
    let (clock, zone) = (rest.get(..zone)?, rest.get(zone..)?);
    let [year, month, day] = numbers::<3>(date, '-', &[4, 2, 2])?;
    let (whole, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let [hour, minute, second] = numbers::<3>(whole, ':', &[2, 2, 2])?;
    if fraction.is_empty() || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    // Nanoseconds are the most that is kept; further digits are cut.
    let nanos = fraction.bytes().chain(std::iter::repeat(b'0')).take(9);
    let nanos = nanos.fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0'));
    let month = Month::try_from(u8::try_from(month).ok()?).ok()?;
    let date = Date::from_calendar_date(i32::from(year), month, u8::try_from(day).ok()?).ok()?;
    let part = |number: u16| u8::try_from(number).ok();
    let clock = Time::from_hms_nano(part(hour)?, part(minute)?, part(second)?, nanos).ok()?;
    // The offset may lead out of the years that have four digits.
    let offset = time::Duration::minutes(offset(zone)?);
    let moment = OffsetDateTime::new_utc(date, clock).checked_sub(offset)?;
    Some(moment.into())
}

/// `moment` in UTC to the second.
pub(crate) fn format(moment: SystemTime) -> String {
    let seconds = moment.duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO).as_secs();
    let moment = OffsetDateTime::from_unix_timestamp(seconds as i64);
    let moment = moment.unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let (date, clock) = (moment.date(), moment.time());
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z",
        date.year(),
        u8::from(date.month()),
        date.day(),
        clock.hour(),
        clock.minute(),
        clock.second()
    )
}

/// Minutes east of UTC.
fn offset(zone: &str) -> Option<i64> {
    if zone == "Z" {
        return Some(0);
    }
    let (sign, digits) = zone.split_at_checked(1)?;
    let [hours, minutes] = numbers::<2>(digits, ':', &[2, 2])?;
    let whole = minutes < 60;
    let minutes = i64::from(hours) * 60 + i64::from(minutes);
    (whole && minutes <= 14 * 60).then_some(if sign == "-" { -minutes } else { minutes })
}

/// `N` numbers of exactly these many digits.
fn numbers<const N: usize>(text: &str, separator: char, digits: &[usize; N]) -> Option<[u16; N]> {
    let mut found = [0; N];
    let mut parts = text.split(separator);
    for (number, digits) in found.iter_mut().zip(digits) {
        let part = parts.next()?;
        if part.len() != *digits || !part.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        *number = part.parse().ok()?;
    }
    parts.next().is_none().then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_identity_providers_write() {
        let noon = UNIX_EPOCH + Duration::from_secs(1_455_228_088);
        assert_eq!(parse("2016-02-11T22:01:28Z"), Some(noon));
        assert_eq!(parse("2016-02-11T23:01:28+01:00"), Some(noon));
        assert_eq!(parse(" 2016-02-11T22:01:28Z\t"), Some(noon));
        assert_eq!(parse("\r\n2016-02-11T23:01:28+01:00 \n"), Some(noon));
        let exact = parse("2016-02-11T22:01:28.2840000001Z");
        assert_eq!(exact, Some(noon + Duration::from_millis(284)));
        assert_eq!(format(noon), "2016-02-11T22:01:28Z");
    }

    #[test]
    fn reads_nothing_else() {
        for text in [
            "",
            "2016-02-11",
            "2016-02-11T22:01:28",
            "2016-02-30T22:01:28Z",
            "2016-02-11T24:00:00Z",
            "16-02-11T22:01:28Z",
            "2016-02-11T22:01:28.Z",
            "2016-02-11T22:01:28+15:00",
            "2016-02-11T22:01:28 Z",
            "2016-02-11 T22:01:28Z",
            "2016-02-11T 22:01:28Z",
            "2016-02-11T22:01:28Z 2016-02-11T22:01:28Z",
            "\u{a0}2016-02-11T22:01:28Z",
            "2016-02-11T22:01:28Z\u{c}",
            " ",
            "2016-02-11T22:01:+8Z",
            "2016-02-11T22:01:60Z",
            "2016-02-11t22:01:28Z",
            "2016-02-11T22:01:28z",
            "2016-02-11T22:01:28,5Z",
            "2016-02-11 22:01:28Z",
            "2016-02-11T22:01:28+0100",
            "2016-02-11T22:01:28+14:60",
            "2016-02-11T22:01:28+01:75",
            "2016-02-11T22:01:28-",
            "2016-02-11T22:01:28Z+01:00",
            "-2016-02-11T22:01:28Z",
            "+2016-02-11T22:01:28Z",
            "10000-01-01T00:00:00Z",
            "2016-2-11T22:01:28Z",
            "2016-02-11T22:01Z",
            "2016-W06-4T22:01:28Z",
            "２016-02-11T22:01:28Z",
            "2016-02-11T22:01:2８Z",
            "9999-12-31T23:59:59-14:00",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
