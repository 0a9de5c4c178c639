//! What a setting is called and means is written once, in the settings reference.

use std::collections::BTreeSet;

use installation::settings::reference::REFERENCE;

use super::{root, sources};

#[test]
fn no_two_settings_of_a_kind_share_a_label_and_no_two_a_sentence() {
    let mut sentences = BTreeSet::new();
    for (kind, keys) in REFERENCE {
        let mut labels = BTreeSet::new();
        for key in *keys {
            assert!(sentences.insert(key.about), "{kind}.{}: {}", key.path, key.about);
            let new = key.label.is_empty() || labels.insert(key.label);
            assert!(new, "{kind}.{}: {}", key.path, key.label);
        }
    }
}

#[test]
fn neither_the_console_nor_the_command_line_says_again_what_the_reference_says() {
    for folder in ["crates/console/src", "crates/samlgate/src/cli"] {
        for file in sources(&root().join(folder)) {
            let text = std::fs::read_to_string(&file).unwrap();
            for (kind, keys) in REFERENCE {
                for key in *keys {
                    let name = format!("{kind}.{}", key.path);
                    let sentence = key.about.trim_end_matches('.');
                    assert!(!text.contains(sentence), "{}: {name}", file.display());
                    // Other fields may have a short name in common with a setting: only the page
                    // of its kind must take it from the reference.
                    let literal = format!("Field::new(\"{}\", \"{}\")", last(key.path), key.label);
                    assert!(!text.contains(&literal), "{}: {name}", file.display());
                }
            }
        }
    }
}

/// The name that a key's field has where no other is given.
fn last(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}
