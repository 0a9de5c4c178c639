//! `samlgate verify`: one response, one answer in JSON. It needs no configuration and no database,
//! and it remembers nothing: a response may be verified again.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant, SystemTime};

use anyhow::Context as _;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use clap::ArgGroup;
use installation::moment;
use installation::runtime::Clock;
use installation::settings::TimeSettings;
use saml::{
    DecryptionKey, Expected, IdpMetadata, MetadataError, RawResponse, Rejection, ServiceProvider,
    Signed, TrustedIdp, VerifiedAssertion,
};
use serde::Serialize;

use super::print;

/// Arguments of `verify`.
#[derive(Debug, clap::Args)]
#[command(
    group = ArgGroup::new("request").required(true),
    after_help = "Example:\n  samlgate verify --idp-metadata idp.xml --sp-entity-id https://jira.example.com/ \\\n    \
                  --acs-url https://jira.example.com/plugins/servlet/saml/auth --allow-unsolicited response.xml\n\n\
                  Exit code 0 when the response is accepted, 1 when it is refused."
)]
pub(super) struct Args {
    /// The IdP's metadata: its entity ID and signing certificates
    #[arg(long, value_name = "FILE")]
    idp_metadata: PathBuf,
    /// Our entity ID: the audience
    #[arg(long, value_name = "ID")]
    sp_entity_id: String,
    /// Our assertion consumer service: the recipient and destination
    #[arg(long, value_name = "URL")]
    acs_url: String,
    /// The request that the response must answer
    #[arg(long, value_name = "ID", group = "request")]
    request_id: Option<String>,
    /// The response must answer no request
    #[arg(long, group = "request")]
    allow_unsolicited: bool,
    /// The moment of the check; else now
    #[arg(long, value_name = "RFC3339", value_parser = moment::parse)]
    at: Option<SystemTime>,
    /// Our private key for encrypted assertions; may be given several times
    #[arg(long, value_name = "PEM")]
    decryption_key: Vec<PathBuf>,
    /// So many minutes the IdP's clock may differ from this one's, 0 to 10
    #[arg(
        long,
        value_name = "MINUTES",
        default_value_t = TimeSettings::default().clock_skew_minutes,
        value_parser = clap::value_parser!(u32).range(0..=10)
    )]
    clock_skew: u32,
    /// Accept SHA-1 signatures (dangerous; for old IdPs)
    #[arg(long)]
    allow_sha1: bool,
    /// FILE holds the posted base64, percent-encoded or not, or the whole form body, not XML
    #[arg(long)]
    base64: bool,
    /// Verify N times and print the median time of one as nanoseconds_each
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
    repeat: Option<u32>,
    /// The response; "-" for standard input
    file: PathBuf,
}

/// What is printed.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Answer {
    Accepted {
        accepted: bool,
        issuer: String,
        name_id: Option<String>,
        name_id_format: Option<String>,
        session_index: Option<String>,
        attributes: BTreeMap<String, Vec<String>>,
        /// Those that are encrypted for another key.
        #[serde(skip_serializing_if = "is_none")]
        unread_attributes: usize,
        signed: &'static str,
        key_sha256: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        nanoseconds_each: Option<u64>,
    },
    Refused {
        accepted: bool,
        code: &'static str,
        rule: &'static str,
        detail: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        nanoseconds_each: Option<u64>,
    },
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_none(count: &usize) -> bool {
    *count == 0
}

/// Verifies and prints; 1 when the response is refused.
pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let content = read(&args.file)?;
    let now = args.at.unwrap_or_else(|| Clock::system().now());
    let idp = match trust(&read(&args.idp_metadata)?, args.allow_sha1, now) {
        Ok(idp) => idp,
        // Nobody can be believed then: the response is refused like any other.
        Err(error) => {
            print::json(&untrusted(&error))?;
            return Ok(ExitCode::FAILURE);
        }
    };
    let keys = args.decryption_key.iter().map(|file| decryption_key(file));
    let keys = keys.collect::<anyhow::Result<Vec<_>>>()?;
    let sp = ServiceProvider {
        entity_id: &args.sp_entity_id,
        acs_url: &args.acs_url,
        decryption_keys: &keys,
    };
    let (answer, accepted) = verify(args, &content, &idp, &sp, now);
    print::json(&answer)?;
    Ok(if accepted { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn verify(
    args: &Args,
    content: &[u8],
    idp: &TrustedIdp,
    sp: &ServiceProvider<'_>,
    now: SystemTime,
) -> (Answer, bool) {
    let expected = || args.request_id.as_deref().map_or(Expected::Unsolicited, Expected::Request);
    let skew = Duration::from_secs(60 * u64::from(args.clock_skew));
    let accept = |raw: RawResponse| saml::accept(&raw, idp, sp, expected(), now, skew);
    let raw = match args.base64 {
        true => RawResponse::from_pasted(&String::from_utf8_lossy(content)),
        false => RawResponse::from_xml(content.to_vec()),
    };
    let posted = STANDARD.encode(raw.as_ref().map_or(content, |raw| raw.xml().as_bytes()));
    let outcome = raw.and_then(accept);
    let once = || RawResponse::from_post_value(&posted).and_then(accept).is_ok();
    let nanoseconds_each = args.repeat.map(|times| median(times, once));
    match outcome {
        Ok(assertion) => (accepted(&assertion, nanoseconds_each), true),
        Err(rejection) => (refused(&rejection, nanoseconds_each), false),
    }
}

fn accepted(assertion: &VerifiedAssertion, nanoseconds_each: Option<u64>) -> Answer {
    let mut attributes: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for attribute in assertion.attributes() {
        let values = attributes.entry(attribute.name.to_owned()).or_default();
        values.extend(attribute.values().map(str::to_owned));
    }
    let name_id = assertion.name_id();
    Answer::Accepted {
        accepted: true,
        issuer: assertion.issuer().to_owned(),
        name_id: name_id.as_ref().map(|name_id| name_id.value.to_owned()),
        name_id_format: name_id.and_then(|name_id| name_id.format.map(str::to_owned)),
        session_index: assertion.session_index().map(str::to_owned),
        attributes,
        unread_attributes: assertion.unread_attributes(),
        signed: match assertion.signed() {
            Signed::Assertion => "assertion",
            Signed::Response => "response",
            Signed::Both => "both",
        },
        key_sha256: assertion.key_sha256().to_owned(),
        nanoseconds_each,
    }
}

fn refused(rejection: &Rejection, nanoseconds_each: Option<u64>) -> Answer {
    Answer::Refused {
        accepted: false,
        code: rejection.code(),
        rule: rejection.rule(),
        detail: rejection.to_string(),
        nanoseconds_each,
    }
}

/// The median time of `times` runs, in nanoseconds.
fn median(times: u32, mut run: impl FnMut() -> bool) -> u64 {
    let mut each: Vec<u64> = Vec::with_capacity(times as usize);
    for _ in 0..times {
        let start = Instant::now();
        std::hint::black_box(run());
        each.push(u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX));
    }
    each.sort_unstable();
    each.get(each.len() / 2).copied().unwrap_or(0)
}

/// The IdP of a metadata file. Its certificates are the only keys that count.
fn trust(metadata: &[u8], allow_sha1: bool, now: SystemTime) -> Result<TrustedIdp, MetadataError> {
    let metadata = IdpMetadata::parse(metadata, None)?;
    metadata.check_time(now)?;
    // A document names at least one key, and each was read once already.
    let keys = metadata.signing_keys.iter().filter_map(|key| key.key().ok()).collect();
    Ok(TrustedIdp { entity_id: metadata.entity_id, keys, allow_sha1 })
}

fn untrusted(error: &MetadataError) -> Answer {
    let detail = format!("the IdP's metadata cannot be used: {error}");
    let (code, rule) = ("metadata", "saml-metadata §2.2");
    Answer::Refused { accepted: false, code, rule, detail, nanoseconds_each: None }
}

fn decryption_key(file: &Path) -> anyhow::Result<DecryptionKey> {
    DecryptionKey::from_pem(&read(file)?)
        .with_context(|| format!("{} cannot be used as a decryption key", file.display()))
}

fn read(file: &Path) -> anyhow::Result<Vec<u8>> {
    let cannot = || format!("cannot read {}", file.display());
    let mut content = Vec::new();
    let mut source: Box<dyn Read> = match file == Path::new("-") {
        true => Box::new(std::io::stdin()),
        false => Box::new(std::fs::File::open(file).with_context(cannot)?),
    };
    source.by_ref().take(LARGEST_FILE).read_to_end(&mut content).with_context(cannot)?;
    Ok(content)
}

/// More than any limit of a message or of metadata, so that those limits refuse what is too large.
const LARGEST_FILE: u64 = 65 << 20;

#[cfg(test)]
mod tests {
    use testkit::Key;

    use super::*;

    fn metadata(attributes: &str) -> String {
        testkit::metadata("https://idp.example.org", attributes, &[Key::P256])
    }

    #[test]
    fn metadata_that_cannot_be_used_is_a_refusal_with_its_reason() {
        let now = moment::parse("2026-11-25T12:00:00Z").unwrap();
        let found = |text: &str| trust(text.as_bytes(), false, now);
        assert!(found(&metadata("")).is_ok());
        assert!(found(&metadata("validUntil=\"2026-11-25T12:00:01Z\"")).is_ok());
        for (text, reason) in [
            (metadata("validUntil=\"2026-11-25T12:00:00Z\""), "valid until 2026-11-25T12:00:00Z"),
            (metadata("validUntil=\"soon\""), "no such value"),
            ("<html></html>".to_owned(), "web page"),
            (String::new(), "empty"),
        ] {
            let Err(error) = found(&text) else { panic!("{text}") };
            let answer = serde_json::to_value(untrusted(&error)).unwrap();
            assert_eq!(answer["accepted"], false, "{text}");
            assert_eq!(answer["code"], "metadata", "{text}");
            let detail = answer["detail"].as_str().unwrap();
            assert!(detail.contains(reason), "{detail}");
        }
    }
}
