//! The installation, open: database, settings, secrets, clock. Every face of Samlgate holds it, the
//! front door, the console, the Crowd server and the jobs; it cannot know a request.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::SystemTime;

use anyhow::{Context as _, anyhow, bail};
use rustls::ClientConfig;
use store::Store;

use crate::address::AddressRange;
use crate::authorities::client_tls;
use crate::config::{Config, Listener};
use crate::runtime::{Clock, Random};
use crate::secrets::Secrets;
use crate::settings::{self, Settings};
use crate::sp_keys::SpKeys;
use crate::tracker::Unrecognised;

/// What all faces of one node share.
pub struct Installation {
    /// Users, groups, sessions, attempts and settings.
    pub store: Store,
    /// The compiled settings.
    pub settings: Settings,
    /// Derived keys.
    pub secrets: Secrets,
    /// The time.
    pub clock: Clock,
    /// When this node started.
    pub started_at: SystemTime,
    /// Randomness.
    pub random: Random,
    /// TLS authorities in place of the system's: for apps, and for fetching metadata.
    pub authorities: Option<PathBuf>,
    /// Posts that nobody vouches for.
    pub unrecognised: Unrecognised,
    /// Proxies whose `X-Forwarded-*` is believed.
    pub trusted_proxies: Vec<AddressRange>,
    /// The server URL for an app's Crowd directory; none when the Crowd API is off.
    pub crowd_url: Option<String>,
}

impl Installation {
    /// Opens key file and database as `config` says.
    ///
    /// # Errors
    /// In words for the operator: what cannot be opened, and the cure. A key that is not the
    /// database's is refused, since nothing sealed with the other key could be read.
    pub async fn open(config: &Config, clock: Clock) -> anyhow::Result<Arc<Self>> {
        let secrets = Secrets::open_or_create(&config.secrets.key_file, Random)?;
        let store = Store::open(&config.database.url).await?;
        let own = config.tls.trusted_ca_file.as_deref();
        let tls = own.map(|file| client_tls(Some(file))).transpose();
        let tls = tls.map_err(|error| anyhow!("tls.trusted_ca_file cannot be used: {error}"))?;
        let crowd = config.listen.crowd.map(|address| config.url(Listener::Crowd, address));
        Ok(Arc::new(Installation {
            authorities: config.tls.trusted_ca_file.clone(),
            trusted_proxies: config.proxies.trusted.clone(),
            crowd_url: crowd,
            ..Self::assemble(store, secrets, clock, tls).await?
        }))
    }

    /// An installation on a SQLite file, for tests.
    ///
    /// # Errors
    /// When the database cannot be opened.
    pub async fn for_tests(url: &str, clock: Clock) -> anyhow::Result<Arc<Self>> {
        let store = Store::open(url).await?;
        let secrets = Secrets::from_key(&[1; 32]);
        Ok(Arc::new(Self::assemble(store, secrets, clock, None).await?))
    }

    async fn assemble(
        store: Store,
        secrets: Secrets,
        clock: Clock,
        upstream_tls: Option<Arc<ClientConfig>>,
    ) -> anyhow::Result<Self> {
        adopt_key(&store, &secrets).await?;
        let random = Random;
        settings::upgrade(&store, clock.now()).await?;
        SpKeys::open(&store, &secrets, clock.now(), random).await?;
        let settings = Settings::load(&store, &secrets, upstream_tls)
            .await
            .context("cannot read the settings")?;
        Ok(Installation {
            store,
            settings,
            secrets,
            started_at: clock.now(),
            clock,
            random,
            authorities: None,
            unrecognised: Unrecognised::default(),
            trusted_proxies: Vec::new(),
            crowd_url: None,
        })
    }
}

/// The property of a database that names the key it was made with.
pub(crate) const KEY_ID: &str = "secrets.key_id";

/// The first node writes its key's name into the database; later ones must have the same key.
pub(crate) async fn adopt_key(store: &Store, secrets: &Secrets) -> anyhow::Result<()> {
    match store.property(KEY_ID).await? {
        Some(id) if id == secrets.key_id() => Ok(()),
        Some(id) => bail!(
            "this node's key file holds key {}, but the database was made with key {id}; copy the \
             key file of the first node here",
            secrets.key_id()
        ),
        None => {
            let mut tx = store.begin().await?;
            tx.put_property(KEY_ID, secrets.key_id()).await?;
            tx.commit().await?;
            Ok(())
        }
    }
}
