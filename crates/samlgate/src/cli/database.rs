//! What commands work on: the database, beside a running server or without.

use anyhow::Context as _;
use installation::By;
use installation::config::Config;
use installation::open;
use installation::runtime::{Clock, Random};
use installation::secrets::Secrets;
use installation::settings;
use store::Store;

/// The opened database, with time and randomness.
pub(super) struct Database {
    pub(super) store: Store,
    pub(super) clock: Clock,
    pub(super) random: Random,
}

impl Database {
    /// Opens the database of `config`; it is made when it is not there yet.
    pub(super) async fn open(config: &Config) -> anyhow::Result<Self> {
        let store = Store::open(&config.database.url)
            .await
            .with_context(|| format!("cannot open the database {}", config.database.shown()))?;
        let clock = Clock::system();
        settings::upgrade(&store, clock.now()).await?;
        Ok(Database { store, clock, random: Random })
    }

    /// Whoever types the command, now.
    pub(super) fn by(&self) -> By {
        By::command_line(self.clock.now())
    }

    /// Opens the key file, which is made when it is not there yet, and sees that it is the database's.
    pub(super) async fn secrets(&self, config: &Config) -> anyhow::Result<Secrets> {
        let secrets = Secrets::open_or_create(&config.secrets.key_file, self.random)?;
        open::adopt_key(&self.store, &secrets).await?;
        Ok(secrets)
    }
}
