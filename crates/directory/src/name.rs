//! Names of users and groups: what they may hold, and when two are the same.

use std::borrow::Cow;

use thiserror::Error;

/// Why a name is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum NameError {
    /// Nothing but blanks.
    #[error("the name is empty")]
    Empty,
    /// Longer than applications can store.
    #[error("the name has more than 255 characters")]
    TooLong,
    /// Blanks at either end would make two names look the same.
    #[error("the name begins or ends with a blank")]
    Blank,
    /// Control characters, line breaks and invisible direction marks.
    #[error("the name holds a control character")]
    Control,
}

/// The form in which names are compared: Unicode lower case, without normalisation, so that what
/// looks alike but is spelt otherwise stays different and is never matched by accident.
pub fn name_key(name: &str) -> Cow<'_, str> {
    // Most names are in that form already.
    match name.bytes().all(|b| b.is_ascii() && !b.is_ascii_uppercase()) {
        true => Cow::Borrowed(name),
        false => Cow::Owned(name.to_lowercase()),
    }
}

/// Checks the name of a user.
///
/// # Errors
/// The first rule that it breaks.
pub fn check_user_name(name: &str) -> Result<(), NameError> {
    check(name)
}

/// Checks the name of a group.
///
/// # Errors
/// The first rule that it breaks.
pub fn check_group_name(name: &str) -> Result<(), NameError> {
    check(name)
}

fn check(name: &str) -> Result<(), NameError> {
    let invisible = |c: char| {
        c.is_control()
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    if name.trim().is_empty() {
        return Err(NameError::Empty);
    }
    if name.chars().count() > 255 {
        return Err(NameError::TooLong);
    }
    if name.chars().any(invisible) {
        return Err(NameError::Control);
    }
    if name.trim() != name {
        return Err(NameError::Blank);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_differ_by_spelling_but_not_by_case() {
        assert_eq!(name_key("Camilla"), name_key("cAMILLA"));
        assert_eq!(name_key("Ångström"), name_key("ångström"));
        // Composed and decomposed letters look alike and are two names.
        assert_ne!(name_key("\u{e9}"), name_key("e\u{301}"));
    }

    #[test]
    fn names_that_could_fool_a_reader_are_refused() {
        assert_eq!(check_user_name("  "), Err(NameError::Empty));
        assert_eq!(check_user_name("a\nb"), Err(NameError::Control));
        assert_eq!(check_user_name("a\u{202e}b"), Err(NameError::Control));
        assert_eq!(check_user_name(" camilla"), Err(NameError::Blank));
        assert_eq!(check_user_name(&"x".repeat(256)), Err(NameError::TooLong));
        assert_eq!(check_user_name("Søren Ålborg"), Ok(()));
    }
}
