//! The front door of one node: the installation, and what this node remembers for it.

use std::sync::Arc;

use crate::cookie_map::CookieMap;
use crate::open::Installation;
use crate::trust::Watch;
use crate::verifier::Verifier;

/// What every request at the front door shares.
pub struct Front {
    /// What all faces share.
    pub installation: Arc<Installation>,
    /// Which session the apps' own session cookies belong to.
    pub cookie_map: CookieMap,
    /// What this node knows of IdPs' keys and metadata beside the settings.
    pub trust: Watch,
    /// Where messages are verified.
    pub verifier: Verifier,
}

impl Front {
    /// The front door of a node that remembers nothing yet.
    pub fn new(installation: Arc<Installation>) -> Self {
        Front {
            installation,
            cookie_map: CookieMap::default(),
            trust: Watch::default(),
            verifier: Verifier::default(),
        }
    }
}
