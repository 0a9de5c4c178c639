//! Plans applied to a real database: found by every value, held and approved, and never half.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime};

use directory::MembershipSource::{GroupAttribute, Manual};
use directory::provision::{
    Claims, Existing, FindBy, GroupClaim, GroupRules, Lookup, NamePattern, Origin, Plan, Removal,
    Rules, Unbound, UserChange, plan,
};
use store::{AttemptRow, Store, Tx};

use super::{add, both, group, now, user};

fn claims(user_id: &str, groups: &[&str]) -> Claims {
    Claims {
        user_id: user_id.to_owned(),
        email: Some(format!("{user_id}@muppets.com")),
        groups: GroupClaim::named("role", groups.iter().copied()),
        ..Claims::default()
    }
}

pub(crate) fn rules() -> Rules {
    Rules {
        idp: "company".to_owned(),
        entity_id: "https://idp.example.org/".to_owned(),
        unbound: Unbound::Anybody,
        create_or_update: true,
        ..Rules::default()
    }
}

fn managing(most: usize) -> Rules {
    let removal = Removal {
        managed: vec![NamePattern::new("jira-*")],
        most: Some(most),
        ..Removal::default()
    };
    Rules { groups: GroupRules { removal, ..GroupRules::default() }, ..rules() }
}

pub(crate) fn new_id() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("made-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

async fn planned(tx: &mut Tx, claims: &Claims, rules: &Rules) -> (Existing, Plan) {
    let existing = tx.existing(&Lookup::of(claims, Origin::App, rules)).await.unwrap();
    let plan = plan(claims, Origin::App, rules, &existing);
    (existing, plan)
}

/// Plans, applies and commits; planned again, nothing may change.
async fn sign_in(store: &Store, claims: &Claims, rules: &Rules) -> Plan {
    let mut tx = store.begin().await.unwrap();
    let (_, plan) = planned(&mut tx, claims, rules).await;
    if plan.refusal().is_none() {
        tx.apply(&plan, new_id, now()).await.unwrap();
    }
    let (_, again) = planned(&mut tx, claims, rules).await;
    assert!(again.changes_nothing(), "{plan}then {again}");
    tx.commit().await.unwrap();
    plan
}

async fn groups_of(store: &Store, user: &str) -> Vec<String> {
    let user = store.user(user).await.unwrap().unwrap();
    let memberships = store.memberships_of(&user.id).await.unwrap();
    memberships.into_iter().map(|membership| membership.group).collect()
}

#[tokio::test]
async fn a_rename_at_the_idp_is_followed_and_the_key_stays() {
    for (database, store) in both().await {
        let rules = Rules { find_by: FindBy::IdpId, ..rules() };
        let with_id = |name: &str| Claims { idp_id: Some("object-1".into()), ..claims(name, &[]) };
        sign_in(&store, &with_id("camilla"), &rules).await;
        let before = store.user("camilla").await.unwrap().unwrap();
        sign_in(&store, &with_id("camilla.chicken"), &rules).await;
        assert_eq!(store.user("camilla").await.unwrap(), None, "{database}");
        let after = store.user("camilla.chicken").await.unwrap().unwrap();
        assert_eq!(after.id, before.id, "{database}: the key that apps follow");
        let other = Claims { idp_id: Some("object-2".into()), ..claims("camilla.chicken", &[]) };
        let refused = sign_in(&store, &other, &rules).await;
        assert_eq!(refused.refusal().unwrap().code(), "idp_id_differs", "{database}");
    }
}

#[tokio::test]
async fn an_address_finds_one_user_and_two_are_refused() {
    for (database, store) in both().await {
        let rules = Rules { find_by: FindBy::Email, update_existing: true, ..rules() };
        add(&store, &[user("1", "chicken")], &[]).await;
        let said = Claims { email: Some("CHICKEN@muppets.com".into()), ..claims("camilla", &[]) };
        let mut tx = store.begin().await.unwrap();
        let (existing, plan) = planned(&mut tx, &said, &rules).await;
        assert_eq!(existing.users.len(), 1, "{database}");
        assert_eq!(plan.found.unwrap().name, "chicken", "{database}");
        drop(tx);
        let twins: Vec<_> = (2..50)
            .map(|n| {
                let mut twin = user(&n.to_string(), &format!("twin{n}"));
                twin.email = "chicken@muppets.com".to_owned();
                twin
            })
            .collect();
        add(&store, &twins, &[]).await;
        let mut tx = store.begin().await.unwrap();
        let (existing, plan) = planned(&mut tx, &said, &rules).await;
        assert_eq!(existing.users.len(), 2, "{database}: two are enough");
        assert_eq!(plan.refusal().unwrap().code(), "email_ambiguous", "{database}");
    }
}

#[tokio::test]
async fn removals_beyond_the_limit_wait_and_are_approved_or_kept() {
    for (database, store) in both().await {
        let names = ["jira-a", "jira-b", "jira-c", "other"];
        let groups: Vec<_> = names.iter().map(|name| group(name, name)).collect();
        add(&store, &[], &groups).await;
        sign_in(&store, &claims("camilla", &names), &managing(1)).await;
        let plan = sign_in(&store, &claims("camilla", &[]), &managing(1)).await;
        assert_eq!((plan.remove.len(), plan.await_removal.len()), (1, 2), "{database}: {plan}");
        assert_eq!(groups_of(&store, "camilla").await, ["jira-b", "jira-c", "other"], "{database}");
        let held = store.memberships_awaiting_removal(10).await.unwrap();
        let held: Vec<_> = held.iter().map(|m| (m.user.as_str(), m.group.as_str())).collect();
        assert_eq!(held, [("camilla", "jira-b"), ("camilla", "jira-c")], "{database}");

        let camilla = store.user("camilla").await.unwrap().unwrap();
        let mut tx = store.begin().await.unwrap();
        assert_eq!(tx.approve_removals(&camilla.id, Some("jira-b")).await.unwrap(), 1);
        assert_eq!(tx.discard_removals(&camilla.id, None, now()).await.unwrap(), 1);
        tx.commit().await.unwrap();
        assert!(store.memberships_awaiting_removal(10).await.unwrap().is_empty(), "{database}");
        sign_in(&store, &claims("camilla", &[]), &managing(1)).await;
        assert_eq!(groups_of(&store, "camilla").await, ["jira-c", "other"], "{database}: kept");
        let kept = &store.memberships_of(&camilla.id).await.unwrap()[0];
        assert_eq!(kept.source, Manual, "{database}: an administrator's from now on");

        let back = sign_in(&store, &claims("camilla", &["jira-a"]), &managing(0)).await;
        assert_eq!(back.add.len(), 1, "{database}");
        sign_in(&store, &claims("camilla", &[]), &managing(0)).await;
        let named = sign_in(&store, &claims("camilla", &["jira-a"]), &managing(0)).await;
        assert_eq!(named.forget_removal.len(), 1, "{database}: named again, nothing waits");
        assert!(store.memberships_awaiting_removal(10).await.unwrap().is_empty(), "{database}");
    }
}

#[tokio::test]
async fn a_membership_says_which_value_of_which_attribute_it_comes_from() {
    for (database, store) in both().await {
        add(&store, &[], &[group("g", "Jira-Users")]).await;
        sign_in(&store, &claims("camilla", &["jira-users"]), &rules()).await;
        let camilla = store.user("camilla").await.unwrap().unwrap();
        let [membership] = &store.memberships_of(&camilla.id).await.unwrap()[..] else {
            panic!("{database}: one membership");
        };
        assert_eq!(membership.source, GroupAttribute);
        assert_eq!(membership.detail, "role = jira-users", "{database}");
        assert_eq!(membership.since, now(), "{database}: first confirmed");
        assert_eq!(membership.confirmed_at, now(), "{database}: last confirmed");
        let later = now() + Duration::from_secs(86_400);
        store.record_attempt(&attempt("Camilla", later)).await.unwrap();
        store.count_sign_ins(now(), later).await.unwrap();
        let membership = &store.memberships_of(&camilla.id).await.unwrap()[0];
        assert_eq!((membership.since, membership.confirmed_at), (now(), later), "{database}");
        assert!(membership.current, "{database}");

        let plan = sign_in(&store, &claims("camilla", &["other"]), &rules()).await;
        assert_eq!(plan.lapse.len(), 1, "{database}: {plan}");
        let later_still = later + Duration::from_secs(86_400);
        store.record_attempt(&attempt("camilla", later_still)).await.unwrap();
        store.count_sign_ins(now(), later_still).await.unwrap();
        let membership = &store.memberships_of(&camilla.id).await.unwrap()[0];
        assert_eq!((membership.confirmed_at, membership.current), (later, false), "{database}");
        sign_in(&store, &claims("camilla", &["jira-users"]), &rules()).await;
        assert!(store.memberships_of(&camilla.id).await.unwrap()[0].current, "{database}: again");
    }
}

fn attempt(user_name: &str, at: SystemTime) -> AttemptRow {
    AttemptRow {
        id: format!("attempt of {user_name}"),
        started_at: at,
        updated_at: at,
        app: "jira".to_owned(),
        idp: Some("company".to_owned()),
        user_name: Some(user_name.to_owned()),
        outcome: "opened".to_owned(),
        code: String::new(),
        rule: String::new(),
        hint: String::new(),
        detail: String::new(),
        address: String::new(),
        timeline: "[]".to_owned(),
        told: String::new(),
        follows: None,
    }
}

#[tokio::test]
async fn who_stays_away_is_found_and_who_comes_back_in_time_stays_active() {
    for (database, store) in both().await {
        let day = |n: u64| now() + Duration::from_secs(n * 86_400);
        let users: Vec<_> = ["Søren", "away", "exempt"]
            .iter()
            .map(|name| directory::User { idp: Some("company".into()), ..user(name, name) })
            .collect();
        add(&store, &users, &[]).await;
        store.record_attempt(&attempt("Søren", day(5))).await.unwrap();
        store.count_sign_ins(day(0), day(5)).await.unwrap();
        store.count_sign_ins(day(0), day(5)).await.unwrap();
        let away = store.users_away_since("company", day(3), "", 10).await.unwrap();
        let names: Vec<_> = away.iter().map(|user| user.name.as_str()).collect();
        assert_eq!(names, ["away", "exempt"], "{database}");
        let next = store.users_away_since("company", day(3), "away", 1).await.unwrap();
        assert_eq!(next[0].name, "exempt", "{database}: page by page");
        assert!(store.users_away_since("partner", day(3), "", 10).await.unwrap().is_empty());
        let mut tx = store.begin().await.unwrap();
        assert!(tx.deactivate_if_away("away", day(3), day(6)).await.unwrap(), "{database}");
        assert!(!tx.deactivate_if_away("Søren", day(3), day(6)).await.unwrap(), "{database}");
        tx.commit().await.unwrap();
        assert!(!store.user("away").await.unwrap().unwrap().active, "{database}");
        assert!(store.user("søren").await.unwrap().unwrap().active, "{database}");
    }
}

#[tokio::test]
async fn two_first_sign_ins_at_once_make_one_user_and_one_group() {
    for (database, store) in both().await {
        let groups = GroupRules { create_missing: true, ..GroupRules::default() };
        let rules = Rules { groups, ..rules() };
        let one = async |_| {
            let said = claims("camilla", &["jira-new", "a-new"]);
            let mut tx = store.begin().await.unwrap();
            let (_, mut plan) = planned(&mut tx, &said, &rules).await;
            // Both have planned before either writes, where the database lets them.
            tokio::time::sleep(Duration::from_millis(50)).await;
            for _ in 0..3 {
                match tx.apply(&plan, new_id, now()).await {
                    Ok(_) => break,
                    Err(store::StoreError::Conflict(_)) => {
                        plan = planned(&mut tx, &said, &rules).await.1;
                    }
                    Err(other) => panic!("{database}: {other}"),
                }
            }
            tx.commit().await.unwrap();
        };
        tokio::join!(one(1), one(2), one(3));
        assert_eq!(store.users(store::Page::ALL).await.unwrap().len(), 1, "{database}");
        assert_eq!(groups_of(&store, "camilla").await, ["a-new", "jira-new"], "{database}");
    }
}

#[tokio::test]
async fn a_group_that_is_renamed_in_case_only_and_ten_thousand_values_are_exact() {
    for (database, store) in both().await {
        let there: Vec<_> = (0..10_000)
            .step_by(7)
            .map(|n| group(&format!("g{n}"), &format!("Group {n} ü")))
            .collect();
        add(&store, &[], &there).await;
        let values: Vec<String> = (0..10_000).map(|n| format!("GROUP {n} Ü")).collect();
        let values: Vec<&str> = values.iter().map(String::as_str).collect();
        let plan = sign_in(&store, &claims("camilla", &values), &rules()).await;
        assert!(matches!(plan.user, UserChange::Create { .. }));
        let held = groups_of(&store, "camilla").await;
        assert_eq!(held.len(), there.len(), "{database}");
        let names: BTreeMap<_, _> = there.iter().map(|group| (group.name.as_str(), ())).collect();
        assert!(held.iter().all(|name| names.contains_key(name.as_str())), "{database}");
    }
}
