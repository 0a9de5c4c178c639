//! The arguments that say how far the IdP's clock and its word on a session's end are followed.

use installation::counted;
use installation::settings::TimeSettings;

use crate::cli::help::about;

/// The IdP's clock, and its sessions.
#[derive(Debug, clap::Args)]
pub(super) struct TimeChange {
    #[arg(long, value_name = "MINUTES", help = about("idp.times.clock_skew_minutes"))]
    clock_skew: Option<u32>,
    #[arg(long, value_name = "true|false", num_args = 0..=1, require_equals = true, default_missing_value = "true", help = about("idp.times.obey_session_end"))]
    obey_session_end: Option<bool>,
}

impl TimeChange {
    /// Puts what was said into the settings; the rest stays.
    pub(super) fn apply(&self, times: &mut TimeSettings) {
        times.clock_skew_minutes = self.clock_skew.unwrap_or(times.clock_skew_minutes);
        times.obey_session_end = self.obey_session_end.unwrap_or(times.obey_session_end);
    }
}

/// In one line, for `idp show`.
pub(super) fn shown(times: &TimeSettings) -> String {
    let skew = counted(times.clock_skew_minutes, "minute", "minutes");
    let end = if times.obey_session_end { "ends sessions" } else { "is passed over" };
    format!("clocks may differ by {skew}; SessionNotOnOrAfter {end}")
}
