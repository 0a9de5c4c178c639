//! `samlgate app`: the programs behind the gateway.

mod session;

use std::io::Write as _;

use anyhow::Context as _;
use clap::Subcommand;
use clap::builder::PossibleValuesParser;
use installation::config::Config;
use installation::metadata;
use installation::settings::{
    self, App, AppSettings, ApplicationSettings, Document as _, Expect, Settings,
};
use installation::sp_keys::SpKeys;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use store::Store;

use super::database::Database;
use super::help::{about, about_and};
use super::{WrongUsage, print};
use session::SessionChange;

/// What can be done with apps.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Put an app behind the gateway
    #[command(after_help = "Example:
  samlgate app add jira --kind jira --public-url https://jira.example.com/jira --upstream http://10.0.0.5:8080 --application jira")]
    Add(Change),
    /// Change an app; what is not named stays
    #[command(after_help = "Example:\n  samlgate app set jira --upstream http://10.0.0.6:8080")]
    Set(Change),
    /// List all apps
    #[command(after_help = "Example:\n  samlgate app list")]
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Show one app, and what its IdP must know
    #[command(
        after_help = "Examples:\n  samlgate app show jira\n  samlgate app show jira --metadata > jira.xml"
    )]
    Show {
        /// The app's name
        name: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
        /// Print our SAML metadata for this app, to be imported at the IdP
        #[arg(long, conflicts_with = "json")]
        metadata: bool,
        /// The metadata for this IdP alone; else one document that fits all
        #[arg(long, value_name = "NAME", requires = "metadata")]
        idp: Option<String>,
    },
    /// Remove an app; the gateway no longer answers at its address
    #[command(after_help = "Example:\n  samlgate app remove jira")]
    Remove {
        /// The app's name
        name: String,
    },
}

/// What an administrator says about an app.
#[derive(Debug, clap::Args)]
pub(super) struct Change {
    /// The app's name
    name: String,
    #[arg(long, value_parser = PossibleValuesParser::new(["jira", "confluence", "bitbucket", "bamboo", "other"]), help = about("app.kind"))]
    kind: Option<String>,
    #[arg(long, value_name = "URL", help = about("app.public_url"))]
    public_url: Option<String>,
    #[arg(long, value_name = "URL", help = about("app.upstream"))]
    upstream: Option<String>,
    #[arg(long = "application", value_name = "NAME", help = about_and("app.applications", "repeat for more, \"\" for none"))]
    applications: Option<Vec<String>>,
    #[arg(long, value_name = "ID", help = about("app.entity_id"))]
    entity_id: Option<String>,
    #[arg(long, value_parser = PossibleValuesParser::new(["one-time-password"]), help = about("app.opener"))]
    opener: Option<String>,
    #[arg(long, value_parser = PossibleValuesParser::new(["auth", "samlsso"]), help = about("app.reply_path"))]
    reply_path: Option<String>,
    #[arg(long, value_name = "TEXT", help = about("app.display_name"))]
    display_name: Option<String>,
    #[arg(long, value_name = "ADDRESS", help = about("app.contact_email"))]
    contact_email: Option<String>,
    #[arg(long = "pass-header", value_name = "NAME", help = about_and("app.pass_headers", "repeat for more, \"\" for none"))]
    pass_headers: Option<Vec<String>>,
    #[arg(long, value_name = "SECONDS", help = about_and("app.hsts_seconds", "\"\" unsets it"))]
    hsts_seconds: Option<String>,
    #[command(flatten)]
    session: SessionChange,
}

pub(super) async fn run(command: Command, config: &Config) -> anyhow::Result<()> {
    let database = Database::open(config).await?;
    let store = &database.store;
    match command {
        Command::Add(change) => {
            let app = change.begin()?;
            settings::put(store, &change.name, &app, Expect::Free, database.by()).await?;
            print::line(&format!("added app {}", change.name))?;
            show(store, &change.name, &app).await?;
            remind(store, &app).await?;
        }
        Command::Set(change) => {
            let by = database.by();
            let app = settings::change(store, &change.name, by, None, |app| {
                change.apply(app)?;
                anyhow::Ok(app.clone())
            })
            .await?;
            print::line(&format!("changed app {}", change.name))?;
            show(store, &change.name, &app).await?;
            remind(store, &app).await?;
        }
        Command::List { json } => list(settings::list(store).await?, json)?,
        Command::Show { name, idp, metadata: true, .. } => {
            let document = our_metadata(&database, config, &name, idp.as_deref()).await?;
            std::io::stdout().write_all(document.as_bytes())?;
        }
        Command::Show { name, json, .. } => {
            let app: AppSettings = settings::show(store, &name).await?;
            match json {
                true => print::json(&as_json(&name, &app)?)?,
                false => show(store, &name, &app).await?,
            }
        }
        Command::Remove { name } => {
            settings::remove::<AppSettings>(store, &name, database.by()).await?;
            print::line(&format!("removed app {name}"))?;
        }
    }
    Ok(())
}

/// Our metadata, as a server would give it to the IdP.
async fn our_metadata(
    database: &Database,
    config: &Config,
    name: &str,
    idp: Option<&str>,
) -> anyhow::Result<String> {
    let secrets = database.secrets(config).await?;
    let Database { store, clock, random } = database;
    SpKeys::open(store, &secrets, clock.now(), *random).await?;
    let settings = Settings::load(store, &secrets, None).await?.current();
    let app: AppSettings = settings::show(store, name).await?;
    let app = app.compile(name)?;
    metadata::of(&settings, &app, idp)
        .with_context(|| format!("no IdP {} serves {name}", idp.unwrap_or_default()))
}

impl Change {
    /// A new app of these arguments; three of them must be there.
    fn begin(&self) -> anyhow::Result<AppSettings> {
        let required = [
            ("--kind", self.kind.as_ref()),
            ("--public-url", self.public_url.as_ref()),
            ("--upstream", self.upstream.as_ref()),
        ];
        let missing: Vec<_> =
            required.iter().filter(|(_, value)| value.is_none()).map(|(name, _)| *name).collect();
        if !missing.is_empty() {
            return Err(WrongUsage(format!("an app needs {}", missing.join(", "))).into());
        }
        let mut app = AppSettings {
            kind: named(self.kind.as_deref().unwrap_or_default())?,
            public_url: String::new(),
            upstream: String::new(),
            applications: Vec::new(),
            entity_id: None,
            opener: Default::default(),
            reply_path: Default::default(),
            display_name: None,
            contact_email: None,
            pass_headers: Vec::new(),
            hsts_seconds: None,
            session: Default::default(),
        };
        self.apply(&mut app)?;
        Ok(app)
    }

    fn apply(&self, app: &mut AppSettings) -> anyhow::Result<()> {
        if let Some(kind) = &self.kind {
            app.kind = named(kind)?;
        }
        if let Some(public_url) = &self.public_url {
            app.public_url.clone_from(public_url);
        }
        if let Some(upstream) = &self.upstream {
            app.upstream.clone_from(upstream);
        }
        for (names, to) in [
            (&self.applications, &mut app.applications),
            (&self.pass_headers, &mut app.pass_headers),
        ] {
            if let Some(names) = names {
                *to = names.iter().filter(|name| !name.is_empty()).cloned().collect();
            }
        }
        if let Some(entity_id) = &self.entity_id {
            app.entity_id = (!entity_id.is_empty()).then(|| entity_id.clone());
        }
        if let Some(opener) = &self.opener {
            app.opener = named(opener)?;
        }
        for (value, to) in [
            (&mut app.display_name, &self.display_name),
            (&mut app.contact_email, &self.contact_email),
        ] {
            if let Some(text) = to {
                *value = (!text.trim().is_empty()).then(|| text.clone());
            }
        }
        if let Some(reply_path) = &self.reply_path {
            app.reply_path = named(reply_path)?;
        }
        if let Some(seconds) = &self.hsts_seconds {
            let number = || {
                seconds
                    .parse()
                    .map_err(|_| WrongUsage(format!("{seconds:?} is no number of seconds")))
            };
            app.hsts_seconds = if seconds.is_empty() { None } else { Some(number()?) };
        }
        self.session.apply(&mut app.session)?;
        Ok(())
    }
}

/// A setting's value by the name that it has in documents.
fn named<T: DeserializeOwned>(name: &str) -> anyhow::Result<T> {
    serde_json::from_value(json!(name)).with_context(|| format!("{name} is not known here"))
}

fn list(apps: Vec<(String, AppSettings)>, json: bool) -> anyhow::Result<()> {
    if json {
        let all = apps.iter().map(|(name, app)| as_json(name, app));
        return Ok(print::json(&all.collect::<Result<Vec<_>, _>>()?)?);
    }
    let rows = apps.iter().map(|(name, app)| {
        Ok(vec![
            name.clone(),
            word(&app.kind)?,
            app.public_url.clone(),
            app.upstream.clone(),
            applications(app),
        ])
    });
    let rows = rows.collect::<anyhow::Result<Vec<_>>>()?;
    let head = ["NAME", "KIND", "PUBLIC URL", "UPSTREAM", "APPLICATIONS"];
    let empty = "no app yet; add one with `samlgate app add NAME --kind jira --public-url URL --upstream URL`";
    Ok(print::table(&head, &rows, empty)?)
}

async fn show(store: &Store, name: &str, app: &AppSettings) -> anyhow::Result<()> {
    let compiled = app.compile(name)?;
    let same = opened_with(store, &compiled).await?;
    let metadata = format!("{}{}/metadata", compiled.origin(), compiled.prefix);
    Ok(print::fields(&[
        ("name", name.to_owned()),
        ("kind", word(&app.kind)?),
        ("public URL", app.public_url.clone()),
        ("upstream", app.upstream.clone()),
        ("applications", applications(app)),
        ("opener", word(&app.opener)?),
        ("sessions end", session::shown(&app.session)),
        (
            "one sign-in with",
            if same.is_empty() { "no other app".to_owned() } else { same.join(", ") },
        ),
        ("for the IdP:", String::new()),
        ("  Identifier", compiled.entity_id.clone()),
        ("  Reply URL", compiled.reply_url().to_owned()),
        ("  Sign-on URL", compiled.acs_url.clone()),
        ("  metadata", metadata),
    ])?)
}

/// The other apps that are the same service provider.
async fn opened_with(store: &Store, app: &App) -> anyhow::Result<Vec<String>> {
    let all = settings::list::<AppSettings>(store).await?;
    let compiled = all.iter().filter_map(|(name, other)| other.compile(name).ok());
    let others = compiled.filter(|other| app.shares_sign_in_with(other));
    Ok(others.map(|other| other.name).collect())
}

fn as_json(name: &str, app: &AppSettings) -> anyhow::Result<Value> {
    let compiled = app.compile(name)?;
    let mut value = serde_json::to_value(app)?;
    value["name"] = json!(name);
    value["entity_id"] = json!(compiled.entity_id);
    value["reply_url"] = json!(compiled.reply_url());
    Ok(value)
}

/// Says which applications are named but not there yet.
async fn remind(store: &Store, app: &AppSettings) -> anyhow::Result<()> {
    let known = settings::list::<ApplicationSettings>(store).await?;
    for name in app.applications.iter().filter(|name| known.iter().all(|(other, _)| other != *name))
    {
        eprintln!(
            "note: there is no application {name} yet; add it with `samlgate application add {name}`"
        );
    }
    Ok(())
}

fn applications(app: &AppSettings) -> String {
    if app.applications.is_empty() {
        "the only one there is".to_owned()
    } else {
        app.applications.join(", ")
    }
}

/// The name that a value has in documents.
fn word<T: serde::Serialize>(value: &T) -> anyhow::Result<String> {
    Ok(serde_json::to_value(value)?.as_str().unwrap_or_default().to_owned())
}
