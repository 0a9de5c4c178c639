//! A link of the console with which a sign-in begins, sealed for its purpose:
//!
//! - a *recording* is an ordinary sign-in whose attempt has a number known beforehand and whose
//!   headers are kept: the link is handed to the person who cannot get in;
//! - a *test* goes to the IdP and back and lets nobody in.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use crate::open::Installation;
use crate::secrets::Secrets;

/// What a link of the console is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Every check and nothing else.
    Test,
    /// A sign-in as always, recorded in detail.
    Record,
}

/// A sealed link of the console.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Guided {
    /// The attempt that the sign-in will be.
    pub attempt: String,
    /// What it is for.
    pub purpose: Purpose,
    /// The IdP; else the only one, or the person chooses.
    pub idp: Option<String>,
    app: String,
    /// Unix seconds.
    until: u64,
}

impl Guided {
    /// A new link's parameter `guided` for a sign-in at `app`, and the attempt's number.
    pub fn link(
        installation: &Installation,
        app: &str,
        idp: Option<String>,
        purpose: Purpose,
        now: SystemTime,
    ) -> (String, String) {
        let lifetime = if purpose == Purpose::Test { TEST } else { RECORD };
        let guided = Guided {
            attempt: installation.random.id(now),
            purpose,
            idp,
            app: app.to_owned(),
            until: seconds(now + lifetime),
        };
        let text = serde_json::to_vec(&guided).unwrap_or_default();
        (installation.secrets.seal(SEAL, &text, installation.random), guided.attempt)
    }

    /// The link that `text` is, if it is ours, for this app, and in time.
    pub fn open(secrets: &Secrets, app: &str, text: &str, now: SystemTime) -> Option<Self> {
        let text = secrets.unseal(SEAL, text)?;
        let guided: Self = serde_json::from_slice(&text).ok()?;
        let fits = guided.app == app && seconds(now) < guided.until;
        fits.then_some(guided)
    }
}

fn seconds(moment: SystemTime) -> u64 {
    moment.duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO).as_secs()
}

const SEAL: &str = "guided sign-in";

/// Whoever tests sits before the console.
const TEST: Duration = Duration::from_secs(15 * 60);

/// Whoever was sent a link may read it tomorrow.
const RECORD: Duration = Duration::from_secs(24 * 3600);
