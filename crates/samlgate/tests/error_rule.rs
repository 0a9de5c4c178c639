//! Errors that cross a wall have names: what is shipped gives no bare text and no bool for one, and
//! only the command line, which prints them and ends, gathers them all in one.

use std::path::{Path, PathBuf};

/// The crates that are shipped, but for the doubles and the test kit.
const SHIPPED: &[&str] = &[
    "saml",
    "directory",
    "crowd",
    "gateway",
    "store",
    "installation",
    "crowd-server",
    "console",
    "samlgate",
];

#[test]
fn no_public_function_gives_a_bare_text_or_a_bool_as_its_error() {
    for (file, text) in sources() {
        for start in ["pub fn ", "pub async fn ", "pub const fn "] {
            for (at, _) in text.match_indices(start) {
                let signature = text[at..].split(['{', ';']).next().unwrap().trim_end();
                let signature = signature.split(" where").next().unwrap().trim_end();
                let bare = [", String>", ", bool>", ", &'static str>"];
                let is_bare = bare.iter().any(|bare| signature.ends_with(bare));
                let is_result = signature.rsplit("->").next().unwrap().contains("Result<");
                assert!(!(is_bare && is_result), "{}: {signature}", file.display());
            }
        }
    }
}

#[test]
fn only_the_command_line_gathers_all_errors_in_one() {
    let line = ["samlgate/src/cli.rs", "samlgate/src/cli/", "samlgate/src/main.rs"];
    for (file, text) in sources() {
        let shown = file.to_string_lossy().into_owned();
        let is_line = line.iter().any(|part| shown.contains(part));
        assert!(is_line || !text.contains("anyhow"), "{shown} names anyhow");
    }
}

/// Every source file of the shipped crates, with its text.
fn sources() -> Vec<(PathBuf, String)> {
    let crates = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    let mut folders: Vec<PathBuf> =
        SHIPPED.iter().map(|name| crates.join(name).join("src")).collect();
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                found.push((path, text));
            }
        }
    }
    assert!(found.len() > 200, "the sources are somewhere else: {}", found.len());
    found
}
