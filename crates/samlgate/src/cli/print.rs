//! Output of commands: short, aligned, and safe to look at.
//!
//! Names and details come from outside (an IdP, a browser); control characters in them are shown
//! as escapes, so that no text can steer the terminal.

use std::io::{self, Write as _};

use serde::Serialize;

/// Rows under a heading, in columns as wide as their widest cell. Without rows: `empty`.
pub(super) fn table(head: &[&str], rows: &[Vec<String>], empty: &str) -> io::Result<()> {
    if rows.is_empty() {
        return line(empty);
    }
    let mut out = io::stdout().lock();
    out.write_all(aligned(head, rows).as_bytes())
}

/// One name and value in a line each, the values aligned.
pub(super) fn fields(fields: &[(&str, String)]) -> io::Result<()> {
    let width = fields.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    let mut out = io::stdout().lock();
    for (name, value) in fields {
        let line = format!("{name:width$}  {}", plain(value));
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

/// One line, which may come from outside.
pub(super) fn line(text: &str) -> io::Result<()> {
    writeln!(io::stdout(), "{}", plain(text))
}

/// One JSON value in one line.
pub(super) fn json<T: Serialize>(value: &T) -> io::Result<()> {
    let text = serde_json::to_string(value).map_err(io::Error::other)?;
    writeln!(io::stdout(), "{text}")
}

/// The text with control characters, and those that turn the direction of writing, as escapes.
pub(super) fn plain(text: &str) -> String {
    let steers = |c: char| {
        c.is_control()
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}')
    };
    text.chars().fold(String::with_capacity(text.len()), |mut plain, c| {
        if steers(c) {
            plain.extend(c.escape_default());
        } else {
            plain.push(c);
        }
        plain
    })
}

/// Whether the command ended because nobody reads its output any more (`| head`).
pub(super) fn reader_has_gone(error: &anyhow::Error) -> bool {
    let io = error.downcast_ref::<io::Error>();
    io.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

fn aligned(head: &[&str], rows: &[Vec<String>]) -> String {
    let head = head.iter().map(|cell| (*cell).to_owned()).collect();
    let rows: Vec<Vec<String>> = std::iter::once(head)
        .chain(rows.iter().map(|row| row.iter().map(|cell| plain(cell)).collect()))
        .collect();
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max()
    };
    let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or(0)).collect();
    let mut text = String::new();
    for row in &rows {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
        text.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned_and_lines_end_without_blanks() {
        let rows = [
            vec!["a".into(), "Ünï".into(), "x".into()],
            vec!["long".into(), "b".into(), String::new()],
        ];
        assert_eq!(aligned(&["ID", "NAME", "Z"], &rows), "ID    NAME  Z\na     Ünï   x\nlong  b\n");
    }

    #[test]
    fn nothing_from_outside_can_steer_the_terminal() {
        assert_eq!(plain("a\u{1b}[31mb\r\n\u{9b}c"), "a\\u{1b}[31mb\\r\\n\\u{9b}c");
        assert_eq!(plain("abc\u{202e}cba"), "abc\\u{202e}cba");
        assert_eq!(plain("Zoë Ćwikła 猫"), "Zoë Ćwikła 猫");
    }
}

/// The error and its causes on one line. A cause that the text before it ends with already is not
/// said twice.
pub(super) fn in_words(error: &anyhow::Error) -> String {
    let mut text = String::new();
    for cause in error.chain().map(ToString::to_string) {
        if text.is_empty() {
            text = cause;
        } else if !text.ends_with(&cause) {
            text = format!("{text}: {cause}");
        }
    }
    text
}

#[cfg(test)]
mod words {
    use anyhow::anyhow;

    #[derive(Debug, thiserror::Error)]
    #[error("it did not come: {0}")]
    struct Outer(#[from] std::io::Error);

    #[test]
    fn a_cause_that_its_effect_names_already_is_said_once() {
        let error = anyhow::Error::from(Outer(std::io::Error::other("refused")));
        assert_eq!(super::in_words(&error), "it did not come: refused");
        let error = anyhow!("refused").context("cannot open the database");
        assert_eq!(super::in_words(&error), "cannot open the database: refused");
    }
}
