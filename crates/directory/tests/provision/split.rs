//! One value of the group attribute never becomes two rights, unless an administrator named the
//! separator; and nobody joins a protected group by any spelling of a value.

use directory::provision::{
    GroupReading, GroupSeparator, NoMatch, Plan, Reading, Rules, Step, Transformation,
};

use crate::directory_model::Model;
use crate::features::patterns;
use crate::plan::{ACCOUNT, ROLE, claims, creating, reading};

/// What a sign-in with these values of the role attribute plans, and the groups after it.
fn signs_in(
    groups: &[&str],
    reading: &Reading,
    rules: &Rules,
    values: &[&str],
) -> (Plan, Vec<String>) {
    let mut model = Model::with_groups(groups);
    let said = [(ACCOUNT, vec!["camilla"]), (ROLE, values.to_vec())];
    let rules =
        Rules { missing_email: directory::provision::MissingEmail::Placeholder, ..rules.clone() };
    let plan = model.sign_in(&claims(None, &said, reading).unwrap(), &rules);
    (plan, model.groups_of("camilla").into_iter().collect())
}

fn by_default() -> Reading {
    let groups = GroupReading { attributes: vec![ROLE.to_owned()], ..GroupReading::default() };
    Reading { groups, ..reading() }
}

fn separated(separator: &str) -> Reading {
    let mut reading = by_default();
    reading.groups.separator = GroupSeparator::Literal(separator.to_owned());
    reading
}

const GROUPS: &[&str] = &["jira-administrators", "jira-users", "Lunch", "Sales", "EMEA"];

#[test]
fn by_default_a_value_is_one_group_whatever_it_holds() {
    for value in [
        "Lunch, jira-administrators",
        "Lunch,jira-users",
        "Lunch;jira-users",
        "Lunch; jira-users",
        "Lunch|jira-users",
        "Lunch\njira-users",
        "Lunch\tjira-users",
        "Lunch\u{ff0c}jira-users",
        "Lunch\u{3001}jira-users",
        ",jira-users",
        "jira-users,",
        "\"Lunch\",\"jira-users\"",
        "CN=Lunch,OU=x, jira-users",
        "Sales, EMEA",
    ] {
        let (plan, groups) = signs_in(GROUPS, &by_default(), &creating(), &[value]);
        assert!(groups.is_empty(), "{value:?} gave {groups:?}: {plan}");
    }
    let (_, groups) = signs_in(&["Sales, EMEA"], &by_default(), &creating(), &["Sales, EMEA"]);
    assert_eq!(groups, ["Sales, EMEA"], "a group's name may hold a comma");
}

#[test]
fn a_named_separator_splits_and_the_plan_says_what_it_split() {
    let (plan, groups) =
        signs_in(GROUPS, &separated(","), &creating(), &["Lunch, jira-users", "Sales"]);
    assert_eq!(groups, ["Lunch", "Sales", "jira-users"]);
    let split: Vec<_> =
        plan.lines.iter().filter(|line| line.what.starts_with("read 2 groups")).collect();
    let [split] = split[..] else { panic!("{plan}") };
    assert!(split.reason.contains("Lunch, jira-users"), "{split}");
    assert!(split.reason.contains("provisioning.groups.separator"), "{split}");
    assert_eq!(plan.joined_with, None);
}

#[test]
fn a_value_whose_parts_are_groups_is_pointed_out_with_the_setting() {
    for (value, separator) in
        [("Lunch, jira-users", ","), ("jira-users;other", ";"), (",Lunch,x,", ",")]
    {
        let (plan, groups) = signs_in(GROUPS, &by_default(), &creating(), &[value]);
        assert!(groups.is_empty());
        assert_eq!(plan.joined_with, Some(separator), "{value}: {plan}");
        let hint = plan.lines.iter().find(|line| line.reason.contains("groups.separator")).unwrap();
        assert!(hint.reason.contains(&format!("to \"{separator}\"")), "{hint}");
    }
    let mut creates = creating();
    creates.groups.create_missing = true;
    let (plan, _) = signs_in(GROUPS, &by_default(), &creates, &["Lunch, jira-users"]);
    assert_eq!(
        plan.joined_with,
        Some(","),
        "also where the value would become a new group: {plan}"
    );
    for (groups, value) in [
        (&["Sales, EMEA", "Sales"][..], "Sales, EMEA"),
        (&["Sales"], "North, South"),
        (&["CN=Lunch", "OU=x"], "CN=Lunch,OU=x"),
        (&["Sales"], "Sales"),
    ] {
        let (plan, _) = signs_in(groups, &by_default(), &creating(), &[value]);
        assert_eq!(plan.joined_with, None, "{value}: {plan}");
    }
}

#[test]
fn the_hint_reads_parts_as_a_separator_would() {
    let mut mapped = by_default();
    mapped.groups.names = [("5b1c", "Lunch")].into_iter().collect();
    let prefix = Transformation::Prefix("jira-".to_owned());
    mapped.groups.steps = vec![Step { transformation: prefix, no_match: NoMatch::Keep }];
    let (plan, _) = signs_in(GROUPS, &mapped, &creating(), &["5b1c,users"]);
    let hint = plan.lines.iter().find(|line| line.reason.contains("groups.separator")).unwrap();
    assert!(hint.reason.contains("Lunch, jira-users"), "{hint}");
}

#[test]
fn nobody_joins_a_protected_group_unless_the_administrator_named_it() {
    for separator in [by_default(), separated(","), separated(";")] {
        for value in [
            "jira-administrators",
            "JIRA-Administrators",
            "x,jira-administrators ,y",
            "x; jira-administrators",
        ] {
            let (plan, groups) = signs_in(GROUPS, &separator, &creating(), &[value]);
            assert!(groups.is_empty(), "{value}: {groups:?}, {plan}");
        }
    }
    let mut named = creating();
    named.groups.add_to_protected = patterns(&["jira-administrators"]);
    let both = ["jira-administrators", "confluence-administrators"];
    let (_, groups) = signs_in(&both, &by_default(), &named, &both);
    assert_eq!(groups, ["jira-administrators"], "only the one that is named");
    let joined = ["Lunch, jira-administrators"];
    assert!(signs_in(GROUPS, &by_default(), &named, &joined).1.is_empty(), "one value, one group");
}
