//! Users and groups of a CSV file (RFC 4180): fields in quotes may hold commas, line breaks and
//! doubled quotes.

use std::io::Read as _;
use std::path::Path;

use anyhow::{Context as _, bail, ensure};

use super::{Found, Person};

pub(super) fn read(file: &Path) -> anyhow::Result<Found> {
    let text = if file.as_os_str() == "-" {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text)?;
        text
    } else {
        std::fs::read_to_string(file)?
    };
    Ok(Found { people: people(text.trim_start_matches('\u{feff}'))?, ..Found::default() })
}

fn people(text: &str) -> anyhow::Result<Vec<Person>> {
    let mut rows = rows(text)?.into_iter();
    let (_, head) = rows.next().context("it is empty")?;
    let mut columns = Vec::new();
    for name in &head {
        columns.push(match name.trim().to_ascii_lowercase().as_str() {
            "name" => Column::Name,
            "full_name" => Column::FullName,
            "email" => Column::Email,
            "active" => Column::Active,
            "groups" => Column::Groups,
            other => bail!(
                "line 1: there is no column {other:?}; use name, full_name, email, active, groups"
            ),
        });
    }
    ensure!(columns.contains(&Column::Name), "line 1: the column name is missing");
    let mut people = Vec::new();
    for (line, fields) in rows {
        let (have, want) = (fields.len(), columns.len());
        ensure!(have == want, "line {line}: {have} fields, and there are {want} columns");
        let mut person = Person { active: true, ..Person::default() };
        for (column, field) in columns.iter().zip(fields) {
            let field = field.trim().to_owned();
            match column {
                Column::Name => person.name = field,
                Column::FullName => person.full_name = field,
                Column::Email => person.email = field,
                Column::Active => {
                    person.active = match field.to_ascii_lowercase().as_str() {
                        "" | "true" | "yes" | "1" => true,
                        "false" | "no" | "0" => false,
                        other => bail!("line {line}: active is true or false, not {other:?}"),
                    };
                }
                Column::Groups => {
                    let names = field.split(';').map(str::trim).filter(|name| !name.is_empty());
                    person.groups = names.map(str::to_owned).collect();
                }
            }
        }
        people.push(person);
    }
    Ok(people)
}

#[derive(PartialEq)]
enum Column {
    Name,
    FullName,
    Email,
    Active,
    Groups,
}

/// The rows with the lines they begin at; empty lines are none.
fn rows(text: &str) -> anyhow::Result<Vec<(usize, Vec<String>)>> {
    let mut rows = Vec::new();
    let (mut row, mut field) = (Vec::new(), String::new());
    let (mut line, mut began, mut quoted) = (1, 1, false);
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        line += usize::from(c == '\n');
        match c {
            '"' if quoted && rest.next_if_eq(&'"').is_some() => field.push('"'),
            '"' if quoted => quoted = false,
            '"' if field.is_empty() => quoted = true,
            _ if quoted => field.push(c),
            ',' => row.push(std::mem::take(&mut field)),
            '\r' if rest.peek() == Some(&'\n') => {}
            '\n' => {
                row.push(std::mem::take(&mut field));
                let whole = std::mem::take(&mut row);
                if whole.iter().any(|field| !field.trim().is_empty()) {
                    rows.push((began, whole));
                }
                began = line;
            }
            _ => field.push(c),
        }
    }
    ensure!(!quoted, "line {began}: a quote is not closed");
    row.push(field);
    if row.iter().any(|field| !field.trim().is_empty()) {
        rows.push((began, row));
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_in_quotes_hold_commas_quotes_and_line_breaks() {
        let text = "name,full_name,Groups,active\r\n\
                    camilla,\"Chicken, \"\"Camilla\"\"\nthe\",\"jira-a; jira-b;\",no\r\n\r\n\
                    søren,,,";
        let people = people(text).unwrap();
        assert_eq!(people.len(), 2);
        assert_eq!(people[0].full_name, "Chicken, \"Camilla\"\nthe");
        assert_eq!(people[0].groups, ["jira-a", "jira-b"]);
        assert!(!people[0].active && people[1].active);
        assert_eq!(people[1].name, "søren");
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        let said = |text: &str| people(text).unwrap_err().to_string();
        assert_eq!(said(""), "it is empty");
        assert!(said("name,mail\n").contains("no column \"mail\""));
        assert!(said("email\nx\n").contains("column name is missing"));
        assert_eq!(said("name,email\na,b\nc\n"), "line 3: 1 fields, and there are 2 columns");
        assert!(said("name,active\na,perhaps\n").starts_with("line 2: active"));
        assert_eq!(said("name\n\"a\nb\n"), "line 2: a quote is not closed");
    }
}
