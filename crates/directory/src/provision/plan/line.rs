//! A plan in words: a diff with a reason for each line.

use std::fmt;

use super::Plan;

/// What kind of thing a line says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// `+`: something is added.
    Added,
    /// `~`: something changes.
    Changed,
    /// `-`: something ends.
    Removed,
    /// `=`: something stays that could have changed.
    Kept,
    /// `?`: something waits for an administrator.
    Waits,
    /// `*`: nothing is changed because of it, and an administrator should look.
    Warning,
    /// `!`: the person is not let in.
    Refused,
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Mark::Added => "+",
            Mark::Changed => "~",
            Mark::Removed => "-",
            Mark::Kept => "=",
            Mark::Waits => "?",
            Mark::Warning => "*",
            Mark::Refused => "!",
        })
    }
}

/// One line of a plan. Values of the IdP in it are cut to what a person reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanLine {
    /// What kind of thing it says.
    pub mark: Mark,
    /// What happens.
    pub what: String,
    /// Why.
    pub reason: String,
}

impl fmt::Display for PlanLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.mark, self.what, self.reason)
    }
}

/// All lines, each on one line of its own.
impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.lines.is_empty() {
            return writeln!(f, "= nothing: what the IdP says is what the directory says");
        }
        self.lines.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}
