//! Names on one line, separated by commas, as forms and the command line have them. A name that holds
//! a comma itself stands in quotation marks, so that it stays one name.

/// The names of a list: `staff, "Sales, EMEA"` are two. Line breaks separate, too; a doubled quotation
/// mark within quotation marks stands for one.
pub fn parse(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut rest = text;
    while let Some((name, after)) = first(rest) {
        names.extend(Some(name.trim().to_owned()).filter(|name| !name.is_empty()));
        rest = after;
    }
    names
}

/// The first name, and what follows it.
fn first(text: &str) -> Option<(String, &str)> {
    let text = text.trim_start();
    if text.is_empty() {
        return None;
    }
    if let Some(quoted) = text.strip_prefix('"') {
        let mut name = String::new();
        let mut rest = quoted;
        while let Some((part, after)) = rest.split_once('"') {
            name.push_str(part);
            match after.strip_prefix('"') {
                Some(after) => {
                    name.push('"');
                    rest = after;
                }
                None => {
                    let after = after.trim_start_matches([' ', '\t']);
                    if !after.is_empty() && !after.starts_with(SEPARATORS) {
                        // Quotation marks around a part only are the name's own.
                        break;
                    }
                    return Some((name, after.strip_prefix(SEPARATORS).unwrap_or(after)));
                }
            }
        }
    }
    let (name, after) = text.split_once(SEPARATORS).unwrap_or((text, ""));
    Some((name.to_owned(), after))
}

/// The names as a list that [`parse`] reads as the same names.
pub fn join<N: AsRef<str>>(names: impl IntoIterator<Item = N>) -> String {
    let names = names.into_iter().map(|name| match name.as_ref() {
        name if name.contains(SEPARATORS) || name.starts_with('"') => {
            format!("\"{}\"", name.replace('"', "\"\""))
        }
        name => name.to_owned(),
    });
    names.collect::<Vec<_>>().join(", ")
}

const SEPARATORS: [char; 3] = [',', '\n', '\r'];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_separate_names_and_quotation_marks_keep_them_together() {
        for (text, names) in [
            ("", &[][..]),
            (" , ,", &[]),
            ("a", &["a"]),
            (" a ,b,, c d ", &["a", "b", "c d"]),
            ("a\r\nb\nc", &["a", "b", "c"]),
            ("\"Sales, EMEA\"", &["Sales, EMEA"]),
            ("a, \"Sales, EMEA\" , b", &["a", "Sales, EMEA", "b"]),
            ("\"the \"\"A, B\"\" team\"", &["the \"A, B\" team"]),
            ("the \"A\" team, b", &["the \"A\" team", "b"]),
            ("\"A\" team, b", &["\"A\" team", "b"]),
            ("\"open, b", &["\"open", "b"]),
            ("\"\", b", &["b"]),
        ] {
            assert_eq!(parse(text), names, "{text:?}");
        }
    }

    #[test]
    fn what_is_joined_is_read_as_the_same_names() {
        let names = ["Sales, EMEA", "staff", "\"A\" team", "\"B\"", "x\"y", "\"c, d\", e", ","];
        assert_eq!(join(["a", "b c"]), "a, b c");
        assert_eq!(parse(&join(names)), names);
        for name in names {
            assert_eq!(parse(&join([name])), [name]);
        }
    }
}
