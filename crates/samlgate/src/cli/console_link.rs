//! `samlgate console-link`: a link that opens the console once, for the administrator.
//!
//! Whoever runs it can read the key file and write the database, so it is also the way back in when
//! the password is forgotten. It prints the link and nothing else, and writes it to no log.

use anyhow::Context as _;
use installation::config::{Config, Listener};
use installation::runtime::Clock;
use installation::{Installation, ticket};

use super::print;

/// Prints the link.
pub(super) async fn run(config: &Config) -> anyhow::Result<()> {
    let address = config.listen.console;
    let address = address.context("the console is off: listen.console in the start-up file")?;
    let installation = Installation::open(config, Clock::system()).await?;
    let url = config.url(Listener::Console, address);
    Ok(print::line(&ticket::link(&installation, &url).await?)?)
}
