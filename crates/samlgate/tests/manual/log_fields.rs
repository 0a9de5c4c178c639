//! `docs/operations.md` against the fields that the log's lines have.

use std::collections::BTreeSet;

use super::{read, root, same, sources, table};

const MANUAL: &str = "docs/operations.md";

/// The crates whose lines the log shows at its level, but for the doubles of the demo.
const CRATES: [&str; 6] =
    ["samlgate", "installation", "crowd-server", "console", "store", "gateway"];

/// The names of the fields in all calls of `tracing`'s macros.
fn fields(source: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (at, path) in source.match_indices("tracing::") {
        let call = &source[at + path.len()..];
        let Some((name, arguments)) = call.split_once("!(") else { continue };
        let name = name.trim_start_matches('$');
        if ["trace", "debug", "info", "warn", "error", "level"].contains(&name) {
            found.extend(arguments_of(arguments).iter().filter_map(|argument| field(argument)));
        }
    }
    found
}

/// The arguments between here and the closing bracket, up to the message.
fn arguments_of(text: &str) -> Vec<&str> {
    let (mut arguments, mut depth, mut start) = (Vec::new(), 0, 0);
    for (at, letter) in text.char_indices() {
        match letter {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' if depth > 0 => depth -= 1,
            ',' | ')' if depth == 0 => {
                arguments.push(text[start..at].trim());
                start = at + 1;
                if letter == ')' {
                    break;
                }
            }
            '"' | '$' if text[start..at].trim().is_empty() => break,
            _ => {}
        }
    }
    arguments
}

/// The name in `name = value`, `name`, `%name` and `?name`.
fn field(argument: &str) -> Option<String> {
    if argument.is_empty() || argument.starts_with("target:") {
        return None;
    }
    let name = argument.split('=').next().unwrap().trim().trim_start_matches(['%', '?']);
    let fits = name.chars().all(|letter| matches!(letter, 'a'..='z' | '_' | '.'));
    assert!(fits, "this is no field's name: {argument:?}");
    Some(name.to_owned())
}

#[test]
fn the_manual_lists_every_field_of_the_log() {
    let mut there = BTreeSet::new();
    for name in CRATES {
        for file in sources(&root().join("crates").join(name).join("src")) {
            there.extend(fields(&std::fs::read_to_string(file).unwrap()));
        }
    }
    let rows = table(&read(MANUAL), "The log");
    let said: BTreeSet<_> = rows.iter().map(|row| row[0].clone()).collect();
    assert_eq!(said.len(), rows.len(), "a field stands there twice");
    same(&said, &there, MANUAL);
}

#[test]
fn fields_are_found_in_every_spelling_that_the_sources_use() {
    let source = r#"
        tracing::info!("only {words}, not = fields");
        tracing::warn!(user.name, a.b = f(x, "y"), %client, error = %e, "said {c}", );
        tracing::error!(
            target: T, c_d = g.map(tracing::field::display), h = x.f(),
            "said"
        );
        macro_rules! say { ($level:ident, $m:literal) => { tracing::$level!(e.f = r.s, $m) }; }
        tracing::enabled!(target: T, tracing::Level::INFO);
        tracing::debug!(last)"#;
    let names = ["a.b", "c_d", "client", "e.f", "error", "h", "last", "user.name"];
    assert_eq!(fields(source), names.iter().map(|name| (*name).to_owned()).collect());
}
