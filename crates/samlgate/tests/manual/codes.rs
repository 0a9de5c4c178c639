//! Each refusal's code stands in the manual, with what to do, and some test brings it about.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::{read, root, same, sources};

#[test]
fn the_manual_lists_each_code_once_with_what_it_means_and_what_to_do() {
    let manual = testkit::refusals::manual();
    let said: BTreeSet<_> = manual.iter().map(|row| row.code.clone()).collect();
    assert_eq!(said.len(), manual.len(), "a code stands there twice");
    same(&said, &codes(), "docs/refusals.md");
    for row in &manual {
        for text in [&row.meaning, &row.cure] {
            assert!(text.ends_with('.') && text.len() > 12, "{}: {text:?}", row.code);
        }
    }
}

#[test]
fn each_code_is_brought_about_by_a_test() {
    let tests = tests();
    // As a text of its own, quoted, in whichever language.
    let has_case = |code: &&String| {
        let quoted = format!("\"{code}\"");
        tests.iter().any(|(_, text)| text.contains(&quoted))
    };
    let codes = codes();
    let without: Vec<_> = codes.iter().filter(|code| !has_case(code)).collect();
    assert!(without.is_empty(), "no test brings about {without:?}");
}

/// Every code that stands in the sources, where codes stand there.
fn codes() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (folder, before) in PLACES {
        for file in sources(&root().join(folder)) {
            let text = without_tests(&file);
            for (at, _) in text.match_indices(before) {
                let rest = text[at + before.len()..].trim_start();
                let code = rest.strip_prefix('"').and_then(|rest| rest.split('"').next());
                found.extend(code.filter(|code| is_code(code)).map(str::to_owned));
            }
        }
    }
    let beside =
        read("crates/samlgate/src/front/opener.rs") + &without_tests(&root().join(SIGNOUT));
    let literals = beside
        .split('"')
        .filter(|text| is_code(text) && (text.starts_with("app_") || text.starts_with("logout_")));
    found.extend(literals.map(str::to_owned));
    found.insert("metadata".to_owned());
    assert!(found.len() > 90, "codes stand somewhere else: {found:?}");
    found
}

/// What stands before a code, and in which folder.
const PLACES: &[(&str, &str)] = &[
    ("crates/saml/src/rejection", "Texts::new("),
    ("crates/directory/src/provision/refusal", "code:"),
    ("crates/samlgate/src/front", "code:"),
    ("crates/samlgate/src/front", "BUSY: &str ="),
];
const SIGNOUT: &str = "crates/samlgate/src/front/signout/failure.rs";

fn is_code(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

fn without_tests(file: &Path) -> String {
    let text = std::fs::read_to_string(file).unwrap();
    text.split("#[cfg(test)]").next().unwrap_or_default().to_owned()
}

/// What tests, but for the lists of codes: files of tests, the tests at the end of sources, what is
/// expected of whole messages, and tests in a browser; each file with what of it tests.
fn tests() -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root().join("crates"), root().join("e2e")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                let is_ours = !["node_modules", ".venv"].iter().any(|name| path.ends_with(name));
                folders.extend(Some(path).filter(|_| is_ours));
            } else if let Some(text) = tested_in(&path) {
                found.push((path, text));
            }
        }
    }
    found.retain(|(path, _)| !LISTS.iter().any(|list| path.ends_with(list)));
    assert!(found.len() > 200, "the tests are somewhere else: {}", found.len());
    found
}

/// The part of a file that tests.
fn tested_in(file: &Path) -> Option<String> {
    let shown = file.to_str()?;
    let text = || std::fs::read_to_string(file).ok();
    match shown.rsplit_once('.')?.1 {
        "toml" if shown.ends_with("expect.toml") => text(),
        "js" if shown.ends_with(".test.js") => text(),
        "rs" if shown.contains("/tests/") => text(),
        "rs" if shown.ends_with("/tests.rs") => text(),
        "rs" => text()?.split_once("#[cfg(test)]").map(|(_, tests)| tests.to_owned()),
        _ => None,
    }
}

/// Where codes are listed, which brings none about.
const LISTS: &[&str] = &[
    "saml/src/rejection/tests.rs",
    "directory/src/provision/refusal/tests.rs",
    "samlgate/src/front/refusal/tests.rs",
    "samlgate/tests/manual/codes.rs",
];
