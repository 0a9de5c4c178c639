//! `samlgate check`: looks at everything a start needs, changes nothing and causes no traffic.
//!
//! It does not listen, ask an IdP or an app, or make a database or key that is not there yet.

mod settings;

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::SystemTime;

use installation::config::{Config, Identity, Listener};
use installation::moment;
use installation::open;
use installation::runtime::{Clock, Random};
use installation::secrets::Secrets;
use installation::settings::{Settings, Snapshot};
use installation::sp_keys::{SpKeyError, SpKeys};
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use saml::Certificate;
use serde::Serialize;
use store::Store;

use super::{print, serve};

/// Arguments of `check`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  samlgate check && samlgate serve\n\nExit code 1 when anything is wrong."
)]
pub(super) struct Args {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// One thing that was looked at.
#[derive(Debug, Serialize)]
struct Finding {
    verdict: Verdict,
    what: String,
    text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Verdict {
    Ok,
    /// It works, but an administrator should know.
    Note,
    Wrong,
}

pub(super) async fn run(args: &Args, file: &Path) -> anyhow::Result<ExitCode> {
    let mut findings = Findings(Vec::new());
    match Config::load(file, super::environment()) {
        Err(error) => findings.wrong("configuration", error.to_string()),
        Ok(config) => {
            findings.ok("configuration", file.display().to_string());
            findings.look_at(&config, Clock::system().now()).await;
        }
    }
    findings.print(args.json)?;
    let wrong = findings.0.iter().any(|finding| finding.verdict == Verdict::Wrong);
    Ok(if wrong { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

struct Findings(Vec<Finding>);

impl Findings {
    /// `serve` makes the file, but no folder.
    fn database_to_be_made(&mut self, path: &Path) {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        match folder.filter(|folder| !folder.is_dir()) {
            None => {
                self.note("database", format!("{} will be made at first start", path.display()))
            }
            Some(folder) => self.wrong(
                "database",
                format!(
                    "there is no folder {} for {}; make it, or change database.url",
                    folder.display(),
                    path.display()
                ),
            ),
        }
    }

    async fn look_at(&mut self, config: &Config, now: SystemTime) {
        self.listeners(config);
        self.certificate(config.tls.identity.as_ref(), now);
        self.authorities(config.tls.trusted_ca_file.as_deref());
        let secrets = self.key_file(&config.secrets.key_file);
        if let Some(path) = missing_sqlite(&config.database.url) {
            return self.database_to_be_made(&path);
        }
        match Store::open(&config.database.url).await {
            Err(error) => self.wrong("database", format!("{}: {error}", config.database.shown())),
            Ok(store) => {
                self.ok("database", config.database.shown());
                self.key_of_database(&store, secrets.as_ref()).await;
                match self.sp_keys(&store, secrets, now).await {
                    Err(error) => self.wrong("SP keys", error.to_string()),
                    Ok(keys) => match Settings::load_with(&store, keys).await {
                        Err(error) => self.wrong("settings", error.to_string()),
                        Ok(settings) => self.all_settings(&store, &settings.current(), now).await,
                    },
                }
            }
        }
    }

    async fn all_settings(&mut self, store: &Store, settings: &Snapshot, now: SystemTime) {
        match store.metadata_looks().await {
            Err(error) => self.wrong("database", error.to_string()),
            Ok(looks) => self.settings(settings, &looks, now),
        }
        self.users(store, settings).await;
    }

    fn listeners(&mut self, config: &Config) {
        for (listener, address) in config.listen.all() {
            match address {
                Some(address) => {
                    let url = config.url(listener, address);
                    self.ok(listener.title(), serve::explained(listener, &url));
                }
                // Off unless somebody wants it.
                None if matches!(listener, Listener::Operations | Listener::Redirect) => {}
                None => {
                    let text = format!("off, because listen.{} is empty", listener.key());
                    self.note(listener.title(), text);
                }
            }
        }
    }

    fn certificate(&mut self, identity: Option<&Identity>, now: SystemTime) {
        let Some(identity) = identity else {
            return self.note(
                "TLS",
                "no certificate: every listener speaks plain HTTP, for loopback or behind a TLS \
                 proxy",
            );
        };
        match read_identity(identity) {
            Err(problem) => self.wrong("TLS", problem),
            Ok(certificate) => {
                let file = identity.certificate_file.display();
                let end = certificate.not_after();
                let text =
                    format!("{file}, {}, valid to {}", certificate.subject(), moment::seconds(end));
                match end.duration_since(now) {
                    Err(_) => self.wrong("TLS", format!("{text}: it has expired; get a new one")),
                    Ok(left) if left < SOON => self.note("TLS", format!("{text}: it expires soon")),
                    Ok(_) => self.ok("TLS", text),
                }
            }
        }
    }

    fn authorities(&mut self, file: Option<&Path>) {
        let Some(file) = file else { return };
        let read =
            CertificateDer::pem_file_iter(file).and_then(Iterator::collect::<Result<Vec<_>, _>>);
        match read {
            Err(error) => self.wrong("authorities", format!("{}: {error}", file.display())),
            Ok(found) if found.is_empty() => self.wrong(
                "authorities",
                format!("{} holds no certificate; it must be PEM", file.display()),
            ),
            Ok(found) => self.ok("authorities", format!("{}, {}", file.display(), found.len())),
        }
    }

    fn key_file(&mut self, file: &Path) -> Option<Secrets> {
        let shown = file.display();
        let Ok(metadata) = std::fs::metadata(file) else {
            self.note("key", format!("{shown} is not there; it will be made at first start"));
            return None;
        };
        match Secrets::open_or_create(file, Random) {
            Err(error) => self.wrong("key", error.to_string()),
            Ok(secrets) => {
                let mode = metadata.permissions().mode() & 0o777;
                if mode & 0o077 == 0 {
                    self.ok("key", format!("{shown}, key {}", secrets.key_id()));
                } else {
                    let text =
                        format!("{shown} can be read by others (mode {mode:o}); chmod 600 {shown}");
                    self.wrong("key", text);
                }
                return Some(secrets);
            }
        }
        None
    }

    async fn key_of_database(&mut self, store: &Store, secrets: Option<&Secrets>) {
        match (store.property(open::KEY_ID).await, secrets) {
            (Err(error), _) => self.wrong("key of database", error.to_string()),
            (Ok(Some(id)), Some(secrets)) if id != secrets.key_id() => self.wrong(
                "key of database",
                format!(
                    "the database was made with key {id}; copy the key file of the first node here"
                ),
            ),
            (Ok(Some(id)), None) => self.wrong(
                "key of database",
                format!(
                    "the database was made with key {id}, which is not here; restore the key file"
                ),
            ),
            (Ok(_), _) => {}
        }
    }

    /// The keys of this SP; before the first start a passing one, since nothing is changed here.
    async fn sp_keys(
        &mut self,
        store: &Store,
        secrets: Option<Secrets>,
        now: SystemTime,
    ) -> Result<SpKeys, SpKeyError> {
        let secrets = secrets.unwrap_or_else(|| Secrets::from_key(&Random.bytes()));
        if store.sp_keys().await?.is_empty() {
            self.note("SP keys", "none yet; one will be made at first start");
            return SpKeys::unsaved(&secrets, now, Random);
        }
        let keys = SpKeys::load(store, &secrets).await?;
        for key in keys.all() {
            let end = key.certificate.not_after();
            let use_ = if key.id == keys.active().id { "signs" } else { "published" };
            let text =
                format!("{}, {use_}, certificate to {}", &key.id[..16], moment::seconds(end));
            match end.duration_since(now) {
                Ok(left) if left >= SOON => self.ok("SP key", text),
                _ => self.note("SP key", format!("{text}; make a new one: samlgate sp-key rotate")),
            }
        }
        Ok(keys)
    }

    fn ok(&mut self, what: &str, text: impl Into<String>) {
        self.push(Verdict::Ok, what, text.into());
    }

    fn note(&mut self, what: &str, text: impl Into<String>) {
        self.push(Verdict::Note, what, text.into());
    }

    fn wrong(&mut self, what: &str, text: impl Into<String>) {
        self.push(Verdict::Wrong, what, text.into());
    }

    fn push(&mut self, verdict: Verdict, what: &str, text: String) {
        self.0.push(Finding { verdict, what: what.to_owned(), text });
    }

    fn print(&self, json: bool) -> std::io::Result<()> {
        if json {
            return print::json(&self.0);
        }
        let width = self.0.iter().map(|finding| finding.what.chars().count()).max().unwrap_or(0);
        for Finding { verdict, what, text } in &self.0 {
            let verdict = match verdict {
                Verdict::Ok => "ok",
                Verdict::Note => "note",
                Verdict::Wrong => "WRONG",
            };
            print::line(format!("{verdict:5}  {what:width$}  {text}").trim_end())?;
        }
        Ok(())
    }
}

/// The first certificate of the chain, once key and chain are found to belong together.
fn read_identity(identity: &Identity) -> Result<Certificate, String> {
    let at = |file: &Path, error: String| format!("{}: {error}", file.display());
    let file = &identity.certificate_file;
    let chain = CertificateDer::pem_file_iter(file)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| at(file, error.to_string()))?;
    let first =
        chain.first().ok_or_else(|| at(file, "no certificate in it; it must be PEM".to_owned()))?;
    let certificate =
        Certificate::from_pem_or_der(first).map_err(|error| at(file, error.to_string()))?;
    let key = PrivateKeyDer::from_pem_file(&identity.key_file)
        .map_err(|error| at(&identity.key_file, error.to_string()))?;
    let provider = std::sync::Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
        .map_err(|error| {
            at(&identity.key_file, format!("certificate and key do not fit: {error}"))
        })?;
    Ok(certificate)
}

/// The path of a SQLite database that is not there yet; opening would make it.
pub(super) fn missing_sqlite(url: &str) -> Option<PathBuf> {
    let path = url.strip_prefix("sqlite:")?.split('?').next()?;
    let path = PathBuf::from(path);
    (!path.starts_with(":memory:") && !path.exists()).then_some(path)
}

/// A certificate that ends within two weeks is worth a word.
const SOON: std::time::Duration = std::time::Duration::from_secs(14 * 24 * 3600);

#[cfg(test)]
mod tests;
