//! One test for each feature that the two seeds or the provisioning issue name, with the second
//! seed's sample as the first fixture. The rows of users stand first, then those of groups.

use directory::MembershipSource::{CustomerGroups, GroupAttribute, Manual, UserGroups};
use directory::provision::{
    AccessEffect, AccessRule, Condition, CustomerRules, FindBy, GroupClaim, GroupRules, Inactivity,
    MissingEmail, NamePattern, NoMatch, Origin, Plan, Reading, Refusal, Removal, Replacement,
    Rules, Source, Step, Transformation, UserChange, ValueRule,
};

use crate::directory_model::{Model, company, group_names};
use crate::plan::{camilla, claims, creating, from, reading, set};

/// Camilla signs in; the directory has these groups.
fn camilla_signs_in(model: &mut Model, rules: &Rules) -> Plan {
    model.sign_in(&claims(None, &camilla(), &reading()).unwrap(), rules)
}

fn step(transformation: Transformation, no_match: NoMatch) -> Step {
    Step { transformation, no_match }
}

pub(crate) fn patterns(texts: &[&str]) -> Vec<NamePattern> {
    texts.iter().map(|text| NamePattern::new(text)).collect()
}

fn managing(texts: &[&str]) -> Rules {
    let removal = Removal { managed: patterns(texts), ..Removal::default() };
    Rules { groups: GroupRules { removal, ..GroupRules::default() }, ..creating() }
}

/// Camilla's sample with other values of one attribute.
fn camilla_with(index: usize, values: Vec<&'static str>) -> Vec<(&'static str, Vec<&'static str>)> {
    let mut attributes = camilla();
    attributes[index].1 = values;
    attributes
}

const GROUPS: usize = 4;

#[test]
fn no_provisioning_means_that_the_user_must_already_exist() {
    let mut model = Model::with_groups(&["jira-testgroup1"]);
    let refused = camilla_signs_in(&mut model, &company());
    assert_eq!(refused.refusal().map(Refusal::code), Some("user_not_found"));
    model.add_user("camilla", None);
    let first = camilla_signs_in(&mut model, &company());
    assert!(first.refusal().is_none() && first.user == UserChange::Leave, "{first}");
    let second = camilla_signs_in(&mut model, &company());
    assert!(second.refusal().is_none() && second.changes_nothing(), "{second}");
}

#[test]
fn create_user_at_first_login_from_attributes() {
    let mut model = Model::with_groups(&["jira-testgroup1", "jira-testgroup2"]);
    camilla_signs_in(&mut model, &creating());
    let user = model.user("camilla").unwrap();
    assert_eq!((&*user.full_name, &*user.email), ("Camilla the Chicken", "camilla@muppets.com"));
    assert_eq!(model.groups_of("camilla"), set(&["jira-testgroup1", "jira-testgroup2"]));
}

#[test]
fn update_at_later_logins() {
    let mut model = Model::default();
    camilla_signs_in(&mut model, &creating());
    let said = claims(None, &camilla_with(1, vec!["Camilla C. Chicken"]), &reading()).unwrap();
    let plan = model.sign_in(&said, &creating());
    assert_eq!(model.user("camilla").unwrap().full_name, "Camilla C. Chicken");
    assert_eq!(
        plan.lines.len(),
        4,
        "one change, the value that is split, and two groups that are not there: {plan}"
    );
}

#[test]
fn the_tag_says_who_is_updated_and_override_updates_the_others_too() {
    let mut model = Model::default();
    model.add_user("camilla", None);
    let plan = camilla_signs_in(&mut model, &creating());
    assert!(plan.user == UserChange::Leave && plan.add.is_empty(), "{plan}");
    camilla_signs_in(&mut model, &Rules { update_existing: true, ..creating() });
    let user = model.user("camilla").unwrap().clone();
    assert_eq!((&*user.full_name, user.idp), ("Camilla the Chicken", None));
}

#[test]
fn adopting_sets_the_tag_and_switching_it_off_again_keeps_it() {
    let mut model = Model::default();
    model.add_user("camilla", None);
    camilla_signs_in(&mut model, &Rules { adopt_existing: true, ..creating() });
    assert_eq!(model.user("camilla").unwrap().idp.as_deref(), Some("company"));
    let said = claims(None, &camilla_with(1, vec!["Camilla C."]), &reading()).unwrap();
    model.sign_in(&said, &creating());
    assert_eq!(model.user("camilla").unwrap().full_name, "Camilla C.");
}

#[test]
fn userid_full_name_email_and_group_attributes_are_each_read_where_the_settings_say() {
    let said = claims(Some("someone else"), &camilla(), &reading()).unwrap();
    assert_eq!(said.user_id, "camilla", "not the NameID");
    let swapped = Reading { full_name: reading().email, email: reading().full_name, ..reading() };
    let said = claims(None, &camilla(), &swapped).unwrap();
    assert_eq!(said.full_name.as_deref(), Some("camilla@muppets.com"));
    assert_eq!(said.email.as_deref(), Some("Camilla the Chicken"));
    let none = Reading { groups: Default::default(), ..reading() };
    assert_eq!(claims(None, &camilla(), &none).unwrap().groups, GroupClaim::Absent);
}

#[test]
fn several_attributes_are_tried_in_order_and_a_template_joins_two() {
    let attributes =
        [("uid", vec!["camilla"]), ("givenname", vec!["Camilla"]), ("surname", vec!["C."])];
    let named = |sources: &[&str]| {
        let reading =
            Reading { user_id: from(&["uid"]), full_name: from(sources), ..Reading::default() };
        claims(None, &attributes, &reading).unwrap().full_name
    };
    assert_eq!(named(&["displayname", "{givenname} {surname}"]).as_deref(), Some("Camilla C."));
    assert_eq!(named(&["givenname", "surname"]).as_deref(), Some("Camilla"));
    assert_eq!(named(&["{givenname} {middle}", "surname"]).as_deref(), Some("C."));
    assert_eq!(named(&["{{{givenname}}}"]).as_deref(), Some("{Camilla}"));
    for wrong in ["{givenname", "givenname}", "{}", "{a{b}}", "{{}}"] {
        assert!(Source::parse(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn attribute_transformations_run_in_their_order() {
    let read = |value: &'static str, steps: Vec<Step>| {
        let rule = ValueRule { sources: vec![Source::NameId], steps };
        let reading = Reading { user_id: rule, ..Reading::default() };
        claims(Some(value), &[], &reading).map(|said| said.user_id)
    };
    let keep = |transformation| step(transformation, NoMatch::Keep);
    use Transformation::{LowerCase, Prefix, StripDomain, StripWindowsDomain, Suffix, Trim};
    let all = vec![keep(Trim), keep(StripWindowsDomain), keep(StripDomain), keep(LowerCase)];
    assert_eq!(read(" MUPPETS\\Camilla@x.org ", all).unwrap(), "camilla");
    let around = vec![keep(Prefix("m-".to_owned())), keep(Suffix("-x".to_owned()))];
    assert_eq!(read("camilla", around).unwrap(), "m-camilla-x");
    let replace = |pattern: &str, with: &str| {
        keep(Transformation::Replace(Replacement::new(pattern, with).unwrap()))
    };
    assert_eq!(
        read("Chicken, Camilla", vec![replace("^(.+), (.+)$", "$2.$1")]).unwrap(),
        "Camilla.Chicken"
    );
    let order = vec![replace("a", "b"), replace("b", "c")];
    assert_eq!(read("ab", order).unwrap(), "cc");
}

#[test]
fn a_value_that_does_not_match_is_kept_ignored_cleared_or_refused() {
    let read = |no_match| {
        let domain = step(Transformation::StripDomain, no_match);
        let email = ValueRule { sources: from(&["mail", "other"]).sources, steps: vec![domain] };
        let attributes = [("mail", vec!["no domain"]), ("other", vec!["camilla@x.org"])];
        let user_id = ValueRule { sources: vec![Source::NameId], steps: Vec::new() };
        let reading = Reading { user_id, email, ..Reading::default() };
        claims(Some("camilla"), &attributes, &reading)
    };
    assert_eq!(read(NoMatch::Keep).unwrap().email.as_deref(), Some("no domain"));
    assert_eq!(read(NoMatch::Ignore).unwrap().email.as_deref(), Some("camilla"), "the next source");
    assert_eq!(read(NoMatch::Clear).unwrap().email.as_deref(), Some(""), "stored as empty");
    assert_eq!(read(NoMatch::Refuse).unwrap_err().code(), "no_match");
}

#[test]
fn regular_expressions_cannot_hang_and_what_cannot_be_linear_is_refused() {
    let evil = Replacement::new("^(a+)+$", "x").unwrap();
    let rule = step(Transformation::Replace(evil), NoMatch::Ignore);
    let full_name = ValueRule { sources: from(&["cn"]).sources, steps: vec![rule] };
    let long = format!("{}b", "a".repeat(100_000));
    let user_id = ValueRule { sources: vec![Source::NameId], steps: Vec::new() };
    let reading = Reading { user_id, full_name, ..Reading::default() };
    let said = claims(Some("camilla"), &[("cn", vec![&long])], &reading).unwrap();
    assert_eq!(said.full_name, None);
    assert!(Replacement::new("(?=a)b", "").is_err(), "look-around");
    assert!(Replacement::new(r"(a)\1", "").is_err(), "back-references");
    assert!(Replacement::new("(((a{100}){100}){100}){100}", "").is_err(), "too large");
}

#[test]
fn find_user_by_email_when_it_says_so_and_never_by_a_choice_of_two() {
    let rules = Rules { find_by: FindBy::Email, update_existing: true, ..creating() };
    let mut model = Model::default();
    model.add_user("chicken", None);
    model.users[0].user.email = "Camilla@Muppets.com".to_owned();
    camilla_signs_in(&mut model, &rules);
    assert_eq!(model.user("chicken").unwrap().full_name, "Camilla the Chicken");
    assert!(model.user("camilla").is_none(), "nobody new");
    model.add_user("twin", None);
    model.users[1].user.email = "camilla@muppets.com".to_owned();
    let refused = camilla_signs_in(&mut model, &rules);
    assert_eq!(refused.refusal().map(Refusal::code), Some("email_ambiguous"));
}

#[test]
fn find_user_by_user_id_is_the_default_whatever_address_is_sent() {
    let mut model = Model::default();
    model.add_user("chicken", Some("company"));
    model.users[0].user.email = "camilla@muppets.com".to_owned();
    camilla_signs_in(&mut model, &creating());
    assert!(model.user("camilla").is_some(), "a claimed address proves nothing");
    assert_eq!(model.user("chicken").unwrap().full_name, "chicken in full");
}

#[test]
fn a_rename_is_followed_by_the_id_that_the_idp_never_changes() {
    let reading = Reading { idp_id: from(&["oid"]), ..reading() };
    let rules = Rules { find_by: FindBy::IdpId, ..creating() };
    let mut attributes = camilla();
    attributes.push(("oid", vec!["8c1d-4f"]));
    let mut model = Model::default();
    model.sign_in(&claims(None, &attributes, &reading).unwrap(), &rules);
    let key = model.user("camilla").unwrap().id.clone();
    attributes[0].1 = vec!["camilla.chicken"];
    model.sign_in(&claims(None, &attributes, &reading).unwrap(), &rules);
    assert_eq!(model.user("camilla.chicken").unwrap().id, key, "the Crowd key stays");
    assert!(model.user("camilla").is_none());
    attributes.last_mut().unwrap().1 = vec!["other"];
    let stranger = model.sign_in(&claims(None, &attributes, &reading).unwrap(), &rules);
    assert_eq!(stranger.refusal().map(Refusal::code), Some("idp_id_differs"));
    attributes.pop();
    let without = model.sign_in(&claims(None, &attributes, &reading).unwrap(), &rules);
    assert_eq!(without.refusal().map(Refusal::code), Some("idp_id_missing"));
}

#[test]
fn reactivate_inactive_users_at_login_only_when_it_is_on() {
    let mut model = Model::default();
    model.add_user("camilla", Some("company"));
    model.users[0].user.active = false;
    let refused = camilla_signs_in(&mut model, &creating());
    assert_eq!(refused.refusal().map(Refusal::code), Some("user_inactive"));
    let plan = camilla_signs_in(&mut model, &Rules { reactivate: true, ..creating() });
    assert!(plan.refusal().is_none() && model.users[0].user.active, "{plan}");
}

#[test]
fn whoever_stays_away_becomes_inactive_unless_exempt() {
    let rule = Inactivity {
        days: 90,
        except_groups: patterns(&["*-administrators"]),
        except_users: patterns(&["svc-*"]),
    };
    let exempts = |name: &str, groups: &[&str]| {
        let groups: Vec<String> = groups.iter().map(|group| (*group).to_owned()).collect();
        rule.exempts(name, &groups).map(NamePattern::as_str).map(str::to_owned)
    };
    assert_eq!(exempts("camilla", &["jira-users"]), None);
    assert_eq!(exempts("camilla", &["Jira-Administrators"]).as_deref(), Some("*-administrators"));
    assert_eq!(exempts("SVC-backup", &[]).as_deref(), Some("svc-*"));
}

fn access(effect: AccessEffect, condition: Condition) -> Rules {
    Rules { access: vec![AccessRule { effect, any_of: vec![condition] }], ..creating() }
}

#[test]
fn drop_refuse_or_require_users_by_group_or_attribute() {
    let group = |name: &str| Condition::Group(NamePattern::new(name));
    let code = |rules: &Rules| {
        let mut model = Model::with_groups(&["jira-testgroup1"]);
        let plan = camilla_signs_in(&mut model, rules);
        assert_eq!(model.users.is_empty(), plan.refusal().is_some(), "{plan}");
        plan.refusal().map(Refusal::code)
    };
    assert_eq!(code(&access(AccessEffect::Require, group("jira-*"))), None);
    assert_eq!(code(&access(AccessEffect::Require, group("staff"))), Some("not_allowed"));
    assert_eq!(code(&access(AccessEffect::Refuse, group("jira-testgroup2"))), Some("not_allowed"));
    assert_eq!(code(&access(AccessEffect::Drop, group("jira-*"))), Some("dropped"));
    let attribute = |value: &str| Condition::Attribute {
        name: camilla()[0].0.to_owned(),
        value: NamePattern::new(value),
    };
    assert_eq!(code(&access(AccessEffect::Refuse, attribute("cam*"))), Some("not_allowed"));
    assert_eq!(code(&access(AccessEffect::Require, attribute("*"))), None);

    let mut model = Model::with_groups(&["jira-testgroup1"]);
    model.add_user("camilla", Some("company"));
    let dropped = camilla_signs_in(&mut model, &access(AccessEffect::Drop, group("jira-*")));
    assert!(dropped.refusal().is_none() && dropped.changes_nothing(), "let in as she is");
}

#[test]
fn deprovision_by_a_rule_makes_the_user_inactive_but_no_administrator() {
    let left = Condition::Attribute { name: "status".to_owned(), value: NamePattern::new("left") };
    let rules = access(AccessEffect::Deactivate, left);
    let mut attributes = camilla();
    attributes.push(("status", vec!["left"]));
    let said = claims(None, &attributes, &reading()).unwrap();
    let mut model = Model::with_groups(&["jira-administrators"]);
    model.add_user("camilla", Some("company"));
    model.join("camilla", "jira-administrators", Manual);
    let kept = model.sign_in(&said, &rules);
    assert_eq!(kept.refusal().map(Refusal::code), Some("deactivated"));
    assert!(model.users[0].user.active, "nobody locks the administrators out");
    model.users[0].memberships.clear();
    model.sign_in(&said, &rules);
    assert!(!model.users[0].user.active);
}

#[test]
fn the_group_attribute_assigns_to_all_existing_groups_named_in_it() {
    let mut model = Model::with_groups(&["jira-testgroup1", "jira-testgroup2", "other"]);
    let plan = camilla_signs_in(&mut model, &creating());
    assert_eq!(model.groups_of("camilla"), set(&["jira-testgroup1", "jira-testgroup2"]));
    assert!(plan.add.iter().all(|added| added.source == GroupAttribute));
}

#[test]
fn comma_separated_values_in_one_attribute_value_are_several_groups() {
    let said = claims(None, &camilla(), &reading()).unwrap();
    assert_eq!(group_names(&said.groups).unwrap(), ["jira-testgroup1", "jira-testgroup2"]);
    let said = claims(None, &camilla_with(GROUPS, vec!["a,b", "c"]), &reading()).unwrap();
    assert_eq!(group_names(&said.groups).unwrap(), ["a", "b", "c"]);
}

#[test]
fn unknown_groups_are_ignored_and_the_sign_in_goes_on() {
    let mut model = Model::with_groups(&[]);
    let plan = camilla_signs_in(&mut model, &creating());
    assert!(plan.refusal().is_none());
    let ignored = plan.lines.iter().filter(|line| line.what.starts_with("ignore group"));
    assert_eq!(ignored.count(), 2, "{plan}");
    assert!(model.groups.is_empty(), "none is created");
}

#[test]
fn create_missing_groups_only_when_it_is_on_and_only_a_few_at_once() {
    let creates = |most_created| {
        let groups = GroupRules { create_missing: true, most_created, ..GroupRules::default() };
        Rules { groups, ..creating() }
    };
    let mut model = Model::with_groups(&["jira-testgroup1"]);
    camilla_signs_in(&mut model, &creates(1));
    assert_eq!(model.groups_of("camilla"), set(&["jira-testgroup1", "jira-testgroup2"]));
    let mut model = Model::with_groups(&[]);
    let plan = camilla_signs_in(&mut model, &creates(1));
    assert!(model.groups.is_empty(), "two are more than one: none, rather than some: {plan}");
    let said = claims(None, &camilla_with(GROUPS, vec!["new-administrators"]), &reading()).unwrap();
    model.sign_in(&said, &creates(9));
    assert!(model.groups.is_empty(), "no sign-in makes an administrators' group");
}

#[test]
fn user_groups_are_static_groups_for_everyone() {
    let rules = Rules { user_groups: vec!["jira-users".to_owned()], ..creating() };
    let mut model = Model::with_groups(&["jira-users"]);
    model.add_user("camilla", Some("company"));
    camilla_signs_in(&mut model, &rules);
    assert_eq!(model.groups_of("camilla"), set(&["jira-users"]), "at every sign-in, not the first");
    let new_only = Rules { user_groups_for_new_users_only: true, ..rules };
    let mut model = Model::with_groups(&["jira-users"]);
    model.add_user("camilla", Some("company"));
    camilla_signs_in(&mut model, &new_only);
    assert!(model.groups_of("camilla").is_empty());
}

#[test]
fn jira_sd_customer_groups_are_for_portal_logins_and_user_groups_are_not() {
    let customers = CustomerRules { groups: vec!["customers".to_owned()], user_groups_too: false };
    let user_groups = vec!["jira-users".to_owned()];
    let rules = Rules { user_groups, customers, ..creating() };
    let said = claims(None, &camilla_with(GROUPS, vec![]), &reading()).unwrap();
    let groups = |origin, rules: &Rules| {
        let mut model = Model::with_groups(&["customers", "jira-users"]);
        model.sign_in_from(origin, &said, rules);
        model.groups_of("camilla")
    };
    assert_eq!(groups(Origin::Portal, &rules), set(&["customers"]));
    assert_eq!(groups(Origin::App, &rules), set(&["jira-users"]));
    let customers = CustomerRules { user_groups_too: true, ..rules.customers.clone() };
    let both = Rules { customers, ..rules };
    assert_eq!(groups(Origin::Portal, &both), set(&["customers", "jira-users"]));
}

#[test]
fn sources_are_independent_and_combined() {
    let customers = CustomerRules { groups: vec!["shared".to_owned()], user_groups_too: true };
    let user_groups = vec!["shared".to_owned()];
    let rules = Rules { user_groups, customers, ..managing(&["shared"]) };
    let mut model = Model::with_groups(&["shared"]);
    let said = claims(None, &camilla_with(GROUPS, vec!["shared"]), &reading()).unwrap();
    model.sign_in_from(Origin::Portal, &said, &rules);
    let sources: Vec<_> = model.users[0].memberships.iter().map(|held| held.source).collect();
    assert_eq!(sources, [GroupAttribute, UserGroups, CustomerGroups]);
    let none = claims(None, &camilla_with(GROUPS, vec![""]), &reading()).unwrap();
    let plan = model.sign_in_from(Origin::Portal, &none, &rules);
    assert_eq!(plan.remove.len(), 1, "only what the attribute had brought: {plan}");
    assert_eq!(model.groups_of("camilla"), set(&["shared"]));
}

#[test]
fn removal_from_groups_only_within_managed_groups_and_never_from_the_keep_list() {
    let there = ["jira-testgroup1", "jira-testgroup2", "jira-keep", "confluence-users"];
    let mut model = Model::with_groups(&there);
    let all = claims(None, &camilla_with(GROUPS, there.to_vec()), &reading()).unwrap();
    model.sign_in(&all, &creating());
    let one = claims(None, &camilla_with(GROUPS, vec!["jira-testgroup1"]), &reading()).unwrap();
    let plan = model.sign_in(&one, &creating());
    assert!(plan.remove.is_empty(), "nothing is managed by default: {plan}");
    assert_eq!(plan.lapse.len(), 3, "but it is known from when on they are no longer given");
    assert!(model.sign_in(&one, &creating()).changes_nothing(), "noted once");
    let plan = model.sign_in(&all, &creating());
    assert_eq!(plan.renew.len(), 3, "{plan}");
    let mut rules = managing(&["jira-*"]);
    rules.groups.removal.keep = patterns(&["*-keep"]);
    model.sign_in(&one, &rules);
    let left = set(&["jira-testgroup1", "jira-keep", "confluence-users"]);
    assert_eq!(model.groups_of("camilla"), left);
}

#[test]
fn removal_is_limited_and_the_rest_is_held_for_approval() {
    let mut model = Model::with_groups(&["jira-a", "jira-b", "jira-c"]);
    let all = camilla_with(GROUPS, vec!["jira-a", "jira-b", "jira-c"]);
    model.sign_in(&claims(None, &all, &reading()).unwrap(), &creating());
    let mut rules = managing(&["jira-*"]);
    rules.groups.removal.most = Some(1);
    let none = claims(None, &camilla_with(GROUPS, vec!["elsewhere"]), &reading()).unwrap();
    let plan = model.sign_in(&none, &rules);
    assert_eq!((plan.remove.len(), plan.await_removal.len()), (1, 2), "{plan}");
    assert!(model.sign_in(&none, &rules).changes_nothing(), "held once, not again");
}

#[test]
fn administrators_groups_are_protected() {
    let mut model = Model::with_groups(&["jira-administrators"]);
    let named = camilla_with(GROUPS, vec!["jira-administrators"]);
    let named = claims(None, &named, &reading()).unwrap();
    let plan = model.sign_in(&named, &managing(&["*"]));
    assert!(model.groups_of("camilla").is_empty(), "nobody becomes one by a claim");
    let kept = plan.lines.iter().find(|line| line.what.starts_with("do not add")).unwrap();
    assert!(kept.reason.contains("provisioning.groups.add_to_protected"), "{kept}");
    let mut open = managing(&["*"]);
    open.groups.add_to_protected = patterns(&["jira-administrators"]);
    model.sign_in(&named, &open);
    assert_eq!(model.groups_of("camilla"), set(&["jira-administrators"]));
    let none = claims(None, &camilla_with(GROUPS, vec!["elsewhere"]), &reading()).unwrap();
    let plan = model.sign_in(&none, &open);
    assert_eq!(model.groups_of("camilla"), set(&["jira-administrators"]));
    assert!(plan.lines.iter().any(|line| line.reason.contains("protected")), "{plan}");
}

#[test]
fn group_names_are_transformed_and_those_that_do_not_match_dropped() {
    let strip = Replacement::new("^CN=([^,]+),.*$", "$1").unwrap();
    let mut reading = reading();
    reading.groups.steps = vec![
        step(Transformation::Replace(strip), NoMatch::Ignore),
        step(Transformation::LowerCase, NoMatch::Keep),
    ];
    let values = vec!["CN=Jira-Users,OU=g,DC=x", "no distinguished name"];
    let said = claims(None, &camilla_with(GROUPS, values), &reading).unwrap();
    assert_eq!(group_names(&said.groups).unwrap(), ["jira-users"]);
}

#[test]
fn object_ids_are_mapped_to_local_names() {
    let mut reading = reading();
    reading.groups.names = [("8C1D-4F", "jira-users")].into_iter().collect();
    let values = vec!["8c1d-4f", "ffff-00"];
    let said = claims(None, &camilla_with(GROUPS, values.clone()), &reading).unwrap();
    assert_eq!(group_names(&said.groups).unwrap(), ["jira-users", "ffff-00"]);
    reading.groups.only_names = true;
    let said = claims(None, &camilla_with(GROUPS, values), &reading).unwrap();
    assert_eq!(group_names(&said.groups).unwrap(), ["jira-users"]);
}

#[test]
fn entra_overage_and_a_missing_attribute_freeze_the_groups() {
    let mut model = Model::with_groups(&["jira-testgroup1", "jira-testgroup2"]);
    camilla_signs_in(&mut model, &managing(&["*"]));
    let mut overage = camilla();
    overage.pop();
    overage.push(("http://schemas.microsoft.com/claims/groups.link", vec!["https://graph/x"]));
    let mut missing = camilla();
    missing.pop();
    for attributes in [overage, missing] {
        let said = claims(None, &attributes, &reading()).unwrap();
        let plan = model.sign_in(&said, &managing(&["*"]));
        assert!(plan.changes_nothing(), "{plan}");
    }
    assert_eq!(model.groups_of("camilla"), set(&["jira-testgroup1", "jira-testgroup2"]));
}

#[test]
fn shadow_rules_change_nothing_and_keep_out_whom_the_rules_keep_out() {
    let mut model = Model::with_groups(&["jira-testgroup1"]);
    model.add_user("camilla", Some("company"));
    let plan = camilla_signs_in(&mut model, &managing(&["*"]).without_changes());
    assert!(plan.refusal().is_none() && plan.changes_nothing(), "{plan}");
    let staff = Condition::Group(NamePattern::new("staff"));
    let rules = access(AccessEffect::Require, staff).without_changes();
    let refused = camilla_signs_in(&mut model, &rules);
    assert_eq!(refused.refusal().map(Refusal::code), Some("not_allowed"));
}

#[test]
fn a_missing_email_is_refused_or_replaced_as_the_setting_says_and_a_name_is_the_user_id() {
    let mut attributes = camilla();
    attributes.drain(1..4);
    let said = claims(None, &attributes, &reading()).unwrap();
    let mut model = Model::default();
    let refused = model.sign_in(&said, &creating());
    assert_eq!(refused.refusal().map(Refusal::code), Some("email_missing"));
    let placeholder = Rules { missing_email: MissingEmail::Placeholder, ..creating() };
    let plan = model.sign_in(&said, &placeholder);
    assert!(matches!(plan.user, UserChange::Create { .. }), "{plan}");
    assert_eq!(model.user("camilla").unwrap().full_name, "camilla");
}
