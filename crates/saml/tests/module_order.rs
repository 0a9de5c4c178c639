//! Each module of the crate uses those before it only: whoever reads them in their order meets
//! nothing that was not explained, and a check can be judged without what is built upon it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The modules, each of which may use those before it.
const ORDER: [&str; 13] = [
    "moment",
    "base64",
    "given",
    "xml",
    "c14n",
    "rejection",
    "key",
    "dsig",
    "enc",
    "binding",
    "message",
    "metadata",
    "sp",
];

/// It looks at everything, and no build for use has it.
const EXEMPT: &str = "fuzzing";

#[test]
fn each_module_uses_only_those_before_it() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let root = read(&source.join("lib.rs"));
    let (mut arrows, mut back) = (0, Vec::new());
    for file in files(&source) {
        let path = file.strip_prefix(&source).expect("below src").to_str().expect("UTF-8");
        let own = module_of(path);
        if path == "lib.rs" || own == EXEMPT {
            continue;
        }
        for used in used_by(path, &read(&file), &root) {
            arrows += 1;
            if place(&used) > place(own) {
                back.push(format!("{path} uses {used}"));
            }
        }
    }
    assert!(arrows > 50, "only {arrows} arrows were found");
    assert!(back.is_empty(), "arrows to a later module: {back:#?}");
}

#[test]
fn every_module_has_its_place_in_the_order() {
    let root = read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs"));
    let declared = root
        .lines()
        .filter_map(|line| line.trim_start_matches("pub ").strip_prefix("mod ")?.strip_suffix(';'));
    let mut declared: Vec<_> = declared.filter(|name| *name != EXEMPT).collect();
    let mut placed = ORDER.to_vec();
    declared.sort_unstable();
    placed.sort_unstable();
    assert_eq!(declared, placed);
}

#[test]
fn an_arrow_back_is_found_however_it_is_written() {
    let root =
        "pub use key::{Certificate, KeyError};\npub use sp::{\n    Check,\n    accept,\n};\n";
    let used = |text: &str| used_by("key/digest.rs", text, root);
    assert_eq!(used("use crate::sp::Expected;"), ["sp"]);
    assert_eq!(
        used("use crate::{moment, sp::{accept, judge}, xml::Element};"),
        ["moment", "sp", "xml"]
    );
    assert_eq!(used("pub use crate::Check;\nuse crate::{KeyError, accept};"), ["sp", "key", "sp"]);
    assert_eq!(used("fn f() { crate::sp::f(); g::<super::super::sp::G>() }"), ["sp", "sp"]);
    assert_eq!(used("use super::super::{dsig, enc};"), ["dsig", "enc"]);
    assert_eq!(used_by("key.rs", "use super::sp::f;", root), ["sp"]);
    assert_eq!(used_by("xml/parse/scan.rs", "use super::super::text::f;", root), [""; 0]);
    assert!(place("sp") > place("key") && place("xml") < place("key"));
}

#[test]
fn comments_and_tests_draw_no_arrows() {
    let text = "//! [`crate::sp`]\nuse super::hex;\n/// [`crate::accept`]\npub(crate) fn f() {}\n\
                #[cfg(test)]\nmod tests { use crate::sp; }";
    assert_eq!(used_by("key/digest.rs", text, ""), [""; 0]);
    assert!(files(Path::new("src")).iter().all(|file| !file.ends_with("tests.rs")));
}

/// The module of the crate that a file below `src` belongs to.
fn module_of(path: &str) -> &str {
    let first = path.split('/').next().unwrap_or_default();
    first.strip_suffix(".rs").unwrap_or(first)
}

fn place(module: &str) -> usize {
    let place = ORDER.iter().position(|name| *name == module);
    place.unwrap_or_else(|| panic!("{module} is no module of the order"))
}

/// The modules that the file at `path` uses by way of the crate's root, as `root` names them.
fn used_by(path: &str, text: &str, root: &str) -> Vec<String> {
    let exported = exported(root);
    // The root is as many modules above as the path has parts.
    let depth = path.split('/').count();
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    let code: Vec<_> = code.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let code = code.join("\n");
    let up = "super::".repeat(depth);
    let mut starts: Vec<_> = code.match_indices("crate::").collect();
    starts.extend(code.match_indices(&up));
    starts.sort_unstable();
    let mut used = Vec::new();
    for (at, start) in starts {
        let before = code[..at].chars().next_back();
        if before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '$')) {
            continue;
        }
        for name in names(&code[at + start.len()..]) {
            used.push(exported.get(&name).cloned().unwrap_or(name));
        }
    }
    used
}

/// The first names of what is behind a path's start: one, or those of a group in braces.
fn names(rest: &str) -> Vec<String> {
    let name = |text: &str| -> String {
        text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
    };
    let Some(group) = rest.strip_prefix('{') else { return vec![name(rest)] };
    let (mut parts, mut open) = (vec![String::new()], 1);
    for c in group.chars() {
        open += i32::from(c == '{') - i32::from(c == '}');
        match c {
            _ if open == 0 => break,
            ',' if open == 1 => parts.push(String::new()),
            c => parts.last_mut().expect("one part").push(c),
        }
    }
    parts.iter().map(|part| name(part.trim())).filter(|name| !name.is_empty()).collect()
}

/// What the root hands on, each name with its module.
fn exported(root: &str) -> BTreeMap<String, String> {
    let mut exported = BTreeMap::new();
    for (_, rest) in
        root.split("pub use ").skip(1).filter_map(|text| Some((text, text.split_once(';')?.0)))
    {
        let Some((module, what)) = rest.split_once("::") else { continue };
        exported.extend(names(what).into_iter().map(|name| (name, module.to_owned())));
    }
    exported
}

/// All files of code below `folder`.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry"));
    let mut files: Vec<_> = entries
        .flat_map(|entry| match entry.path() {
            path if path.is_dir() => files(&path),
            path => vec![path],
        })
        .filter(|path| path.extension().is_some_and(|is| is == "rs") && !path.ends_with("tests.rs"))
        .collect();
    files.sort();
    files
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).expect("a file of the crate")
}
