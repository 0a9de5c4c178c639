//! The query of a redirect (saml-bindings §3.4.4.1), signed by `openssl`.

use std::fs;
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use crate::key::Key;

/// `PARAMETER=...&RelayState=...`, percent-encoded, the message deflated.
///
/// # Errors
/// When `openssl`, which writes base64, is missing.
pub fn unsigned_query(parameter: &str, xml: &str, relay_state: Option<&str>) -> Result<String> {
    // A raw DEFLATE stream of one stored block (RFC 1951 §3.2.4).
    let length = u16::try_from(xml.len()).context("one block has at most 64 kB")?;
    let mut deflated = vec![1];
    deflated.extend(length.to_le_bytes());
    deflated.extend((!length).to_le_bytes());
    deflated.extend(xml.bytes());
    let mut query = format!("{parameter}={}", encoded(&base64(&deflated)?));
    if let Some(relay_state) = relay_state {
        query.push_str(&format!("&RelayState={}", encoded(relay_state)));
    }
    Ok(query)
}

/// The query with SigAlg `algorithm` and a signature over its octets, made with openssl's `digest`.
///
/// # Errors
/// When `openssl` is missing.
pub fn signed_query(query: &str, key: Key, algorithm: &str, digest: &str) -> Result<String> {
    let octets = format!("{query}&SigAlg={}", encoded(algorithm));
    let folder = tempfile::tempdir()?;
    let (input, output) = (folder.path().join("octets"), folder.path().join("signature"));
    fs::write(&input, &octets)?;
    let signed = Command::new("openssl")
        .args(["dgst", "-binary", &format!("-{digest}"), "-sign"])
        .arg(key.private_path())
        .arg("-out")
        .args([&output, &input])
        .output()
        .context("install the package openssl")?;
    ensure!(signed.status.success(), "{}", String::from_utf8_lossy(&signed.stderr));
    Ok(format!("{octets}&Signature={}", encoded(&base64(&fs::read(&output)?)?)))
}

fn base64(bytes: &[u8]) -> Result<String> {
    let folder = tempfile::tempdir()?;
    let input = folder.path().join("bytes");
    fs::write(&input, bytes)?;
    let output = Command::new("openssl").args(["base64", "-A", "-in"]).arg(&input).output();
    Ok(String::from_utf8(output.context("install the package openssl")?.stdout)?)
}

/// Percent-encoding, with the lower-case digits that some IdPs write.
pub fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    let write = |byte: u8| match plain(byte) {
        true => char::from(byte).to_string(),
        false => format!("%{byte:02x}"),
    };
    text.bytes().map(write).collect()
}
