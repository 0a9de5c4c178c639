//! `samlgate-demo`: everything on loopback, ready to click: an IdP, a Jira and a Confluence double,
//! the gateway before them, the Crowd API and the console.
//!
//! The files live in a temporary folder that goes with the process. What runs between the browser
//! and the doubles is the same node as that of `samlgate serve`. This file alone of the crate knows
//! Samlgate: a double shares no code with what it tests.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use clap::Parser;
use demo::{AppOptions, CrowdSettings, IdpOptions, Profile, RunningIdp, ServiceProvider};
use installation::Installation;
use installation::config::{Config, Format, Level, Log};
use installation::people;
use installation::runtime::Clock;
use installation::settings::{
    self, AppKind, AppSettings, ApplicationSettings, AttributeSettings, GroupSettings, IdpSettings,
    MetadataSettings, ProvisioningSettings,
};
use samlgate::cli::{LogArgs, log_to_stderr, stop_signal};
use samlgate::node::Node;

/// Starts an IdP, two apps, the gateway, the console and the Crowd API on loopback, ready to click.
#[derive(Debug, Parser)]
#[command(name = "samlgate-demo", version, after_help = "Example:\n  samlgate-demo --port 9080")]
struct Arguments {
    /// The port of the apps' own origins; the others follow it.
    #[arg(long, default_value_t = 9080)]
    port: u16,
    #[command(flatten)]
    log: LogArgs,
}

/// Runs the demo until Ctrl-C.
#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let level = arguments.log.log_level.unwrap_or(Level::Warn);
    log_to_stderr(Log { level, format: Format::Text });
    let ports = Ports::after(arguments.port)?;
    let folder = tempfile::Builder::new().prefix("samlgate-demo-").tempdir()?;
    let config = configuration(folder.path(), &ports);
    let installation = Installation::open(&config, Clock::system()).await?;
    let node = Node::open(installation.clone(), &config).await?;

    let names = [
        ("jira", AppKind::Jira, Profile::Jira9),
        ("confluence", AppKind::Confluence, Profile::Confluence7),
    ];
    let idp = start_idp(&ports, &names.map(|(name, ..)| name)).await?;
    let mut doubles = Vec::new();
    for (name, kind, profile) in names {
        let password = installation.random.token();
        doubles.push(start_app(&ports, name, profile, &password).await?);
        let upstream = doubles.last().context("just pushed")?.address;
        add_app(&installation, name, kind, ports.url(name), upstream, &password).await?;
    }
    add_groups(&installation).await?;
    add_idp(&installation, &idp, &ports).await?;
    installation.settings.refresh(&installation.store, &installation.secrets).await?;

    let link = node.link().await?.context("the demo's console is on")?;
    println!("{}", what_to_click(&ports, &link));
    node.serve(stop_signal()).await;
    drop(folder);
    Ok(())
}

/// The demo's ports, one after the other.
struct Ports {
    public: u16,
    idp: u16,
    console: u16,
    crowd: u16,
}

impl Ports {
    fn after(port: u16) -> anyhow::Result<Self> {
        let at = |offset| port.checked_add(offset).context("choose a port below 65500");
        Ok(Ports { public: port, idp: at(1)?, console: at(10)?, crowd: at(15)? })
    }

    fn url(&self, name: &str) -> String {
        format!("http://{name}.localhost:{}", self.public)
    }
}

fn configuration(folder: &Path, ports: &Ports) -> Config {
    let mut config = Config::defaults_in(folder);
    config.listen.public = loopback(ports.public);
    config.listen.console = Some(loopback(ports.console));
    config.listen.crowd = Some(loopback(ports.crowd));
    config
}

async fn start_idp(ports: &Ports, apps: &[&str]) -> anyhow::Result<RunningIdp> {
    let service_providers = apps.iter().map(|name| ServiceProvider {
        entity_id: format!("{}/", ports.url(name)),
        acs_urls: vec![format!("{}/plugins/servlet/saml/auth", ports.url(name))],
    });
    demo::start_idp(IdpOptions {
        listen: loopback(ports.idp),
        public_url: format!("http://idp.localhost:{}", ports.idp),
        service_providers: service_providers.collect(),
    })
    .await
}

async fn start_app(
    ports: &Ports,
    name: &str,
    profile: Profile,
    password: &str,
) -> anyhow::Result<demo::RunningApp> {
    let crowd = CrowdSettings {
        url: format!("http://127.0.0.1:{}", ports.crowd),
        name: name.to_owned(),
        password: password.to_owned(),
    };
    demo::start_app(
        profile,
        AppOptions {
            listen: loopback(0),
            public_url: ports.url(name),
            crowd: Some(crowd),
            ..AppOptions::default()
        },
    )
    .await
}

async fn add_app(
    installation: &Arc<Installation>,
    name: &str,
    kind: AppKind,
    public_url: String,
    upstream: SocketAddr,
    password: &str,
) -> anyhow::Result<()> {
    let now = installation.clock.now();
    let application = ApplicationSettings {
        password_hash: installation::password::hash(password, installation.random)?,
        allow: Vec::new(),
    };
    settings::put(
        &installation.store,
        name,
        &application,
        settings::Expect::Free,
        settings::By::command_line(now),
    )
    .await?;
    let app = AppSettings {
        kind,
        public_url,
        upstream: format!("http://{upstream}"),
        applications: vec![name.to_owned()],
        entity_id: None,
        opener: settings::OpenerKind::default(),
        reply_path: settings::ReplyPath::default(),
        display_name: None,
        contact_email: None,
        pass_headers: Vec::new(),
        hsts_seconds: None,
        session: settings::SessionSettings::default(),
    };
    settings::put(
        &installation.store,
        name,
        &app,
        settings::Expect::Free,
        settings::By::command_line(now),
    )
    .await?;
    Ok(())
}

/// The groups must be there before the first sign-in: Samlgate assigns to existing groups only.
async fn add_groups(installation: &Arc<Installation>) -> anyhow::Result<()> {
    let names = ["jira-software-users", "confluence-users", "jira-testgroup1", "jira-testgroup2"];
    let by = settings::By::command_line(installation.clock.now());
    Ok(people::add_groups(&installation.store, &names, installation.random, by).await?)
}

async fn add_idp(
    installation: &Arc<Installation>,
    idp: &RunningIdp,
    ports: &Ports,
) -> anyhow::Result<()> {
    let metadata = saml::IdpMetadata::parse(idp.metadata_xml.as_bytes(), None)?;
    let login_url = metadata.single_sign_on.first().context("the demo IdP has an endpoint")?;
    let claim =
        |name: &str| vec![format!("http://schemas.xmlsoap.org/ws/2005/05/identity/claims/{name}")];
    let microsoft = "http://schemas.microsoft.com/ws/2008/06/identity/claims";
    let settings = IdpSettings {
        entity_id: metadata.entity_id.clone(),
        login_url: login_url.location.clone(),
        metadata: MetadataSettings {
            // Browsers know names below localhost, other programs often do not.
            url: Some(format!("http://127.0.0.1:{}/metadata", ports.idp)),
            keys: metadata.signing_keys.iter().map(saml::IdpKey::to_base64).collect(),
            ..MetadataSettings::default()
        },
        button_label: Some("Login with Demo IdP".to_owned()),
        provisioning: ProvisioningSettings {
            create_users: true,
            user_groups: vec!["jira-software-users".to_owned(), "confluence-users".to_owned()],
            attributes: AttributeSettings {
                user_id: vec![format!("{microsoft}/windowsaccountname")],
                full_name: claim("name"),
                email: claim("emailaddress"),
                groups: vec![format!("{microsoft}/role")],
                ..AttributeSettings::default()
            },
            // The demo's IdP sends a person's roles in one value.
            groups: GroupSettings { separator: ",".to_owned(), ..GroupSettings::default() },
            ..ProvisioningSettings::default()
        },
        ..IdpSettings::default()
    };
    settings::put(
        &installation.store,
        "demo",
        &settings,
        settings::Expect::Free,
        settings::By::command_line(installation.clock.now()),
    )
    .await?;
    Ok(())
}

fn what_to_click(ports: &Ports, link: &str) -> String {
    let (jira, confluence) = (ports.url("jira"), ports.url("confluence"));
    format!(
        "Samlgate's demo is ready. Nothing leaves this machine; Ctrl-C ends it.

  1. Open    {jira}/browse/DEMO-1
             Jira asks you to log in. Click \"Login with Demo IdP\" and choose Camilla.
             You are on the page you asked for, signed in as camilla, with her groups.
  2. Open    {confluence}/display/DEMO
             Click \"Login with Demo IdP\": no questions this time.
  3. Open    {link}
             The console shows both sign-ins (the link works once)."
    )
}

fn loopback(port: u16) -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], port))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_definition_is_sound_and_takes_a_port() {
        Arguments::command().debug_assert();
        let port = |line: &str| Arguments::try_parse_from(line.split(' ')).map(|found| found.port);
        assert_eq!(port("samlgate-demo").unwrap(), 9080);
        assert_eq!(port("samlgate-demo --port 9180").unwrap(), 9180);
        assert!(port("samlgate-demo --port 65536").is_err());
    }
}
