//! `samlgate sp-key`: this service provider's own keys, and how they change without a gap.

use clap::Subcommand;
use serde_json::json;

use super::installation::Installation;
use super::print;
use crate::config::Config;
use crate::moment;
use crate::secrets::Secrets;
use crate::server;
use crate::sp_keys::{self, Bits, SpKeys};

/// What can be done with the keys.
#[derive(Debug, Subcommand)]
#[command(after_help = ROTATION)]
pub(super) enum Command {
    /// List the keys: which one signs, and which are published beside it
    #[command(after_help = "Example:\n  samlgate sp-key list --json")]
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Make a new key and publish it beside the old one, which still signs
    #[command(
        after_help = "Example:\n  samlgate sp-key rotate\n\nThen give the new metadata to every IdP, and activate the key."
    )]
    Rotate {
        /// The size of the RSA key
        #[arg(long, value_enum, default_value_t)]
        bits: Bits,
    },
    /// Sign with this key from now on; the one before stays published
    #[command(after_help = "Example:\n  samlgate sp-key activate 3f9a0c")]
    Activate {
        /// The ID, or enough of its start
        id: String,
    },
    /// Remove a key that does not sign, for good
    #[command(after_help = "Example:\n  samlgate sp-key retire 77b1e2")]
    Retire {
        /// The ID, or enough of its start
        id: String,
    },
}

pub(super) async fn run(command: Command, config: &Config) -> anyhow::Result<()> {
    let Installation { store, clock, random } = Installation::open(config).await?;
    let secrets = Secrets::open_or_create(&config.secrets.key_file, random)?;
    server::adopt_key(&store, &secrets).await?;
    match command {
        Command::List { json } => {
            let keys = SpKeys::open(&store, &secrets, clock.now(), random).await?;
            list(&keys, json)?;
        }
        Command::Rotate { bits } => {
            SpKeys::open(&store, &secrets, clock.now(), random).await?;
            let id = sp_keys::rotate(&store, &secrets, bits, clock.now(), random).await?;
            print::line(&format!("published {id}"))?;
            print::line("the old key still signs; let every IdP read the new metadata, then:")?;
            print::line(&format!("samlgate sp-key activate {}", &id[..12]))?;
        }
        Command::Activate { id } => {
            let id = sp_keys::activate(&store, &id).await?;
            print::line(&format!("{id} signs; retire the old key when no IdP knows it any more"))?;
        }
        Command::Retire { id } => {
            print::line(&format!("removed {}", sp_keys::retire(&store, &id).await?))?;
        }
    }
    Ok(())
}

fn list(keys: &SpKeys, json: bool) -> std::io::Result<()> {
    let state = |id: &str| if id == keys.active().id { "signs" } else { "published" };
    if json {
        let all = keys.all().map(|key| {
            json!({
                "id": key.id,
                "state": state(&key.id),
                "created_at": moment::seconds(key.created_at),
                "valid_to": moment::seconds(key.certificate.not_after()),
            })
        });
        return print::json(&all.collect::<Vec<_>>());
    }
    let rows: Vec<_> = keys
        .all()
        .map(|key| {
            let made = moment::seconds(key.created_at);
            let end = moment::seconds(key.certificate.not_after());
            vec![state(&key.id).to_owned(), made, end, key.id.clone()]
        })
        .collect();
    print::table(&["STATE", "MADE", "CERTIFICATE TO", "ID (SHA-256)"], &rows, "no key yet")
}

const ROTATION: &str = "\
A key changes without a gap in four steps:
  samlgate sp-key rotate         the new key stands in our metadata, the old one signs
  (every IdP reads <app>/plugins/servlet/saml/metadata again)
  samlgate sp-key activate ID    the new key signs, both decrypt
  samlgate sp-key retire ID      the old key goes, once no IdP uses it";
