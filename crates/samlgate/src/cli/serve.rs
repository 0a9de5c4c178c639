//! `samlgate serve`: one node, until it is told to stop.

use std::fmt::Write as _;
use std::io::IsTerminal as _;

use clap::Args;
use installation::config::{Config, Format, Level, Listener, Log, host_to_choose};
use installation::runtime::Clock;
use installation::{Installation, counted, ticket};
use tracing_subscriber::EnvFilter;

use crate::node::Node;

/// How much is logged this time.
#[derive(Clone, Copy, Debug, Args)]
pub struct LogArgs {
    /// Log from this level on, whatever the start-up file says: error, warn, info, debug or trace.
    /// `debug` shows each decoded SAML response, with personal and secret values masked.
    #[arg(long, value_name = "LEVEL", value_parser = Level::parse)]
    pub log_level: Option<Level>,
}

impl LogArgs {
    pub(super) fn over(self, mut config: Config) -> Config {
        config.log.level = self.log_level.unwrap_or(config.log.level);
        config
    }
}

/// Serves as `config` says until SIGTERM or SIGINT.
pub(super) async fn run(config: Config) -> anyhow::Result<()> {
    log_to_stderr(config.log);
    let installation = Installation::open(&config, Clock::system()).await?;
    let node = Node::open(installation.clone(), &config).await?;
    announce(&installation, &node);
    if config.listen.console.is_some() {
        say_the_way_in(&installation, &node).await?;
    }
    node.serve(stop_signal()).await;
    Ok(())
}

/// The first administrator's link goes to the terminal of whoever starts it, never to a log: it is a
/// secret until it is used. Everybody else asks for one.
async fn say_the_way_in(installation: &Installation, node: &Node) -> anyhow::Result<()> {
    let is_asked_for =
        !std::io::stdout().is_terminal() || ticket::has_administrator(installation).await?;
    if is_asked_for {
        println!("A link that opens the console once: samlgate console-link");
    } else if let Some(link) = node.link().await? {
        println!("Open the console, once within an hour: {link}");
    }
    Ok(())
}

/// Logs to standard error, so that standard output stays free for what a person asked for.
pub fn log_to_stderr(log: Log) {
    let filter = EnvFilter::new(filter(log.level));
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

/// Samlgate's own parts at the level, libraries only when something is wrong: at `debug` and below
/// these tell of bytes and headers, which may hold secrets. What HTTP/2's calls a warning is what a
/// client sent, in a line for each frame.
fn filter(level: Level) -> String {
    let libraries = if level == Level::Error { "error" } else { "warn" };
    let own = OWN.map(|part| format!("{part}={}", level.as_str()));
    format!("{libraries},h2=error,{}", own.join(","))
}

/// Samlgate's crates that log.
const OWN: [&str; 7] =
    ["samlgate", "installation", "crowd_server", "console", "store", "gateway", "demo"];

/// Done when the process is asked to stop.
pub async fn stop_signal() {
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

/// Says on the terminal and in the log where everything is, as people enter it.
fn announce(installation: &Installation, node: &Node) {
    println!("Samlgate serves {}", count(installation));
    for app in installation.settings.current().apps.values() {
        let url = &app.settings.public_url;
        tracing::info!(app.name, url, "serving");
        println!("  {}: {url}", app.name);
    }
    for (listener, url) in node.urls() {
        tracing::info!(listener = listener.key(), url, "listening");
        println!("{:10}  {}", listener.title(), explained(listener, url));
    }
}

/// A listener's URL with what is not obvious about it.
pub(super) fn explained(listener: Listener, url: &str) -> String {
    let mut text = url.to_owned();
    if listener == Listener::Crowd {
        text.push_str("  (server URL for the apps' Crowd directories)");
    }
    if let Some(host) = host_to_choose(url) {
        let _ = write!(text, "  ({host})");
    }
    text
}

fn count(installation: &Installation) -> String {
    match installation.settings.current().apps.len() {
        0 => "no app yet (add one with `samlgate app add`)".to_owned(),
        several => counted(several, "app", "apps"),
    }
}
