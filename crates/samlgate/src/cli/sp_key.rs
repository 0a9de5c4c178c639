//! `samlgate sp-key`: this service provider's own keys, and how they change without a gap.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use clap::Subcommand;
use installation::config::Config;
use installation::moment;
use installation::sp_keys::{self, Bits, SpKeys};
use serde_json::json;

use super::choice::one_of;
use super::database::Database;
use super::print;

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
        /// Print the certificate of the key that signs in PEM, for IdPs that take no metadata
        #[arg(long, conflicts_with = "json")]
        pem: bool,
    },
    /// Make a new key and publish it beside the old one, which still signs
    #[command(
        after_help = "Example:\n  samlgate sp-key rotate\n\nThen give the new metadata to every IdP, and activate the key."
    )]
    Rotate {
        /// The size of the RSA key
        #[arg(long, default_value = "2048", value_parser = one_of::<Bits>())]
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
    let database = Database::open(config).await?;
    let secrets = database.secrets(config).await?;
    let Database { store, clock, random } = &database;
    let random = *random;
    match command {
        Command::List { json, pem } => {
            let keys = SpKeys::open(store, &secrets, clock.now(), random).await?;
            match pem {
                true => print_pem(keys.active().certificate.der())?,
                false => list(&keys, json)?,
            }
        }
        Command::Rotate { bits } => {
            SpKeys::open(store, &secrets, clock.now(), random).await?;
            let id = sp_keys::rotate(store, &secrets, bits, database.by(), random).await?;
            print::line(&format!("published {id}"))?;
            print::line("the old key still signs; let every IdP read the new metadata, then:")?;
            print::line(&format!("samlgate sp-key activate {}", &id[..12]))?;
        }
        Command::Activate { id } => {
            let id = sp_keys::activate(store, &id, database.by()).await?;
            print::line(&format!("{id} signs; retire the old key when no IdP knows it any more"))?;
        }
        Command::Retire { id } => {
            print::line(&format!("removed {}", sp_keys::retire(store, &id, database.by()).await?))?;
        }
    }
    Ok(())
}

/// RFC 7468 §5.
fn print_pem(der: &[u8]) -> std::io::Result<()> {
    let base64 = STANDARD.encode(der);
    print::line("-----BEGIN CERTIFICATE-----")?;
    for start in (0..base64.len()).step_by(64) {
        print::line(&base64[start..base64.len().min(start + 64)])?;
    }
    print::line("-----END CERTIFICATE-----")
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
A key changes without a gap in three steps. A new key is published, and the old one signs:
  samlgate sp-key rotate
When every IdP has read <app>/plugins/servlet/saml/metadata again, the new key signs; both decrypt:
  samlgate sp-key activate 3f9a0c
When no IdP uses the old key any more, it goes:
  samlgate sp-key retire 77b1e2";
