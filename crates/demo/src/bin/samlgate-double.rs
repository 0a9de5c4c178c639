//! One double as a process of its own: a Jira, a Confluence, or an IdP.
//!
//! When it is ready it prints one line of JSON with its addresses, and then nothing more. It ends
//! with the process that holds its standard input open (with `--until-stdin-ends`) or by a signal.

use std::io::Write as _;
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context as _, bail};
use clap::{Args, Parser, Subcommand};
use demo::{AppOptions, CrowdSettings, IdpOptions, Profile, ServiceProvider, WireFormat};
use serde_json::json;

/// Doubles for tests and demonstrations; everything stays on loopback.
#[derive(Parser)]
#[command(name = "samlgate-double", version)]
struct Arguments {
    #[command(subcommand)]
    double: Double,
    /// End when standard input does.
    #[arg(long, global = true)]
    until_stdin_ends: bool,
}

#[derive(Subcommand)]
enum Double {
    /// A Jira with a Crowd client.
    Jira(App),
    /// A Confluence with a Crowd client.
    Confluence(App),
    /// A SAML identity provider.
    Idp(Idp),
}

#[derive(Args)]
struct App {
    /// The version to play: jira52, jira7, jira9, jira10-tsv, confluence5, confluence7,
    /// confluence10-tsv.
    #[arg(long)]
    profile: Option<String>,
    /// Where to listen.
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// The port of the control surface on 127.0.0.1.
    #[arg(long, default_value_t = 0)]
    control_port: u16,
    /// Scheme, host, port and context path as browsers see them.
    #[arg(long)]
    public_url: String,
    /// The Crowd server; absent: internal directory only.
    #[arg(long)]
    crowd_url: Option<String>,
    /// The application's name there; its password is in SAMLGATE_DOUBLE_CROWD_PASSWORD.
    #[arg(long, default_value = "jira")]
    crowd_application: String,
    /// Ask for JSON instead of XML.
    #[arg(long)]
    crowd_json: bool,
    /// Put the Crowd directory above the internal one.
    #[arg(long)]
    crowd_first: bool,
    /// Seconds between synchronisations.
    #[arg(long, default_value_t = 3600)]
    sync_seconds: u64,
    /// A group of which a user needs one; may be repeated.
    #[arg(long)]
    access_group: Vec<String>,
    /// Everybody may use the app.
    #[arg(long, conflicts_with = "access_group")]
    open_to_all: bool,
    /// Send a balancer's affinity cookie.
    #[arg(long)]
    balancer_cookie: bool,
}

#[derive(Args)]
struct Idp {
    /// Where to listen.
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// Scheme, host and port as browsers see them.
    #[arg(long)]
    public_url: String,
    /// Whom it answers, and where: ENTITY-ID=ACS-URL[,ACS-URL]; may be repeated.
    #[arg(long, value_parser = service_provider)]
    service_provider: Vec<ServiceProvider>,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    match arguments.double {
        Double::Jira(app) => run_app(app, "jira9", arguments.until_stdin_ends).await,
        Double::Confluence(app) => run_app(app, "confluence7", arguments.until_stdin_ends).await,
        Double::Idp(idp) => run_idp(idp, arguments.until_stdin_ends).await,
    }
}

async fn run_app(app: App, default: &str, until_stdin_ends: bool) -> anyhow::Result<()> {
    let name = app.profile.as_deref().unwrap_or(default);
    let profile = Profile::parse(name).with_context(|| format!("there is no profile {name}"))?;
    let product = default.trim_end_matches(|letter: char| letter.is_ascii_digit());
    if !profile.name().starts_with(product) {
        bail!("{name} is no profile of {product}");
    }
    let running = demo::start_app(profile, app.options()?).await?;
    announce(&json!({
        "profile": profile.name(),
        "address": running.address.to_string(),
        "control_address": running.control_address.to_string(),
    }))?;
    wait(until_stdin_ends).await?;
    running.stop().await;
    Ok(())
}

async fn run_idp(idp: Idp, until_stdin_ends: bool) -> anyhow::Result<()> {
    let metadata_url = format!("{}/metadata", idp.public_url);
    let running = demo::start_idp(IdpOptions {
        listen: idp.listen,
        public_url: idp.public_url,
        service_providers: idp.service_provider,
    })
    .await?;
    announce(&json!({
        "address": running.address.to_string(),
        "metadata_url": metadata_url,
        "metadata": running.metadata_xml,
    }))?;
    wait(until_stdin_ends).await?;
    running.stop().await;
    Ok(())
}

/// The entity ID may hold a `=`, an ACS URL without a query does not.
fn service_provider(text: &str) -> Result<ServiceProvider, String> {
    let (entity_id, acs_urls) = text.rsplit_once('=').ok_or("write ENTITY-ID=ACS-URL")?;
    let acs_urls = acs_urls.split(',').map(str::to_owned).collect();
    Ok(ServiceProvider { entity_id: entity_id.to_owned(), acs_urls })
}

impl App {
    fn options(self) -> anyhow::Result<AppOptions> {
        let crowd = match self.crowd_url {
            None => None,
            Some(url) => Some(CrowdSettings {
                url,
                name: self.crowd_application,
                password: std::env::var("SAMLGATE_DOUBLE_CROWD_PASSWORD")
                    .context("SAMLGATE_DOUBLE_CROWD_PASSWORD is not set")?,
            }),
        };
        let access_groups = match self.access_group {
            _ if self.open_to_all => Some(Vec::new()),
            named if named.is_empty() => None,
            named => Some(named),
        };
        Ok(AppOptions {
            listen: self.listen,
            control_port: self.control_port,
            public_url: self.public_url,
            crowd,
            crowd_format: if self.crowd_json { WireFormat::Json } else { WireFormat::Xml },
            crowd_first: self.crowd_first,
            sync_interval: Duration::from_secs(self.sync_seconds),
            access_groups,
            balancer_cookie: self.balancer_cookie,
            ..AppOptions::default()
        })
    }
}

/// The one line that whoever started the process waits for.
fn announce(line: &serde_json::Value) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()?;
    Ok(())
}

async fn wait(until_stdin_ends: bool) -> anyhow::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    // A thread of its own: it may sit in a read when the process ends.
    let (end, mut ended) = tokio::sync::watch::channel(false);
    if until_stdin_ends {
        std::thread::spawn(move || {
            let _ = std::io::copy(&mut std::io::stdin().lock(), &mut std::io::sink());
            end.send_replace(true);
        });
    }
    let stdin_ends = async {
        // A sender dropped unused means: not asked for.
        if ended.wait_for(|ended| *ended).await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted?,
        _ = terminate.recv() => {}
        () = stdin_ends => {}
    }
    Ok(())
}
