//! Passwords that an administrator gives, read from standard input.
//!
//! There is no option or variable for a password: both can be seen by others on the machine.

use std::io::{self, BufRead as _, IsTerminal as _, Read as _};
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail, ensure};

/// Reads one line from standard input; on a terminal it asks for `what` and does not show it.
///
/// # Errors
/// When there is none, or it is empty or too long.
pub(super) fn read(what: &str) -> anyhow::Result<String> {
    let stdin = io::stdin();
    let hidden = stdin.is_terminal().then(|| {
        eprint!("{what}: ");
        Hidden::begin()
    });
    let mut line = String::new();
    let limit = LONGEST as u64 + 2;
    let read = stdin.lock().take(limit).read_line(&mut line);
    if hidden.is_some() {
        drop(hidden);
        eprintln!();
    }
    read.context("the password cannot be read from standard input")?;
    let password = line
        .strip_suffix('\n')
        .map_or(line.as_str(), |line| line.strip_suffix('\r').unwrap_or(line));
    check(password)?;
    Ok(password.to_owned())
}

fn check(password: &str) -> anyhow::Result<()> {
    if password.is_empty() {
        bail!("no password came from standard input; give it as one line, for example from a file");
    }
    ensure!(password.len() <= LONGEST, "the password is longer than {LONGEST} bytes");
    ensure!(!password.chars().any(char::is_control), "the password holds a control character");
    Ok(())
}

/// While it lives the terminal does not show what is typed.
struct Hidden;

impl Hidden {
    fn begin() -> Self {
        terminal("-echo");
        Hidden
    }
}

impl Drop for Hidden {
    fn drop(&mut self) {
        terminal("echo");
    }
}

/// A terminal without `stty` shows what is typed; that is no reason to refuse.
fn terminal(setting: &str) {
    let _ = Command::new("stty").arg(setting).stderr(Stdio::null()).status();
}

const LONGEST: usize = 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_an_empty_an_endless_and_a_broken_password() {
        assert!(check("").unwrap_err().to_string().contains("standard input"));
        assert!(check(&"x".repeat(1025)).unwrap_err().to_string().contains("longer"));
        assert!(check("a\u{0}b").unwrap_err().to_string().contains("control"));
        assert!(check("Zoë's pass word").is_ok());
    }
}
