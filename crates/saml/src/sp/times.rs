//! The times in a message, held against the present.

use std::time::{Duration, SystemTime};

use crate::rejection::Rejection;
use crate::xml::Element;

/// The present, with what clocks may differ.
#[derive(Clone, Copy)]
pub(super) struct Times {
    pub(super) now: SystemTime,
    pub(super) skew: Duration,
}

impl Times {
    /// `NotBefore`.
    pub(super) fn not_before(self, what: &'static str, limit: SystemTime) -> Result<(), Rejection> {
        match limit.duration_since(self.now + self.skew) {
            Ok(by) if !by.is_zero() => Err(Rejection::TooEarly { what, by, skew: self.skew }),
            _ => Ok(()),
        }
    }

    /// `NotOnOrAfter`.
    pub(super) fn not_on_or_after(
        self,
        what: &'static str,
        limit: SystemTime,
    ) -> Result<(), Rejection> {
        match self.now.duration_since(limit + self.skew) {
            Ok(by) => Err(Rejection::Expired { what, by, skew: self.skew }),
            Err(_) => Ok(()),
        }
    }

    /// How much older than `max_age` a moment is, when it is.
    pub(super) fn not_older_than(
        self,
        max_age: Duration,
        moment: SystemTime,
    ) -> Result<(), Duration> {
        let age = self.now.duration_since(moment).unwrap_or_default();
        match age.checked_sub(max_age.saturating_add(self.skew)) {
            Some(by) if !by.is_zero() => Err(by),
            _ => Ok(()),
        }
    }
}

/// A moment in an attribute, when there is one.
pub(super) fn moment(
    element: Element<'_>,
    name: &'static str,
) -> Result<Option<SystemTime>, Rejection> {
    let Some(value) = element.attribute(name) else { return Ok(None) };
    match crate::moment::parse(&value) {
        Some(moment) => Ok(Some(moment)),
        None => Err(Rejection::TimeMalformed { what: name, value: value.into_owned() }),
    }
}
