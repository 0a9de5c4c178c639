//! The arguments that say whom to trust: metadata, keys by hand, and how new keys are met.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::cli::help::{about, about_and};
use anyhow::Context as _;
use installation::settings::IdpSettings;
use installation::trust::{self, Source};
use saml::{GivenKeys, IdpKey, IdpMetadata};

/// Where trust comes from. An empty text unsets an option.
#[derive(Debug, clap::Args)]
pub(super) struct TrustChange {
    /// The IdP's metadata: an https address, a file, or - for standard input; "" forgets it
    #[arg(long, value_name = "FILE|URL|-", conflicts_with = "login_url")]
    metadata: Option<String>,
    #[arg(long, value_name = "FILE", num_args = 1.., help = about_and("idp.certificates", "here files in PEM, DER or base64, with any number in each; repeat for more, \"\" for none"))]
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

/// What was read from files and addresses.
#[derive(Default)]
pub(super) struct Given {
    metadata: Option<Source>,
    /// As the settings keep them: base64 of DER.
    certificates: Vec<String>,
    signing_key: Option<String>,
    /// What to say of the keys.
    pub(super) remarks: Vec<String>,
}

impl TrustChange {
    pub(super) fn has_metadata(&self) -> bool {
        self.metadata.as_deref().is_some_and(|name| !name.is_empty())
    }

    pub(super) fn has_certificate(&self) -> bool {
        self.certificate.iter().any(|file| !file.as_os_str().is_empty())
    }

    /// Reads what is named.
    pub(super) async fn given(&self, authorities: Option<&Path>) -> anyhow::Result<Given> {
        let mut given = Given::default();
        if let Some(name) = self.metadata.as_deref().filter(|name| !name.is_empty()) {
            given.metadata = Some(source(name, authorities).await?);
        }
        let mut all = Vec::new();
        for file in self.certificate.iter().filter(|file| !file.as_os_str().is_empty()) {
            all.push(GivenKeys::read(&content(file)?).with_context(|| shown(file))?);
        }
        if !all.is_empty() {
            let found = GivenKeys::together(all);
            given.remarks = trust::remarks_on_keys(&found);
            given.certificates = found.keys.iter().map(IdpKey::to_base64).collect();
        }
        if let Some(file) =
            self.metadata_signing_key.as_deref().filter(|f| !f.as_os_str().is_empty())
        {
            let key = GivenKeys::read_one(&content(file)?).with_context(|| shown(file))?;
            given.signing_key = Some(key.to_base64());
        }
        Ok(given)
    }

    /// Puts what was said into the settings, and what was `given` with it: the metadata, which is given
    /// back, and keys.
    pub(super) fn apply(
        &self,
        idp: &mut IdpSettings,
        entity_id: Option<&str>,
        given: &Given,
        now: SystemTime,
    ) -> anyhow::Result<Option<IdpMetadata>> {
        let table = &mut idp.metadata;
        table.refresh_hours = self.refresh_hours.unwrap_or(table.refresh_hours);
        table.approve_new_keys = self.approve_new_keys.unwrap_or(table.approve_new_keys);
        table.publish_encryption_key =
            self.publish_encryption_key.unwrap_or(table.publish_encryption_key);
        if self.metadata_signing_key.is_some() {
            table.signing_key.clone_from(&given.signing_key);
        }
        if !self.certificate.is_empty() {
            idp.certificates.clone_from(&given.certificates);
        }
        if self.metadata.as_deref() == Some("") {
            let table = &mut idp.metadata;
            (table.url, table.valid_until) = (None, None);
            (table.keys, table.waiting_keys) = (Vec::new(), Vec::new());
        }
        let Some(source) = &given.metadata else { return Ok(None) };
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

fn content(file: &Path) -> anyhow::Result<Vec<u8>> {
    std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))
}

fn shown(file: &Path) -> String {
    file.display().to_string()
}

pub(super) const PATIENCE: Duration = Duration::from_secs(30);
