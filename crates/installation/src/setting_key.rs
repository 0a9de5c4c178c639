//! A key that can be set, whether in the start-up file or while Samlgate runs, and what it means.

/// One key and its meaning.
#[derive(Clone, Copy)]
pub struct Key {
    /// Its path within a section or document; a dot leads into a table.
    pub path: &'static str,
    /// What the console's form calls it; empty for a key that has no field of its own.
    pub label: &'static str,
    /// A value as TOML: the default where there is one, else an example.
    pub example: &'static str,
    /// What it means, for somebody who has read the label.
    pub about: &'static str,
}

/// A key of a reference.
pub const fn key(path: &'static str, example: &'static str, about: &'static str) -> Key {
    Key { path, label: "", example, about }
}

impl Key {
    /// The same with a label.
    pub const fn called(self, label: &'static str) -> Self {
        Key { label, ..self }
    }

    /// Label and sentence, where the label does not stand beside it anyway.
    pub fn said(&self) -> String {
        if self.label.is_empty() {
            return self.about.to_owned();
        }
        format!("{}. {}", self.label, self.about)
    }
}

/// Two lists of keys as one; `N` is the length of both together, and the first is not empty.
pub const fn joined<const N: usize>(first: &[Key], second: &[Key]) -> [Key; N] {
    let mut all = [first[0]; N];
    let mut at = 0;
    while at < N {
        all[at] = if at < first.len() { first[at] } else { second[at - first.len()] };
        at += 1;
    }
    all
}
