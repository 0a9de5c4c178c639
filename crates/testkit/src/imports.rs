//! Which modules of a crate import which, read from the `use` lines and the paths in the code, so that
//! a test can hold that no two import each other. A module and its own submodules are one; the root of
//! the crate imports all and stands for none.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// A module to those that it imports.
pub type Imports = BTreeMap<String, BTreeSet<String>>;

/// What every module in `folder` imports of the others there; `base` is the path of the folder's own
/// module in its crate, empty for `src`.
pub fn imports(folder: &Path, base: &[&str]) -> Imports {
    let base: Vec<String> = base.iter().map(ToString::to_string).collect();
    let mut found = Imports::new();
    let mut folders = vec![(folder.to_owned(), base.clone())];
    while let Some((folder, at)) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            let here: Vec<String> = at.iter().cloned().chain([name.clone()]).collect();
            let is_rust = path.extension().is_some_and(|end| end == "rs");
            match path.is_dir() {
                _ if name == "tests" || name == "lib" || name == "main" => {}
                true => folders.push((path, here)),
                false if is_rust => {
                    let text = std::fs::read_to_string(&path).unwrap();
                    let module = here[base.len()].clone();
                    found.entry(module).or_default().extend(imported(&here, base.len(), &text));
                }
                false => {}
            }
        }
    }
    found
}

/// The other modules that the text of the module `here` names, its tests and comments left out; those
/// `depth` below the crate's root are told apart.
fn imported(here: &[String], depth: usize, text: &str) -> BTreeSet<String> {
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    let lines = code.lines().map(str::trim).filter(|line| !line.starts_with("//"));
    let code = lines.collect::<Vec<_>>().join("\n");
    let mut found = BTreeSet::new();
    for start in ["crate::", "super::"] {
        for (at, _) in code.match_indices(start) {
            // Of `super::super::x` and `mycrate::x` only the whole path is read.
            let before = code[..at].chars().next_back();
            if before.is_none_or(|letter| !letter.is_alphanumeric() && !"_:".contains(letter)) {
                let tree = tree_of(&code[at..]);
                found.extend(paths(&tree).iter().filter_map(|path| module_of(here, depth, path)));
            }
        }
    }
    found.remove(&here[depth]);
    found
}

/// The path at the beginning of a text with the braces that end it, without blanks.
fn tree_of(text: &str) -> String {
    let (mut tree, mut depth) = (String::new(), 0);
    for letter in text.chars() {
        match letter {
            '{' if depth > 0 || tree.ends_with("::") => depth += 1,
            '}' if depth > 0 => depth -= 1,
            _ if depth > 0 || letter.is_alphanumeric() || "_:".contains(letter) => {}
            _ => break,
        }
        if !letter.is_whitespace() {
            tree.push(letter);
        }
        if letter == '}' && depth == 0 {
            break;
        }
    }
    tree
}

/// `a::{b, c::{d}}` is `a::b` and `a::c::d`.
fn paths(tree: &str) -> Vec<String> {
    let Some((before, inside)) = tree.split_once('{') else { return vec![tree.to_owned()] };
    let inside = inside.strip_suffix('}').unwrap_or(inside);
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
    let parts = parts.iter().filter(|part| !part.is_empty());
    parts.flat_map(|part| paths(&format!("{before}{part}"))).collect()
}

/// The module into which a path leads.
fn module_of(here: &[String], depth: usize, path: &str) -> Option<String> {
    let mut at: Vec<&str> = here.iter().map(String::as_str).collect();
    for segment in path.split("::") {
        match segment {
            "crate" => at.clear(),
            "self" => {}
            "super" => drop(at.pop()),
            name => at.push(name),
        }
    }
    let beside = at.iter().zip(here).take(depth).all(|(one, own)| one == own);
    let name = at.get(depth).filter(|name| beside && name.starts_with(char::is_lowercase));
    name.map(ToString::to_string)
}

/// The first circle, as the way around it.
pub fn circle(imports: &Imports) -> Option<Vec<String>> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_circle_would_be_noticed_over_whatever_number_of_modules_and_forms_of_import() {
        let file =
            |from: &str, text: &str| (from.to_owned(), imported(&[from.to_owned()], 0, text));
        let straight = [
            file("admin", "use super::password::{self, PASSWORD};\n"),
            file("frame", "use super::{\n    Console,\n    admin::Admin,\n    form,\n};\n"),
            file(
                "password",
                "#[cfg(test)]\nmod tests {\n    use super::super::frame::inside;\n}\n",
            ),
            file("form", "use self::inner::X;\n// use super::frame::inside;\n"),
        ];
        let mut imports: Imports = straight.into_iter().collect();
        assert_eq!(imports["frame"], BTreeSet::from(["admin".to_owned(), "form".to_owned()]));
        assert_eq!(circle(&imports), None);

        imports.extend([file("password", "fn f() {\n    super::frame::outside()\n}\n")]);
        let path = ["admin", "password", "frame", "admin"].map(str::to_owned);
        assert_eq!(circle(&imports), Some(path.to_vec()), "a path in the code counts too");
    }

    #[test]
    fn an_import_from_a_submodule_counts_for_its_module() {
        let at = ["idps", "view"].map(str::to_owned);
        let text = "use super::{keys, super::apps};\nuse super::super::form;\nuse crate::frame::{self, tabs};\n\
                    fn f() { crate::history::view() }\n";
        let expected = ["apps", "form", "frame", "history"].map(str::to_owned);
        assert_eq!(imported(&at, 0, text), BTreeSet::from(expected));
    }

    #[test]
    fn below_a_module_its_own_modules_are_told_apart_and_others_are_not_counted() {
        let at = ["front", "gate"].map(str::to_owned);
        let text = "use super::page;\nuse crate::front::visit::Visit;\nuse crate::node::Node;\n";
        let expected = ["page", "visit"].map(str::to_owned);
        assert_eq!(imported(&at, 1, text), BTreeSet::from(expected));
    }
}
