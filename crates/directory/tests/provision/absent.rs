//! What a group attribute means that is not sent: nothing, unless an administrator said that it means
//! none; and then only where nothing speaks against it.

use directory::MembershipSource;
use directory::provision::{
    AbsentGroups, GroupClaim, GroupReading, Incomplete, Plan, Reading, Rules,
};

use crate::directory_model::Model;
use crate::features::patterns;
use crate::plan::{ACCOUNT, ROLE, claims, creating, reading, set};

const ELSEWHERE: &str = "memberOf";

/// An IdP that sends no attribute for somebody who is in no group.
fn means_none(attributes: &[&str]) -> Reading {
    let groups = GroupReading {
        attributes: attributes.iter().map(|name| (*name).to_owned()).collect(),
        absent: AbsentGroups::None { unless_sent: vec![ELSEWHERE.to_owned(), ROLE.to_owned()] },
        ..GroupReading::default()
    };
    Reading { groups, ..reading() }
}

fn managing() -> Rules {
    let mut rules = creating();
    rules.groups.removal.managed = patterns(&["jira-*"]);
    rules.groups.removal.keep = patterns(&["jira-guests"]);
    rules
}

/// Camilla signs in with her groups, and again with these attributes.
fn again(reading: &Reading, rules: &Rules, said: &[(&str, Vec<&str>)]) -> (Plan, Model) {
    let groups =
        ["jira-users", "jira-developers", "jira-guests", "jira-administrators", "everybody"];
    let mut model = Model::with_groups(&groups);
    model.add_user("camilla", Some("company"));
    for group in groups {
        model.join("camilla", group, MembershipSource::GroupAttribute);
    }
    let mut all = vec![(ACCOUNT, vec!["camilla"])];
    all.extend(said.iter().cloned());
    let plan = model.sign_in(&claims(None, &all, reading).unwrap(), rules);
    (plan, model)
}

#[test]
fn an_attribute_that_is_not_sent_ends_managed_memberships_where_that_means_none() {
    let (plan, model) = again(&means_none(&[ROLE]), &managing(), &[]);
    let left = set(&["jira-guests", "jira-administrators", "everybody"]);
    assert_eq!(model.groups_of("camilla"), left, "kept, protected and unmanaged stay: {plan}");
    let said = plan.lines.iter().find(|line| line.reason.contains("provisioning.groups.absent"));
    assert!(said.unwrap().what.contains(ROLE), "{plan}");
    let (plan, model) = again(&reading(), &managing(), &[]);
    assert_eq!(model.groups_of("camilla").len(), 5, "by default nothing is known: {plan}");
}

#[test]
fn the_limit_of_removals_holds_where_absent_means_none() {
    let mut rules = managing();
    rules.groups.removal.most = Some(1);
    let (plan, model) = again(&means_none(&[ROLE]), &rules, &[]);
    assert_eq!((plan.remove.len(), plan.await_removal.len()), (1, 1), "{plan}");
    assert_eq!(model.groups_of("camilla").len(), 4);
}

#[test]
fn absent_never_means_none_where_something_speaks_of_groups() {
    let link = "http://schemas.microsoft.com/claims/groups.link";
    for (attributes, said, reason) in [
        (&[ROLE][..], (link, vec!["https://graph.example"]), "too many groups"),
        (&[ROLE], ("_claim_names", vec!["{}"]), "too many groups"),
        (&[ROLE], (ELSEWHERE, vec!["jira-users"]), ELSEWHERE),
        (&[ROLE], ("MemberOf ", vec![]), "MemberOf"),
        (&["groups"], (ROLE, vec!["jira-users"]), ROLE),
    ] {
        let (plan, model) =
            again(&means_none(attributes), &managing(), std::slice::from_ref(&said));
        assert_eq!(model.groups_of("camilla").len(), 5, "{said:?}: {plan}");
        assert!(plan.lines.iter().any(|line| line.reason.contains(reason)), "{said:?}: {plan}");
        assert!(!plan.to_string().contains("groups.absent"), "{plan}");
    }
    let mut unread = claims(None, &[(ACCOUNT, vec!["camilla"])], &means_none(&[ROLE])).unwrap();
    unread.groups = unread.groups.with_unread();
    assert_eq!(unread.groups, GroupClaim::Incomplete(Incomplete::Unread, Vec::new()));
}

#[test]
fn an_attribute_of_something_else_is_no_sign_of_groups() {
    for said in [("department", vec!["jira-users"]), ("memberOfDepartment", vec!["x"])] {
        let (plan, model) = again(&means_none(&[ROLE]), &managing(), std::slice::from_ref(&said));
        assert_eq!(model.groups_of("camilla").len(), 3, "{said:?}: {plan}");
    }
}

#[test]
fn of_several_attributes_those_that_were_sent_count() {
    let both = means_none(&["teams", ROLE]);
    let said = [("teams", vec!["jira-users"])];
    let (plan, model) = again(&both, &managing(), &said);
    assert!(model.groups_of("camilla").contains("jira-users"), "{plan}");
    assert!(!model.groups_of("camilla").contains("jira-developers"), "{plan}");
    let read = claims(None, &[(ACCOUNT, vec!["camilla"])], &both).unwrap();
    assert_eq!(read.groups_as_none, ["teams", ROLE]);
    // One that is read is no sign that the settings miss the groups.
    let said = [(ROLE, vec!["jira-developers"])];
    let (plan, model) = again(&both, &managing(), &said);
    assert!(!model.groups_of("camilla").contains("jira-users"), "{plan}");
}

#[test]
fn without_a_group_attribute_in_the_settings_absent_means_nothing() {
    let read = claims(None, &[(ACCOUNT, vec!["camilla"])], &means_none(&[])).unwrap();
    assert_eq!(read.groups, GroupClaim::Absent);
}
