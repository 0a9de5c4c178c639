//! The query language of `GET /search`: comparisons of a property with a value, joined by `and` and
//! `or`, of which `and` binds tighter, and parentheses.
//!
//! A value stands bare or in quotes; `*` at its front or back, or both, stands for anything. What is not
//! understood is an error that says where it stands: an empty list would be a wrong answer.

use super::{Logic, MatchMode, PropertyKind, PropertyRestriction, Restriction};

/// Why a query is not understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the restriction is not understood at character {at}: {what}")]
pub struct QueryError {
    /// Where, counted from one.
    pub at: usize,
    /// What was expected, or is too much.
    pub what: &'static str,
}

/// A query has at most so many comparisons; it nests no deeper.
const AT_MOST: usize = 100;

impl Restriction {
    /// Reads a query. An empty one asks for everything.
    ///
    /// # Errors
    /// When it is not understood.
    pub fn of_query(query: &str) -> Result<Self, QueryError> {
        let mut reader = Reader { all: query, at: 0, comparisons: 0, depth: 0 };
        reader.skip_blanks();
        if reader.rest().is_empty() {
            return Ok(Restriction::Everything);
        }
        let restriction = reader.any()?;
        match reader.rest().is_empty() {
            true => Ok(restriction),
            false => Err(reader.error("and, or, or the end is expected")),
        }
    }
}

struct Reader<'q> {
    all: &'q str,
    at: usize,
    comparisons: usize,
    depth: usize,
}

impl<'q> Reader<'q> {
    fn any(&mut self) -> Result<Restriction, QueryError> {
        self.joined("or", Logic::Or, Self::all)
    }

    fn all(&mut self) -> Result<Restriction, QueryError> {
        self.joined("and", Logic::And, Self::one)
    }

    /// One part, or several that `word` joins.
    fn joined(
        &mut self,
        word: &str,
        logic: Logic,
        part: fn(&mut Self) -> Result<Restriction, QueryError>,
    ) -> Result<Restriction, QueryError> {
        let first = part(self)?;
        let mut restrictions = vec![first];
        while self.take_word(word) {
            restrictions.push(part(self)?);
        }
        match <[Restriction; 1]>::try_from(restrictions) {
            Ok([only]) => Ok(only),
            Err(restrictions) => Ok(Restriction::Boolean { logic, restrictions }),
        }
    }

    fn one(&mut self) -> Result<Restriction, QueryError> {
        if !self.take("(") {
            return self.comparison();
        }
        self.depth += 1;
        if self.depth > AT_MOST {
            return Err(self.error("it is nested too deeply"));
        }
        let inside = self.any()?;
        if !self.take(")") {
            return Err(self.error("a closing parenthesis is expected"));
        }
        self.depth -= 1;
        Ok(inside)
    }

    fn comparison(&mut self) -> Result<Restriction, QueryError> {
        self.comparisons += 1;
        if self.comparisons > AT_MOST {
            return Err(self.error("it has too many comparisons"));
        }
        let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
        let quoted = self.quoted()?;
        let property = quoted.unwrap_or_else(|| self.while_fits(is_name));
        if property.is_empty() {
            return Err(self.error("the name of a property is expected"));
        }
        self.skip_blanks();
        // One client's example doubles the sign.
        let operator = ["==", "=", ">", "<"].into_iter().find(|sign| self.take(sign));
        let operator = operator.ok_or_else(|| self.error("=, > or < is expected"))?;
        let value = self.value()?;
        self.skip_blanks();
        let kind = kind_of(&property);
        let (mode, value) = match operator {
            ">" => (MatchMode::GreaterThan, value),
            "<" => (MatchMode::LessThan, value),
            _ if kind == PropertyKind::Text => pattern(&value),
            _ => (MatchMode::ExactlyMatches, value),
        };
        Ok(Restriction::Property(PropertyRestriction { property, kind, mode, value }))
    }

    fn value(&mut self) -> Result<String, QueryError> {
        if let Some(quoted) = self.quoted()? {
            return Ok(quoted);
        }
        let bare = self.while_fits(|c| !c.is_whitespace() && !matches!(c, '(' | ')' | '"' | '\''));
        match bare.is_empty() {
            true => Err(self.error("a value is expected")),
            false => Ok(bare),
        }
    }

    /// What stands in quotes; a backslash takes the next character as it is.
    fn quoted(&mut self) -> Result<Option<String>, QueryError> {
        self.skip_blanks();
        let Some(quote) = ['"', '\''].into_iter().find(|quote| self.rest().starts_with(*quote))
        else {
            return Ok(None);
        };
        let begins = self.at;
        self.at += 1;
        let mut text = String::new();
        while let Some(c) = self.next() {
            match c {
                '\\' => text.extend(self.next()),
                c if c == quote => return Ok(Some(text)),
                c => text.push(c),
            }
        }
        self.at = begins;
        Err(self.error("the quote is not closed"))
    }

    fn while_fits(&mut self, fits: impl Fn(char) -> bool) -> String {
        let rest = self.rest();
        let end = rest.find(|c| !fits(c)).unwrap_or(rest.len());
        self.at += end;
        rest[..end].to_owned()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.rest().chars().next()?;
        self.at += c.len_utf8();
        Some(c)
    }

    /// Takes a sign, with the blanks around it.
    fn take(&mut self, sign: &str) -> bool {
        self.skip_blanks();
        let found = self.rest().starts_with(sign);
        if found {
            self.at += sign.len();
            self.skip_blanks();
        }
        found
    }

    /// Takes a word in any case, which ends where it ends.
    fn take_word(&mut self, word: &str) -> bool {
        self.skip_blanks();
        let found = self.rest().get(..word.len()).is_some_and(|it| it.eq_ignore_ascii_case(word))
            && self.rest()[word.len()..].starts_with(|c: char| c.is_whitespace() || c == '(');
        if found {
            self.at += word.len();
            self.skip_blanks();
        }
        found
    }

    fn skip_blanks(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    fn rest(&self) -> &'q str {
        &self.all[self.at..]
    }

    fn error(&self, what: &'static str) -> QueryError {
        QueryError { at: self.all[..self.at].chars().count() + 1, what }
    }
}

/// The language names no types: they are the properties' own.
fn kind_of(property: &str) -> PropertyKind {
    match property {
        "active" | "local" => PropertyKind::Boolean,
        "createdDate" | "updatedDate" => PropertyKind::Date,
        _ => PropertyKind::Text,
    }
}

/// What the stars of a value mean. A lone one fits every value.
fn pattern(value: &str) -> (MatchMode, String) {
    let (front, back) = (value.starts_with('*'), value.ends_with('*'));
    let inside = value.trim_matches('*').to_owned();
    match (front, back) {
        (true, true) => (MatchMode::Contains, inside),
        (true, false) => (MatchMode::EndsWith, inside),
        (false, true) => (MatchMode::StartsWith, inside),
        (false, false) => (MatchMode::ExactlyMatches, value.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is(property: &str, mode: MatchMode, value: &str) -> Restriction {
        let (property, value) = (property.to_owned(), value.to_owned());
        let kind = kind_of(&property);
        Restriction::Property(PropertyRestriction { property, kind, mode, value })
    }

    fn join(logic: Logic, restrictions: Vec<Restriction>) -> Restriction {
        Restriction::Boolean { logic, restrictions }
    }

    #[test]
    fn reads_what_clients_write() {
        use MatchMode::*;
        for (query, read) in [
            ("email=bob@example.test", is("email", ExactlyMatches, "bob@example.test")),
            ("name = \"alice\"", is("name", ExactlyMatches, "alice")),
            (" name=='al ice' ", is("name", ExactlyMatches, "al ice")),
            ("name=adm*", is("name", StartsWith, "adm")),
            ("name=\"*adm\"", is("name", EndsWith, "adm")),
            ("name=*adm*", is("name", Contains, "adm")),
            ("name=*", is("name", Contains, "")),
            ("name=\"a\\\"b\"", is("name", ExactlyMatches, "a\"b")),
            ("active = false", is("active", ExactlyMatches, "false")),
            ("createdDate>2026-01-01", is("createdDate", GreaterThan, "2026-01-01")),
            ("'home address' < 'Ä'", is("home address", LessThan, "Ä")),
            ("", Restriction::Everything),
            ("  ", Restriction::Everything),
        ] {
            assert_eq!(Restriction::of_query(query), Ok(read), "{query}");
        }
    }

    #[test]
    fn and_binds_tighter_than_or_and_parentheses_tighter_than_both() {
        let x = |value| is("a", MatchMode::ExactlyMatches, value);
        let or = join(Logic::Or, vec![x("1"), join(Logic::And, vec![x("2"), x("3")])]);
        assert_eq!(Restriction::of_query("a=1 or a=2 AND a=3"), Ok(or));
        let and = join(Logic::And, vec![join(Logic::Or, vec![x("1"), x("2")]), x("3")]);
        assert_eq!(Restriction::of_query("(a=1 Or(a=2))and a=3"), Ok(and));
        assert_eq!(
            Restriction::of_query("name=\"adm*\" and (active=true or createdDate>2026-01-01)"),
            Ok(join(
                Logic::And,
                vec![
                    is("name", MatchMode::StartsWith, "adm"),
                    join(
                        Logic::Or,
                        vec![
                            is("active", MatchMode::ExactlyMatches, "true"),
                            is("createdDate", MatchMode::GreaterThan, "2026-01-01"),
                        ],
                    ),
                ],
            ))
        );
    }

    #[test]
    fn what_is_not_understood_is_an_error_that_says_where() {
        for (query, at) in [
            ("name", 5),
            ("=x", 1),
            ("name!=x", 5),
            ("name=", 6),
            ("name=x and", 8),
            ("name=x andalso y=z", 8),
            ("name=x y=z", 8),
            ("(name=x", 8),
            ("name=x)", 7),
            ("name=\"ä", 6),
            ("ä=\"x\" name", 7),
        ] {
            assert_eq!(Restriction::of_query(query).unwrap_err().at, at, "{query}");
        }
        let deep = format!("{}a=1{}", "(".repeat(200), ")".repeat(200));
        assert_eq!(Restriction::of_query(&deep).unwrap_err().what, "it is nested too deeply");
        let long = vec!["a=1"; 101].join(" or ");
        assert!(Restriction::of_query(&long).is_err());
    }
}
