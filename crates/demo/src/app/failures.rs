//! Failed log-ins and the CAPTCHA that they lead to. The double never shows a picture that could
//! be solved: a lock ends when the administrator resets it.

use std::collections::HashMap;

use super::directory::key;

/// Counts by name.
#[derive(Debug)]
pub(crate) struct Failures {
    /// Wrong passwords before a CAPTCHA is asked for; `None`: never.
    pub(crate) limit: Option<u32>,
    by_name: HashMap<String, Count>,
}

/// What a user's log-ins were like.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Count {
    /// Since the last good one.
    pub(crate) failed: u32,
    /// Good ones.
    pub(crate) good: u32,
}

impl Failures {
    pub(crate) fn new(limit: Option<u32>) -> Self {
        Failures { limit, by_name: HashMap::new() }
    }

    /// Whether even the right password is refused now [C].
    pub(crate) fn asks_for_captcha(&self, name: &str) -> bool {
        self.limit.is_some_and(|limit| self.of(name).failed >= limit)
    }

    pub(crate) fn failed(&mut self, name: &str) {
        self.by_name.entry(key(name)).or_default().failed += 1;
    }

    pub(crate) fn succeeded(&mut self, name: &str) {
        let count = self.by_name.entry(key(name)).or_default();
        count.failed = 0;
        count.good += 1;
    }

    /// Brings a name to the limit at once, or to one failure when there is none.
    pub(crate) fn lock(&mut self, name: &str) {
        self.by_name.entry(key(name)).or_default().failed = self.limit.unwrap_or(1);
    }

    /// The administrator's "reset failed log-in count".
    pub(crate) fn reset(&mut self, name: &str) {
        self.by_name.entry(key(name)).or_default().failed = 0;
    }

    pub(crate) fn of(&self, name: &str) -> Count {
        self.by_name.get(&key(name)).copied().unwrap_or_default()
    }
}
