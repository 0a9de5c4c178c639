//! The arrows between the crates, as docs/architecture.md draws them, and what the pure crates
//! must not know.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Which of our crates a crate may name among its dependencies.
const ARROWS: &[(&str, &[&str])] = &[
    ("saml", &[]),
    ("directory", &[]),
    ("crowd", &[]),
    ("gateway", &[]),
    ("store", &["directory"]),
    ("installation", &["saml", "directory", "gateway", "store"]),
    ("crowd-server", &["installation", "crowd", "directory", "store"]),
    ("console", &["installation", "saml", "directory", "store"]),
    (
        "samlgate",
        &["saml", "directory", "gateway", "store", "installation", "crowd-server", "console"],
    ),
    ("demo", &["saml", "directory", "store", "installation", "samlgate"]),
    ("testkit", &[]),
];

/// Sockets, runtimes, databases and logs.
const IMPURE: &[&str] = &["tokio", "hyper", "hyper-util", "axum", "sqlx", "tracing", "tower"];

#[test]
fn crates_depend_on_each_other_only_as_drawn() {
    let manifests = manifests();
    let drawn: BTreeSet<&str> = ARROWS.iter().map(|(name, _)| *name).collect();
    assert_eq!(manifests.keys().map(String::as_str).collect::<BTreeSet<_>>(), drawn);
    for (name, allowed) in ARROWS {
        let ours = manifests[*name].iter().filter(|used| drawn.contains(used.as_str()));
        for used in ours {
            assert!(allowed.contains(&used.as_str()), "{name} must not depend on {used}");
        }
    }
}

#[test]
fn the_pure_crates_know_no_socket_no_runtime_no_database_and_no_log() {
    let manifests = manifests();
    for name in ["saml", "directory", "crowd"] {
        for used in &manifests[name] {
            assert!(!IMPURE.contains(&used.as_str()), "{name} must not depend on {used}");
        }
    }
}

#[test]
fn no_crate_has_features_of_its_own() {
    for entry in std::fs::read_dir(crates()).unwrap() {
        let manifest = std::fs::read_to_string(entry.unwrap().path().join("Cargo.toml")).unwrap();
        assert!(!manifest.contains("[features]"), "{manifest}");
    }
}

/// Crate name to the names of its ordinary dependencies.
fn manifests() -> BTreeMap<String, BTreeSet<String>> {
    let folders = std::fs::read_dir(crates()).unwrap().map(|entry| entry.unwrap().path());
    let read = folders.map(|folder| {
        let text = std::fs::read_to_string(folder.join("Cargo.toml")).unwrap();
        let manifest: toml::Table = text.parse().unwrap();
        let dependencies = manifest.get("dependencies").and_then(toml::Value::as_table);
        let names = dependencies.into_iter().flat_map(toml::Table::keys).cloned().collect();
        (folder.file_name().unwrap().to_string_lossy().into_owned(), names)
    });
    read.collect()
}

fn crates() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}
