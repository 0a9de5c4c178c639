//! A double of an app: a program that people log in to, with a Crowd directory.
//!
//! It is written from public documentation and from notes on what such apps do on the wire, not
//! from their code, and keeps everything in memory. What differs between versions is one row in
//! [`profile`]; what differs between Jira and Confluence is in `jira` and `confluence`.

pub(crate) mod connector;
mod control;
pub(crate) mod crowd_client;
mod decoration;
pub(crate) mod directory;
mod failures;
mod front;
mod guarded;
pub(crate) mod log_in;
pub(crate) mod pages;
pub(crate) mod profile;
pub(crate) mod sessions;
mod settings;
mod synchronising;
mod traffic;
pub(crate) mod two_step;
pub(crate) mod visitor;

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Context as _;
use directory::{CrowdSource, Directories, GroupsOnLogIn, Source, User};

use crate::serving::Serving;
use connector::Connector;
use crowd_client::CrowdClient;
use failures::Failures;
use guarded::Guarded;
use profile::{Behaviour, LogInForm, Product, Profile};
use sessions::Sessions;
pub(crate) use settings::Modes;
pub use settings::{AppOptions, CrowdSettings, InternalUser};

/// A double that runs until [`RunningApp::stop`], or until this value is dropped.
#[derive(Debug)]
pub struct RunningApp {
    /// Where the app itself listens: the upstream of a gateway.
    pub address: SocketAddr,
    /// Where tests steer the double; always on loopback.
    pub control_address: SocketAddr,
    serving: Serving,
}

/// Starts a double. It has an internal directory and, with `options.crowd`, a Crowd directory
/// behind it, which it synchronises as soon as the Crowd server answers.
///
/// # Errors
/// When an address is in use or no address at all.
pub async fn start_app(profile: Profile, options: AppOptions) -> anyhow::Result<RunningApp> {
    let app = Arc::new(App::new(profile, &options)?);
    let mut serving = Serving::new();
    let address = serving.add(options.listen, front::router(app.clone())).await?;
    let control = SocketAddr::from(([127, 0, 0, 1], options.control_port));
    let control_address = serving.add(control, control::router(app.clone())).await?;
    serving.beside(synchronising::keep_in_step(app, options.sync_interval));
    Ok(RunningApp { address, control_address, serving })
}

impl RunningApp {
    /// Stops the double; connections still open are cut off after a moment.
    pub async fn stop(self) {
        self.serving.stop().await;
    }
}

/// The double itself, shared by all its requests.
#[derive(Debug)]
pub(crate) struct App {
    pub(crate) profile: Profile,
    pub(crate) behaviour: &'static Behaviour,
    /// Below which path the app lives: empty or `/jira`.
    pub(crate) context: String,
    /// The groups of which a user needs one; empty: everybody may use the app.
    pub(crate) access_groups: Vec<String>,
    pub(crate) connector: Guarded<Connector>,
    pub(crate) directories: Guarded<Directories>,
    pub(crate) sessions: Guarded<Sessions>,
    pub(crate) failures: Guarded<Failures>,
    pub(crate) modes: Guarded<Modes>,
    /// Users, by lower-case name, who have enrolled for a second step.
    pub(crate) second_steps: Guarded<BTreeSet<String>>,
    /// Held while the copies are brought up to date.
    synchronising: tokio::sync::Mutex<()>,
}

impl App {
    fn new(profile: Profile, options: &AppOptions) -> anyhow::Result<Self> {
        let behaviour = profile.behaviour();
        let connector = Connector::parse(&options.public_url)?;
        let mut directories = Directories::default();
        let internal = directories.add("Internal Directory", Source::Internal, None);
        let internal = directories.get_mut(internal).context("it was just added")?;
        for user in &options.internal_users {
            internal.put(user.known(), &user.groups);
        }
        if let Some(crowd) = &options.crowd {
            let client =
                CrowdClient::new(&crowd.url, &crowd.name, &crowd.password, options.crowd_format)?;
            let source = CrowdSource {
                client: Arc::new(client),
                on_log_in: GroupsOnLogIn::default(),
                nested_groups: false,
            };
            let position = options.crowd_first.then_some(0);
            directories.add("Crowd Server", Source::Crowd(source), position);
        }
        let shipped = || behaviour.access_groups.iter().map(|name| (*name).to_owned()).collect();
        Ok(App {
            profile,
            behaviour,
            context: connector.context().to_owned(),
            access_groups: options.access_groups.clone().unwrap_or_else(shipped),
            connector: Guarded::new(connector),
            directories: Guarded::new(directories),
            sessions: Guarded::new(Sessions::default()),
            failures: Guarded::new(Failures::new(behaviour.captcha_after)),
            modes: Guarded::new(Modes {
                balancer_cookie: options.balancer_cookie,
                ..Modes::default()
            }),
            second_steps: Guarded::default(),
            synchronising: tokio::sync::Mutex::new(()),
        })
    }

    /// An absolute address of the app, as its connector and base URL make it.
    pub(crate) fn url(&self, path: &str) -> String {
        self.connector.lock().url(path)
    }

    pub(crate) fn is_jira(&self) -> bool {
        self.behaviour.product == Product::Jira
    }

    /// Whether the log-in page is a form in the page, posted as a form.
    pub(crate) fn has_legacy_form(&self) -> bool {
        self.behaviour.log_in_form == LogInForm::Legacy
    }

    /// Whether this is an administrator of the app, as shipped.
    pub(crate) fn is_administrator(&self, user: Option<&str>) -> bool {
        let known = user.and_then(|name| self.directories.lock().user(name));
        let administrators = if self.is_jira() { "jira" } else { "confluence" };
        let administrators = format!("{administrators}-administrators");
        known.is_some_and(|known| known.groups.iter().any(|g| directory::key(g) == administrators))
    }

    /// Whether somebody with these groups may use the app.
    pub(crate) fn grants_access(&self, groups: &[String]) -> bool {
        let same = |group: &String| {
            self.access_groups.iter().any(|wanted| directory::key(wanted) == directory::key(group))
        };
        self.access_groups.is_empty() || groups.iter().any(same)
    }
}

impl InternalUser {
    fn known(&self) -> User {
        User {
            name: self.name.clone(),
            full_name: self.full_name.clone(),
            email: self.email.clone(),
            active: self.active,
            key: None,
            password: Some(self.password.clone()),
        }
    }
}
