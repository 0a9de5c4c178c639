//! What a sign-in changes: the sample of the second seed, and every rule around it.

use std::collections::BTreeSet;

use directory::provision::{
    Claims, GroupClaim, GroupReading, GroupSeparator, MissingEmail, NameId, Reading, Refusal,
    Rules, Source, UserChange, ValueRule,
};

use crate::directory_model::{Model, company, group_names};

pub(crate) const ACCOUNT: &str =
    "http://schemas.microsoft.com/ws/2008/06/identity/claims/windowsaccountname";
const NAME: &str = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name";
const EMAIL: &str = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress";
pub(crate) const ROLE: &str = "http://schemas.microsoft.com/ws/2008/06/identity/claims/role";

/// The sample Response: no NameID, the e-mail address twice, the groups joined by a comma.
pub(crate) fn camilla() -> Vec<(&'static str, Vec<&'static str>)> {
    vec![
        (ACCOUNT, vec!["camilla"]),
        (NAME, vec!["Camilla the Chicken"]),
        (EMAIL, vec!["camilla@muppets.com"]),
        (EMAIL, vec!["camilla@muppets.com"]),
        (ROLE, vec!["jira-testgroup1,jira-testgroup2"]),
    ]
}

/// The settings that the seed describes for its sample.
pub(crate) fn reading() -> Reading {
    Reading {
        user_id: from(&[ACCOUNT]),
        full_name: from(&[NAME]),
        email: from(&[EMAIL]),
        groups: GroupReading {
            attributes: vec![ROLE.to_owned()],
            separator: GroupSeparator::Literal(",".to_owned()),
            ..GroupReading::default()
        },
        ..Reading::default()
    }
}

/// The first of these attributes or templates that has a value.
pub(crate) fn from(sources: &[&str]) -> ValueRule {
    let sources = sources.iter().map(|text| Source::parse(text).unwrap()).collect();
    ValueRule { sources, steps: Vec::new() }
}

/// The user id is the NameID, and nothing else is read.
pub(crate) fn name_id() -> Reading {
    let user_id = ValueRule { sources: vec![Source::NameId], steps: Vec::new() };
    Reading { user_id, ..Reading::default() }
}

pub(crate) fn claims(
    name_id: Option<&str>,
    attributes: &[(&str, Vec<&str>)],
    reading: &Reading,
) -> Result<Claims, Refusal> {
    reading.claims(name_id.map(|value| NameId { value, format: None }), attributes)
}

pub(crate) fn creating() -> Rules {
    Rules { create_or_update: true, ..company() }
}

pub(crate) fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn the_sample_is_read_as_the_person_it_describes() {
    let said = claims(None, &camilla(), &reading()).unwrap();
    assert_eq!(said.user_id, "camilla");
    assert_eq!(said.full_name.as_deref(), Some("Camilla the Chicken"));
    assert_eq!(said.email.as_deref(), Some("camilla@muppets.com"));
    let groups = vec!["jira-testgroup1".to_owned(), "jira-testgroup2".to_owned()];
    assert_eq!(group_names(&said.groups), Some(groups));
}

#[test]
fn an_unknown_user_is_refused_while_creation_is_off() {
    let said = claims(None, &camilla(), &reading()).unwrap();
    let mut model = Model::with_groups(&["jira-testgroup1"]);
    let plan = model.sign_in(&said, &company());
    assert_eq!(plan.refusal().map(Refusal::code), Some("user_not_found"));
    assert!(plan.refusal().unwrap().to_string().starts_with("User ID not found"));
    assert!(plan.add.is_empty());
    assert!(model.users.is_empty());
}

#[test]
fn an_unknown_user_is_created_and_given_only_the_groups_that_exist() {
    let said = claims(None, &camilla(), &reading()).unwrap();
    let mut model = Model::with_groups(&["JIRA-testgroup1", "unrelated"]);
    let plan = model.sign_in(&said, &creating());
    assert!(matches!(plan.user, UserChange::Create { .. }), "{plan:?}");
    let user = model.user("camilla").unwrap();
    assert_eq!(user.full_name, "Camilla the Chicken");
    assert_eq!(user.email, "camilla@muppets.com");
    assert_eq!(user.idp.as_deref(), Some("company"), "tagged");
    assert_eq!(model.groups_of("camilla"), set(&["JIRA-testgroup1"]));
    let ignored = plan.lines.iter().find(|line| line.what == "ignore group jira-testgroup2");
    assert_eq!(ignored.map(|line| line.reason.as_str()), Some("there is no such group"));
}

#[test]
fn only_users_that_a_sign_in_created_are_updated() {
    let said = claims(None, &camilla(), &reading()).unwrap();
    let mut model = Model::with_groups(&["jira-testgroup1"]);
    model.add_user("camilla", None);
    let plan = model.sign_in(&said, &creating());
    assert_eq!(plan.user, UserChange::Leave);
    assert!(model.groups_of("camilla").is_empty(), "groups least of all");
    assert_eq!(model.user("camilla").unwrap().full_name, "camilla in full");
    assert!(plan.lines.iter().any(|line| line.reason.contains("no tag")), "{plan:?}");

    let mut model = Model::with_groups(&["jira-testgroup1"]);
    model.add_user("camilla", Some("company"));
    model.sign_in(&said, &creating());
    assert_eq!(model.user("camilla").unwrap().full_name, "Camilla the Chicken");
    assert_eq!(model.user("camilla").unwrap().email, "camilla@muppets.com");
    assert_eq!(model.groups_of("camilla"), set(&["jira-testgroup1"]));
}

#[test]
fn existing_users_without_a_tag_are_updated_when_the_setting_says_so() {
    let said = claims(None, &camilla(), &reading()).unwrap();
    let mut model = Model::with_groups(&["jira-testgroup1"]);
    model.add_user("camilla", None);
    model.sign_in(&said, &Rules { update_existing: true, ..creating() });
    let user = model.user("camilla").unwrap();
    assert_eq!(user.full_name, "Camilla the Chicken");
    assert_eq!(user.idp, None, "updating is not adopting");
    assert_eq!(model.groups_of("camilla"), set(&["jira-testgroup1"]));
}

#[test]
fn user_groups_are_given_to_everyone_beside_those_of_the_attribute() {
    let said = claims(None, &camilla(), &reading()).unwrap();
    let mut model = Model::with_groups(&["jira-testgroup1", "jira-users", "other"]);
    let user_groups = vec!["jira-users".to_owned(), "nowhere".to_owned()];
    let rules = Rules { user_groups, ..creating() };
    let plan = model.sign_in(&said, &rules);
    assert_eq!(model.groups_of("camilla"), set(&["jira-testgroup1", "jira-users"]));
    assert!(plan.lines.iter().any(|line| line.what == "ignore group nowhere"));

    let mut without = camilla();
    without.pop();
    let said = claims(None, &without, &reading()).unwrap();
    let mut model = Model::with_groups(&["jira-testgroup1", "jira-users"]);
    model.sign_in(&said, &rules);
    assert_eq!(model.groups_of("camilla"), set(&["jira-users"]), "each source by itself");
}

#[test]
fn a_missing_group_attribute_leaves_the_groups_as_they_are() {
    let mut model = Model::with_groups(&["jira-testgroup1", "jira-testgroup2"]);
    model.sign_in(&claims(None, &camilla(), &reading()).unwrap(), &creating());
    let mut without = camilla();
    without.pop();
    let said = claims(None, &without, &reading()).unwrap();
    assert_eq!(said.groups, GroupClaim::Absent);
    let plan = model.sign_in(&said, &creating());
    assert_eq!(model.groups_of("camilla"), set(&["jira-testgroup1", "jira-testgroup2"]));
    assert!(plan.lines.iter().any(|line| line.reason.contains("nothing is known")), "{plan:?}");
}

#[test]
fn an_attribute_that_nobody_could_read_may_name_groups_so_none_is_left() {
    let mut model = Model::with_groups(&["jira-testgroup1", "jira-testgroup2"]);
    model.sign_in(&claims(None, &camilla(), &reading()).unwrap(), &creating());
    let before = model.groups_of("camilla");
    let mut attributes = camilla();
    attributes.pop();
    attributes.push((ROLE, vec!["jira-testgroup1"]));
    let mut said = claims(None, &attributes, &reading()).unwrap();
    said.groups = said.groups.with_unread();
    assert!(!said.groups.is_complete() && said.groups.groups().len() == 1);
    let plan = model.sign_in(&said, &creating());
    assert_eq!(model.groups_of("camilla"), before);
    assert!(plan.lines.iter().any(|line| line.reason.contains("encrypted")), "{plan:?}");
}

#[test]
fn an_empty_group_attribute_is_not_a_missing_one() {
    let mut attributes = camilla();
    attributes.pop();
    attributes.push((ROLE, vec!["", "  "]));
    let said = claims(None, &attributes, &reading()).unwrap();
    assert_eq!(said.groups, GroupClaim::Values(Vec::new()));
}

#[test]
fn what_the_idp_does_not_send_stays_as_it_is() {
    let mut model = Model::default();
    model.add_user("camilla", Some("company"));
    let said = claims(None, &[(ACCOUNT, vec!["camilla"])], &reading()).unwrap();
    let plan = model.sign_in(&said, &creating());
    assert_eq!(plan.user, UserChange::Leave);
    assert_eq!(model.user("camilla").unwrap().email, "camilla@example.org");
}

#[test]
fn a_user_id_is_never_invented() {
    for attributes in [vec![], vec![(ACCOUNT, vec![])], vec![(ACCOUNT, vec!["", " \t "])]] {
        let refusal = claims(Some("someone"), &attributes, &reading()).unwrap_err();
        assert_eq!(refusal.code(), "user_id_missing", "{attributes:?}");
        assert!(refusal.to_string().contains(ACCOUNT), "it says where it looked");
    }
    let refusal = claims(None, &camilla(), &name_id()).unwrap_err();
    assert_eq!(refusal.code(), "user_id_missing", "no NameID in the sample");
}

#[test]
fn two_user_ids_are_refused_and_one_sent_twice_is_not() {
    let twice = [(ACCOUNT, vec!["camilla", " Camilla "]), (ACCOUNT, vec!["", "CAMILLA"])];
    assert_eq!(claims(None, &twice, &reading()).unwrap().user_id, "camilla");
    let two = [(ACCOUNT, vec!["camilla"]), (ACCOUNT, vec!["gonzo"])];
    assert_eq!(claims(None, &two, &reading()).unwrap_err().code(), "user_id_ambiguous");
}

#[test]
fn a_name_that_could_fool_a_reader_is_no_user_id() {
    let long = "x".repeat(100_000);
    for id in ["cam\u{202e}illa", "cam\u{0}illa", "cam\nilla", "\u{feff}camilla", &long] {
        let refusal = claims(Some(id), &[], &name_id()).unwrap_err();
        assert_eq!(refusal.code(), "user_id_invalid", "{refusal}");
        assert!(refusal.to_string().len() < 2_000, "the message is bounded");
    }
    for id in ["Søren Ålborg", "山田太郎", "o'brien", "DOMAIN\\camilla", "🐔"] {
        assert_eq!(claims(Some(id), &[], &name_id()).unwrap().user_id, id);
    }
}

#[test]
fn a_new_user_without_an_address_is_refused_or_given_one_that_leads_nowhere() {
    let said = claims(None, &[(ACCOUNT, vec!["camilla"])], &reading()).unwrap();
    let mut model = Model::default();
    let refused = model.sign_in(&said, &creating());
    assert_eq!(refused.refusal().map(Refusal::code), Some("email_missing"));
    assert!(model.users.is_empty());
    let rules = Rules { missing_email: MissingEmail::Placeholder, ..creating() };
    model.sign_in(&said, &rules);
    let user = model.user("camilla").unwrap();
    assert_eq!((user.email.as_str(), user.full_name.as_str()), ("camilla@invalid", "camilla"));
}

#[test]
fn an_inactive_user_and_one_of_another_idp_are_refused() {
    let said = claims(None, &camilla(), &reading()).unwrap();
    let mut model = Model::with_groups(&["jira-testgroup1"]);
    model.add_user("camilla", Some("company"));
    model.users[0].user.active = false;
    let refused = model.sign_in(&said, &creating());
    assert_eq!(refused.refusal().map(Refusal::code), Some("user_inactive"));
    model.users[0].user.active = true;
    model.users[0].user.idp = Some("partner".to_owned());
    model.users[0].bound.as_mut().unwrap().idp = "partner".to_owned();
    let refused = model.sign_in(&said, &creating());
    assert_eq!(refused.refusal().map(Refusal::code), Some("user_of_other_idp"));
    assert!(model.groups_of("camilla").is_empty());
}

#[test]
fn names_differ_by_case_in_neither_users_nor_groups() {
    let mut attributes = camilla();
    attributes[0].1 = vec!["CAMILLA"];
    attributes[4].1 = vec!["Ärzte,ÄRZTE,ärzte, Jira-TestGroup1"];
    let said = claims(None, &attributes, &reading()).unwrap();
    let mut model = Model::with_groups(&["ärzte", "jira-testgroup1"]);
    model.add_user("camilla", Some("company"));
    let plan = model.sign_in(&said, &creating());
    assert_eq!(plan.add.len(), 2, "each group once");
    assert_eq!(model.users.len(), 1);
    assert_eq!(model.user("camilla").unwrap().name, "camilla", "the stored spelling stays");
}

#[test]
fn group_values_are_split_as_the_separator_says() {
    let read = |separator: GroupSeparator, values: Vec<&str>| {
        let mut reading = reading();
        reading.groups.separator = separator;
        let said = claims(None, &[(ACCOUNT, vec!["camilla"]), (ROLE, values)], &reading).unwrap();
        group_names(&said.groups).unwrap()
    };
    assert_eq!(read(GroupSeparator::Auto, vec!["a, b ,,A"]), ["a", "b"]);
    assert_eq!(read(GroupSeparator::Auto, vec!["a,b", "c"]), ["a,b", "c"], "several values");
    let dn = "CN=staff,OU=groups,DC=example,DC=org";
    assert_eq!(read(GroupSeparator::Auto, vec![dn]), [dn], "a distinguished name is one group");
    assert_eq!(read(GroupSeparator::None, vec!["a,b"]), ["a,b"]);
    let comma = GroupSeparator::Literal(",".to_owned());
    assert_eq!(read(comma, vec![dn, "a,b", "c"]), [dn, "a", "b", "c"], "nor torn at a comma");
    let semicolon = GroupSeparator::Literal(";".to_owned());
    assert_eq!(read(semicolon, vec!["a;b,c", "d; e"]), ["a", "b,c", "d", "e"]);
    assert_eq!(read(GroupSeparator::Literal(String::new()), vec!["a,b"]), ["a,b"]);
}

#[test]
fn ten_thousand_groups_are_read_exactly() {
    let groups: Vec<String> = (0..10_000).map(|n| format!("group-{n}")).collect();
    let values = groups.iter().map(String::as_str).collect();
    let said = claims(None, &[(ACCOUNT, vec!["camilla"]), (ROLE, values)], &reading()).unwrap();
    let mut model = Model::with_groups(&["group-0", "group-5000", "group-9999", "group-10000"]);
    model.add_user("camilla", Some("company"));
    let plan = model.sign_in(&said, &creating());
    assert_eq!(plan.add.len(), 3);
    assert_eq!(model.groups_of("camilla"), set(&["group-0", "group-5000", "group-9999"]));
}

#[test]
fn a_value_of_100_kb_makes_neither_a_group_nor_an_endless_message() {
    let long = "ü".repeat(50_000);
    let mut attributes = camilla();
    attributes[1].1 = vec![&long];
    attributes[4].1 = vec![&long, "jira-testgroup1"];
    let said = claims(None, &attributes, &reading()).unwrap();
    let mut model = Model::with_groups(&["jira-testgroup1"]);
    let plan = model.sign_in(&said, &creating());
    assert_eq!(model.user("camilla").unwrap().full_name, "ü".repeat(255), "cut, not refused");
    assert_eq!(model.groups_of("camilla"), set(&["jira-testgroup1"]));
    for line in &plan.lines {
        assert!(line.what.len() + line.reason.len() < 2_000, "{} bytes", line.what.len());
    }
}

#[test]
fn a_name_of_control_characters_is_no_name() {
    let mut attributes = camilla();
    attributes[1].1 = vec!["\u{1}\u{7f}", "Camilla\r\nthe Chicken\u{0}"];
    attributes[4].1 = vec!["jira\u{0}testgroup1"];
    let said = claims(None, &attributes, &reading()).unwrap();
    assert_eq!(said.full_name.as_deref(), Some("Camilla  the Chicken"));
    let mut model = Model::with_groups(&["jira-testgroup1"]);
    let plan = model.sign_in(&said, &creating());
    assert!(plan.add.is_empty());
    for line in &plan.lines {
        assert!(!line.what.chars().any(char::is_control), "{:?}", line.what);
    }
}
