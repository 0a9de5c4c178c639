//! Verifies one response as a service provider does at a given moment, and prints whom it names
//! and what it claims, or which rule it breaks and what an operator can do.
//!
//! ```text
//! cargo run -p saml --example verify -- METADATA RESPONSE ENTITY_ID ACS_URL MOMENT
//! ```
//!
//! METADATA is the IdP's, RESPONSE the XML or the base64 that was posted, ENTITY_ID and ACS_URL are
//! ours, and MOMENT is like `2026-03-01T12:00:00Z`. No browser waits for a file, so that the response
//! answers a request of ours is not proven: the request that it names is taken. Nothing encrypted is
//! read.

use std::fmt::Write as _;
use std::fs;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use saml::{
    Expected, IdpMetadata, RawResponse, Rejection, ServiceProvider, TrustedIdp, VerifiedAssertion,
    accept, peek_envelope,
};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// What clocks may differ.
const SKEW: Duration = Duration::from_secs(180);

fn main() -> Result<ExitCode> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [metadata, response, entity_id, acs_url, moment] = arguments.as_slice() else {
        bail!("usage: verify METADATA RESPONSE ENTITY_ID ACS_URL MOMENT");
    };
    let read = |path: &String| fs::read(path).with_context(|| path.clone());
    let sp = ServiceProvider { entity_id, acs_url, decryption_keys: &[] };
    Ok(match verify(&read(metadata)?, read(response)?, &sp, moment)? {
        Ok(assertion) => {
            print!("{}", claims(&assertion));
            ExitCode::SUCCESS
        }
        Err(rejection) => {
            print!("{}", reason(&rejection));
            ExitCode::FAILURE
        }
    })
}

/// The verdict on a response; an error when there is none, because the metadata or the moment
/// cannot be used.
pub(crate) fn verify(
    metadata: &[u8],
    response: Vec<u8>,
    sp: &ServiceProvider<'_>,
    moment: &str,
) -> Result<Result<VerifiedAssertion, Rejection>> {
    let metadata = IdpMetadata::parse(metadata, None).context("the metadata")?;
    let keys = metadata.signing_keys.iter().map(|key| key.key()).collect::<Result<_, _>>()?;
    let idp = TrustedIdp { entity_id: metadata.entity_id, keys, allow_sha1: false };
    let now = OffsetDateTime::parse(moment, &Rfc3339).context("the moment")?;
    Ok(raw(response).and_then(|raw| {
        let request_id = peek_envelope(&raw)?.in_response_to;
        let expected = request_id.as_deref().map_or(Expected::Unsolicited, Expected::Request);
        accept(&raw, &idp, sp, expected, now.into(), SKEW)
    }))
}

/// XML begins with `<`, which base64 has not.
fn raw(response: Vec<u8>) -> Result<RawResponse, Rejection> {
    if response.trim_ascii_start().starts_with(b"<") {
        return RawResponse::from_xml(response);
    }
    let posted = String::from_utf8(response).map_err(|_| Rejection::NotUtf8)?;
    RawResponse::from_post_value(&posted)
}

/// Whom the assertion names and what it says of them, a line for each value.
pub(crate) fn claims(assertion: &VerifiedAssertion) -> String {
    let name_id = assertion.name_id().map_or("none", |name| name.value);
    let mut lines = format!("NameID: {name_id}\n");
    for attribute in assertion.attributes() {
        for value in attribute.values() {
            // Writing into memory cannot fail.
            let _ = writeln!(lines, "{}: {value}", attribute.name);
        }
    }
    lines
}

/// Which rule is broken, where it is written, and what an operator can do.
pub(crate) fn reason(rejection: &Rejection) -> String {
    let (code, rule, hint) = (rejection.code(), rejection.rule(), rejection.hint());
    format!("refused ({code}): {rejection}\nrule: {rule}\nhint: {hint}\n")
}
