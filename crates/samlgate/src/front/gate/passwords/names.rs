//! The names for which a request brings a password: few, and none longer than a user's can be.

use super::Doubt;

/// More than anybody sends who signs in; asked for in one statement.
const MOST: usize = 8;
/// No user has a longer name.
const LONGEST: usize = 255;

/// Names as an app might read them, each once, trimmed as Java trims.
#[derive(Clone, Debug, Default)]
pub(super) struct Names(Vec<String>);

impl Names {
    /// Adds what these bytes say: in UTF-8, and in Latin-1 when that is something else.
    ///
    /// # Errors
    /// When the name is too long, since an app may cut it to somebody's, or one too many.
    pub(super) fn add(&mut self, name: &[u8]) -> Result<(), Doubt> {
        self.add_text(&String::from_utf8_lossy(name))?;
        if !name.is_ascii() {
            self.add_text(&name.iter().map(|byte| char::from(*byte)).collect::<String>())?;
        }
        Ok(())
    }

    fn add_text(&mut self, name: &str) -> Result<(), Doubt> {
        let name = name.trim_matches(|c: char| c <= ' ' || c.is_whitespace());
        if name.is_empty() || self.0.iter().any(|known| known == name) {
            return Ok(());
        }
        if name.chars().count() > LONGEST {
            return Err(Doubt::Request("A user name has at most 255 characters."));
        }
        if self.0.len() == MOST {
            return Err(Doubt::Request("A request may name at most eight users."));
        }
        self.0.push(name.to_owned());
        Ok(())
    }

    pub(super) fn as_slice(&self) -> &[String] {
        &self.0
    }
}
