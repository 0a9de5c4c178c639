//! The front door of one node: the installation, and what this node remembers for it.

pub mod access;
pub mod answer;
pub mod cookie_map;
pub mod ended;
pub mod form;
pub mod gate;
pub mod hop;
pub mod metadata;
pub mod opener;
pub mod page;
pub mod pending;
pub mod reader;
pub mod refusal;
pub mod sending;
pub mod session;
pub mod signin;
pub mod signout;
pub mod told;
pub mod tracker;
pub mod unadorned;
pub mod uses;
pub mod verifier;
pub mod visit;

use std::sync::Arc;

use gateway::Turns;
use installation::Installation;
use installation::trust::Watch;

use cookie_map::CookieMap;
use unadorned::Unadorned;
use uses::Uses;
use verifier::Verifier;

/// What every request at the front door shares.
pub struct Front {
    /// What all faces share.
    pub installation: Arc<Installation>,
    /// Which session the apps' own session cookies belong to.
    pub cookie_map: CookieMap,
    /// Which sessions are in use.
    pub uses: Uses,
    /// What this node knows of IdPs' keys and metadata beside the settings.
    pub trust: Watch,
    /// Which log-in pages got no button.
    pub unadorned: Arc<Unadorned>,
    /// Where messages are verified.
    pub verifier: Verifier,
    /// What has been logged of requests for no app.
    pub no_app: gate::Lines,
    /// The rounds of those who are at an app.
    pub rounds: signin::AtApps,
    /// How many requests may be at the apps at once.
    pub turns: Turns,
}

impl Front {
    /// The front door of a node that remembers nothing yet.
    pub fn new(installation: Arc<Installation>) -> Self {
        Front {
            installation,
            cookie_map: CookieMap::default(),
            uses: Uses::default(),
            trust: Watch::default(),
            unadorned: Arc::default(),
            verifier: Verifier::default(),
            no_app: gate::Lines::default(),
            rounds: signin::AtApps::default(),
            turns: Turns::default(),
        }
    }
}
