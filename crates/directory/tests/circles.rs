//! No module of `provision` imports one that imports it: read from the `use` lines below `src`.
//! A module and its own submodules are one.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// A module of `provision` to those that it imports.
type Imports = BTreeMap<String, BTreeSet<String>>;

#[test]
fn no_module_imports_one_that_imports_it() {
    let imports = imports(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src/provision")));
    // What this file reads is what the compiler reads: these arrows are known.
    for (from, to) in [("plan", "claims"), ("existing", "claims"), ("claims", "reading")] {
        assert!(imports[from].contains(to), "{from} is known to import {to}: {imports:?}");
    }
    assert_eq!(circle(&imports), None);
}

#[test]
fn a_circle_would_be_noticed_over_whatever_number_of_modules_and_forms_of_import() {
    let file = |from: &str, text: &str| {
        (from.to_owned(), imported(&["provision".to_owned(), from.to_owned()], text))
    };
    let straight = [
        file("access", "use super::claims::Claims;\nuse crate::name_key;\n"),
        file("claims", "use crate::provision::{\n    reading::Reading,\n    rules,\n};\n"),
        file("reading", "#[cfg(test)]\nmod tests {\n    use super::super::access::Rule;\n}\n"),
        file("rules", "use self::inner::X;\n"),
    ];
    let mut imports: Imports = straight.into_iter().collect();
    assert_eq!(imports["claims"], BTreeSet::from(["reading".to_owned(), "rules".to_owned()]));
    assert_eq!(circle(&imports), None);

    imports.extend([file("rules", "pub(super) use super::access::AccessRule;\n")]);
    let path = ["access", "claims", "rules", "access"].map(str::to_owned);
    assert_eq!(circle(&imports), Some(path.to_vec()));
}

#[test]
fn an_import_from_a_submodule_counts_for_its_module() {
    let at = ["provision", "plan", "person"].map(str::to_owned);
    let text =
        "use super::super::claims;\nuse super::line::Mark;\nuse crate::provision::rules::R;\n";
    let expected = ["claims", "rules"].map(str::to_owned);
    assert_eq!(imported(&at, text), BTreeSet::from(expected));
}

/// What every module below the folder imports of the others.
fn imports(folder: &Path) -> Imports {
    let mut found = Imports::new();
    let mut folders = vec![(folder.to_owned(), vec!["provision".to_owned()])];
    while let Some((folder, at)) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            let here: Vec<String> = at.iter().cloned().chain([name]).collect();
            if path.is_dir() {
                folders.push((path, here));
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            let module = here[1].clone();
            found.entry(module).or_default().extend(imported(&here, &text));
        }
    }
    found
}

/// The other modules of `provision` that the text of the module `here` imports, its tests left
/// out.
fn imported(here: &[String], text: &str) -> BTreeSet<String> {
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    let mut found = BTreeSet::new();
    for statement in code.split(';') {
        let Some(line) = statement.lines().position(is_use) else { continue };
        let words: Vec<&str> = statement.lines().skip(line).map(str::trim).collect();
        let joined = words.concat();
        let (_, tree) = joined.split_once("use ").unwrap();
        for path in paths(tree) {
            found.extend(inside_provision(here, &path));
        }
    }
    found.remove(&here[1]);
    found
}

fn is_use(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("use ") || line.starts_with("pub") && line.contains(" use ")
}

/// `a::{b, c::{d}}` is `a::b` and `a::c::d`.
fn paths(tree: &str) -> Vec<String> {
    let Some((before, inside)) = tree.split_once('{') else { return vec![tree.trim().to_owned()] };
    let inside = inside.trim_end().trim_end_matches('}');
    let mut parts = vec![String::new()];
    let mut depth = 0;
    for letter in inside.chars() {
        match letter {
            ',' if depth == 0 => {
                parts.push(String::new());
                continue;
            }
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        parts.last_mut().unwrap().push(letter);
    }
    let parts = parts.iter().filter(|part| !part.trim().is_empty());
    parts.flat_map(|part| paths(&format!("{before}{}", part.trim()))).collect()
}

/// Of a path that leads into `provision`, the module there.
fn inside_provision(here: &[String], path: &str) -> Option<String> {
    let mut at: Vec<&str> = here.iter().map(String::as_str).collect();
    for segment in path.split("::") {
        match segment {
            "crate" => at.clear(),
            "self" => {}
            "super" => drop(at.pop()),
            name => at.push(name),
        }
    }
    let relative = ["crate", "self", "super"].iter().any(|start| path.starts_with(start));
    let inside = relative && at.first() == Some(&"provision");
    at.get(1).filter(|name| inside && name.starts_with(char::is_lowercase)).map(ToString::to_string)
}

/// The first circle, as the way around it.
fn circle(imports: &Imports) -> Option<Vec<String>> {
    imports.keys().find_map(|start| way(imports, start, &mut vec![start.clone()]))
}

fn way(imports: &Imports, start: &str, so_far: &mut Vec<String>) -> Option<Vec<String>> {
    let from = so_far.last()?.clone();
    for to in imports.get(&from).into_iter().flatten() {
        if to == start {
            so_far.push(to.clone());
            return Some(so_far.clone());
        }
        if !so_far.contains(to) {
            so_far.push(to.clone());
            if let Some(found) = way(imports, start, so_far) {
                return Some(found);
            }
            so_far.pop();
        }
    }
    None
}
