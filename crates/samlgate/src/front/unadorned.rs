//! The log's lines about log-in pages that got no button, at a bounded rate: whoever asks for such a
//! page causes one.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use gateway::{Obstacle, Report};

/// When which app's page was last complained about, and why.
#[derive(Default)]
pub struct Unadorned {
    told: Mutex<HashMap<(String, Obstacle), Instant>>,
}

impl Unadorned {
    /// Where the gateway tells what is wrong with a page of `app`.
    pub fn report_of(self: &Arc<Self>, app: &str) -> Report {
        let (this, app) = (self.clone(), app.to_owned());
        Arc::new(move |obstacle| {
            if this.is_due(&app, obstacle, Instant::now()) {
                tracing::warn!(app, "a log-in page got no button: {}", words(obstacle));
            }
        })
    }

    /// The apps of the settings are few, and so are the reasons.
    fn is_due(&self, app: &str, obstacle: Obstacle, now: Instant) -> bool {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (app.to_owned(), obstacle);
        let due = told.get(&key).is_none_or(|at| now.duration_since(*at) >= AGAIN);
        if due {
            told.insert(key, now);
        }
        due
    }
}

fn words(obstacle: Obstacle) -> &'static str {
    match obstacle {
        Obstacle::Characters => {
            "it is in an encoding of characters that is unknown or not like ASCII; let the app, or \
             what stands before it, send it as UTF-8"
        }
        Obstacle::Packed => {
            "it came compressed in a way that is not known; let the app, or what stands before it, \
             honour Accept-Encoding, or compress with gzip, deflate or br"
        }
        Obstacle::Broken => "it came compressed and could not be unpacked, or became too large",
        Obstacle::NoPlace => {
            "what stands around its end is not shown: a script, a template, a comment or a tag that \
             does not end"
        }
    }
}

/// The same is told again after this long.
const AGAIN: Duration = Duration::from_secs(600);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reason_is_told_once_in_ten_minutes_for_each_app() {
        let (unadorned, now) = (Unadorned::default(), Instant::now());
        let due = |app, obstacle, seconds| {
            unadorned.is_due(app, obstacle, now + Duration::from_secs(seconds))
        };
        assert!(due("jira", Obstacle::Packed, 0));
        assert!(!due("jira", Obstacle::Packed, 599));
        assert!(due("jira", Obstacle::Broken, 1) && due("wiki", Obstacle::Packed, 1));
        assert!(due("jira", Obstacle::Packed, 600));
    }
}
