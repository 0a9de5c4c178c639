//! What of a record says something about the person, and is hidden until somebody asks: names,
//! values that the IdP sent, groups. What stays is what a helper needs: which part, and why.

use saml::VerifiedAssertion;

use super::HIDDEN;

/// The values that are known to be personal, or nothing to hide any more.
pub(super) struct Mask {
    values: Vec<String>,
    revealed: bool,
}

impl Mask {
    /// Hides the user's name and what the assertion says, unless it is `revealed`.
    pub(super) fn new(
        user_name: Option<&str>,
        assertion: Option<&VerifiedAssertion>,
        revealed: bool,
    ) -> Self {
        let name_id = assertion.and_then(|one| one.name_id()).map(|name| name.value);
        let sent = assertion.into_iter().flat_map(|one| one.attributes());
        let sent = sent.flat_map(|attribute| attribute.values().collect::<Vec<_>>());
        let mut values: Vec<String> =
            user_name.into_iter().chain(name_id).chain(sent).map(str::to_owned).collect();
        // One letter would hide half of every sentence, and says nothing about anybody.
        values.retain(|value| value.trim().chars().count() > 1);
        values.sort_by_key(|value| std::cmp::Reverse(value.len()));
        Mask { values, revealed }
    }

    /// A value itself.
    pub(super) fn value<'a>(&self, value: &'a str) -> &'a str {
        if self.revealed { value } else { HIDDEN }
    }

    /// A sentence: what stands in quotation marks goes, and every value that is known.
    pub(super) fn sentence(&self, text: &str) -> String {
        if self.revealed {
            return text.to_owned();
        }
        let unquoted = without_quoted(text);
        self.values.iter().fold(unquoted, |text, value| without(&text, value))
    }

    /// A line of the plan: what is done and why, not to whom or with which group.
    pub(super) fn plan(&self, text: &str) -> String {
        if self.revealed {
            return text.to_owned();
        }
        if COUNTS.iter().any(|words| counts(text, words)) {
            return text.to_owned();
        }
        let set = text.strip_prefix("set ").and_then(|rest| rest.split_once(" to "));
        let what = match set.filter(|(what, _)| FIELDS.contains(what)) {
            Some((what, _)) => format!("set {what} to"),
            None => DONE.iter().find(|words| text.starts_with(*words)).unwrap_or(&"").to_string(),
        };
        let why = REASONS.iter().find(|reason| text.contains(*reason));
        let why = why.map(|reason| format!(": {reason}")).unwrap_or_default();
        format!("{what} {HIDDEN}{why}").trim_start().to_owned()
    }
}

fn counts(text: &str, words: &str) -> bool {
    let rest = text.strip_prefix(words);
    rest.is_some_and(|rest| {
        rest.trim_start().split(' ').next().is_some_and(|n| n.parse::<u32>().is_ok())
    }) && (text.contains(" missing groups: ") || text.contains(" more groups: "))
}

/// `"camilla"` becomes hidden; an open quotation mark hides all that follows.
fn without_quoted(text: &str) -> String {
    let (mut out, mut quoted, mut escaped) = (String::with_capacity(text.len()), false, false);
    for c in text.chars() {
        match (quoted, c) {
            (false, '"') => {
                out.push_str(HIDDEN);
                quoted = true;
            }
            (false, _) => out.push(c),
            (true, _) if escaped => escaped = false,
            (true, '\\') => escaped = true,
            (true, '"') => quoted = false,
            (true, _) => {}
        }
    }
    out
}

/// Every occurrence of `value`, in small and capital letters, hidden.
fn without(text: &str, value: &str) -> String {
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(c) = rest.chars().next() {
        if rest.get(..value.len()).is_some_and(|start| start.eq_ignore_ascii_case(value)) {
            out.push_str(HIDDEN);
            rest = rest.get(value.len()..).unwrap_or_default();
        } else {
            out.push(c);
            rest = rest.get(c.len_utf8()..).unwrap_or_default();
        }
    }
    out
}

/// What a plan does; the longer first where one begins like another.
const DONE: [&str; 29] = [
    "warn of a shared e-mail address",
    "warn of the name",
    "leave groups of the attribute",
    "leave groups that the attribute does not name",
    "read no groups from the attribute",
    "read",
    "bind user",
    "create user",
    "leave user",
    "activate user",
    "tag user",
    "rename user",
    "deactivate user",
    "store the IdP id",
    "create group",
    "add to group",
    "do not add to group",
    "stay in group",
    "remove from group",
    "ask to remove from group",
    "no longer ask to remove from group",
    "ignore group",
    "confirm group",
    "no longer confirm group",
    "refuse",
    "create none of",
    "give up",
    "keep",
    "set",
];

/// Lines that only count.
const COUNTS: [&str; 2] = ["create none of", "ignore"];

const FIELDS: [&str; 4] = ["full name", "e-mail", "e-mail address", "email"];

/// Reasons without any value in them, or their beginning.
const REASONS: [&str; 20] = [
    "these stay two users; if they are one person, let provisioning.find_by find users by another \
     value than the user id, and remove one of the two",
    "which means none (provisioning.groups.absent)",
    "nothing is known",
    "there are too many groups to name",
    "the group attribute names it",
    "the group attribute no longer names it",
    "it is among the User Groups",
    "it is among the groups of service desk customers",
    "there is no such group",
    "there is none yet",
    "are protected",
    "are kept",
    "the IdP sends another value",
    "a step clears it",
    "no group can have this name",
    "one sign-in removes at most",
    "one sign-in creates at most",
    "the user is in the protected group",
    "Enable User Creation or Update",
    "waits for approval",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn mask(revealed: bool) -> Mask {
        Mask::new(Some("camilla"), None, revealed)
    }

    #[test]
    fn names_groups_and_values_are_hidden_in_every_line_of_a_plan() {
        for (line, masked) in [
            ("create user camilla: new", "create user •••"),
            (
                "set full name to Camilla: the IdP sends another value",
                "set full name to •••: the IdP sends another value",
            ),
            (
                "add to group hr: x: the group attribute names it: groups = hr: x",
                "add to group •••: the group attribute names it",
            ),
            (
                "ignore group secret: there is no such group",
                "ignore group •••: there is no such group",
            ),
            (
                "create none of 30 missing groups: one sign-in creates at most 20",
                "create none of 30 missing groups: one sign-in creates at most 20",
            ),
            ("ignore 3 more groups: there are many", "ignore 3 more groups: there are many"),
            (
                "warn of a shared e-mail address: kim has kim@x: these stay two users; if they are one \
                 person, let provisioning.find_by find users by another value than the user id, and \
                 remove one of the two",
                "warn of a shared e-mail address •••: these stay two users; if they are one person, let \
                 provisioning.find_by find users by another value than the user id, and remove one of \
                 the two",
            ),
            ("warn of the name a#b: Confluence stumbles over it", "warn of the name •••"),
            ("something new about gonzo", "•••"),
        ] {
            assert_eq!(mask(false).plan(line), masked);
            assert_eq!(mask(true).plan(line), line);
        }
    }

    #[test]
    fn a_refusal_says_what_happened_and_not_to_whom() {
        let mask = mask(false);
        assert_eq!(mask.sentence("User ID not found: \"gonzo\""), "User ID not found: •••");
        assert_eq!(mask.sentence("no name \"a\\\"b\" here"), "no name ••• here");
        assert_eq!(mask.sentence("GET / as Camilla, twice"), "GET / as •••, twice");
        assert_eq!(mask.sentence("cut \"off"), "cut •••");
        assert_eq!(mask.sentence("audience is https://x/"), "audience is https://x/");
    }
}
