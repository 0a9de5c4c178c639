//! To which IdP users belong, as it is stored.

use directory::provision::{Binding, Claims, Lookup, Origin, Plan, Rules, plan};
use store::{EntryFilter, Store, StoreError, Tx};

use crate::both::both;
use crate::provisioning::{new_id, rules};
use crate::{add, group, now, user};

fn partner() -> Rules {
    Rules { idp: "partner".to_owned(), entity_id: "https://partner.example/".into(), ..rules() }
}

async fn planned(tx: &mut Tx, rules: &Rules) -> Plan {
    let claims = Claims { user_id: "Camilla".to_owned(), ..Claims::default() };
    let existing = tx.existing(&Lookup::of(&claims, Origin::App, rules)).await.unwrap();
    plan(&claims, Origin::App, rules, &existing)
}

/// The code of the refusal; empty for whom is let in.
async fn sign_in(store: &Store, rules: &Rules) -> &'static str {
    let mut tx = store.begin().await.unwrap();
    let plan = planned(&mut tx, rules).await;
    if let Some(refusal) = plan.refusal() {
        return refusal.code();
    }
    tx.apply(&plan, new_id, now()).await.unwrap();
    tx.commit().await.unwrap();
    ""
}

fn to(rules: &Rules) -> Binding {
    Binding { idp: rules.idp.clone(), entity_id: Some(rules.entity_id.clone()) }
}

#[tokio::test]
async fn the_first_sign_in_binds_once_with_a_line_in_the_history() {
    for (database, store) in both().await {
        add(&store, &[user("1", "camilla")], &[]).await;
        assert_eq!(store.binding_of("1").await.unwrap(), None, "{database}");
        assert_eq!(store.unbound_users(5).await.unwrap(), (1, vec!["camilla".to_owned()]));
        assert_eq!(sign_in(&store, &rules()).await, "", "{database}");
        assert_eq!(sign_in(&store, &rules()).await, "", "{database}");
        assert_eq!(store.binding_of("1").await.unwrap(), Some(to(&rules())), "{database}");
        assert_eq!(sign_in(&store, &partner()).await, "user_of_other_idp", "{database}");
        assert_eq!(store.unbound_users(5).await.unwrap(), (0, Vec::new()), "{database}");
        let filter = EntryFilter { event: "user.bound".into(), limit: 9, ..Default::default() };
        let entries = store.history(&filter).await.unwrap();
        assert_eq!(entries.len(), 1, "{database}: {entries:?}");
        assert_eq!(entries[0].detail, "company, https://idp.example.org/", "{database}");
    }
}

#[tokio::test]
async fn of_two_idps_at_once_the_second_plans_anew_and_is_refused() {
    for (database, store) in both().await {
        add(&store, &[user("1", "camilla")], &[]).await;
        let mut tx = store.begin().await.unwrap();
        // Made before the other IdP bound the user.
        let late = planned(&mut tx, &partner()).await;
        drop(tx);
        assert_eq!(sign_in(&store, &rules()).await, "", "{database}");
        let mut tx = store.begin().await.unwrap();
        let applied = tx.apply(&late, new_id, now()).await;
        assert!(matches!(applied, Err(StoreError::Conflict(_))), "{database}: {applied:?}");
        let again = planned(&mut tx, &partner()).await;
        let code = again.refusal().map(|refusal| refusal.code());
        assert_eq!(code, Some("user_of_other_idp"), "{database}");
    }
}

#[tokio::test]
async fn a_tag_without_a_binding_counts_as_one_and_takes_the_entity_at_once_or_later() {
    for (database, store) in both().await {
        let tagged = directory::User { idp: Some("company".into()), ..user("1", "camilla") };
        add(&store, &[tagged], &[]).await;
        let known = Binding { idp: "company".to_owned(), entity_id: None };
        assert_eq!(store.binding_of("1").await.unwrap(), Some(known), "{database}");
        let mut tx = store.begin().await.unwrap();
        assert_eq!(tx.remember_entity("company", "https://before.example/").await.unwrap(), 1);
        assert_eq!(tx.remember_entity("company", "https://later.example/").await.unwrap(), 0);
        tx.commit().await.unwrap();
        assert_eq!(sign_in(&store, &rules()).await, "idp_entity_changed", "{database}");
        let entity_id = rules().entity_id;
        assert_eq!(store.users_of_other_entity("company", &entity_id).await.unwrap(), 1);
        let mut tx = store.begin().await.unwrap();
        assert_eq!(tx.keep_users("company", &entity_id).await.unwrap(), 1, "{database}");
        tx.commit().await.unwrap();
        assert_eq!(sign_in(&store, &rules()).await, "", "{database}");
    }
}

#[tokio::test]
async fn a_protected_group_above_another_guards_too_and_a_password_does() {
    for (database, store) in both().await {
        let guarded = vec![directory::provision::NamePattern::new("*-administrators")];
        let unguarded = directory::provision::Unbound::Unguarded(guarded);
        let several = Rules { unbound: unguarded, ..rules() };
        let groups = [group("a", "jira-administrators"), group("b", "leads"), group("c", "team")];
        add(&store, &[user("1", "camilla")], &groups).await;
        let mut tx = store.begin().await.unwrap();
        for pair in groups.windows(2) {
            tx.add_child_group(&pair[0], &pair[1]).await.unwrap();
        }
        tx.add_membership("1", "c", directory::MembershipSource::Manual, now()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(sign_in(&store, &several).await, "user_not_linked", "{database}");
        let mut tx = store.begin().await.unwrap();
        tx.remove_membership("1", "c", directory::MembershipSource::Manual).await.unwrap();
        tx.set_password_hash("1", Some("$argon2id$x"), now()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(sign_in(&store, &several).await, "user_not_linked", "{database}");
        let mut tx = store.begin().await.unwrap();
        tx.set_password_hash("1", None, now()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(sign_in(&store, &several).await, "", "{database}");
        let mut tx = store.begin().await.unwrap();
        tx.bind_user("1", Some(&to(&partner()))).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(sign_in(&store, &several).await, "user_of_other_idp", "linked, {database}");
    }
}
