//! What an administrator changes while Samlgate runs: apps, IdPs and Crowd applications.
//!
//! Each is one JSON document in the database, known by kind and name; every change bumps one
//! revision. A running server compiles all of them into an immutable [`Snapshot`] and swaps it
//! whole when the revision moves, so a request works with one consistent state and parses nothing.

mod app;
mod application;
mod change;
mod console;
mod difference;
mod document;
mod edit;
mod fault;
mod idp;
mod place;
pub mod reference;
mod session_end;
mod upgrade;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use arc_swap::ArcSwap;
use directory::provision::{NamePattern, Unbound};
use rustls::ClientConfig;
use serde::Serialize;
use serde::de::DeserializeOwned;
use store::{Store, StoreError};
use thiserror::Error;

use crate::secrets::Secrets;
use crate::sp_keys::{SpKeyError, SpKeys};

pub use crate::by::By;
pub use app::{App, AppKind, AppSettings, OpenerKind, ReplyPath, SessionSettings};
pub use application::{Application, ApplicationSettings};
pub use change::change;
pub use console::{CONSOLE, Console, ConsoleSettings};
pub use difference::{Change, change_of};
pub use document::{DocumentError, Draft, export};
pub use edit::{
    EditError, Expect, NameError, check, fingerprint, give_back, is_name, list, open, put, remove,
    show,
};
pub use fault::{Fault, Unusable};
pub use idp::{
    AccessSettings, Asked, AttributeSettings, Binding, Comparison, GroupSettings, Idp, IdpSettings,
    KeyOrigin, KnownKey, LogoutSettings, MOST_SKEW, MetadataSettings, Preset, Provisioning,
    ProvisioningSettings, RequestSettings, SourceError, StepSettings, StepsByValue, TimeSettings,
    WhenAbsent, source,
};
use upgrade::as_upgraded;
pub use upgrade::upgrade;

/// A kind of settings document: what is stored, and what it compiles to.
pub trait Document: Serialize + DeserializeOwned + Send + Sync {
    /// The kind's name in the database and in messages.
    const KIND: &'static str;
    /// What the server works with.
    type Compiled;
    /// Checks the document and prepares it for use.
    ///
    /// # Errors
    /// The first thing that is wrong.
    fn compile(&self, name: &str) -> Result<Self::Compiled, Fault>;
}

/// All settings at one revision, ready for use.
pub struct Snapshot {
    /// The store's revision that this snapshot shows.
    pub revision: i64,
    /// Apps by name.
    pub apps: BTreeMap<String, Arc<App>>,
    /// IdPs by name.
    pub idps: BTreeMap<String, Arc<Idp>>,
    /// Crowd applications by name.
    pub applications: BTreeMap<String, Arc<Application>>,
    /// This SP's own keys.
    pub sp_keys: Arc<SpKeys>,
    /// The console's own settings.
    pub console: Arc<Console>,
    /// Documents that do not compile, `kind name: reason`; they are left out, the others work. And what
    /// does not go together, which works as far as it can.
    pub problems: Vec<String>,
    by_authority: HashMap<String, Vec<Arc<App>>>,
}

/// Why no app has a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum NoApp {
    /// None has this authority.
    #[error("no app has this host name")]
    UnknownHost,
    /// None of this authority has a context path that holds the path.
    #[error("no app has this path")]
    NoSuchPath,
}

/// Why no Crowd application may ask for an app's one-time passwords.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum NobodyAsks {
    /// There is none.
    #[error("there is no Crowd application yet: samlgate application add NAME")]
    ThereIsNone,
    /// There are several, and the app names none of them.
    #[error("it names none of the Crowd applications: samlgate app set APP --application NAME")]
    Unnamed,
}

/// The host of `host[:port]`.
pub fn host_of(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
    }
}

fn asked_by<'a>(
    app: &AppSettings,
    mut all: impl Iterator<Item = &'a String>,
) -> Result<Vec<String>, NobodyAsks> {
    if !app.applications.is_empty() {
        return Ok(app.applications.clone());
    }
    match (all.next(), all.next()) {
        (Some(only), None) => Ok(vec![only.clone()]),
        (None, _) => Err(NobodyAsks::ThereIsNone),
        (Some(_), Some(_)) => Err(NobodyAsks::Unnamed),
    }
}

impl Snapshot {
    /// The app whose public authority is exactly `authority` and whose context path holds `path`;
    /// of several the longest context path.
    ///
    /// # Errors
    /// When there is none.
    pub fn app_at(&self, authority: &str, path: &str) -> Result<&Arc<App>, NoApp> {
        let apps = self.apps_of(authority).ok_or(NoApp::UnknownHost)?;
        apps.iter().find(|app| app.holds(path)).ok_or(NoApp::NoSuchPath)
    }

    /// Whether an app has this authority.
    pub fn has(&self, authority: &str) -> bool {
        self.apps_of(authority).is_some()
    }

    fn apps_of(&self, authority: &str) -> Option<&Vec<Arc<App>>> {
        self.by_authority.get(authority).or_else(|| self.by_other_spelling(authority))
    }

    /// An app of the same host as `authority`, whatever its port.
    pub fn at_another_port(&self, authority: &str) -> Option<&Arc<App>> {
        let host = host_of(authority);
        self.apps.values().find(|app| host_of(&app.authority).eq_ignore_ascii_case(host))
    }

    /// The same authority in other letters, or with the port that its scheme has anyway (RFC 9110
    /// §4.2.3).
    fn by_other_spelling(&self, authority: &str) -> Option<&Vec<Arc<App>>> {
        let authority = authority.to_ascii_lowercase();
        let bare = [("https", ":443"), ("http", ":80")].into_iter().find_map(|(scheme, port)| {
            let apps = self.by_authority.get(authority.strip_suffix(port)?)?;
            apps.iter().all(|app| app.scheme == scheme).then_some(apps)
        });
        bare.or_else(|| self.by_authority.get(&authority))
    }

    /// The IdPs that serve `app`, in the order of their names.
    pub fn idps_of<'a>(&'a self, app: &'a App) -> impl Iterator<Item = &'a Arc<Idp>> {
        self.idps.values().filter(|idp| idp.serves(&app.name))
    }

    /// The Crowd applications that may ask for one-time passwords of `app`: those that it names, or
    /// else the only one there is.
    ///
    /// # Errors
    /// When it names none, and there is none or there are several: then none may.
    pub fn asked_by(&self, app: &App) -> Result<Vec<String>, NobodyAsks> {
        asked_by(&app.settings, self.applications.keys())
    }

    fn compile(
        revision: i64,
        documents: &[store::Setting],
        sp_keys: SpKeys,
        upstream_tls: Option<&Arc<ClientConfig>>,
    ) -> Self {
        let mut snapshot = Snapshot {
            revision,
            apps: BTreeMap::new(),
            idps: BTreeMap::new(),
            applications: BTreeMap::new(),
            sp_keys: Arc::new(sp_keys),
            console: Arc::default(),
            problems: Vec::new(),
            by_authority: HashMap::new(),
        };
        let Snapshot { apps, idps, applications, problems, console, .. } = &mut snapshot;
        for document in documents {
            let outcome = match document.kind.as_str() {
                AppSettings::KIND => add::<AppSettings>(apps, document),
                IdpSettings::KIND => add::<IdpSettings>(idps, document),
                ApplicationSettings::KIND => add::<ApplicationSettings>(applications, document),
                ConsoleSettings::KIND => {
                    let mut one = BTreeMap::new();
                    let added = add::<ConsoleSettings>(&mut one, document);
                    *console = one.remove(CONSOLE).unwrap_or_default();
                    added
                }
                kind => Err(format!("{kind} {}: unknown kind of setting", document.name)),
            };
            problems.extend(outcome.err());
        }
        snapshot.say_who_binds(documents);
        snapshot.say_who_shares_a_place(documents);
        for app in snapshot.apps.values_mut() {
            // Nobody else holds it yet.
            if let (Some(tls), Some(app)) = (upstream_tls, Arc::get_mut(app)) {
                app.upstream = app.upstream.trusting(tls.clone());
            }
        }
        for app in snapshot.apps.values() {
            snapshot.by_authority.entry(app.authority.clone()).or_default().push(app.clone());
        }
        for apps in snapshot.by_authority.values_mut() {
            apps.sort_by_key(|app| std::cmp::Reverse(app.context_path.len()));
        }
        snapshot
    }
}

impl Snapshot {
    /// Apps that an older version let in at the place of another one: they work as they did then.
    fn say_who_shares_a_place(&mut self, documents: &[store::Setting]) {
        let apps = documents.iter().filter(|document| document.kind == AppSettings::KIND);
        let apps: Vec<_> = apps.map(|app| (app.name.as_str(), app.document.as_str())).collect();
        for (at, (name, document)) in apps.iter().enumerate() {
            let before = apps.iter().take(at).copied();
            if let Err(fault) = place::check(name, document, before) {
                self.problems.push(format!("app {name}: {fault}"));
            }
        }
    }

    /// What a sign-in does with users who are bound to no IdP: the only IdP binds them, of several the
    /// one that is named for it. An IdP whose document does not compile is an IdP all the same.
    fn say_who_binds(&mut self, documents: &[store::Setting]) {
        let is_idp = |document: &&store::Setting| document.kind == IdpSettings::KIND;
        let is_alone = documents.iter().filter(is_idp).count() == 1;
        let named: Vec<String> = self
            .idps
            .values()
            .filter(|idp| idp.settings.for_unbound_users)
            .map(|idp| idp.name.clone())
            .collect();
        if named.len() > 1 {
            let problem = format!(
                "idp {}: only one may have for_unbound_users, so none has",
                named.join(", ")
            );
            self.problems.push(problem);
        }
        let administrators = self.console.settings.administrators_group.as_deref();
        for idp in self.idps.values_mut().filter_map(Arc::get_mut) {
            let rules = &mut idp.provisioning.rules;
            rules.unbound = match named.as_slice() {
                _ if is_alone => Unbound::Anybody,
                [only] if *only == idp.name => {
                    let group = administrators.map(NamePattern::new);
                    Unbound::Unguarded(
                        rules.groups.protected.iter().cloned().chain(group).collect(),
                    )
                }
                _ => Unbound::Nobody,
            };
        }
    }
}

/// Whether a document of a kind would work.
fn check_document(kind: &str, name: &str, document: &str) -> Result<(), Unusable> {
    fn of<D: Document>(name: &str, document: &str) -> Result<(), Unusable> {
        read_and_compile::<D>(name, document).map(drop)
    }
    match kind {
        AppSettings::KIND => of::<AppSettings>(name, document),
        IdpSettings::KIND => of::<IdpSettings>(name, document),
        ApplicationSettings::KIND => of::<ApplicationSettings>(name, document),
        ConsoleSettings::KIND => of::<ConsoleSettings>(name, document),
        other => Err(Unusable::UnknownKind(other.to_owned())),
    }
}

/// Reads a stored document and compiles it; the error names the document.
fn add<D: Document>(
    into: &mut BTreeMap<String, Arc<D::Compiled>>,
    document: &store::Setting,
) -> Result<(), String> {
    let compiled = read_and_compile::<D>(&document.name, &document.document)
        .map_err(|reason| format!("{} {}: {reason}", D::KIND, document.name))?;
    into.insert(document.name.clone(), Arc::new(compiled));
    Ok(())
}

fn read_and_compile<D: Document>(name: &str, document: &str) -> Result<D::Compiled, Unusable> {
    Ok(serde_json::from_str::<D>(document)?.compile(name)?)
}

/// Why the settings are not at hand.
#[derive(Debug, Error)]
pub enum LoadError {
    /// The database refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The keys of this SP, which every snapshot holds.
    #[error(transparent)]
    SpKeys(#[from] SpKeyError),
}

/// The current snapshot of a running server.
pub struct Settings {
    current: ArcSwap<Snapshot>,
    /// Whom TLS to the apps trusts; `None`: the system's authorities.
    upstream_tls: Option<Arc<ClientConfig>>,
}

impl Settings {
    /// Loads all settings beside the SP's keys, which [`SpKeys::open`] has made. `upstream_tls` is
    /// how apps are reached by TLS, when the system's authorities are not enough.
    ///
    /// # Errors
    /// When the database is away or a key cannot be opened.
    pub async fn load(
        store: &Store,
        secrets: &Secrets,
        upstream_tls: Option<Arc<ClientConfig>>,
    ) -> Result<Self, LoadError> {
        let (revision, documents) = store.settings().await?;
        let sp_keys = SpKeys::load(store, secrets).await?;
        Ok(Self::of(revision, &documents, sp_keys, upstream_tls))
    }

    /// Loads all settings as a start would leave them, beside other keys than the database's.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn load_with(store: &Store, sp_keys: SpKeys) -> Result<Self, StoreError> {
        let (revision, documents) = store.settings().await?;
        let documents = as_upgraded(store, documents).await?;
        Ok(Self::of(revision, &documents, sp_keys, None))
    }

    fn of(
        revision: i64,
        documents: &[store::Setting],
        sp_keys: SpKeys,
        upstream_tls: Option<Arc<ClientConfig>>,
    ) -> Self {
        let snapshot = Snapshot::compile(revision, documents, sp_keys, upstream_tls.as_ref());
        for problem in &snapshot.problems {
            tracing::error!(problem, "a setting was left out");
        }
        Settings { current: ArcSwap::from_pointee(snapshot), upstream_tls }
    }

    /// The settings as they are now; keep the answer for one request.
    pub fn current(&self) -> Arc<Snapshot> {
        self.current.load_full()
    }

    /// Takes over what has changed in the database since; nothing when the revision stands.
    ///
    /// # Errors
    /// When the database is away or a key cannot be opened; the old snapshot stays.
    pub async fn refresh(&self, store: &Store, secrets: &Secrets) -> Result<bool, LoadError> {
        if store.revision().await? == self.current.load().revision {
            return Ok(false);
        }
        let tls = self.upstream_tls.clone();
        let fresh = Settings::load(store, secrets, tls).await?.current();
        tracing::info!(settings.revision = fresh.revision, "settings changed");
        self.current.store(fresh);
        Ok(true)
    }
}

#[cfg(test)]
mod tests;
