//! Whole messages in folders, `vectors/SOURCE/CASE`: the message, the IdP's metadata, and what must
//! come of it at which moment. A new case is a new folder.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use anyhow::{Context as _, Result, ensure};
use saml::{
    DecryptionKey, Expected, IdpMetadata, RawResponse, ServiceProvider, TrustedIdp, accept,
};
use serde::Deserialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// What must come of a message: a code, or everything that is read.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    /// When it comes.
    at: String,
    entity_id: String,
    acs_url: String,
    /// Absent where nobody asked.
    request_id: Option<String>,
    /// Of the refusal.
    code: Option<String>,
    signed: Option<String>,
    name_id: Option<String>,
    name_id_format: Option<String>,
    session_index: Option<String>,
    #[serde(default)]
    attributes: BTreeMap<String, Vec<String>>,
}

#[test]
fn every_vector_is_read_as_its_folder_says() -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
    let mut cases = 0;
    for source in folders(&root)? {
        for case in folders(&source)? {
            check(&case).with_context(|| case.display().to_string())?;
            cases += 1;
        }
    }
    ensure!(cases >= 30, "only {cases} vectors were found");
    Ok(())
}

fn check(folder: &Path) -> Result<()> {
    let read = |name: &str| fs::read(folder.join(name)).context(name.to_owned());
    let case: Case = toml::from_str(&String::from_utf8(read("expect.toml")?)?)?;
    let metadata = IdpMetadata::parse(&read("metadata.xml")?, None)?;
    let keys: Result<_, _> = metadata.signing_keys.iter().map(|key| key.key()).collect();
    let idp = TrustedIdp { entity_id: metadata.entity_id, keys: keys?, allow_sha1: false };
    // Not every message needs one.
    let key = read("decryption-key.pem").ok().map(|pem| DecryptionKey::from_pem(&pem));
    let decryption_keys: Vec<_> = key.transpose()?.into_iter().collect();
    let sp = ServiceProvider {
        entity_id: &case.entity_id,
        acs_url: &case.acs_url,
        decryption_keys: &decryption_keys,
    };
    let expected = case.request_id.as_deref().map_or(Expected::Unsolicited, Expected::Request);
    let at: SystemTime = OffsetDateTime::parse(&case.at, &Rfc3339)?.into();
    let raw = RawResponse::from_xml(read("message.xml")?)?;
    let outcome = accept(&raw, &idp, &sp, expected, at, Duration::from_secs(180));
    let assertion = match (outcome, case.code) {
        (Ok(assertion), None) => assertion,
        (Err(rejection), Some(code)) => {
            ensure!(rejection.code() == code, "refused by {}: {rejection}", rejection.code());
            return Ok(());
        }
        (Ok(_), Some(code)) => anyhow::bail!("accepted, and not refused by {code}"),
        (Err(rejection), None) => anyhow::bail!("refused by {}: {rejection}", rejection.code()),
    };
    let mut attributes: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for attribute in assertion.attributes() {
        let values = attributes.entry(attribute.name.to_owned()).or_default();
        values.extend(attribute.values().map(str::to_owned));
    }
    assert_eq!(attributes, case.attributes, "{}", folder.display());
    assert_eq!(Some(assertion.signed().as_str()), case.signed.as_deref(), "{}", folder.display());
    let name = assertion.name_id();
    assert_eq!(name.map(|name| name.value), case.name_id.as_deref(), "{}", folder.display());
    let format = name.and_then(|name| name.format);
    assert_eq!(format, case.name_id_format.as_deref(), "{}", folder.display());
    assert_eq!(assertion.session_index(), case.session_index.as_deref(), "{}", folder.display());
    Ok(())
}

fn folders(root: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(root)?.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    let mut folders: Vec<_> = entries.into_iter().filter(|path| path.is_dir()).collect();
    folders.sort();
    Ok(folders)
}
