//! The arguments that say how long people stay signed in.

use installation::counted;
use installation::settings::SessionSettings;

use crate::cli::WrongUsage;
use crate::cli::help::{about, about_and};

/// Limits of sessions.
#[derive(Debug, clap::Args)]
pub(super) struct SessionChange {
    #[arg(long, value_name = "MINUTES", help = about("app.session.idle_minutes"))]
    session_idle: Option<u32>,
    #[arg(long, value_name = "MINUTES", help = about("app.session.absolute_minutes"))]
    session_absolute: Option<u32>,
    #[arg(long, value_name = "DAYS", help = about_and("app.session.remember_days", "\"\" unsets it"))]
    session_remember: Option<String>,
}

impl SessionChange {
    /// Puts what was said into the settings; the rest stays.
    pub(super) fn apply(&self, session: &mut SessionSettings) -> Result<(), WrongUsage> {
        session.idle_minutes = self.session_idle.unwrap_or(session.idle_minutes);
        session.absolute_minutes = self.session_absolute.unwrap_or(session.absolute_minutes);
        match self.session_remember.as_deref() {
            None => {}
            Some("") => session.remember_days = None,
            Some(days) => {
                let none = |_| WrongUsage(format!("{days:?} is no number of days"));
                session.remember_days = Some(days.parse().map_err(none)?);
            }
        }
        Ok(())
    }
}

/// In one line, for `app show`.
pub(super) fn shown(session: &SessionSettings) -> String {
    let minutes = |minutes| counted(minutes, "minute", "minutes");
    let idle = minutes(session.idle_minutes);
    let absolute = minutes(session.absolute_minutes);
    let usual = format!("after {idle} without a request, {absolute} at most");
    match session.remember_days {
        None => format!("{usual}; with the browser"),
        Some(days) => format!("{} after the sign-in", counted(days, "day", "days")),
    }
}
