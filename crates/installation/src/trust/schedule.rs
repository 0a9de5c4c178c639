//! When an IdP's metadata is read again: as often as the settings say, sooner when the document asks for
//! that, and in time before it is over. It reads nothing itself.

use std::time::{Duration, SystemTime};

use store::MetadataLook;

use crate::counted;
use crate::settings::MetadataSettings;

/// How long after its latest look an IdP's metadata is read again; `None`: not by itself.
pub fn interval(table: &MetadataSettings, look: Option<&MetadataLook>) -> Option<Duration> {
    if table.url.is_none() || table.refresh_hours == 0 {
        return None;
    }
    let longest = HOUR * table.refresh_hours;
    let Some(look) = look else { return Some(longest) };
    // cacheDuration may ask for less than the settings (saml-metadata §2.2), not for a flood.
    let wish = match (look.problem.is_empty(), look.refresh_by) {
        (false, _) => HOUR,
        (true, Some(by)) => by.duration_since(look.tried_at).unwrap_or_default().max(FLOOR),
        (true, None) => longest,
    };
    // Half of the time that was left, so that a look may fail several times. Once it is over, half of the
    // time since: an IdP that never comes back is asked once in an hour.
    let end = table.valid_until().ok().flatten();
    let half = end.map_or(longest, |end| (between(end, look.tried_at) / 2).max(MINUTE));
    Some(longest.min(wish).min(half))
}

/// Whether it is time.
pub(super) fn is_due(
    table: &MetadataSettings,
    look: Option<&MetadataLook>,
    now: SystemTime,
) -> bool {
    let Some(interval) = interval(table, look) else { return false };
    look.is_none_or(|look| look.tried_at + interval <= now)
}

/// Whether it is read again by itself, and was read well the last time: then nobody need care that it is
/// over soon.
pub(super) fn renews_itself(table: &MetadataSettings, look: Option<&MetadataLook>) -> bool {
    interval(table, look).is_some() && look.is_none_or(|look| look.problem.is_empty())
}

/// An interval for people.
pub fn in_words(interval: Duration) -> String {
    let minutes = (interval.as_secs() + 30) / 60;
    match (minutes / 60, minutes % 60) {
        (0, minutes) => counted(minutes, "minute", "minutes"),
        (hours, 0) => counted(hours, "hour", "hours"),
        (hours, minutes) => {
            let hours = counted(hours, "hour", "hours");
            format!("{hours} and {}", counted(minutes, "minute", "minutes"))
        }
    }
}

fn between(one: SystemTime, other: SystemTime) -> Duration {
    one.duration_since(other).unwrap_or_else(|error| error.duration())
}

pub(super) const HOUR: Duration = Duration::from_secs(3600);
const FLOOR: Duration = Duration::from_secs(600);
const MINUTE: Duration = Duration::from_secs(60);

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;

    fn look(tried: u64, refresh_by: Option<u64>, problem: &str) -> MetadataLook {
        let hours = |hours: u64| UNIX_EPOCH + HOUR * u32::try_from(hours).unwrap();
        MetadataLook {
            idp: "entra".to_owned(),
            tried_at: hours(tried),
            fetched_at: None,
            refresh_by: refresh_by.map(hours),
            problem: problem.to_owned(),
            offered: "[]".to_owned(),
        }
    }

    fn table(valid_until: Option<&str>) -> MetadataSettings {
        MetadataSettings {
            url: Some("https://idp.example.com/metadata".to_owned()),
            valid_until: valid_until.map(str::to_owned),
            ..MetadataSettings::default()
        }
    }

    #[test]
    fn metadata_is_read_daily_sooner_when_it_asks_and_hourly_after_a_failure() {
        let table = table(None);
        let due =
            |look: MetadataLook, hours: u32| is_due(&table, Some(&look), UNIX_EPOCH + HOUR * hours);
        assert!(is_due(&table, None, UNIX_EPOCH), "never read");
        assert!(!due(look(10, None, ""), 33) && due(look(10, None, ""), 34));
        assert!(!due(look(10, Some(12), ""), 11) && due(look(10, Some(12), ""), 12));
        assert!(due(look(10, Some(90), ""), 34), "the settings ask for more");
        assert!(!due(look(10, Some(10), ""), 10), "no flood");
        assert!(!due(look(10, None, "HTTP 500"), 10) && due(look(10, None, "HTTP 500"), 11));
        let by_hand = MetadataSettings { refresh_hours: 0, ..table.clone() };
        assert!(!is_due(&by_hand, None, UNIX_EPOCH));
        let no_address = MetadataSettings { url: None, ..table.clone() };
        assert!(!is_due(&no_address, None, UNIX_EPOCH));
    }

    #[test]
    fn short_lived_metadata_is_read_at_half_of_the_time_that_is_left_and_once_a_minute_at_most() {
        let minutes = |minutes: u64| Duration::from_secs(60 * minutes);
        for (end, look, expected) in [
            ("1970-01-03T00:00:00Z", look(0, Some(48), ""), minutes(24 * 60)),
            ("1970-01-02T12:00:00Z", look(0, None, ""), minutes(18 * 60)),
            ("1970-01-01T01:00:00Z", look(0, Some(1), ""), minutes(30)),
            ("1970-01-01T00:10:00Z", look(0, None, ""), minutes(5)),
            ("1970-01-01T00:01:00Z", look(0, None, ""), minutes(1)),
            ("1970-01-01T00:00:00Z", look(0, None, ""), minutes(1)),
            // It fails: sooner while there is time, and less and less often when it is over.
            ("1970-01-01T12:00:00Z", look(11, None, "HTTP 500"), minutes(30)),
            ("1970-01-01T12:00:00Z", look(12, None, "HTTP 500"), minutes(1)),
            ("1970-01-01T12:00:00Z", look(13, None, "HTTP 500"), minutes(30)),
            ("1970-01-01T12:00:00Z", look(20, None, "HTTP 500"), minutes(60)),
        ] {
            assert_eq!(interval(&table(Some(end)), Some(&look)), Some(expected), "{end} {look:?}");
        }
    }

    #[test]
    fn intervals_are_said_in_hours_and_minutes() {
        for (seconds, words) in [
            (24 * 3600, "24 hours"),
            (86_399, "24 hours"),
            (3600, "1 hour"),
            (5400, "1 hour and 30 minutes"),
            (60, "1 minute"),
        ] {
            assert_eq!(in_words(Duration::from_secs(seconds)), words);
        }
    }
}
