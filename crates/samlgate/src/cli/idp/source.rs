//! An IdP's metadata, from a file or an address, and what of it goes into the settings.
//!
//! It is trusted because the administrator names it; its signature, if any, is not looked at.

use std::path::Path;
use std::time::{Duration, SystemTime};

use anyhow::{Context as _, bail};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use saml::IdpMetadata;

use crate::fetch::{self, Limits};
use crate::moment;
use crate::settings::IdpSettings;

/// The text of a metadata document and where it came from.
pub(super) struct Source {
    name: String,
    address: Option<String>,
    content: Vec<u8>,
}

impl Source {
    /// Reads a file, or fetches an address.
    pub(super) async fn read(name: &str, authorities: Option<&Path>) -> anyhow::Result<Self> {
        let is_address = name.contains("://");
        let content = if is_address {
            let fetched = fetch::get(name, authorities, LIMITS).await;
            fetched.context("the metadata did not come")?.body.to_vec()
        } else {
            std::fs::read(name).with_context(|| format!("cannot read the metadata {name}"))?
        };
        Ok(Source { name: name.to_owned(), address: is_address.then(|| name.to_owned()), content })
    }

    /// Puts entity ID, endpoints and certificates into the settings, in place of those before. Gives
    /// the attributes that the IdP offers, Name and FriendlyName.
    pub(super) fn settle(
        self,
        idp: &mut IdpSettings,
        entity_id: Option<&str>,
        now: SystemTime,
    ) -> anyhow::Result<Vec<(String, Option<String>)>> {
        let name = &self.name;
        let metadata =
            IdpMetadata::parse(&self.content, entity_id).map_err(
                |error| match fetch::looks_like(&self.content) {
                    Some(found) => anyhow::anyhow!("{name} is not metadata: it is {found}"),
                    None => anyhow::anyhow!("{name} is not an IdP's metadata: {error}"),
                },
            )?;
        if let Some(end) = metadata.valid_until.filter(|end| *end <= now) {
            bail!("the metadata {name} has expired at {}; get a fresh one", moment::seconds(end));
        }
        let redirect = metadata.single_sign_on.iter().find(|endpoint| endpoint.binding == REDIRECT);
        let Some(redirect) = redirect else {
            let found: Vec<_> =
                metadata.single_sign_on.iter().map(|e| e.binding.as_str()).collect();
            bail!("{name} offers no single sign-on by HTTP-Redirect, only: {}", found.join(", "));
        };
        if metadata.signing_certificates.is_empty() {
            bail!("{name} names no signing certificate; nothing could be verified");
        }
        idp.login_url.clone_from(&redirect.location);
        idp.request.learn(&metadata);
        idp.logout.learn(&metadata);
        idp.certificates =
            metadata.signing_certificates.iter().map(|der| STANDARD.encode(der)).collect();
        idp.entity_id = metadata.entity_id;
        idp.metadata_url = self.address;
        Ok(metadata.attributes)
    }
}

/// Federation aggregates are large; one IdP's metadata is some kilobytes.
const LIMITS: Limits = Limits { bytes: 64 << 20, time: Duration::from_secs(20) };

const REDIRECT: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";
