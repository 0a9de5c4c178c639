//! `samlgate idp`: whom we trust, and what a sign-in may change.

mod change;
mod logout;
mod preset;
mod provisioning;
mod request;
mod source;

use std::time::SystemTime;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use clap::Subcommand;
use saml::Certificate;
use serde_json::{Value, json};

use super::installation::Installation;
use super::print;
use crate::config::Config;
use crate::moment;
use crate::settings::{self, IdpSettings};
use change::Change;

/// What can be done with IdPs.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Add an IdP, from its metadata or by hand
    #[command(after_help = "Examples:
  samlgate idp add entra --metadata https://login.example.com/federationmetadata.xml --preset entra --create-users
  samlgate idp add adfs --entity-id http://adfs.example.com/adfs/services/trust \\
      --login-url https://adfs.example.com/adfs/ls/ --certificate signing.crt --user-id attribute:uid")]
    Add(Change),
    /// Change an IdP; what is not named stays
    #[command(after_help = "Example:
  samlgate idp set entra --metadata https://login.example.com/federationmetadata.xml --user-groups jira-users")]
    Set(Change),
    /// List all IdPs
    #[command(after_help = "Example:\n  samlgate idp list --json")]
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Show one IdP
    #[command(after_help = "Example:\n  samlgate idp show entra")]
    Show {
        /// The IdP's name
        name: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Remove an IdP; its users stay, and are its own again when it comes back under its name
    #[command(after_help = "Example:\n  samlgate idp remove entra")]
    Remove {
        /// The IdP's name
        name: String,
    },
}

pub(super) async fn run(command: Command, config: &Config) -> anyhow::Result<()> {
    let Installation { store, clock, .. } = Installation::open(config).await?;
    let authorities = config.tls.trusted_ca_file.as_deref();
    match command {
        Command::Add(change) => {
            change.check_complete()?;
            let idp = change.apply(None, authorities, clock.now()).await?;
            settings::put(&store, &change.name, &idp, true, clock.now()).await?;
            print::line(&format!("added IdP {}", change.name))?;
            show(&change.name, &idp)?;
        }
        Command::Set(change) => {
            let old = settings::show(&store, &change.name).await?;
            let idp = change.apply(Some(old), authorities, clock.now()).await?;
            settings::put(&store, &change.name, &idp, false, clock.now()).await?;
            print::line(&format!("changed IdP {}", change.name))?;
            show(&change.name, &idp)?;
        }
        Command::List { json } => list(settings::list(&store).await?, json)?,
        Command::Show { name, json } => {
            let idp: IdpSettings = settings::show(&store, &name).await?;
            if json { print::json(&as_json(&name, &idp)?)? } else { show(&name, &idp)? }
        }
        Command::Remove { name } => {
            settings::remove::<IdpSettings>(&store, &name, clock.now()).await?;
            print::line(&format!("removed IdP {name}; its users stay"))?;
        }
    }
    Ok(())
}

fn list(idps: Vec<(String, IdpSettings)>, json: bool) -> anyhow::Result<()> {
    if json {
        let all = idps.iter().map(|(name, idp)| as_json(name, idp));
        return Ok(print::json(&all.collect::<Result<Vec<_>, _>>()?)?);
    }
    let rows: Vec<_> = idps
        .into_iter()
        .map(|(name, idp)| {
            let users =
                if idp.provisioning.create_users { "created and updated" } else { "must exist" };
            vec![name, apps(&idp), users.to_owned(), keys(&idp), idp.entity_id]
        })
        .collect();
    let head = ["NAME", "APPS", "USERS", "CERTIFICATES", "ENTITY ID"];
    Ok(print::table(
        &head,
        &rows,
        "no IdP yet; add one with `samlgate idp add NAME --metadata URL`",
    )?)
}

fn show(name: &str, idp: &IdpSettings) -> std::io::Result<()> {
    let provisioning = &idp.provisioning;
    let sources = |list: &[String]| if list.is_empty() { "-".to_owned() } else { list.join(", ") };
    let or = |value: &Option<String>, otherwise: &str| {
        value.clone().unwrap_or_else(|| otherwise.to_owned())
    };
    let yes = |value: bool| if value { "yes" } else { "no" }.to_owned();
    print::fields(&[
        ("name", name.to_owned()),
        ("entity ID", idp.entity_id.clone()),
        ("login URL", idp.login_url.clone()),
        ("logout URL", or(&idp.logout.url, "-")),
        ("metadata", or(&idp.metadata_url, "set by hand or from a file")),
        ("certificates", keys(idp)),
        ("apps", apps(idp)),
        ("button", or(&idp.button_label, &format!("Login with {name}"))),
        ("user id from", sources(&provisioning.attributes.user_id)),
        ("full name from", sources(&provisioning.attributes.full_name)),
        ("email from", sources(&provisioning.attributes.email)),
        ("groups from", sources(&provisioning.attributes.groups)),
        ("create users", yes(provisioning.create_users)),
        ("update existing", yes(provisioning.update_existing)),
        ("user groups", sources(&provisioning.user_groups)),
        ("customer groups", sources(&provisioning.customer_groups)),
        ("managed groups", sources(&provisioning.groups.managed)),
        ("shadow mode", yes(provisioning.shadow)),
        ("unsolicited", yes(idp.allow_unsolicited)),
        ("requests", request::shown(&idp.request)),
        ("single signout", logout::shown(&idp.logout)),
        (
            "SHA-1",
            if idp.allow_sha1 { "ALLOWED: ask the IdP for SHA-256" } else { "refused" }.to_owned(),
        ),
    ])
}

fn as_json(name: &str, idp: &IdpSettings) -> serde_json::Result<Value> {
    let mut value = serde_json::to_value(idp)?;
    value["name"] = json!(name);
    Ok(value)
}

fn apps(idp: &IdpSettings) -> String {
    if idp.apps.is_empty() { "all".to_owned() } else { idp.apps.join(", ") }
}

/// How many certificates there are, and how long the one that lasts longest says it is valid.
fn keys(idp: &IdpSettings) -> String {
    let last = idp.certificates.iter().filter_map(|text| expiry(text)).max();
    match last {
        Some(last) => format!("{} (to {})", idp.certificates.len(), &moment::seconds(last)[..10]),
        None => idp.certificates.len().to_string(),
    }
}

fn expiry(base64: &str) -> Option<SystemTime> {
    let der = STANDARD.decode(base64).ok()?;
    Some(Certificate::from_pem_or_der(&der).ok()?.not_after())
}
