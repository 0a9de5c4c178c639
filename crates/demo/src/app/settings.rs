//! What a double is started with, and what a test may switch while it runs.

use std::net::SocketAddr;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::crowd_client::WireFormat;

/// How to start a double.
#[derive(Clone, Debug)]
pub struct AppOptions {
    /// Where the app listens; port 0: any free one.
    pub listen: SocketAddr,
    /// The port of the control surface on 127.0.0.1; 0: any free one.
    pub control_port: u16,
    /// Scheme, host, port and context path as browsers see them, as the app's connector and base
    /// URL are set: `http://jira.localhost:9080` or `https://tools.example.test/jira`.
    pub public_url: String,
    /// The Crowd directory; `None`: there is only the internal one.
    pub crowd: Option<CrowdSettings>,
    /// XML as the stock apps, or JSON.
    pub crowd_format: WireFormat,
    /// Puts the Crowd directory above the internal one.
    pub crowd_first: bool,
    /// Time between synchronisations; the apps' default is 60 minutes [C].
    pub sync_interval: Duration,
    /// Users of the internal directory.
    pub internal_users: Vec<InternalUser>,
    /// The groups of which a user needs one; `None`: as the profile ships, empty: no group needed.
    pub access_groups: Option<Vec<String>>,
    /// Sends a balancer's affinity cookie with every new session.
    pub balancer_cookie: bool,
}

/// A Crowd server and the application's log-in there.
#[derive(Clone, Debug, Deserialize)]
pub struct CrowdSettings {
    /// The server's base; `/rest/usermanagement/1` is appended.
    pub url: String,
    /// The application's name.
    pub name: String,
    /// The application's password.
    pub password: String,
}

/// A user of the app's own directory.
#[derive(Clone, Debug, Deserialize)]
pub struct InternalUser {
    /// The log-in name.
    pub name: String,
    /// The name shown.
    pub full_name: String,
    /// Where mail would go.
    pub email: String,
    /// In clear: nothing here is worth a hash.
    pub password: String,
    /// Made when missing.
    #[serde(default)]
    pub groups: Vec<String>,
    /// An inactive user cannot log in.
    #[serde(default = "yes")]
    pub active: bool,
}

/// What the administrator of the double has switched on or off.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Modes {
    /// The log-in form takes passwords.
    pub(crate) login_form: bool,
    /// The JSON log-in takes passwords. Whether an app that has its form switched off still has
    /// this one is [U]; so it is a switch of its own.
    pub(crate) session_resource: bool,
    /// Basic authentication is taken.
    pub(crate) basic_auth: bool,
    /// Sessions come with a balancer's cookie.
    pub(crate) balancer_cookie: bool,
    /// Bodies are compressed when the client asks for it.
    pub(crate) gzip: bool,
}

impl Default for AppOptions {
    fn default() -> Self {
        AppOptions {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            control_port: 0,
            public_url: "http://localhost".to_owned(),
            crowd: None,
            crowd_format: WireFormat::Xml,
            crowd_first: false,
            sync_interval: Duration::from_secs(3600),
            internal_users: vec![administrator()],
            access_groups: None,
            balancer_cookie: false,
        }
    }
}

impl Default for Modes {
    fn default() -> Self {
        Modes {
            login_form: true,
            session_resource: true,
            basic_auth: true,
            balancer_cookie: false,
            gzip: true,
        }
    }
}

/// The one user that every installation has.
fn administrator() -> InternalUser {
    InternalUser {
        name: "admin".to_owned(),
        full_name: "Local Administrator".to_owned(),
        email: "admin@localhost".to_owned(),
        password: "admin".to_owned(),
        groups: vec!["jira-administrators".to_owned(), "confluence-administrators".to_owned()],
        active: true,
    }
}

fn yes() -> bool {
    true
}
