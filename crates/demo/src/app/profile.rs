//! What differs between versions of the apps, one row for each.
//!
//! Rows hold what a Crowd server, a gateway or a browser can see of a version and nothing else.
//! Each value names its fact (F1 and so on), which stands with its source in `docs/doubles.md`, and
//! says how sure it is: [C] published by the maker, [S] seen in third-party copies of the apps, [I]
//! inferred by us, [U] not found out, so chosen. Nothing here was compared with a running Jira or
//! Confluence.

use serde::Serialize;

/// A version of an app that a double can play.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(into = "&'static str")]
pub enum Profile {
    /// A Jira 5.2: the dashboard's log-in sits in a frame of its own.
    Jira52,
    /// A Jira 7: copies a user at the first log-in only.
    Jira7,
    /// A Jira 9: refreshes the user at every log-in.
    Jira9,
    /// A Jira 10 whose log-in page is drawn by a script, for two steps.
    Jira10Tsv,
    /// A Confluence 5.
    Confluence5,
    /// A Confluence 7.
    Confluence7,
    /// A Confluence 10 whose log-in page is drawn by a script, for two steps.
    Confluence10Tsv,
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

/// The log-in page and where it sends the password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LogInForm {
    /// A form in the page, posted as a form.
    Legacy,
    /// Drawn by a script and posted as JSON. What becomes of a post to the old form's address in
    /// such a version is [U]; the doubles have no such address any more.
    TwoStep,
}

/// How Jira's dashboard lets a stranger log in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gadget {
    /// A form in the page itself, as public test code drives it without switching frames [I].
    Inline,
    /// The same form in a frame [I].
    Frame,
    /// No form: a link to the log-in page. What newer versions show is [U].
    Link,
}

/// One row: everything that depends on the version.
#[derive(Debug)]
pub(crate) struct Behaviour {
    pub(crate) product: Product,
    /// Shown in the footer and by the server-info resource.
    pub(crate) version: &'static str,
    pub(crate) copying: Copying,
    pub(crate) test_search: TestSearch,
    pub(crate) log_in_form: LogInForm,
    pub(crate) gadget: Gadget,
    /// Wrong passwords before a CAPTCHA is asked for; `None`: never.
    pub(crate) captcha_after: Option<u32>,
    /// `os_username` and `os_password` in the query of any page log in, as Seraph's filter does.
    pub(crate) query_log_in: bool,
    /// The groups of which a user needs one to use the app.
    pub(crate) access_groups: &'static [&'static str],
    /// Whether there is a service desk with its customer portal.
    pub(crate) customer_portal: bool,
    /// A content security policy that is reported and not enforced.
    pub(crate) reported_policy: Option<&'static str>,
}

const ALL: [Profile; 7] = [
    Profile::Jira52,
    Profile::Jira7,
    Profile::Jira9,
    Profile::Jira10Tsv,
    Profile::Confluence5,
    Profile::Confluence7,
    Profile::Confluence10Tsv,
];

impl Profile {
    /// The row of this version.
    pub(crate) fn behaviour(self) -> &'static Behaviour {
        match self {
            Profile::Jira52 => &JIRA_5_2,
            Profile::Jira7 => &JIRA_7,
            Profile::Jira9 => &JIRA_9,
            Profile::Jira10Tsv => &JIRA_10_TSV,
            Profile::Confluence5 => &CONFLUENCE_5,
            Profile::Confluence7 => &CONFLUENCE_7,
            Profile::Confluence10Tsv => &CONFLUENCE_10_TSV,
        }
    }

    /// Reads the name as the command line writes it: `jira9`, `confluence10-tsv`.
    pub fn parse(name: &str) -> Option<Self> {
        ALL.into_iter().find(|profile| profile.name() == name)
    }

    /// The name as the command line writes it.
    pub fn name(self) -> &'static str {
        match self {
            Profile::Jira52 => "jira52",
            Profile::Jira7 => "jira7",
            Profile::Jira9 => "jira9",
            Profile::Jira10Tsv => "jira10-tsv",
            Profile::Confluence5 => "confluence5",
            Profile::Confluence7 => "confluence7",
            Profile::Confluence10Tsv => "confluence10-tsv",
        }
    }
}

impl From<Profile> for &'static str {
    fn from(profile: Profile) -> Self {
        profile.name()
    }
}

const JIRA_5_2: Behaviour = Behaviour {
    version: "5.2.11",
    // F7: gadgets of old versions are frames [I].
    gadget: Gadget::Frame,
    // F17: Service Desk came after this version.
    customer_portal: false,
    // F13: before application access there was one group of users [I].
    access_groups: &["jira-users", "jira-administrators"],
    ..JIRA_7
};

const JIRA_7: Behaviour = Behaviour {
    product: Product::Jira,
    version: "7.13.18",
    // F2: the boundary between old and new is [U]; the old rule for Jira 7 is [I].
    copying: Copying::Old,
    // F3: which version began to ask for nameless users is [U].
    test_search: TestSearch::Everything,
    // F4 [C].
    log_in_form: LogInForm::Legacy,
    // F6 [I].
    gadget: Gadget::Inline,
    // F8: Jira's number is a setting, blank is off [C]; three as shipped is [I].
    captcha_after: Some(3),
    // F12: whether Jira 7 still takes them is [I].
    query_log_in: true,
    // F13: application access by group [C]; these names are the shipped ones [I].
    access_groups: &["jira-software-users", "jira-administrators"],
    // F17 [C].
    customer_portal: true,
    // F14: only Confluence 10 is known to have one.
    reported_policy: None,
};

const JIRA_9: Behaviour = Behaviour {
    version: "9.12.17",
    // F1: "refreshed at every log-in" is documented for 9.10 [C].
    copying: Copying::New,
    // F3 [S].
    test_search: TestSearch::Nameless,
    // F12: credentials in the address were taken out of newer versions [I].
    query_log_in: false,
    ..JIRA_7
};

const JIRA_10_TSV: Behaviour = Behaviour {
    version: "10.3.9",
    // F5: the ids of the new form are public [C]; exact first versions are [U].
    log_in_form: LogInForm::TwoStep,
    // F6: what the dashboard of a version with this form shows is [U].
    gadget: Gadget::Link,
    ..JIRA_9
};

const CONFLUENCE_5: Behaviour = Behaviour {
    version: "5.10.9",
    // F2: older than the embedded Crowd that brought the new rules [I].
    copying: Copying::Old,
    // F3 [S].
    test_search: TestSearch::Everything,
    ..CONFLUENCE_7
};

const CONFLUENCE_7: Behaviour = Behaviour {
    product: Product::Confluence,
    version: "7.19.30",
    // F1: an embedded Crowd of 2018 or later has the new rules; Confluence 7 should have it [I].
    copying: Copying::New,
    // F3 [S].
    test_search: TestSearch::Nameless,
    // F4 [C].
    log_in_form: LogInForm::Legacy,
    // F6: it is no Jira and has none.
    gadget: Gadget::Link,
    // F8: three unless set otherwise [C].
    captcha_after: Some(3),
    // F12 [I].
    query_log_in: true,
    // F13 [I].
    access_groups: &["confluence-users", "confluence-administrators"],
    // F17: it is no Jira and has none.
    customer_portal: false,
    // F14: from Confluence 10 on.
    reported_policy: None,
};

const CONFLUENCE_10_TSV: Behaviour = Behaviour {
    version: "10.2.1",
    // F5 [C]; exact first versions are [U].
    log_in_form: LogInForm::TwoStep,
    // F12 [I].
    query_log_in: false,
    // F14: `script-src` is reported only [C]; its exact value is [I].
    reported_policy: Some("script-src 'self' 'report-sample'; report-uri /rest/csp-report"),
    ..CONFLUENCE_7
};
