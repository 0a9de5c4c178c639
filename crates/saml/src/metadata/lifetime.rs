//! validUntil and cacheDuration (saml-metadata §2.2): until when a document may be used, and how
//! soon it should be read again.

use std::time::{Duration, SystemTime};

use super::MetadataError;
use crate::moment;
use crate::xml::Element;

/// What a document says of its own lifetime: the shortest of the role, its entity and all groups
/// around them counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Lifetime {
    pub(super) valid_until: Option<SystemTime>,
    pub(super) cache_duration: Option<Duration>,
}

impl Lifetime {
    pub(super) fn of(role: Element<'_>) -> Result<Self, MetadataError> {
        let mut lifetime = Lifetime::default();
        for element in std::iter::successors(Some(role), |element| element.parent()) {
            let bad = |name, value: &str| MetadataError::BadTime { name, value: value.to_owned() };
            if let Some(text) = element.attribute("validUntil") {
                let end = moment::parse(text.trim()).ok_or_else(|| bad("validUntil", &text))?;
                lifetime.valid_until = Some(lifetime.valid_until.map_or(end, |old| old.min(end)));
            }
            if let Some(text) = element.attribute("cacheDuration") {
                let time = duration(text.trim()).ok_or_else(|| bad("cacheDuration", &text))?;
                let shorter = lifetime.cache_duration.map_or(time, |old| old.min(time));
                lifetime.cache_duration = Some(shorter);
            }
        }
        Ok(lifetime)
    }
}

/// `xs:duration`: `P1DT6H`. Months count 30 days and years 365: it is a hint for polling. A
/// negative one is none.
fn duration(text: &str) -> Option<Duration> {
    let rest = text.strip_prefix('P')?;
    let (date, time) = match rest.split_once('T') {
        Some((_, "")) => return None,
        Some((date, time)) => (date, time),
        None if rest.is_empty() => return None,
        None => (rest, ""),
    };
    let days = parts(date, &[('Y', 365.0), ('M', 30.0), ('D', 1.0)])?;
    let seconds = parts(time, &[('H', 3600.0), ('M', 60.0), ('S', 1.0)])?;
    Duration::try_from_secs_f64(days * 86_400.0 + seconds).ok()
}

/// Numbers, each with one of `units` behind it, in their order.
fn parts(mut text: &str, units: &[(char, f64)]) -> Option<f64> {
    let mut sum = 0.0;
    let mut units = units.iter();
    while !text.is_empty() {
        let end = text.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, rest) = text.split_at_checked(end)?;
        let unit = rest.chars().next()?;
        let (_, weight) = units.find(|(name, _)| *name == unit)?;
        if number.len() > 12 || (number.contains('.') && unit != 'S') {
            return None;
        }
        sum += number.parse::<f64>().ok()? * weight;
        text = rest.get(1..)?;
    }
    Some(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_federations_write_them() {
        let hour = Duration::from_secs(3600);
        for (text, expected) in [
            ("PT1H", hour),
            ("P7D", hour * 24 * 7),
            ("P0Y0M1DT6H0M0.000S", hour * 30),
            ("P1Y", hour * 24 * 365),
            ("PT0.5S", Duration::from_millis(500)),
            ("PT604800S", hour * 24 * 7),
        ] {
            assert_eq!(duration(text), Some(expected), "{text}");
        }
        for text in ["", "P", "PT", "P1", "1D", "-P1D", "P1H", "PT1D", "P1.5D", "PT1M1H", "P1é"] {
            assert_eq!(duration(text), None, "{text}");
        }
    }
}
