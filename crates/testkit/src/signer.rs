//! The signer: Debian's `xmlsec1`, and `openssl` for what that does not do.
//!
//! Only the computed values are taken over into the text; everything else in it stays as the test
//! wrote it, down to its quotes and line ends.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use anyhow::{Context as _, Result, bail, ensure};

use crate::key::Key;

/// Which signature template is filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The one in the assertion that is a child of the root.
    Assertion,
    /// The one in the root, which may be metadata, too.
    Response,
}

/// How [`sign_again`] signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// RSASSA-PKCS1-v1_5 with this digest of openssl.
    Pkcs1(&'static str),
    /// RSASSA-PSS with this digest of openssl and a salt as long as it.
    Pss(&'static str),
    /// HMAC with SHA-256 and the bytes of this key's certificate in PEM as the secret.
    HmacOfCertificate(Key),
}

/// Fills in the template at `place`, signing with `key`.
///
/// # Errors
/// When `xmlsec1` is missing or does not sign this.
pub fn sign(xml: &str, place: Place, key: Key) -> Result<String> {
    let folder = tempfile::tempdir()?;
    let (input, output) = (folder.path().join("template.xml"), folder.path().join("signed.xml"));
    fs::write(&input, xml)?;
    let (private, certificate) = (key.private_path(), key.certificate_path());
    let command = xmlsec("--sign", place)
        .arg("--privkey-pem")
        .arg(format!("{},{}", private.display(), certificate.display()))
        .arg("--output")
        .args([&output, &input])
        .output();
    succeeded("xmlsec1", "xmlsec1", command)?;
    let signed = fs::read_to_string(&output)?;
    let (Some(template), Some(filled)) = (part(xml, place), part(&signed, place)) else {
        bail!("the message has no signature template at {place:?}");
    };
    let (before, template, after) = cut(xml, template);
    let (_, filled, _) = cut(&signed, filled);
    let template = replace_content(template, "DigestValue", content(filled, "DigestValue")?)?;
    let value = content(filled, "SignatureValue")?;
    Ok([before, &replace_content(&template, "SignatureValue", value)?, after].concat())
}

/// Whether `xmlsec1` verifies the signature at `place` with `key`.
///
/// # Errors
/// When it cannot be run.
pub fn verifies(xml: &str, place: Place, key: Key) -> Result<bool> {
    let folder = tempfile::tempdir()?;
    let input = folder.path().join("message.xml");
    fs::write(&input, xml)?;
    let command = xmlsec("--verify", place)
        .arg("--pubkey-cert-pem")
        .args([&key.certificate_path(), &input])
        .output();
    let output = command.context("xmlsec1 cannot be run; install the package xmlsec1")?;
    Ok(output.status.success())
}

fn xmlsec(action: &str, place: Place) -> Command {
    let signature = "*[local-name()='Signature']";
    let xpath = match place {
        Place::Assertion => format!("/*/*[local-name()='Assertion']/{signature}"),
        Place::Response => format!("/*/{signature}"),
    };
    let mut command = Command::new("xmlsec1");
    command.arg(action).args(["--node-xpath", &xpath]);
    for (namespace, name) in [
        ("assertion", "Assertion"),
        ("protocol", "Response"),
        ("protocol", "LogoutRequest"),
        ("protocol", "LogoutResponse"),
        ("metadata", "EntityDescriptor"),
        ("metadata", "EntitiesDescriptor"),
    ] {
        let element = format!("urn:oasis:names:tc:SAML:2.0:{namespace}:{name}");
        command.args(["--id-attr:ID", &element]);
    }
    command
}

/// Computes the SignatureValue at `place` anew, over `SignedInfo` as it now stands there.
///
/// `SignedInfo` must be written in canonical form with the prefix `ds`, which it inherits from
/// Signature: so [`crate::Signature`] writes it.
///
/// # Errors
/// When `openssl` is missing or `SignedInfo` is not there.
pub fn sign_again(xml: &str, place: Place, key: Key, scheme: Scheme) -> Result<String> {
    let at = part(xml, place).context("there is no signature")?;
    let (before, signature, after) = cut(xml, at);
    let start = signature.find("<ds:SignedInfo>").context("there is no ds:SignedInfo")?;
    let end = "</ds:SignedInfo>";
    let end = signature.find(end).context("SignedInfo has no end")? + end.len();
    let declared = "<ds:SignedInfo xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">";
    let signed_info = signature[start..end].replacen("<ds:SignedInfo>", declared, 1);
    let folder = tempfile::tempdir()?;
    let (input, output) = (folder.path().join("signed-info"), folder.path().join("value"));
    fs::write(&input, signed_info)?;
    make_value(key, scheme, &input, &output)?;
    let base64 = Command::new("openssl").args(["base64", "-A", "-in"]).arg(&output).output();
    let value = String::from_utf8(succeeded("openssl", "openssl", base64)?.stdout)?;
    let value = replace_content(signature, "SignatureValue", &value)?;
    Ok([before, &value, after].concat())
}

fn make_value(key: Key, scheme: Scheme, input: &Path, output: &Path) -> Result<()> {
    let mut openssl = Command::new("openssl");
    openssl.arg("dgst").arg("-binary");
    match scheme {
        Scheme::Pkcs1(digest) => {
            openssl.arg(format!("-{digest}")).arg("-sign").arg(key.private_path());
        }
        Scheme::Pss(digest) => {
            openssl.arg(format!("-{digest}")).arg("-sign").arg(key.private_path());
            openssl.args(["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:digest"]);
        }
        Scheme::HmacOfCertificate(key) => {
            let hex: String =
                key.certificate_pem().bytes().map(|byte| format!("{byte:02x}")).collect();
            openssl.args(["-sha256", "-mac", "HMAC", "-macopt", &format!("hexkey:{hex}")]);
        }
    }
    let command = openssl.arg("-out").arg(output).arg(input).output();
    succeeded("openssl", "openssl", command).map(|_| ())
}

pub(crate) fn succeeded(
    program: &str,
    package: &str,
    output: std::io::Result<Output>,
) -> Result<Output> {
    let output = output
        .with_context(|| format!("{program} cannot be run; install the package {package}"))?;
    let error = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{program} failed: {error}");
    Ok(output)
}

/// From where to where the signature at `place` stands: the response's is the first one before
/// its assertion, the assertion's the first one behind the assertion's start tag.
fn part(xml: &str, place: Place) -> Option<(usize, usize)> {
    let assertion = ["<saml:Assertion", "<saml2:Assertion", "<ns1:Assertion", "<Assertion"];
    let assertion = assertion.iter().find_map(|tag| xml.find(tag)).unwrap_or(xml.len());
    let from = if place == Place::Assertion { assertion } else { 0 };
    let start = from + xml[from..].find("SignedInfo")?;
    let start = xml[..start].rfind("<")?;
    let start = xml[..start].rfind("<").filter(|at| xml[*at..].contains("Signature"))?;
    let end = start + xml[start..].find("Signature>")? + "Signature>".len();
    Some((start, end))
}

fn cut(xml: &str, (start, end): (usize, usize)) -> (&str, &str, &str) {
    (&xml[..start], &xml[start..end], &xml[end..])
}

/// What stands in the first element of this name, whatever its prefix.
pub(crate) fn content<'x>(xml: &'x str, name: &str) -> Result<&'x str> {
    let missing = || format!("there is no {name}");
    let start = xml.find(&format!("{name}>")).with_context(missing)? + name.len() + 1;
    let length = xml[start..].find("</").with_context(missing)?;
    Ok(&xml[start..start + length])
}

fn replace_content(xml: &str, name: &str, value: &str) -> Result<String> {
    let old = content(xml, name)?;
    let start = old.as_ptr() as usize - xml.as_ptr() as usize;
    Ok([&xml[..start], value, &xml[start + old.len()..]].concat())
}
