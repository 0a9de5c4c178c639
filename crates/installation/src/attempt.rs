//! What the record of a sign-in says: its outcome, its steps, and its messages while they are kept.
//! The front door writes it; console and command line read it.

mod messages;
mod unrecognised;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

pub use messages::{Keep, Messages};
pub use unrecognised::{Count, Unrecognised};

/// How an attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The person signed in; the app is not open yet.
    SignedIn,
    /// The app's own session is open.
    Opened,
    /// The person signed in, and the app did not open.
    OpenFailed,
    /// The sign-in was refused.
    Refused,
    /// An answer that was posted before came again.
    PostedAgain,
    /// A test sign-in passed.
    Tested,
    /// A test sign-in failed.
    TestFailed,
}

impl Outcome {
    /// All of them.
    pub const ALL: [Outcome; 7] = [
        Outcome::SignedIn,
        Outcome::Opened,
        Outcome::OpenFailed,
        Outcome::Refused,
        Outcome::PostedAgain,
        Outcome::Tested,
        Outcome::TestFailed,
    ];

    /// Its stable name, as it is stored.
    pub fn name(self) -> &'static str {
        match self {
            Outcome::SignedIn => "signed_in",
            Outcome::Opened => "opened",
            Outcome::OpenFailed => "open_failed",
            Outcome::Refused => "refused",
            Outcome::PostedAgain => "posted_again",
            Outcome::Tested => "tested",
            Outcome::TestFailed => "test_failed",
        }
    }

    /// That of a record; none when a newer version wrote another.
    pub fn of(record: &store::AttemptRow) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.name() == record.outcome)
    }
}

/// One step of an attempt, as the tracker shows it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Step {
    /// Which part of the sign-in: `request`, `verified`, `plan`, `opener`...
    pub step: Cow<'static, str>,
    /// What happened.
    pub text: String,
}

impl Step {
    /// The steps of a record.
    pub fn all(record: &store::AttemptRow) -> Vec<Step> {
        serde_json::from_str(&record.timeline).unwrap_or_default()
    }
}
