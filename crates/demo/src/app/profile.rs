//! What differs between versions of the apps, one row for each.
//!
//! Rows hold what a Crowd server, a gateway or a browser can see of a version and nothing else.
//! Each column says how sure it is: [C] published by the maker, [S] seen in third-party copies of
//! the apps, [I] inferred by us, [U] not found out, so chosen. Nothing here was compared with a
//! running Jira or Confluence.

use serde::{Deserialize, Serialize};

/// A version of an app that a double can play.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Profile {
    /// A Jira 7: copies a user at the first log-in only.
    Jira7,
    /// A Jira 9: refreshes the user at every log-in.
    Jira9,
    /// A Confluence 7.
    Confluence7,
}

/// Which program it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Product {
    Jira,
    Confluence,
}

/// What a log-in copies from a Crowd server into the app's own copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Copying {
    /// Only users who are missing, and only into groups that the copy has already; the other
    /// groups come with the next synchronisation [S; older manuals say the same, C].
    Old,
    /// Name, mail and active flag at every log-in; groups by the directory's setting, missing
    /// groups are made; a renamed user is found by its key [S; documented for Jira 9.10, C].
    New,
}

/// The search by which Test Connection finds out whether anybody answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TestSearch {
    /// Every user, at most one [S].
    Everything,
    /// Users without a name: there are none, and 200 with an empty list is wanted [S].
    Nameless,
}

/// One row: everything that depends on the version.
#[derive(Debug)]
pub(crate) struct Behaviour {
    pub(crate) product: Product,
    /// Shown in the footer and by the server-info resource.
    pub(crate) version: &'static str,
    pub(crate) copying: Copying,
    pub(crate) test_search: TestSearch,
    /// Wrong passwords before a CAPTCHA is asked for; `None`: never.
    pub(crate) captcha_after: Option<u32>,
    /// `os_username` and `os_password` in the query of any page log in, as Seraph's filter does.
    pub(crate) query_log_in: bool,
    /// The groups of which a user needs one to use the app.
    pub(crate) access_groups: &'static [&'static str],
}

impl Profile {
    /// The row of this version.
    pub(crate) fn behaviour(self) -> &'static Behaviour {
        match self {
            Profile::Jira7 => &JIRA_7,
            Profile::Jira9 => &JIRA_9,
            Profile::Confluence7 => &CONFLUENCE_7,
        }
    }

    /// Reads the name as the command line writes it: `jira9`.
    pub fn parse(name: &str) -> Option<Self> {
        let all = [Profile::Jira7, Profile::Jira9, Profile::Confluence7];
        all.into_iter().find(|profile| profile.name() == name)
    }

    /// The name as the command line writes it.
    pub fn name(self) -> &'static str {
        match self {
            Profile::Jira7 => "jira7",
            Profile::Jira9 => "jira9",
            Profile::Confluence7 => "confluence7",
        }
    }
}

const JIRA_7: Behaviour = Behaviour {
    product: Product::Jira,
    version: "7.13.18",
    // The boundary between old and new is [U]; the old rule for Jira 7 is [I].
    copying: Copying::Old,
    // Which version began to ask for nameless users is [U].
    test_search: TestSearch::Everything,
    // Jira's number is a setting, blank is off [C]; three as shipped is [I].
    captcha_after: Some(3),
    // Whether Jira 7 still takes them is [I].
    query_log_in: true,
    // Application access by group [C]; these names are the shipped ones [I].
    access_groups: &["jira-software-users", "jira-administrators"],
};

const JIRA_9: Behaviour = Behaviour {
    version: "9.12.17",
    // "Refreshed at every log-in" is documented for 9.10 [C].
    copying: Copying::New,
    test_search: TestSearch::Nameless,
    // Credentials in the address were taken out of newer versions [I].
    query_log_in: false,
    ..JIRA_7
};

const CONFLUENCE_7: Behaviour = Behaviour {
    product: Product::Confluence,
    version: "7.19.30",
    // An embedded Crowd of 2018 or later has the new rules; Confluence 7 should have it [I].
    copying: Copying::New,
    test_search: TestSearch::Nameless,
    // Three unless set otherwise [C].
    captcha_after: Some(3),
    query_log_in: true,
    access_groups: &["confluence-users", "confluence-administrators"],
};
