//! A log-out that waits for the IdP's answer, in a cookie of the browser that logs out.

use std::time::Duration;

use installation::settings::Idp;
use saml::LogoutMessage;
use serde::{Deserialize, Serialize};

use crate::front::pending::{self, Pending};
use crate::front::visit::Visit;

/// A log-out that waits for the IdP's answer.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct PendingLogout {
    /// Names the cookie; the only thing that travels as RelayState.
    #[serde(skip)]
    pub(super) reference: String,
    nonce: String,
    app: String,
    /// The IdP that was asked, by its name in the settings.
    pub(super) idp: String,
    /// Unix milliseconds.
    expires_at: u64,
}

impl Pending for PendingLogout {
    const NAME: &'static str = "logout";

    fn expires_at(&self) -> u64 {
        self.expires_at
    }

    fn lifetime(&self) -> Duration {
        pending::SHORT
    }
}

impl PendingLogout {
    /// Begins a log-out at `idp`.
    pub(super) fn new(visit: &Visit, idp: &Idp) -> Self {
        PendingLogout {
            reference: pending::reference(visit),
            nonce: visit.installation().random.token(),
            app: visit.app.name.clone(),
            idp: idp.name.clone(),
            expires_at: pending::expiry(visit, pending::SHORT),
        }
    }

    /// The request's ID: a keyed hash and an NCName, as that of a sign-in.
    pub(super) fn request_id(&self, visit: &Visit) -> String {
        let expires_at = self.expires_at.to_string();
        let parts = [&*self.nonce, &self.app, &self.idp, &expires_at];
        format!("_{}", visit.installation().secrets.keyed_hash("logout request id", &parts))
    }

    /// Those of this browser that `message` may answer: the one that its RelayState names, or, for
    /// an IdP that gives none back, any.
    pub(super) fn answered_by(visit: &Visit, message: &LogoutMessage) -> Vec<Self> {
        let named = message.relay_state().filter(|reference| !reference.is_empty());
        pending::held::<Self>(visit)
            .filter(|(reference, _)| named.is_none_or(|named| named == *reference))
            .map(|(reference, held)| PendingLogout { reference: reference.to_owned(), ..held })
            .filter(|held| held.app == visit.app.name && !pending::expired(visit, held))
            .collect()
    }

    /// The Set-Cookie lines that give it to the browser.
    pub(super) fn cookies(&self, visit: &Visit) -> Vec<String> {
        pending::cookies_for(visit, &path(visit), &self.reference, self.clone())
    }

    /// The cookie that takes it away.
    pub(super) fn clearing_cookie(&self, visit: &Visit) -> String {
        pending::clearing_cookie::<Self>(&path(visit), &self.reference)
    }
}

fn path(visit: &Visit) -> String {
    format!("{}/logout", visit.app.prefix)
}
