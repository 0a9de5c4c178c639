//! The installation, open: database, settings, secrets, clock. Every face of Samlgate holds it, the
//! front door, the console, the Crowd server and the jobs; it cannot know a request.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::SystemTime;

use store::{Store, StoreError};
use thiserror::Error;

use crate::attempt::Unrecognised;
use crate::authorities::{AuthoritiesError, client_tls};
use crate::config::{Config, Listener, Proxies};
use crate::password::Checks;
use crate::runtime::{Clock, Random};
use crate::secrets::{Secrets, SecretsError};
use crate::settings::{self, LoadError, Settings};
use crate::sp_keys::{SpKeyError, SpKeys};

/// Why an installation cannot be opened.
#[derive(Debug, Error)]
pub enum OpenError {
    /// The key file.
    #[error(transparent)]
    Secrets(#[from] SecretsError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The key file and the database do not belong together.
    #[error(
        "this node's key file holds key {own}, but the database was made with key {made_with}; copy \
         the key file of the first node here"
    )]
    OtherKey {
        /// The name of this node's key.
        own: String,
        /// The name of the database's.
        made_with: String,
    },
    /// The keys of this SP.
    #[error(transparent)]
    SpKeys(#[from] SpKeyError),
    /// Whom TLS trusts on the way out.
    #[error("tls.trusted_ca_file cannot be used: {0}")]
    Authorities(#[source] AuthoritiesError),
    /// The settings.
    #[error("cannot read the settings: {0}")]
    Settings(#[source] LoadError),
}

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
    /// Where passwords that strangers present are looked at.
    pub passwords: Checks,
    /// Proxies that are believed, at each listener.
    pub proxies: Proxies,
    /// The server URL for an app's Crowd directory; none when the Crowd API is off.
    pub crowd_url: Option<String>,
}

impl Installation {
    /// Opens key file and database as `config` says.
    ///
    /// # Errors
    /// In words for the operator: what cannot be opened, and the cure. A key that is not the
    /// database's is refused, since nothing sealed with the other key could be read.
    pub async fn open(config: &Config, clock: Clock) -> Result<Arc<Self>, OpenError> {
        let secrets = Secrets::open_or_create(&config.secrets.key_file, Random)?;
        let store = Store::open(&config.database.url).await?;
        let authorities = config.tls.trusted_ca_file.clone();
        let tls = authorities.as_deref().map(|file| client_tls(Some(file))).transpose();
        let tls = tls.map_err(OpenError::Authorities)?;
        adopt_key(&store, &secrets).await?;
        let (started_at, random) = (clock.now(), Random);
        settings::upgrade(&store, started_at).await?;
        SpKeys::open(&store, &secrets, started_at, random).await?;
        let settings = Settings::load(&store, &secrets, tls).await.map_err(OpenError::Settings)?;
        let crowd = config.listen.crowd;
        Ok(Arc::new(Installation {
            store,
            settings,
            secrets,
            clock,
            started_at,
            random,
            authorities,
            unrecognised: Unrecognised::default(),
            passwords: Checks::default(),
            proxies: config.proxies.clone(),
            crowd_url: crowd.map(|address| config.url(Listener::Crowd, address)),
        }))
    }
}

/// The property of a database that names the key it was made with.
pub const KEY_ID: &str = "secrets.key_id";

/// The first node writes its key's name into the database; later ones must have the same key.
///
/// # Errors
/// When this node has another, or the database is away.
pub async fn adopt_key(store: &Store, secrets: &Secrets) -> Result<(), OpenError> {
    match store.property(KEY_ID).await? {
        Some(id) if id == secrets.key_id() => Ok(()),
        Some(made_with) => Err(OpenError::OtherKey { own: secrets.key_id().to_owned(), made_with }),
        None => {
            let mut tx = store.begin().await?;
            tx.put_property(KEY_ID, secrets.key_id()).await?;
            tx.commit().await?;
            Ok(())
        }
    }
}
