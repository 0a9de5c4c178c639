//! The three people of the demo. Their passwords are no secret: the log-in page shows them.

/// Somebody who can sign in at the demo's IdP.
#[derive(Debug, PartialEq, Eq)]
pub struct Person {
    /// The user id, as Jira and Confluence shall know it.
    pub id: &'static str,
    /// First name and family name, or what a Muppet has instead.
    pub full_name: &'static str,
    /// Where mail would go.
    pub email: &'static str,
    /// The groups that the IdP tells of.
    pub groups: &'static [&'static str],
    /// Shown on the log-in page.
    pub password: &'static str,
}

/// Everybody.
pub const PEOPLE: [Person; 3] = [
    Person {
        id: "camilla",
        full_name: "Camilla the Chicken",
        email: "camilla@muppets.com",
        groups: &["jira-testgroup1", "jira-testgroup2"],
        password: "cluck",
    },
    Person {
        id: "gonzo",
        full_name: "Gonzo the Great",
        email: "gonzo@muppets.com",
        groups: &["jira-testgroup1"],
        password: "cannonball",
    },
    Person {
        id: "søren",
        full_name: "Søren Ålborg",
        email: "soeren@muppets.com",
        groups: &["jira-testgroup2"],
        password: "smørrebrød",
    },
];

/// The person with this id, spelled in any case.
pub fn person(id: &str) -> Option<&'static Person> {
    PEOPLE.iter().find(|person| person.id.to_lowercase() == id.to_lowercase())
}
