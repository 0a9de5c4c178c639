//! The manual says what the sources do: the endpoints, the fields of the log, and the settings, which
//! are described once.

mod codes;
mod endpoints;
mod log_fields;
mod settings;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

fn read(file: &str) -> String {
    let path = root().join(file);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Every source file below a folder.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => found.extend(sources(&path)),
            false if path.extension().is_some_and(|kind| kind == "rs") => found.push(path),
            false => {}
        }
    }
    found
}

/// The cells of the tables below a heading of the manual, without code marks; the rows of headings
/// and lines are left out.
fn table(manual: &str, heading: &str) -> Vec<Vec<String>> {
    let section = manual.split("\n## ").find_map(|section| section.strip_prefix(heading));
    let section = section.unwrap_or_else(|| panic!("there is no section {heading:?}"));
    let rows = section.lines().filter(|line| line.starts_with("| `"));
    let cells = |row: &str| row.trim_matches('|').split(" | ").map(cell).collect();
    rows.map(cells).collect()
}

fn cell(text: &str) -> String {
    text.trim().replace('`', "")
}

/// Fails with what stands in one of the two only.
fn same(said: &BTreeSet<String>, there: &BTreeSet<String>, file: &str) {
    let missing: Vec<_> = there.difference(said).collect();
    let invented: Vec<_> = said.difference(there).collect();
    assert!(missing.is_empty(), "{file} lacks {missing:?}");
    assert!(invented.is_empty(), "{file} tells of {invented:?}, which is not in the sources");
}

#[test]
fn a_difference_is_found_both_ways() {
    let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let fails = |said: &[&str], there: &[&str]| {
        let (said, there) = (set(said), set(there));
        std::panic::catch_unwind(|| same(&said, &there, "x")).is_err()
    };
    assert!(fails(&["a"], &["a", "b"]) && fails(&["a", "b"], &["a"]) && !fails(&["a"], &["a"]));
}
