//! What holds for every person, every setting and every directory.

use crate::directory_model::{Model, company};
use directory::provision::{Claims, GroupClaim, MissingEmail, Rules, UserChange};
use proptest::prelude::*;

/// Few names, so that they meet; case and other scripts among them.
fn group_name() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => "[aAbBcC]{1,2}".boxed(),
        1 => "\\PC{1,8}".boxed(),
        1 => any::<String>().boxed(),
    ]
}

fn said() -> impl Strategy<Value = Claims> {
    let text = || proptest::option::of("\\PC{1,12}");
    let groups = prop_oneof![
        1 => Just(GroupClaim::Absent).boxed(),
        4 => proptest::collection::vec(group_name(), 0..8).prop_map(GroupClaim::Values).boxed(),
    ];
    ("[aAbB]", text(), text(), groups).prop_map(|(user_id, full_name, email, groups)| Claims {
        user_id,
        full_name,
        email,
        groups,
    })
}

fn rules() -> impl Strategy<Value = Rules> {
    let missing = prop_oneof![Just(MissingEmail::Refuse), Just(MissingEmail::Placeholder)];
    let user_groups = proptest::collection::vec(group_name(), 0..4);
    (any::<bool>(), any::<bool>(), user_groups, missing).prop_map(
        |(create_or_update, update_existing, user_groups, missing_email)| Rules {
            create_or_update,
            update_existing,
            user_groups,
            missing_email,
            ..company()
        },
    )
}

fn model() -> impl Strategy<Value = Model> {
    let users = proptest::collection::vec((0..4_usize, any::<bool>()), 0..3);
    (users, proptest::sample::subsequence(vec!["a", "B", "cc", "Ab", "ü"], 0..=5)).prop_map(
        |(users, groups)| {
            let mut model = Model::with_groups(&groups);
            for (tag, active) in users {
                let name = ["a", "B"][model.users.len() % 2];
                if model.user(name).is_none() {
                    model.add_user(name, [None, Some("company"), Some("partner")][tag % 3]);
                    model.users.last_mut().unwrap().user.active = active;
                }
            }
            model
        },
    )
}

proptest! {
    #[test]
    fn a_plan_applied_and_made_again_changes_nothing(
        said in said(), rules in rules(), mut model in model(),
    ) {
        let first = model.sign_in(&said, &rules);
        let after = model.clone();
        let second = model.sign_in(&said, &rules);
        prop_assert_eq!(&model, &after);
        prop_assert!(second.add.is_empty());
        match first.refusal() {
            Some(refusal) => prop_assert_eq!(second.refusal(), Some(refusal)),
            None => prop_assert_eq!(second.user, UserChange::Leave),
        }
    }

    #[test]
    fn whoever_is_refused_is_left_exactly_as_before(
        said in said(), rules in rules(), mut model in model(),
    ) {
        let before = model.clone();
        if model.sign_in(&said, &rules).refusal().is_some() {
            prop_assert_eq!(model, before);
        }
    }

    #[test]
    fn every_membership_given_has_a_line_that_says_why(
        said in said(), rules in rules(), mut model in model(),
    ) {
        let plan = model.sign_in(&said, &rules);
        let lines = plan.lines.iter().filter(|line| line.what.starts_with("add to group"));
        prop_assert_eq!(lines.count(), plan.add.len());
        prop_assert!(plan.lines.iter().all(|line| !line.reason.is_empty()));
    }
}
