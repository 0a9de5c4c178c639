//! What a session's limits are counted from. It decides nothing: where a session ends is said by the
//! settings, when it is looked at.

use std::time::{Duration, SystemTime};

use crate::moment::from_millis;

/// Moments of a session, and whether it outlives the browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionTimes {
    /// When it was opened.
    pub created_at: SystemTime,
    /// When it was used last; a use is written down some time after the one before.
    pub used_at: SystemTime,
    /// SessionNotOnOrAfter, as the IdP said it.
    pub not_on_or_after: Option<SystemTime>,
    /// The browser keeps its cookie when it closes.
    pub remembered: bool,
}

impl SessionTimes {
    /// Of a session that is opened `now`, whose IdP says nothing of its end.
    pub fn opened(now: SystemTime) -> Self {
        SessionTimes { created_at: now, used_at: now, not_on_or_after: None, remembered: false }
    }
}

/// The longest that sessions of any app may go on, for the sweep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LongestSession {
    /// Without being used, one that is not remembered.
    pub unused: Duration,
    /// At all.
    pub open: Duration,
}

/// The columns of [`SessionTimes`].
#[derive(Clone, Copy, sqlx::FromRow)]
pub(crate) struct Columns {
    pub(crate) created_at: i64,
    pub(crate) expires_at: i64,
    pub(crate) used_at: Option<i64>,
    pub(crate) session_not_on_or_after: Option<i64>,
    pub(crate) remembered: Option<bool>,
}

impl From<Columns> for SessionTimes {
    fn from(row: Columns) -> Self {
        let not_on_or_after = match row.remembered {
            Some(_) => row.session_not_on_or_after,
            None => Some(row.expires_at - OLD_SKEW)
                .filter(|_| row.expires_at < row.created_at + OLD_LIFETIME),
        };
        SessionTimes {
            created_at: from_millis(row.created_at),
            used_at: from_millis(row.used_at.unwrap_or(row.created_at)),
            not_on_or_after: not_on_or_after.map(from_millis),
            remembered: row.remembered.unwrap_or_default(),
        }
    }
}

/// A session of an older version ended after eight hours, or before that at SessionNotOnOrAfter and
/// three minutes for the clocks; in milliseconds.
const OLD_LIFETIME: i64 = 8 * 3600 * 1000;
const OLD_SKEW: i64 = 180 * 1000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_of_an_older_node_tells_what_the_idp_said_by_its_end() {
        let row = |expires_at| Columns {
            created_at: 1_000_000_000,
            expires_at,
            used_at: None,
            session_not_on_or_after: None,
            remembered: None,
        };
        let own = SessionTimes::from(row(1_000_000_000 + OLD_LIFETIME));
        assert_eq!((own.not_on_or_after, own.used_at), (None, own.created_at));
        let by_idp = row(1_003_600_000);
        let said = Some(from_millis(1_003_600_000 - OLD_SKEW));
        assert_eq!(SessionTimes::from(by_idp).not_on_or_after, said);
        // A newer node wrote down that it was used.
        let used = SessionTimes::from(Columns { used_at: Some(1_001_000_000), ..by_idp });
        assert_eq!((used.not_on_or_after, used.used_at), (said, from_millis(1_001_000_000)));
        let newer = Columns { remembered: Some(false), ..by_idp };
        assert_eq!(
            SessionTimes::from(newer).not_on_or_after,
            None,
            "expires_at is for older nodes"
        );
    }
}
