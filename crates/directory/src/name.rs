//! Names of users and groups: what they may hold, and when two are the same.

mod letters;

use std::borrow::Cow;

use thiserror::Error;

use letters::Trouble;
pub(crate) use letters::is_invisible;

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
    /// A character that cannot be seen, or that is taken for another: two names would look the same,
    /// or become one.
    #[error("the name holds U+{:04X}, {}", u32::from(*.0), letters::trouble(*.0).unwrap_or(Trouble::Invisible))]
    Holds(char),
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

/// Checks the name of a user that is to be stored, or that an IdP sends.
///
/// # Errors
/// The first rule that it breaks.
pub fn check_user_name(name: &str) -> Result<(), NameError> {
    check(name, is_trouble)
}

/// Checks the name of a group that is to be stored, or that an IdP sends.
///
/// # Errors
/// The first rule that it breaks.
pub fn check_group_name(name: &str) -> Result<(), NameError> {
    check(name, is_trouble)
}

/// Checks the name of a group that an administrator chose, which may be there from a time when more
/// was let in: only what no database takes is refused.
///
/// # Errors
/// The first rule that it breaks.
pub fn check_known_group_name(name: &str) -> Result<(), NameError> {
    check(name, char::is_control)
}

/// The name without the blanks at its ends that XML and forms put there, and no others: those make it
/// another name.
pub(crate) fn trimmed(name: &str) -> &str {
    name.trim_ascii()
}

/// What to say of a user's name that may be stored but gives trouble in Confluence: its addresses of
/// people hold the name, and these characters end or split an address (RFC 3986 §3).
pub fn warning_for_confluence(name: &str) -> Option<String> {
    let c = name.chars().find(|c| matches!(c, '#' | '/' | '?'))?;
    Some(format!("the name holds \"{c}\": Confluence does not find the profiles of such names"))
}

fn is_trouble(c: char) -> bool {
    letters::trouble(c).is_some()
}

fn check(name: &str, is_refused: impl Fn(char) -> bool) -> Result<(), NameError> {
    if let Some(c) = name.chars().find(|c| is_refused(*c)) {
        return Err(NameError::Holds(c));
    }
    if name.trim().is_empty() {
        return Err(NameError::Empty);
    }
    if name.chars().count() > 255 {
        return Err(NameError::TooLong);
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
        assert_eq!(check_user_name(" camilla"), Err(NameError::Blank));
        assert_eq!(check_user_name(&"x".repeat(256)), Err(NameError::TooLong));
        for (name, c) in [
            ("a\nb", '\n'),
            ("a\u{202e}b", '\u{202e}'),
            ("\u{200b}robin", '\u{200b}'),
            ("robin\u{200b}", '\u{200b}'),
            ("ro\u{ad}bin", '\u{ad}'),
            ("robin\u{a0}", '\u{a0}'),
            ("robin\u{3000}marsh", '\u{3000}'),
            ("\u{2028}", '\u{2028}'),
            ("\u{212a}im", '\u{212a}'),
            ("\u{212b}ngström", '\u{212b}'),
            ("\u{2126}mega", '\u{2126}'),
            ("robin\u{e0041}", '\u{e0041}'),
            ("robin\u{fe0f}", '\u{fe0f}'),
        ] {
            assert_eq!(check_user_name(name), Err(NameError::Holds(c)), "{name:?}");
            assert_eq!(check_group_name(name), Err(NameError::Holds(c)), "{name:?}");
        }
        for name in
            ["Søren Ålborg", "Straẞe", "İpek", "łukasz", "Ωmega", "田中 太郎", "a#b/c?d", "🦊"]
        {
            assert_eq!(check_user_name(name), Ok(()), "{name}");
        }
    }

    #[test]
    fn the_character_is_named_by_its_code_point_and_what_is_wrong_with_it() {
        let text =
            |name| check_user_name(name).map_or_else(|error| error.to_string(), |()| "".into());
        assert_eq!(text("rob\u{200b}in"), "the name holds U+200B, which cannot be seen");
        assert_eq!(text("\u{212a}im"), "the name holds U+212A, which counts as \"k\"");
        assert_eq!(text("a\u{a0}b"), "the name holds U+00A0, a blank that is not the usual one");
        assert_eq!(text("a\tb"), "the name holds U+0009, which cannot be seen");
    }

    #[test]
    fn a_group_that_is_there_from_before_can_be_named() {
        assert_eq!(check_known_group_name("jira\u{a0}users"), Ok(()));
        assert_eq!(check_known_group_name("jira\0users"), Err(NameError::Holds('\0')));
        assert_eq!(check_known_group_name("jira\u{a0}\0users"), Err(NameError::Holds('\0')));
        assert_eq!(check_known_group_name(" "), Err(NameError::Empty));
        assert_eq!(check_known_group_name("\u{a0}"), Err(NameError::Empty));
        let long = format!("\u{200b}{}", "x".repeat(255));
        assert_eq!(check_known_group_name(&long), Err(NameError::TooLong));
    }

    #[test]
    fn only_blanks_of_xml_are_trimmed() {
        assert_eq!(trimmed(" \r\n\trobin "), "robin");
        assert_eq!(trimmed("robin\u{a0}"), "robin\u{a0}");
    }
}
