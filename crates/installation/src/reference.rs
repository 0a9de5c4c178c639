//! Every key that can be set, as the manual (`docs/reference.md`) and as the example of the
//! start-up file (`samlgate.example.toml`): both are made from here, and a test compares them.

use crate::setting_key::Key;
use crate::{config, settings};

/// The start-up file with every key at its default or, in a comment, at an example.
pub fn example() -> String {
    let mut text = String::from(
        "# What Samlgate needs to start. Every key may be left out; each is also a variable of the\n\
         # environment, SAMLGATE__SECTION__KEY. Apps, IdPs and applications are not here: they are\n\
         # set while it runs, by `samlgate app`, `idp`, `application` or `apply`.\n",
    );
    for (section, keys) in config::REFERENCE {
        text.push_str(&format!("\n[{section}]\n"));
        for key in *keys {
            text.push_str(&format!("# {}\n{} = {}\n", key.said(), key.path, key.example));
        }
    }
    text
}

/// The manual of all keys.
pub fn manual() -> String {
    let mut text = String::from(
        "# Reference of all settings\n\nMade from the program; do not edit by hand.\n\n\
         ## The start-up file\n\n\
         `samlgate.toml`, or the file that `--config` names. Relative paths are relative to it.\n",
    );
    for (section, keys) in config::REFERENCE {
        text.push_str(&format!("\n### `[{section}]`\n\n{}", table(keys)));
    }
    text.push_str(
        "\n## The settings document\n\n\
         What `samlgate export` writes and `samlgate apply` takes; `[app.NAME]`, `[idp.NAME]` and\n\
         `[application.NAME]` may stand in it any number of times.\n",
    );
    for (kind, keys) in settings::reference::REFERENCE {
        let place = if *kind == "console" { "console".to_owned() } else { format!("{kind}.NAME") };
        text.push_str(&format!("\n### `[{place}]`\n\n{}", table(keys)));
    }
    text
}

fn table(keys: &[Key]) -> String {
    let rows = keys.iter().map(|key| {
        let cell = |text: &str| text.replace('|', "\\|").replace('<', "&lt;");
        let example = key.example.replace('|', "\\|");
        format!("| `{}` | `{example}` | {} |\n", key.path, cell(&key.said()))
    });
    format!("| key | value | meaning |\n|---|---|---|\n{}", rows.collect::<String>())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    /// The file in the repository; with `UPDATE_DOCS=1` it is written anew.
    fn compare(file: &str, made: &str) {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(file);
        if std::env::var_os("UPDATE_DOCS").is_some() {
            std::fs::write(&path, made).unwrap();
        }
        let kept = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            kept == made,
            "{file} is old: run UPDATE_DOCS=1 cargo test -p installation reference"
        );
    }

    #[test]
    fn the_manual_and_the_example_are_those_of_the_program() {
        compare("docs/reference.md", &manual());
        compare("samlgate.example.toml", &example());
    }

    #[test]
    fn the_example_is_a_start_up_file() {
        let none = std::iter::empty();
        let parsed = config::Config::parse(Path::new("/x/samlgate.toml"), &example(), none);
        assert!(parsed.is_ok(), "{}", parsed.unwrap_err());
    }
}
