//! A user belongs to one IdP: which sign-in may be whose.

use directory::MembershipSource;
use directory::provision::{
    AccessEffect, AccessRule, Binding, Claims, Condition, FindBy, Mark, NamePattern, Refusal,
    Rules, Unbound, UserChange,
};

use crate::directory_model::{Model, company};
use crate::plan::creating;

fn other() -> Rules {
    Rules { idp: "partner".to_owned(), entity_id: "https://partner.example/".into(), ..company() }
}

fn says(user_id: &str) -> Claims {
    Claims {
        user_id: user_id.to_owned(),
        idp_id: Some("id-1".to_owned()),
        email: Some("camilla@example.org".to_owned()),
        ..Claims::default()
    }
}

fn camilla(idp: Option<&str>) -> Model {
    let mut model = Model::with_groups(&["jira-users", "jira-administrators"]);
    model.add_user("camilla", idp);
    model
}

fn code(model: &mut Model, user_id: &str, rules: &Rules) -> &'static str {
    let before = model.clone();
    let plan = model.sign_in(&says(user_id), rules);
    let code = plan.refusal().map_or("", Refusal::code);
    assert!(code.is_empty() || *model == before, "who is refused changes nothing: {plan}");
    code
}

#[test]
fn the_only_idp_binds_anybody_once_and_the_second_sign_in_plans_nothing() {
    for rules in [company(), creating(), Rules { find_by: FindBy::Email, ..creating() }] {
        let mut model = camilla(None);
        let plan = model.sign_in(&says("camilla"), &rules);
        let line = plan.lines.iter().find(|line| line.what.contains("bind user")).unwrap();
        assert_eq!(
            (line.mark, line.what.as_str()),
            (Mark::Changed, "bind user camilla to company")
        );
        let bound = model.users[0].bound.clone().unwrap();
        assert_eq!(
            (bound.idp, bound.entity_id),
            (rules.idp.clone(), Some(rules.entity_id.clone()))
        );
        assert_eq!(model.users[0].user.idp, None, "being bound is not the tag");
        let again = model.sign_in(&says("CAMILLA"), &rules);
        assert!(again.changes_nothing(), "{again}");
    }
}

#[test]
fn a_user_whom_a_sign_in_creates_is_bound_at_once() {
    let mut model = Model::default();
    model.sign_in(&says("camilla"), &creating());
    assert_eq!(model.users[0].bound.as_ref().unwrap().idp, "company");
    assert_eq!(code(&mut model, "camilla", &other()), "user_of_other_idp");
}

#[test]
fn whoever_signed_in_through_one_idp_is_nobody_of_another_however_found() {
    let mut model = camilla(None);
    assert_eq!(code(&mut model, "camilla", &company()), "");
    for rules in [
        other(),
        Rules { create_or_update: true, update_existing: true, ..other() },
        Rules { create_or_update: true, adopt_existing: true, ..other() },
        Rules { find_by: FindBy::Email, ..other() },
        Rules { find_by: FindBy::IdpId, create_or_update: true, ..other() },
        Rules { unbound: Unbound::Unguarded(Vec::new()), ..other() },
        Rules { reactivate: true, create_or_update: true, ..other() }.without_changes(),
    ] {
        for name in ["camilla", "Camilla", "CAMILLA"] {
            assert_eq!(code(&mut model, name, &rules), "user_of_other_idp", "{rules:?}");
        }
    }
}

#[test]
fn with_several_idps_only_the_one_named_for_unbound_users_binds() {
    let mut model = camilla(None);
    let nobody = Rules { unbound: Unbound::Nobody, ..creating() };
    assert_eq!(code(&mut model, "camilla", &nobody), "user_not_linked");
    let refused = model.sign_in(&says("camilla"), &nobody);
    let hint = refused.refusal().unwrap().hint();
    assert!(hint.contains("user link") && hint.contains("--for-unbound-users"), "{hint}");
    let named = Rules { unbound: Unbound::Unguarded(Vec::new()), ..creating() };
    assert_eq!(code(&mut model, "camilla", &named), "");
    assert_eq!(code(&mut model, "camilla", &nobody), "", "bound, it needs no permission");
}

#[test]
fn who_has_a_password_or_is_in_a_protected_group_is_never_bound_by_coming_first() {
    let guarded = vec![NamePattern::new("*-administrators")];
    let named = Rules { unbound: Unbound::Unguarded(guarded), ..creating() };
    let mut model = camilla(None);
    model.users[0].has_password = true;
    assert_eq!(code(&mut model, "camilla", &named), "user_not_linked");
    for join in [
        |model: &mut Model| {
            model.join("camilla", "jira-administrators", MembershipSource::Manual);
        },
        |model: &mut Model| model.users[0].inherited.push("JIRA-Administrators".to_owned()),
    ] {
        let mut model = camilla(None);
        join(&mut model);
        assert_eq!(code(&mut model, "camilla", &named), "user_not_linked");
        let only = Rules { unbound: Unbound::Anybody, ..creating() };
        assert_eq!(code(&mut model, "camilla", &only), "", "there is nobody else to be");
    }
}

#[test]
fn another_entity_under_the_same_name_has_none_of_its_users() {
    let mut model = camilla(Some("company"));
    let moved = Rules { entity_id: "https://another.example/".to_owned(), ..creating() };
    assert_eq!(code(&mut model, "camilla", &moved), "idp_entity_changed");
    let hint = model.sign_in(&says("camilla"), &moved).refusal().unwrap().hint();
    assert!(hint.contains("--keep-users"), "{hint}");
    assert_eq!(code(&mut model, "camilla", &creating()), "", "the one before still has them");
}

#[test]
fn a_binding_of_an_older_version_takes_the_entity_id_at_the_next_sign_in() {
    let mut model = camilla(None);
    model.users[0].bound = Some(Binding { idp: "company".to_owned(), entity_id: None });
    let nobody = Rules { unbound: Unbound::Nobody, ..company() };
    assert_eq!(code(&mut model, "camilla", &nobody), "");
    let moved = Rules { entity_id: "https://another.example/".to_owned(), ..nobody };
    assert_eq!(code(&mut model, "camilla", &moved), "idp_entity_changed");
}

#[test]
fn nobody_is_bound_who_is_refused_and_nobody_in_a_dry_run() {
    let rule = |effect| {
        let any_of = vec![Condition::Group(NamePattern::new("*"))];
        Rules { access: vec![AccessRule { effect, any_of }], ..creating() }
    };
    let mut model = camilla(None);
    assert_eq!(code(&mut model, "camilla", &rule(AccessEffect::Require)), "not_allowed");
    model.users[0].user.active = false;
    assert_eq!(code(&mut model, "camilla", &creating()), "user_inactive");
    model.users[0].user.active = true;
    let dry_run = model.sign_in(&says("camilla"), &creating().without_changes());
    assert!(dry_run.refusal().is_none() && dry_run.changes_nothing(), "{dry_run}");
    assert_eq!(model.users[0].bound, None);
    let unlinked = Rules { unbound: Unbound::Nobody, ..creating() }.without_changes();
    assert_eq!(
        code(&mut model, "camilla", &unlinked),
        "user_not_linked",
        "a dry run refuses alike"
    );
}

#[test]
fn the_tag_of_another_idp_says_nothing_about_updates() {
    let mut model = camilla(Some("company"));
    // Linked to the partner by an administrator of an older version, who left the tag.
    model.users[0].bound = Some(Binding { idp: "partner".to_owned(), entity_id: None });
    let plan = model.sign_in(&says("camilla"), &Rules { create_or_update: true, ..other() });
    assert!(plan.refusal().is_none() && plan.user == UserChange::Leave, "{plan}");
    assert_eq!(code(&mut model, "camilla", &creating()), "user_of_other_idp");
}
