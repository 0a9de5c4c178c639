//! What holds for every person, every setting and every directory.

use directory::provision::{
    AccessEffect, AccessRule, ClaimedGroup, Claims, Condition, CustomerRules, FindBy, GroupClaim,
    GroupRules, Incomplete, MissingEmail, NamePattern, Origin, Removal, Rules, UserChange,
};
use directory::{MembershipSource, name_key};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use crate::directory_model::{Model, company};

/// Few names, so that they meet; case and other scripts among them.
fn group_name() -> impl Strategy<Value = String> {
    prop_oneof![
        12 => "[aAbBcC]{1,2}",
        1 => "\\PC{1,8}",
        1 => any::<String>(),
        1 => Just("x-administrators".to_owned()),
    ]
}

fn patterns() -> impl Strategy<Value = Vec<NamePattern>> {
    vec(prop_oneof!["[abc]\\*", "\\*[abc]", "[abc]{1,2}", "\\*"], 0..3)
        .prop_map(|texts| texts.iter().map(|text| NamePattern::new(text)).collect())
}

fn group_claim() -> impl Strategy<Value = GroupClaim> {
    let named = |names: Vec<String>| -> Vec<ClaimedGroup> {
        GroupClaim::named("groups", names).groups().to_vec()
    };
    let names = || vec(group_name(), 0..8);
    prop_oneof![
        1 => Just(GroupClaim::Absent),
        1 => names().prop_map(move |names| {
            GroupClaim::Incomplete(Incomplete::Overage("groups.link".to_owned()), named(names))
        }),
        6 => names().prop_map(move |names| GroupClaim::Values(named(names))),
    ]
}

fn said() -> impl Strategy<Value = Claims> {
    let text = || option::of(prop_oneof![4 => "\\PC{1,12}", 1 => Just(String::new())]);
    let email = option::of(prop_oneof!["[abAB]@example.org", "[ab]@invalid", Just(String::new())]);
    let attributes = vec(("[kl]".boxed(), vec("[12]", 0..3)), 0..3);
    let transient = (proptest::bool::weighted(0.1), proptest::bool::weighted(0.1));
    ("[aAbB]", option::of("[xy]"), transient, text(), email, group_claim(), attributes).prop_map(
        |(user_id, idp_id, transient, full_name, email, groups, attributes)| Claims {
            user_id,
            user_id_is_transient: transient.0,
            idp_id,
            idp_id_is_transient: transient.1,
            full_name,
            email,
            groups,
            attributes,
            ..Claims::default()
        },
    )
}

fn access() -> impl Strategy<Value = AccessRule> {
    let effect = prop_oneof![
        Just(AccessEffect::Require),
        Just(AccessEffect::Refuse),
        Just(AccessEffect::Drop),
        Just(AccessEffect::Deactivate),
    ];
    let condition = prop_oneof![
        patterns().prop_map(|p| {
            Condition::Group(p.into_iter().next().unwrap_or(NamePattern::new("a")))
        }),
        ("[kl]", "[12*]").prop_map(|(name, value)| {
            Condition::Attribute { name, value: NamePattern::new(&value) }
        }),
    ];
    (effect, vec(condition, 0..3)).prop_map(|(effect, any_of)| AccessRule { effect, any_of })
}

fn group_rules() -> impl Strategy<Value = GroupRules> {
    let removal = (patterns(), patterns(), any::<bool>(), option::of(0..4_usize));
    let removal = removal.prop_map(|(managed, keep, manual_too, most)| Removal {
        managed,
        keep,
        manual_too,
        most,
    });
    (any::<bool>(), 0..6_usize, removal, any::<bool>(), patterns()).prop_map(
        |(create_missing, most_created, removal, protect_additions, add_to_protected)| GroupRules {
            create_missing,
            most_created,
            removal,
            protect_additions,
            add_to_protected,
            ..GroupRules::default()
        },
    )
}

fn rules() -> impl Strategy<Value = Rules> {
    let missing = prop_oneof![Just(MissingEmail::Refuse), Just(MissingEmail::Placeholder)];
    let find = prop_oneof![
        2 => Just(FindBy::UserId), 1 => Just(FindBy::Email), 1 => Just(FindBy::IdpId)
    ];
    let groups = || vec(group_name(), 0..4);
    let access = prop_oneof![2 => Just(Vec::new()), 1 => vec(access(), 0..3)];
    (
        (proptest::bool::weighted(0.8), any::<[bool; 5]>()),
        (find, missing),
        (groups(), groups()),
        group_rules(),
        access,
    )
        .prop_map(|((on, more), (find_by, missing_email), names, groups, access)| Rules {
            create_or_update: on,
            update_existing: more[0],
            adopt_existing: more[1],
            reactivate: more[2],
            find_by,
            user_groups: names.0,
            user_groups_for_new_users_only: more[3],
            customers: CustomerRules { groups: names.1, user_groups_too: more[4] },
            groups,
            access,
            missing_email,
            ..company()
        })
}

fn model() -> impl Strategy<Value = Model> {
    let sources = prop_oneof![
        3 => Just(MembershipSource::GroupAttribute),
        1 => Just(MembershipSource::Manual),
        1 => Just(MembershipSource::UserGroups),
    ];
    let held = vec((any::<prop::sample::Index>(), sources, any::<bool>()), 0..8);
    let user = ("[abAB]", 0..4_usize, any::<bool>(), option::of("[xy]"), held);
    let groups = vec!["a", "B", "cc", "Ab", "ü", "ca", "bb", "x-administrators"];
    (vec(user, 0..4), proptest::sample::subsequence(groups, 1..=8)).prop_map(|(users, groups)| {
        let mut model = Model::with_groups(&groups);
        for (name, tag, active, idp_id, held) in users {
            if model.users.iter().any(|known| name_key(&known.user.name) == name_key(&name)) {
                continue;
            }
            model.add_user(&name, [None, Some("company"), Some("company"), Some("partner")][tag]);
            for (group, source, awaits) in held {
                model.join(&name, groups[group.index(groups.len())], source);
                let known = model.users.last_mut().unwrap();
                let held = known.memberships.last_mut().unwrap();
                (held.awaits_removal, held.lapsed) = (awaits, awaits != known.user.active);
            }
            let free = model.users.iter().all(|known| known.idp_id != idp_id);
            let known = model.users.last_mut().unwrap();
            known.user.active = active;
            known.idp_id = idp_id.filter(|_| free && known.user.idp.is_some());
        }
        model
    })
}

fn origin() -> impl Strategy<Value = Origin> {
    prop_oneof![Just(Origin::App), Just(Origin::Portal)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn a_plan_applied_and_made_again_changes_nothing(
        said in said(), origin in origin(), rules in rules(), mut model in model(),
    ) {
        let first = model.sign_in_from(origin, &said, &rules);
        let after = model.clone();
        let second = model.sign_in_from(origin, &said, &rules);
        prop_assert!(second.changes_nothing(), "{}\nthen\n{}", first, second);
        prop_assert_eq!(&model, &after);
        prop_assert_eq!(second.refusal(), first.refusal());
    }

    #[test]
    fn whoever_is_refused_is_left_as_before_or_made_inactive(
        said in said(), origin in origin(), rules in rules(), mut model in model(),
    ) {
        let mut before = model.clone();
        let plan = model.sign_in_from(origin, &said, &rules);
        if plan.refusal().is_some() {
            if let (UserChange::Deactivate(_), Some(found)) = (&plan.user, &plan.found) {
                let known = before.users.iter_mut().find(|k| k.user.id == found.id).unwrap();
                known.user.active = false;
            }
            prop_assert_eq!(model, before);
        }
    }

    #[test]
    fn no_membership_outside_the_managed_groups_ever_ends(
        said in said(), origin in origin(), rules in rules(), mut model in model(),
    ) {
        let removal = &rules.groups.removal;
        let plan = model.sign_in_from(origin, &said, &rules);
        let ended = plan.remove.iter().chain(&plan.await_removal);
        for ended in ended {
            let matches = |patterns: &[NamePattern]| patterns.iter().any(|p| p.matches(&ended.name));
            prop_assert!(matches(&removal.managed), "{} is not managed", ended.name);
            prop_assert!(!matches(&removal.keep), "{} is kept", ended.name);
            prop_assert!(!matches(&rules.groups.protected), "{} is protected", ended.name);
            prop_assert!(said.groups.is_complete(), "nothing is known of the groups");
            prop_assert!(
                ended.source == MembershipSource::GroupAttribute
                    || ended.source == MembershipSource::Manual && removal.manual_too
            );
        }
        prop_assert!(removal.most.is_none_or(|most| plan.remove.len() <= most));
    }

    #[test]
    fn nobody_but_the_one_who_signs_in_is_touched(
        said in said(), origin in origin(), rules in rules(), mut model in model(),
    ) {
        let before = model.clone();
        let plan = model.sign_in_from(origin, &said, &rules);
        for known in &before.users {
            let found = plan.found.as_ref().is_some_and(|found| found.id == known.user.id);
            prop_assert!(found || model.users.contains(known), "{:?}", known);
            if known.user.idp.as_deref() == Some("partner") {
                prop_assert!(model.users.contains(known), "another IdP's: {:?}", known);
            }
        }
    }

    #[test]
    fn no_name_and_no_id_is_ever_taken_from_a_transient_name_id(
        said in said(), origin in origin(), rules in rules(), mut model in model(),
    ) {
        let (name, id) = match model.sign_in_from(origin, &said, &rules).user {
            UserChange::Create { name, idp_id, .. } => (Some(name), idp_id),
            UserChange::Update(update) => (update.name, update.idp_id),
            _ => (None, None),
        };
        prop_assert!(!said.user_id_is_transient || name.is_none(), "{name:?}");
        prop_assert!(!said.idp_id_is_transient || id.is_none(), "{id:?}");
    }

    #[test]
    fn every_change_has_a_line_that_says_why(
        said in said(), origin in origin(), rules in rules(), mut model in model(),
    ) {
        let plan = model.sign_in_from(origin, &said, &rules);
        let count = |what: &str| plan.lines.iter().filter(|line| line.what.starts_with(what)).count();
        prop_assert_eq!(count("add to group"), plan.add.len());
        prop_assert_eq!(count("remove from group"), plan.remove.len());
        prop_assert_eq!(count("ask to remove from group"), plan.await_removal.len());
        prop_assert_eq!(count("create group"), plan.create_groups.len());
        prop_assert_eq!(plan.to_string().lines().count(), plan.lines.len().max(1));
        prop_assert!(plan.changes_nothing() || !plan.lines.is_empty());
        prop_assert!(plan.lines.iter().all(|line| !line.reason.is_empty()));
    }
}
