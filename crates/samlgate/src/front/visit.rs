//! A request of a person to one of Samlgate's own pages: what each step of a sign-in and a log-out
//! looks at. It decides nothing.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::SystemTime;

use http::{HeaderMap, Uri};
use installation::Installation;
use installation::settings::{App, Idp, Snapshot};
use installation::trust;
use saml::Rejection;

use crate::front::Front;
use crate::front::refusal::Refusal;

/// One request of a person to Samlgate's own pages of one app.
pub struct Visit {
    /// The front door of this node.
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
    /// What all faces of this node share.
    pub fn installation(&self) -> &Installation {
        &self.front.installation
    }

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
            trust::newer_keys(self.installation(), &self.front.trust, idp, rejection).await?;
        match newer.serves(&self.app.name) {
            true => Ok(newer),
            false => Err(Refusal::idp_gone(&newer.name)),
        }
    }

    /// The IdP, when its metadata may be used now; that is read once more when it is over.
    ///
    /// # Errors
    /// The refusal, when it is over all the same.
    pub async fn with_valid_metadata(&self, idp: &Arc<Idp>) -> Result<Arc<Idp>, Refusal> {
        let valid = trust::still_valid(self.installation(), &self.front.trust, idp, self.now).await;
        let valid = valid.map_err(|expired| Refusal::metadata_expired(idp, &expired))?;
        match valid.serves(&self.app.name) {
            true => Ok(valid),
            false => Err(Refusal::idp_gone(&valid.name)),
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

#[cfg(test)]
pub(crate) mod tests {
    use http::header::{COOKIE, HeaderValue};
    use installation::Installation;
    use installation::config::Config;
    use installation::runtime::Clock;
    use installation::settings::{
        self, AppSettings, By, CONSOLE, ConsoleSettings, Expect, IdpSettings,
    };
    use serde_json::json;
    use tempfile::TempDir;
    use testkit::Key;

    use super::*;
    use crate::front::Front;

    /// Somebody's request with this cookie at the app jira, with the console as set; the installation
    /// goes with the folder.
    pub(crate) async fn visit(console: serde_json::Value, cookie: &str) -> (Visit, TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let now = installation::moment::parse("2026-11-24T12:00:00Z").unwrap();
        let config = Config::defaults_in(folder.path());
        let installation = Installation::open(&config, Clock::fixed(now)).await.unwrap();
        let store = &installation.store;
        let app = json!({ "kind": "jira", "public_url": "https://jira.example.com",
                          "upstream": "http://127.0.0.1:1" });
        let app: AppSettings = serde_json::from_value(app).unwrap();
        settings::put(store, "jira", &app, Expect::Anything, By::command_line(now)).await.unwrap();
        let console: ConsoleSettings = serde_json::from_value(console).unwrap();
        settings::put(store, CONSOLE, &console, Expect::Anything, By::command_line(now))
            .await
            .unwrap();
        let idp = IdpSettings {
            entity_id: "https://idp.example.com/".to_owned(),
            login_url: "https://idp.example.com/sso".to_owned(),
            certificates: vec![Key::Rsa2048.certificate_base64()],
            ..IdpSettings::default()
        };
        settings::put(store, "company", &idp, Expect::Anything, By::command_line(now))
            .await
            .unwrap();
        installation.settings.refresh(store, &installation.secrets).await.unwrap();
        let settings = installation.settings.current();
        let visit = Visit {
            front: Arc::new(Front::new(installation)),
            app: settings.apps["jira"].clone(),
            settings,
            headers: HeaderMap::from_iter([(COOKIE, HeaderValue::from_str(cookie).unwrap())]),
            uri: Uri::from_static("/"),
            client: [127, 0, 0, 1].into(),
            request_id: String::new(),
            now,
        };
        (visit, folder)
    }
}
