//! A second signer and a judge of canonical forms: PyPI's signxml and lxml, in the environment
//! that the test run makes for the clients in `e2e`.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context as _, Result, ensure};

use crate::key::Key;
use crate::signature::Signature;
use crate::signer::Place;

/// Signs the element at `place`, which has no signature template, as `signature` says; its
/// transforms, reference and key info are the signer's own.
///
/// # Errors
/// When the environment is missing or signxml does not sign this.
pub fn sign_with_signxml(
    xml: &str,
    place: Place,
    key: Key,
    signature: &Signature,
) -> Result<String> {
    let name = match place {
        Place::Assertion => "Assertion",
        Place::Response => "Response",
    };
    let mut child = python(include_str!("../python/sign.py"))
        .arg(key.private_path())
        .arg(key.certificate_path())
        .args([name, signature.algorithm, signature.digest, signature.canonicalization])
        .stderr(Stdio::piped())
        .spawn()
        .context(MISSING)?;
    child.stdin.take().context("no standard input")?.write_all(xml.as_bytes())?;
    let output = child.wait_with_output()?;
    let error = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "signxml failed: {error}");
    Ok(String::from_utf8(output.stdout)?)
}

/// lxml's exclusive canonicalization, kept running for many texts.
#[derive(Debug)]
pub struct Canonicalizer {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl Canonicalizer {
    /// Starts it.
    ///
    /// # Errors
    /// When the environment is missing.
    pub fn start() -> Result<Self> {
        let mut child =
            python(include_str!("../python/canonicalize.py")).spawn().context(MISSING)?;
        let input = Some(child.stdin.take().context("no standard input")?);
        let output = BufReader::new(child.stdout.take().context("no standard output")?);
        Ok(Canonicalizer { child, input, output })
    }

    /// The canonical form of a whole document; `None` when lxml does not take it.
    ///
    /// # Errors
    /// When lxml has ended.
    pub fn canonical(
        &mut self,
        text: &str,
        comments: bool,
        prefixes: &[&str],
    ) -> Result<Option<Vec<u8>>> {
        let input = self.input.as_mut().context("lxml has ended")?;
        let header = (u8::from(comments), prefixes.join(" "), text.len());
        writeln!(input, "{}|{}|{}", header.0, header.1, header.2)?;
        input.write_all(text.as_bytes())?;
        input.flush()?;
        let mut line = String::new();
        self.output.read_line(&mut line)?;
        let Ok(length) = line.trim().parse::<i64>().context("lxml has ended")?.try_into() else {
            return Ok(None);
        };
        let mut canonical = vec![0; length];
        self.output.read_exact(&mut canonical)?;
        Ok(Some(canonical))
    }
}

impl Drop for Canonicalizer {
    fn drop(&mut self) {
        // The end of its input ends it.
        self.input = None;
        let _ = self.child.wait();
    }
}

fn python(script: &str) -> Command {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut command = Command::new(root.join("e2e/.venv/bin/python"));
    command.args(["-c", script]).stdin(Stdio::piped()).stdout(Stdio::piped());
    command
}

const MISSING: &str = "e2e/.venv is missing; make it with `python3 -m venv e2e/.venv` and \
                       `e2e/.venv/bin/pip install -r e2e/requirements.txt`, or run ./test";
