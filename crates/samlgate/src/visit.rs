//! A request of a person to one of Samlgate's own pages: what each step of a sign-in and a log-out
//! looks at. It decides nothing.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::SystemTime;

use http::{HeaderMap, Uri};
use saml::Rejection;

use crate::front::Front;
use crate::open::Installation;
use crate::refusal::Refusal;
use crate::settings::{App, Idp, Snapshot};
use crate::trust;

/// One request of a person to Samlgate's own pages of one app.
pub struct Visit {
    /// What all faces of this node share.
    pub installation: Arc<Installation>,
    /// What this node remembers at the front door.
    pub front: Arc<Front>,
    /// The settings, the same for the whole request.
    pub settings: Arc<Snapshot>,
    /// The app it concerns.
    pub app: Arc<App>,
    /// The request's headers.
    pub headers: HeaderMap,
    /// The request's target.
    pub uri: Uri,
    /// The person's address.
    pub client: IpAddr,
    /// Names the request in the log.
    pub request_id: String,
    /// When the request came.
    pub now: SystemTime,
}

impl Visit {
    /// The IdP with keys that were not known when `rejection` was found.
    ///
    /// # Errors
    /// The refusal that `rejection` means; its detail says what came of looking for newer keys.
    pub async fn with_newer_keys(
        &self,
        idp: &Arc<Idp>,
        rejection: Rejection,
    ) -> Result<Arc<Idp>, Refusal> {
        let newer =
            trust::newer_keys(&self.installation, &self.front.trust, idp, rejection).await?;
        match newer.serves(&self.app.name) {
            true => Ok(newer),
            false => Err(Refusal::idp_gone(&newer.name)),
        }
    }

    /// The first value of a query parameter, decoded.
    pub fn query(&self, name: &str) -> Option<String> {
        let query = self.uri.query()?.as_bytes();
        url::form_urlencoded::parse(query)
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    }
}
