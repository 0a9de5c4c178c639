//! Names as an administrator groups them: `jira-*`.

use crate::name_key;

/// A name in which `*` stands for any text, also none. Compared like names, by
/// [`crate::name_key`]; `*` alone means every name, a pattern without text none.
///
/// A match takes at most as many steps as the name has letters, times those of the pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamePattern {
    text: String,
    key: String,
}

impl NamePattern {
    /// The pattern that `text` spells.
    pub fn new(text: &str) -> Self {
        NamePattern { text: text.to_owned(), key: name_key(text).into_owned() }
    }

    /// Whether the whole of `name` has this form.
    pub fn matches(&self, name: &str) -> bool {
        self.matches_key(&name_key(name))
    }

    /// The pattern as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The texts between the stars come in this order; each is taken where it comes first, which
    /// leaves the most for the next.
    fn matches_key(&self, name: &str) -> bool {
        let Some((start, rest)) = self.key.split_once('*') else { return self.key == name };
        let Some(mut left) = name.strip_prefix(start) else { return false };
        let (middle, end) = rest.rsplit_once('*').unwrap_or(("", rest));
        for text in middle.split('*').filter(|text| !text.is_empty()) {
            match left.split_once(text) {
                Some((_, after)) => left = after,
                None => return false,
            }
        }
        left.ends_with(end)
    }
}

impl std::fmt::Display for NamePattern {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

/// Whether one of `patterns` has `name`.
pub(super) fn any_matches<'a>(patterns: &'a [NamePattern], name: &str) -> Option<&'a NamePattern> {
    if patterns.is_empty() {
        return None;
    }
    let key = name_key(name);
    patterns.iter().find(|pattern| pattern.matches_key(&key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_text() {
        let matches = |pattern: &str, name: &str| NamePattern::new(pattern).matches(name);
        assert!(matches("*-administrators", "JIRA-Administrators"));
        assert!(!matches("*-administrators", "jira-administrators-old"));
        assert!(matches("jira-*", "jira-"));
        assert!(matches("a*b*c", "a-b-b-c"));
        assert!(!matches("a*b*c", "acb"));
        assert!(!matches("ab*ba", "aba"), "start and end do not overlap");
        assert!(matches("*", ""));
        assert!(matches("**", "x"));
        assert!(!matches("", "x"));
        assert!(matches("Ü*", "ünder"));
    }

    #[test]
    fn a_pattern_of_many_stars_on_a_long_name_ends() {
        let pattern = NamePattern::new(&"*a".repeat(500));
        assert!(!pattern.matches(&format!("{}b", "a".repeat(100_000))));
    }
}
