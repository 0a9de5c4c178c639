//! The walls: the arrows between the crates, as docs/architecture.md draws them, what the pure crates
//! must not know, and the arrows between the wings of this crate.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use testkit::imports::{circle, imports};

/// Which of our crates a crate may name among its dependencies.
const ARROWS: &[(&str, &[&str])] = &[
    ("saml", &[]),
    ("directory", &[]),
    ("crowd", &[]),
    ("gateway", &[]),
    ("store", &["directory"]),
    ("installation", &["saml", "directory", "gateway", "store"]),
    ("crowd-server", &["crowd", "directory", "store", "installation"]),
    ("console", &["saml", "directory", "store", "installation"]),
    (
        "samlgate",
        &["saml", "directory", "gateway", "store", "installation", "crowd-server", "console"],
    ),
    // Its binary `samlgate-demo` alone knows what a double must not share code with.
    ("demo", &["saml", "directory", "store", "installation", "samlgate"]),
    ("testkit", &[]),
];

/// Sockets, runtimes, databases and logs.
const IMPURE: &[&str] = &["tokio", "hyper", "hyper-util", "axum", "sqlx", "tracing", "tower"];

/// Routers, pages and command lines: whoever knows none of them cannot answer a request.
const FACES: &[&str] = &["axum", "maud", "clap"];

/// Which wings of this crate a wing may use.
const WINGS: &[(&str, &[&str])] =
    &[("front", &[]), ("jobs", &["front"]), ("node", &["front", "jobs"]), ("cli", &["node"])];

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
fn the_installation_and_the_gateway_cannot_answer_a_request() {
    let manifests = manifests();
    for name in ["installation", "gateway"] {
        for used in &manifests[name] {
            assert!(!FACES.contains(&used.as_str()), "{name} must not depend on {used}");
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

#[test]
fn a_double_shares_no_code_with_what_it_tests() {
    let product = ["samlgate", "installation", "directory", "store"];
    for (file, text) in sources(&crates().join("demo/src")) {
        let is_demo = file.ends_with("bin/samlgate-demo.rs");
        // A double has a directory of its own.
        let of_its_own = |name: &&str| text.contains(&format!("mod {name};"));
        let product: Vec<&str> = product.into_iter().filter(|name| !of_its_own(name)).collect();
        for line in text.lines().filter(|line| !line.trim_start().starts_with("//")) {
            let named = product.iter().find(|name| names(line, &format!("{name}::")));
            assert!(named.is_none() || is_demo, "{}: {line}", file.display());
        }
    }
}

#[test]
fn the_wings_of_this_crate_use_each_other_only_as_drawn() {
    let source = crates().join("samlgate/src");
    let wings: BTreeSet<&str> = WINGS.iter().map(|(wing, _)| *wing).collect();
    let mut found = BTreeSet::new();
    for (file, text) in sources(&source) {
        let inside = file.strip_prefix(&source).unwrap();
        let wing = inside.components().next().unwrap().as_os_str().to_str().unwrap();
        let wing = wing.trim_end_matches(".rs");
        if matches!(wing, "lib" | "main") {
            continue;
        }
        let (_, allowed) = WINGS.iter().find(|(name, _)| *name == wing).unwrap_or_else(|| {
            panic!(
                "{} is in no wing: loose are lib, main, node, jobs, front, cli",
                inside.display()
            )
        });
        found.insert(wing.to_owned());
        for used in used_wings(&text, &wings) {
            let may = used == wing || allowed.contains(&used.as_str());
            assert!(may, "{} uses crate::{used}, which {wing} must not", inside.display());
        }
    }
    assert_eq!(found.iter().map(String::as_str).collect::<BTreeSet<_>>(), wings);
}

#[test]
fn no_module_of_the_front_door_imports_one_that_imports_it() {
    let imports = imports(&crates().join("samlgate/src/front"), &["front"]);
    for (from, to) in [("gate", "signin"), ("signin", "tracker"), ("tracker", "page")] {
        assert!(imports[from].contains(to), "{from} is known to import {to}: {imports:?}");
    }
    assert_eq!(circle(&imports), None);
}

#[test]
fn an_arrow_is_found_however_it_is_written() {
    let wings = BTreeSet::from(["front", "jobs", "node", "cli"]);
    for (text, expected) in [
        ("use crate::front::gate;", "front"),
        ("use crate::{\n    jobs,\n};", "jobs"),
        ("    crate::node::Node::open()", "node"),
        ("use crate::{cli::Database, Other};", "cli"),
        ("use samlgate::front;", ""),
        ("// crate::cli is not used here", ""),
    ] {
        let used: Vec<String> = used_wings(text, &wings).into_iter().collect();
        assert_eq!(used.join(" "), expected, "{text}");
    }
}

/// The wings that a source names behind `crate::`, comments aside.
fn used_wings(text: &str, wings: &BTreeSet<&str>) -> BTreeSet<String> {
    let code: Vec<&str> =
        text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let code = code.join("\n");
    let mut used = BTreeSet::new();
    for rest in code.split("crate::").skip(1) {
        let group = rest.strip_prefix('{').and_then(|rest| rest.split('}').next());
        let paths: Vec<&str> = match group {
            Some(group) => group.split(',').collect(),
            None => vec![rest],
        };
        for path in paths {
            let first = path.trim().split(|c: char| !c.is_alphanumeric() && c != '_').next();
            used.extend(first.filter(|first| wings.contains(first)).map(str::to_owned));
        }
    }
    used
}

/// Whether a line names `path`, not as the end of a longer word.
fn names(line: &str, path: &str) -> bool {
    line.match_indices(path).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':')
    })
}

/// Every Rust file below a folder, with its text.
fn sources(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|end| end == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            found.push((path, text));
        }
    }
    found
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
