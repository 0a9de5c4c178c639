//! The manual's table of refusals, so that each crate can hold its own words against it.

use std::path::Path;

/// One row of `docs/refusals.md`.
pub struct Row {
    /// The code.
    pub code: String,
    /// What it means.
    pub meaning: String,
    /// What to do, word by word what the product says.
    pub cure: String,
}

/// All rows.
///
/// # Panics
/// When the manual is not there, or a row has not three cells.
pub fn manual() -> Vec<Row> {
    let file = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/refusals.md"));
    let text = std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{error}"));
    let rows = text.lines().filter(|line| line.starts_with("| `"));
    rows.map(|row| {
        let cells: Vec<_> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        let [code, meaning, cure] = cells[..] else { panic!("not three cells: {row}") };
        let code = code.trim_matches('`').to_owned();
        Row { code, meaning: meaning.to_owned(), cure: cure.to_owned() }
    })
    .collect()
}

/// Fails unless the manual says of each of these codes what the product says, and prints the cells
/// that it should have.
///
/// # Panics
/// As said.
pub fn assert_in_manual<'a>(said: impl IntoIterator<Item = (&'a str, &'a str)>) {
    let manual = manual();
    let wrong = said
        .into_iter()
        .filter(|(code, cure)| !manual.iter().any(|row| row.code == *code && row.cure == *cure));
    let wrong: Vec<_> = wrong.map(|(code, cure)| format!("| `{code}` | … | {cure} |")).collect();
    assert!(wrong.is_empty(), "docs/refusals.md should say:\n{}", wrong.join("\n"));
}
