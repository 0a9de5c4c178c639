//! Where a session ends: by the limits of the app that is looked at, and by what its IdP said. Both
//! are as they are set now, so a change reaches the sessions that are open.

use std::time::{Duration, SystemTime};

use store::{KnownSession, LongestSession, SessionTimes};

use super::{App, SessionSettings, Snapshot, TimeSettings};

/// A session that the IdP's clock has ended already is good for the way to the app all the same. One
/// that ended at once would send the person back to the IdP, and so on.
const LEAST_LIFETIME: Duration = Duration::from_secs(60);

impl Snapshot {
    /// When a session by the IdP of this name ends at `app`, unless it is used until then.
    pub fn session_end(&self, app: &App, idp: &str, times: &SessionTimes) -> SystemTime {
        match self.idps.get(idp) {
            Some(idp) => end_of(&app.settings.session, &idp.settings.times, times),
            None => end_of(&app.settings.session, &TimeSettings::default(), times),
        }
    }

    /// When it ends at the latest, used as often as may be.
    pub fn latest_session_end(&self, app: &App, idp: &str, times: &SessionTimes) -> SystemTime {
        let used_at = times.created_at + app.settings.session.longest();
        self.session_end(app, idp, &SessionTimes { used_at, ..*times })
    }

    /// Whether a session lives at `app`.
    pub fn session_lives(&self, app: &App, session: &KnownSession, now: SystemTime) -> bool {
        now < self.session_end(app, &session.idp, &session.times)
    }

    /// The longest that a session may go on at any app.
    pub fn longest_session(&self) -> LongestSession {
        longest(self.apps.values().map(|app| &app.settings.session))
    }
}

fn end_of(app: &SessionSettings, idp: &TimeSettings, times: &SessionTimes) -> SystemTime {
    let own = app.end_of(times);
    // saml-core §2.7.2; counted with the skew, as every time of the IdP is.
    let said = times.not_on_or_after.filter(|_| idp.obey_session_end);
    let said = said.map(|said| (said + idp.clock_skew()).max(times.created_at + LEAST_LIFETIME));
    said.map_or(own, |said| said.min(own))
}

/// Of these and the defaults: an app whose settings cannot be read is no reason to end anything.
fn longest<'a>(apps: impl Iterator<Item = &'a SessionSettings>) -> LongestSession {
    let default = SessionSettings::default();
    let start = LongestSession { unused: default.idle(), open: default.longest() };
    apps.fold(start, |LongestSession { unused, open }, app| LongestSession {
        unused: unused.max(app.idle()),
        open: open.max(app.longest()),
    })
}

#[cfg(test)]
mod tests;
