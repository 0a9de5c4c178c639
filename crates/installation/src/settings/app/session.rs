//! How long people stay signed in: `[app.NAME.session]`.

use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};
use store::SessionTimes;

use super::Fault;

/// The limits of sessions at one app.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SessionSettings {
    /// So many minutes without a request end it.
    pub idle_minutes: u32,
    /// So many minutes after the sign-in it ends, however busy.
    pub absolute_minutes: u32,
    /// The browser keeps the session when it closes, for so many days after the sign-in, in place of
    /// both other limits; unset: it forgets it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remember_days: Option<u32>,
}

impl Default for SessionSettings {
    fn default() -> Self {
        SessionSettings { idle_minutes: 8 * 60, absolute_minutes: 24 * 60, remember_days: None }
    }
}

impl SessionSettings {
    /// Without a request for so long a session ends.
    pub fn idle(&self) -> Duration {
        minutes(self.idle_minutes)
    }

    /// A session that is not remembered ends so long after the sign-in.
    pub fn absolute(&self) -> Duration {
        minutes(self.absolute_minutes)
    }

    /// A session that is remembered ends so long after the sign-in.
    pub fn remember(&self) -> Option<Duration> {
        self.remember_days.map(|days| Duration::from_secs(86_400 * u64::from(days)))
    }

    /// A use of a session is written down when the one before is so long ago: a sixteenth of the time
    /// after which it would count as idle, five minutes at most.
    pub fn note_uses_every(&self) -> Duration {
        (self.idle() / 16).min(Duration::from_secs(300))
    }

    /// The longest that any session goes on.
    pub fn longest(&self) -> Duration {
        self.remember().unwrap_or_default().max(self.absolute())
    }

    /// Where a session ends, as far as the app says.
    pub(in crate::settings) fn end_of(&self, times: &SessionTimes) -> SystemTime {
        match self.remember().filter(|_| times.remembered) {
            Some(remembered) => times.created_at + remembered,
            None => (times.used_at + self.idle()).min(times.created_at + self.absolute()),
        }
    }

    /// Whether everything is as if nothing were set.
    pub(super) fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// Says what is wrong, with the cure.
    pub(in crate::settings) fn check(&self) -> Result<(), Fault> {
        let SessionSettings { idle_minutes: idle, absolute_minutes: absolute, .. } = *self;
        if !(1..=LONGEST_ABSOLUTE).contains(&absolute) {
            let text = format!(
                "the longest time of a session must be 1 to {LONGEST_ABSOLUTE} minutes (30 days)"
            );
            return Err(Fault::at("session.absolute_minutes", text));
        }
        if !(1..=absolute).contains(&idle) {
            let text = format!(
                "the time without a request must be 1 to {absolute} minutes: no session is longer \
                 (session.absolute_minutes)"
            );
            return Err(Fault::at("session.idle_minutes", text));
        }
        match self.remember_days {
            Some(days) if !(1..=LONGEST_REMEMBERED).contains(&days) => Err(Fault::at(
                "session.remember_days",
                format!(
                    "sessions can be remembered for 1 to {LONGEST_REMEMBERED} days; unset it and \
                     they end with the browser"
                ),
            )),
            Some(days) if days * MINUTES_OF_A_DAY < absolute => Err(Fault::at(
                "session.remember_days",
                format!(
                    "sessions are remembered for {days} days, which is less than the {absolute} \
                     minutes that others last (session.absolute_minutes)"
                ),
            )),
            _ => Ok(()),
        }
    }
}

fn minutes(minutes: u32) -> Duration {
    Duration::from_secs(60 * u64::from(minutes))
}

const MINUTES_OF_A_DAY: u32 = 24 * 60;

/// 30 days.
const LONGEST_ABSOLUTE: u32 = 30 * MINUTES_OF_A_DAY;

const LONGEST_REMEMBERED: u32 = 90;
