//! Users, groups and memberships are changed by hand in `installation::people` alone, so that no
//! change goes without its history: read from the sources of all that could reach the store.

use std::path::{Path, PathBuf};

/// What of a store's transaction changes people.
const CHANGES: [&str; 15] = [
    "create_user",
    "create_bound_user",
    "update_user",
    "deactivate_if_away",
    "create_group",
    "remove_group",
    "add_membership",
    "add_membership_because",
    "remove_membership",
    "add_child_group",
    "set_idp_id",
    "bind_user",
    "keep_users",
    "approve_removals",
    "discard_removals",
];

/// Whose sources are read, below `crates`.
const READ: [&str; 5] =
    ["installation/src", "console/src", "crowd-server/src", "samlgate/src", "demo/src/bin"];

#[test]
fn nobody_changes_people_but_the_room_for_it() {
    let crates = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    let (mut inside, mut outside) = (Vec::new(), Vec::new());
    for file in READ.iter().flat_map(|folder| sources(&crates.join(folder))) {
        let name = file.strip_prefix(crates).unwrap().to_string_lossy().into_owned();
        let is_room =
            name == "installation/src/people.rs" || name.starts_with("installation/src/people/");
        let found = changes(&std::fs::read_to_string(&file).unwrap());
        let list = if is_room { &mut inside } else { &mut outside };
        list.extend(found.into_iter().map(|change| format!("{name}: {change}")));
    }
    assert_eq!(outside, [""; 0], "call installation::people instead");
    for change in CHANGES.iter().filter(|change| **change != "create_user") {
        let known = inside.iter().any(|line| line.ends_with(&format!(": {change}")));
        assert!(known, "the room does not use {change}: is its name still right? {inside:?}");
    }
}

#[test]
fn every_change_of_people_goes_through_one_batch() {
    let room = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src/people"));
    let opens = |file: &PathBuf| std::fs::read_to_string(file).unwrap().contains(".begin()");
    let all = sources(room).into_iter().filter(opens);
    let names: Vec<_> = all.map(|file| file.file_name().unwrap().to_owned()).collect();
    assert_eq!(names, ["batch.rs"], "a transaction of its own may forget author and history");
}

#[test]
fn a_change_elsewhere_would_be_noticed() {
    let text = "let x = people::remove_group(store, name, by);\n\
                tx.create_group(&group).await?;\n\
                tx\n    .remove_membership(\n        &user.id,\n    )\n\
                // tx.update_user(&user) would go around it\n\
                #[cfg(test)]\nmod tests { fn f() { tx.create_user(&user) } }\n";
    assert_eq!(changes(text), ["create_group", "remove_membership"]);
}

/// The changes that a source's code makes on a transaction; its tests and comments do not count.
fn changes(text: &str) -> Vec<&'static str> {
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
    let code = lines.collect::<Vec<_>>().join("\n");
    CHANGES.into_iter().filter(|change| code.contains(&format!(".{change}("))).collect()
}

/// The Rust files below a folder, tests left out.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if stem == "tests" {
            continue;
        }
        match path.is_dir() {
            true => found.extend(sources(&path)),
            false if path.extension().is_some_and(|end| end == "rs") => found.push(path),
            false => {}
        }
    }
    found
}
