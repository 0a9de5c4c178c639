//! Characters that make a name look like another, or become another.

use std::fmt;

/// What is wrong with a character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// It leaves no trace on the page, or only moves what stands around it.
    Invisible,
    /// A blank that looks like the usual one.
    Blank,
    /// A capital that is not the capital of its own small letter: another character is, and looks the
    /// same. Compared without case the two are one.
    CountsAs(char),
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Trouble::Invisible => f.write_str("which cannot be seen"),
            Trouble::Blank => f.write_str("a blank that is not the usual one"),
            Trouble::CountsAs(other) => write!(f, "which counts as \"{other}\""),
        }
    }
}

/// What is wrong with `c` in a name, if anything is.
pub(super) fn trouble(c: char) -> Option<Trouble> {
    if c.is_ascii() {
        return c.is_ascii_control().then_some(Trouble::Invisible);
    }
    if c.is_control() || is_invisible(c) {
        return Some(Trouble::Invisible);
    }
    if c.is_whitespace() {
        return Some(Trouble::Blank);
    }
    counts_as(c).map(Trouble::CountsAs)
}

/// As U+212A KELVIN SIGN, whose small letter is that of K. Letters whose small or capital form is
/// several characters are left alone: nothing else has that form.
fn counts_as(c: char) -> Option<char> {
    let small = only(c.to_lowercase()).filter(|small| *small != c)?;
    let capital = only(small.to_uppercase())?;
    (capital != c).then_some(small)
}

fn only(mut characters: impl Iterator<Item = char>) -> Option<char> {
    let first = characters.next()?;
    characters.next().is_none().then_some(first)
}

/// `Default_Ignorable_Code_Point` (Unicode Standard, DerivedCoreProperties), and besides: line and
/// paragraph separator, the marks of interlinear text, and the empty Braille pattern.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    fn all() -> impl Iterator<Item = char> {
        '\0'..=char::MAX
    }

    #[test]
    fn of_the_characters_that_are_left_at_most_a_capital_and_its_small_letter_are_one() {
        let mut alike: HashMap<String, Vec<char>> = HashMap::new();
        for c in all().filter(|c| c.is_alphabetic() && trouble(*c).is_none()) {
            alike.entry(c.to_lowercase().to_string()).or_default().push(c);
        }
        for (small, alike) in &alike {
            assert!(alike.len() <= 2, "{alike:?} are all {small}");
        }
        for (sign, small) in
            [('\u{212a}', 'k'), ('\u{212b}', 'å'), ('\u{2126}', 'ω'), ('\u{3f4}', 'θ')]
        {
            assert_eq!(trouble(sign), Some(Trouble::CountsAs(small)));
        }
        let refused = all().filter(|c| matches!(trouble(*c), Some(Trouble::CountsAs(_)))).count();
        assert!(refused < 12, "{refused}: the rule is for signs, not for letters of a language");
    }

    #[test]
    fn the_blank_of_ascii_is_the_only_one() {
        let blanks = all().filter(|c| c.is_whitespace() && trouble(*c).is_none());
        assert_eq!(blanks.collect::<String>(), " ");
    }
}
