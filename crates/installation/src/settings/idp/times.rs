//! How far the IdP's clock and its word on a session's end are followed: `[idp.NAME.times]`.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Fault;

/// The IdP's clock, and its sessions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TimeSettings {
    /// So many minutes the clocks may differ (saml-profiles, implementation profile IIP-G01).
    pub clock_skew_minutes: u32,
    /// A session here ends at SessionNotOnOrAfter, if that is before its other limits.
    pub obey_session_end: bool,
}

impl Default for TimeSettings {
    fn default() -> Self {
        TimeSettings { clock_skew_minutes: 3, obey_session_end: true }
    }
}

/// No IdP may have more. What must be remembered for as long as a message could be accepted is
/// remembered with this one, since the IdP's own may be raised meanwhile.
pub const MOST_SKEW: Duration = Duration::from_secs(60 * MOST_SKEW_MINUTES as u64);

const MOST_SKEW_MINUTES: u32 = 10;

impl TimeSettings {
    /// By how much the clocks may differ.
    pub fn clock_skew(&self) -> Duration {
        Duration::from_secs(60 * u64::from(self.clock_skew_minutes))
    }

    /// Whether everything is as if nothing were set.
    pub(super) fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// Says what is wrong, with the cure.
    pub(super) fn check(&self) -> Result<(), Fault> {
        if self.clock_skew_minutes > MOST_SKEW_MINUTES {
            let text = format!(
                "the clock skew must be 0 to {MOST_SKEW_MINUTES} minutes; where clocks differ by \
                 more, set them (NTP on both machines)"
            );
            return Err(Fault::at("times.clock_skew_minutes", text));
        }
        Ok(())
    }
}
