//! What a response says of a person, from a file: the response itself, which must still verify, or
//! values that the administrator wrote.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::Path;

use anyhow::{Context as _, bail};
use directory::provision::{Claims, NameId, Reading, Refusal};
use installation::attempt::{Messages, Step};
use installation::secrets::Secrets;
use installation::settings::{App, Idp, Snapshot};
use saml::{Expected, RawResponse, ServiceProvider, VerifiedAssertion};
use serde::Deserialize;
use store::Store;

/// NameID and attributes.
pub(super) struct Said {
    name_id: Option<String>,
    name_id_format: Option<String>,
    attributes: Vec<(String, Vec<String>)>,
    /// Some attributes are encrypted for somebody else.
    unread: bool,
    /// The sign-in began at a service desk's portal, as far as is known.
    pub(super) portal: bool,
}

/// What `samlgate verify` prints, or as much of it as matters here.
#[derive(Deserialize)]
struct Written {
    #[serde(default)]
    name_id: Option<String>,
    #[serde(default)]
    name_id_format: Option<String>,
    #[serde(default)]
    attributes: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    unread_attributes: u64,
}

impl Said {
    /// Reads XML, the posted base64 or the form around it, or JSON.
    pub(super) fn read(file: &Path, settings: &Snapshot, idp: &Idp) -> anyhow::Result<Self> {
        let shown = file.display();
        let text = text_of(file).with_context(|| format!("cannot read {shown}"))?;
        let start = text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
        if start.starts_with('{') {
            let written: Written = serde_json::from_str(start)
                .with_context(|| format!("{shown} is not what samlgate verify prints"))?;
            let Written { name_id, name_id_format, attributes, unread_attributes } = written;
            return Ok(Said {
                name_id,
                name_id_format,
                attributes: attributes.into_iter().collect(),
                unread: unread_attributes > 0,
                portal: false,
            });
        }
        let raw = if start.starts_with('<') {
            RawResponse::from_xml(start.as_bytes().to_vec())
        } else {
            RawResponse::from_pasted(&text)
        };
        let assertion = verified(&raw?, settings, idp);
        Ok(Self::of(&assertion.with_context(|| format!("{shown} cannot be used"))?))
    }

    fn of(assertion: &VerifiedAssertion) -> Self {
        let owned = |values: Vec<&str>| values.into_iter().map(str::to_owned).collect();
        let (name_id, attributes) = (assertion.name_id(), assertion.attributes());
        Said {
            name_id: name_id.as_ref().map(|name_id| name_id.value.to_owned()),
            name_id_format: name_id.and_then(|name_id| name_id.format).map(str::to_owned),
            attributes: attributes
                .map(|attribute| (attribute.name.to_owned(), owned(attribute.values().collect())))
                .collect(),
            unread: assertion.unread_attributes() > 0,
            portal: false,
        }
    }

    /// What the kept response of an attempt says; it is verified again, at the moment it came.
    pub(super) async fn of_attempt(
        store: &Store,
        secrets: &Secrets,
        id: &str,
        settings: &Snapshot,
        idp: &Idp,
    ) -> anyhow::Result<Self> {
        let attempt = store.attempt(id).await?;
        let attempt = attempt.with_context(|| format!("there is no attempt {id}"))?;
        let messages = Messages::of(store, secrets, &attempt.id).await?;
        let messages = messages.context("the attempt's response is no longer kept")?;
        let assertion = messages.verify(idp, &settings.sp_keys);
        let assertion = assertion.with_context(|| {
            format!("the attempt's response does not verify with the keys of {}", idp.name)
        })?;
        let app = settings.apps.get(&attempt.app);
        let returned = Step::all(&attempt)
            .into_iter()
            .find_map(|step| step.text.strip_prefix("return to ").map(str::to_owned));
        let portal = app.zip(returned).is_some_and(|(app, path)| app.is_portal(&path));
        Ok(Said { portal, ..Self::of(&assertion) })
    }

    /// The person, read as the settings say.
    pub(super) fn claims(&self, reading: &Reading) -> Result<Claims, Refusal> {
        let attributes: Vec<(&str, Vec<&str>)> = self
            .attributes
            .iter()
            .map(|(name, values)| (name.as_str(), values.iter().map(String::as_str).collect()))
            .collect();
        let format = self.name_id_format.as_deref();
        let name_id = self.name_id.as_deref().map(|value| NameId { value, format });
        let mut claims = reading.claims(name_id, &attributes)?;
        if self.unread {
            claims.groups = claims.groups.with_unread();
        }
        Ok(claims)
    }
}

/// The assertion of a response that came earlier: every check is made as at the moment when the
/// response was made, so that only what the IdP signed is read.
fn verified(
    raw: &RawResponse,
    settings: &Snapshot,
    idp: &Idp,
) -> anyhow::Result<VerifiedAssertion> {
    let envelope = saml::peek_envelope(raw)?;
    let issued_at = envelope.issued_at.context("it does not say when it was made")?;
    let address = envelope.address.context("it does not say to which address it was sent")?;
    let Some(app) = settings.apps.values().find(|app| takes(app, &address)) else {
        let all: Vec<_> = settings.apps.values().map(|app| app.acs_url.as_str()).collect();
        bail!("it was sent to {address}, the Reply URL of no app here ({})", all.join(", "));
    };
    let sp = ServiceProvider {
        entity_id: &app.entity_id,
        acs_url: &address,
        decryption_keys: &settings.sp_keys.decryption,
    };
    let expected = envelope.in_response_to.as_deref();
    let expected = expected.map_or(Expected::Unsolicited, Expected::Request);
    let skew = idp.settings.times.clock_skew();
    let accepted = saml::accept(raw, &idp.trust, &sp, expected, issued_at, skew);
    accepted.map_err(|rejection| {
        anyhow::anyhow!(
            "it does not verify with the keys of {}: {rejection}; to explain values that nobody \
             signed, write them as JSON (see --help)",
            idp.name
        )
    })
}

fn takes(app: &App, address: &str) -> bool {
    app.acs_url == address || app.acs_alias_url == address
}

fn text_of(file: &Path) -> std::io::Result<String> {
    if file.as_os_str() != "-" {
        return std::fs::read_to_string(file);
    }
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text)?;
    Ok(text)
}
