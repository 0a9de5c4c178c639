//! `samlgate serve`: one node, until it is told to stop.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;

use crate::config::{Config, Format, Log};
use crate::node::Node;
use crate::runtime::Clock;
use crate::server::Server;

/// Serves as `config` says until SIGTERM or SIGINT.
pub async fn run(config: Config) -> anyhow::Result<()> {
    log_to_stderr(config.log);
    let server = Server::open(&config, Clock::system()).await?;
    let node = Node::open(server.clone(), &config).await?;
    let (entrance, link) = node.entrance()?;
    let at = &config.listen;
    // To the terminal, not to the log: the link is a secret until it is used.
    println!("Samlgate serves {} at {}", count(&server), at.public);
    println!("Crowd API: {}   console, once within an hour: {link}", at.crowd);
    node.serve(entrance, stop_signal()).await
}

/// Logs to standard error, so that standard output stays free for what a person asked for.
pub(super) fn log_to_stderr(log: Log) {
    let filter = EnvFilter::new(log.level.as_str());
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let json = match log.format {
        Format::Json => true,
        Format::Text => false,
        Format::Auto => !std::io::stderr().is_terminal(),
    };
    // A second subscriber in one process is refused; the first one stays.
    let _ = if json {
        builder.json().flatten_event(true).try_init()
    } else {
        builder.with_ansi(std::io::stderr().is_terminal()).try_init()
    };
}

/// Done when the process is asked to stop.
pub(super) async fn stop_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
        }
        Err(_) => {
            let _ = tokio::signal::ctrl_c().await;
        }
    }
    tracing::info!("stopping");
}

fn count(server: &Server) -> String {
    match server.settings.current().apps.len() {
        0 => "no app yet (add one with `samlgate app add`)".to_owned(),
        1 => "1 app".to_owned(),
        several => format!("{several} apps"),
    }
}
