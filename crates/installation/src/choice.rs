//! Settings whose value is one of a few: each has a name, and a meaning in a few words.

/// One of a few values.
pub trait Choice: Copy + PartialEq + Send + Sync + 'static {
    /// All of them, with name and meaning.
    const ALL: &'static [(Self, &'static str, &'static str)];
    /// Other names that are understood, each with the one it stands for.
    const ALIASES: &'static [(&'static str, &'static str)] = &[];

    /// Its name on the command line and in forms.
    fn name(self) -> &'static str {
        Self::ALL.iter().find(|(value, ..)| *value == self).map_or("", |(_, name, _)| name)
    }

    /// The value of this name, in any case.
    fn named(text: &str) -> Option<Self> {
        let alias = Self::ALIASES.iter().find(|(alias, _)| alias.eq_ignore_ascii_case(text));
        let text = alias.map_or(text, |(_, name)| name);
        let found = Self::ALL.iter().find(|(_, name, _)| name.eq_ignore_ascii_case(text));
        found.map(|(value, ..)| *value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Preset;

    #[test]
    fn each_value_is_found_by_its_name_in_any_case_and_by_its_aliases() {
        for (value, name, _) in Preset::ALL {
            assert_eq!(Preset::named(&name.to_uppercase()), Some(*value));
            assert_eq!(value.name(), *name);
        }
        assert_eq!(Preset::named("ldap"), Some(Preset::Simplesamlphp));
        assert_eq!(Preset::named(""), None);
    }
}
