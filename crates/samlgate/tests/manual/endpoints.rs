//! `docs/endpoints.md` against the routes of each listener.

use std::collections::BTreeSet;

use super::{read, same, table};

const MANUAL: &str = "docs/endpoints.md";
const OWN: &str = "crates/samlgate/src/front/gate/own.rs";
const CONSOLE: &str = "crates/console/src/lib.rs";
const FRAME: &str = "crates/console/src/frame.rs";
const CROWD: &str = "crates/crowd-server/src/lib.rs";
const OPERATIONS: &str = "crates/samlgate/src/node/operations.rs";

/// What a listener answers, as the manual says: the URL alone, or with the methods.
fn said(heading: &str, with_methods: bool) -> BTreeSet<String> {
    let rows = table(&read(MANUAL), heading);
    let urls: BTreeSet<_> = rows
        .iter()
        .map(|row| if with_methods { format!("{} {}", row[1], row[0]) } else { row[0].clone() })
        .collect();
    assert_eq!(urls.len(), rows.len(), "{heading}: a URL stands there twice");
    urls
}

/// The text of the first string literal, and what stands behind it.
fn literal(text: &str) -> Option<(&str, &str)> {
    text.split_once('"')?.1.split_once('"')
}

fn literals(mut text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    while let Some((literal, rest)) = literal(text) {
        found.push(literal);
        text = rest;
    }
    found
}

/// The pages below the prefix: the literals of `Page::at`'s match, but those of the arms with an
/// `if`, which are about everything else.
fn pages(source: &str) -> BTreeSet<String> {
    let arms = source.split_once("match below {").unwrap().1.split_once("_ if").unwrap().0;
    let prefix = literal(source.split_once("strip_prefix(").unwrap().1).unwrap().0;
    literals(arms).into_iter().map(|below| format!("<context>{prefix}{below}")).collect()
}

/// `GET, POST /path` for each `.route(path, get(..).post(..))` of a router; a path that is a
/// constant is looked up in `constants`.
fn routes(source: &str, constants: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for route in source.split(".route(").skip(1) {
        let (path, handlers) = route.split_once(',').unwrap();
        let path = match literal(path) {
            Some((path, _)) => path,
            None => {
                let name = path.rsplit("::").next().unwrap();
                let defined = constants.split_once(&format!("const {name}:")).unwrap().1;
                literal(defined).unwrap().0
            }
        };
        let handlers = handlers.split("\n").next().unwrap();
        let methods: Vec<_> = [("get(", "GET"), ("post(", "POST")]
            .iter()
            .filter(|(call, _)| handlers.contains(call))
            .map(|(_, method)| *method)
            .collect();
        assert!(!methods.is_empty(), "{path}: {handlers}");
        found.insert(format!("{} {path}", methods.join(", ")));
    }
    found
}

/// The resources of the Crowd server: the patterns of its match over the segments of a path.
fn resources(source: &str) -> BTreeSet<String> {
    let arms = source.split_once("match path.as_slice() {").unwrap().1;
    let arms = arms.split_once("_ => Err(Refusal::unknown_resource())").unwrap().0;
    let patterns = arms.lines().map(|line| line.trim().trim_start_matches("| "));
    let patterns = patterns.filter_map(|line| line.strip_prefix('[')?.split_once(']'));
    // One pattern with a rest is about methods, not about a resource.
    let patterns = patterns.map(|(pattern, _)| pattern).filter(|pattern| !pattern.contains(".."));
    let segment = |segment: &str| match literal(segment) {
        Some((text, _)) => text.to_owned(),
        None => format!("{{{}}}", segment.trim()),
    };
    let path = |pattern: &str| pattern.split(',').map(segment).collect::<Vec<_>>().join("/");
    patterns.map(|pattern| format!("/crowd/rest/usermanagement/1/{}", path(pattern))).collect()
}

#[test]
fn the_manual_lists_every_page_on_the_apps_origins() {
    same(&said("Public", false), &pages(&read(OWN)), MANUAL);
}

#[test]
fn the_manual_lists_every_page_of_the_console() {
    same(&said("Console", true), &routes(&read(CONSOLE), &read(FRAME)), MANUAL);
}

#[test]
fn the_manual_lists_every_resource_of_the_crowd_server() {
    same(&said("Crowd", false), &resources(&read(CROWD)), MANUAL);
}

#[test]
fn the_manual_lists_what_the_monitoring_may_ask() {
    same(&said("Operations", true), &routes(&read(OPERATIONS), ""), MANUAL);
}

#[test]
fn routes_are_found_in_every_spelling_that_the_sources_use() {
    let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
    let own = r#"app.below(path).strip_prefix("/x")?; Some(match below { "/a" => A, "b" | "b/c" => B,
        _ if below.starts_with("/no") => N })"#;
    assert_eq!(pages(own), set(&["<context>/x/a", "<context>/xb", "<context>/xb/c"]));
    let router = "Router::new()\n.route(\"/{id}\", get(a::b).post(c))\n.route(x::PATH, post(d))\n";
    let constants = "const PATH: &str = \"/p\";";
    assert_eq!(routes(router, constants), set(&["GET, POST /{id}", "POST /p"]));
    let crowd = r#"match path.as_slice() {
        ["a"] if reads => x(["no"]),
        ["a" | "b", ..] if !reads => y,
        ["a", "b", depth] => z,
        ["c"]
        | ["d", "e"] => w,
        _ => Err(Refusal::unknown_resource()),"#;
    let crowd: BTreeSet<_> = resources(crowd);
    let below =
        ["a", "a/b/{depth}", "c", "d/e"].map(|end| format!("/crowd/rest/usermanagement/1/{end}"));
    assert_eq!(crowd, below.into_iter().collect());
}
