//! The arguments that say whom to trust: metadata, keys by hand, and how new keys are met.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::cli::help::{about, about_and};
use anyhow::Context as _;
use installation::settings::IdpSettings;
use installation::trust::{self, Source};
use saml::{IdpKey, IdpMetadata};

/// Where trust comes from. An empty text unsets an option.
#[derive(Debug, clap::Args)]
pub(super) struct TrustChange {
    /// The IdP's metadata: an https address, a file, or - for standard input; "" forgets it
    #[arg(long, value_name = "FILE|URL|-", conflicts_with = "login_url")]
    metadata: Option<String>,
    #[arg(long, value_name = "FILE", num_args = 1.., help = about_and("idp.certificates", "here files in PEM, DER or base64; repeat for more, \"\" for none"))]
    certificate: Vec<PathBuf>,
    #[arg(long, value_name = "FILE", help = about_and("idp.metadata.signing_key", "\"\" for none"))]
    metadata_signing_key: Option<PathBuf>,
    #[arg(long, value_name = "HOURS", help = about("idp.metadata.refresh_hours"))]
    refresh_hours: Option<u32>,
    #[arg(long, value_name = "true|false", num_args = 0..=1, require_equals = true, default_missing_value = "true", help = about("idp.metadata.approve_new_keys"))]
    approve_new_keys: Option<bool>,
    #[arg(long, value_name = "true|false", num_args = 0..=1, require_equals = true, default_missing_value = "true", help = about("idp.metadata.publish_encryption_key"))]
    publish_encryption_key: Option<bool>,
}

impl TrustChange {
    pub(super) fn has_metadata(&self) -> bool {
        self.metadata.as_deref().is_some_and(|name| !name.is_empty())
    }

    pub(super) fn has_certificate(&self) -> bool {
        self.certificate.iter().any(|file| !file.as_os_str().is_empty())
    }

    /// Reads the metadata that is named, if it is.
    pub(super) async fn source(
        &self,
        authorities: Option<&Path>,
    ) -> anyhow::Result<Option<Source>> {
        match self.metadata.as_deref() {
            Some(name) if !name.is_empty() => Ok(Some(source(name, authorities).await?)),
            _ => Ok(None),
        }
    }

    /// Puts what was said into the settings, and what the metadata says that was read from `source`,
    /// which is given back.
    pub(super) fn apply(
        &self,
        idp: &mut IdpSettings,
        entity_id: Option<&str>,
        source: Option<&Source>,
        now: SystemTime,
    ) -> anyhow::Result<Option<IdpMetadata>> {
        let table = &mut idp.metadata;
        table.refresh_hours = self.refresh_hours.unwrap_or(table.refresh_hours);
        table.approve_new_keys = self.approve_new_keys.unwrap_or(table.approve_new_keys);
        table.publish_encryption_key =
            self.publish_encryption_key.unwrap_or(table.publish_encryption_key);
        if let Some(file) = &self.metadata_signing_key {
            let unset = file.as_os_str().is_empty();
            table.signing_key = if unset { None } else { Some(key_of(file)?) };
        }
        if !self.certificate.is_empty() {
            let files = self.certificate.iter().filter(|file| !file.as_os_str().is_empty());
            idp.certificates = files.map(|file| key_of(file)).collect::<Result<_, _>>()?;
        }
        if self.metadata.as_deref() == Some("") {
            let table = &mut idp.metadata;
            (table.url, table.valid_until) = (None, None);
            (table.keys, table.waiting_keys) = (Vec::new(), Vec::new());
        }
        let Some(source) = source else { return Ok(None) };
        let settled = trust::settle(idp, source, entity_id, now)?;
        *idp = settled.settings;
        Ok(Some(settled.metadata))
    }
}

async fn source(name: &str, authorities: Option<&Path>) -> anyhow::Result<Source> {
    if name == "-" {
        let mut text = Vec::new();
        std::io::stdin().read_to_end(&mut text).context("cannot read standard input")?;
        return Ok(Source::pasted(text));
    }
    match name.contains("://") {
        true => Ok(Source::fetch(name, authorities, PATIENCE).await?),
        false => Ok(Source::file(Path::new(name))?),
    }
}

/// A certificate or key as the settings keep it: base64 of DER.
fn key_of(file: &Path) -> anyhow::Result<String> {
    let content = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let key = IdpKey::read(&content).map_err(|error| {
        anyhow::anyhow!("{}: {error}; public keys in PEM are taken, too", file.display())
    })?;
    Ok(key.to_base64())
}

pub(super) const PATIENCE: Duration = Duration::from_secs(30);
