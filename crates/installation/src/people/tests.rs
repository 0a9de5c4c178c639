//! Each change by hand stands in the history with its author; what is refused changes nothing.

use std::time::{Duration, UNIX_EPOCH};

use store::{Author, EntryFilter};

use super::*;
use crate::runtime::Random;
use crate::settings::By;

async fn store() -> (Store, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("test.db").display());
    (Store::open(&url).await.unwrap(), folder)
}

fn by() -> By {
    let author = Author { name: "kermit".to_owned(), address: "192.0.2.7".to_owned() };
    By { author, now: UNIX_EPOCH + Duration::from_secs(1_800_000_000) }
}

fn camilla() -> NewUser {
    NewUser {
        name: "camilla".to_owned(),
        full_name: "Camilla".to_owned(),
        email: "camilla@muppets.com".to_owned(),
        idp: None,
        password_hash: None,
    }
}

/// Event, subject and detail of all entries, the oldest first.
async fn history(store: &Store) -> Vec<String> {
    let filter = EntryFilter { limit: 99, ..EntryFilter::default() };
    let entries = store.history(&filter).await.unwrap();
    assert!(entries.iter().all(|entry| entry.author == by().author), "{entries:?}");
    let line = |entry: &store::Entry| format!("{} {} {}", entry.event, entry.subject, entry.detail);
    entries.iter().rev().map(|entry| line(entry).trim_end().to_owned()).collect()
}

#[tokio::test]
async fn whoever_changes_people_by_hand_stands_in_the_history() {
    let (store, _folder) = store().await;
    add_user(&store, camilla(), Random, by()).await.unwrap();
    let change = UserChange {
        rename: Some("chicken".to_owned()),
        email: Some("c@muppets.com".to_owned()),
        ..UserChange::default()
    };
    change_user(&store, "camilla", &change, by()).await.unwrap();
    add_groups(&store, &["staff", "birds"], Random, by()).await.unwrap();
    let (_, is_new) = add_group(&store, "staff", Some("birds"), Random, by()).await.unwrap();
    assert!(!is_new, "it was there and holds the other now");
    assert!(put_into(&store, ("chicken", "birds"), by()).await.unwrap());
    assert!(take_out(&store, ("chicken", "birds"), by()).await.unwrap());
    assert!(!take_out(&store, ("chicken", "birds"), by()).await.unwrap(), "that is no change");
    switch(&store, "chicken", false, by()).await.unwrap();
    remove_group(&store, "birds", by()).await.unwrap();
    let expected = [
        "user.added user camilla",
        "user.changed user chicken renamed, before camilla, e-mail address",
        "group.added group staff",
        "group.added group birds",
        "group.child_added group staff birds",
        "group.user_added group birds chicken",
        "group.user_removed group birds chicken",
        "user.deactivated user chicken",
        "group.removed group birds",
    ];
    assert_eq!(history(&store).await, expected);
}

#[tokio::test]
async fn what_is_refused_changes_nothing_and_stands_nowhere() {
    let (store, _folder) = store().await;
    add_user(&store, camilla(), Random, by()).await.unwrap();
    add_group(&store, "staff", None, Random, by()).await.unwrap();
    add_group(&store, "birds", None, Random, by()).await.unwrap();
    add_group(&store, "staff", Some("birds"), Random, by()).await.unwrap();
    let before = history(&store).await;

    let twin = NewUser { name: "CAMILLA".to_owned(), ..camilla() };
    let error = add_user(&store, twin, Random, by()).await.unwrap_err().to_string();
    assert_eq!(error, "there is already a user CAMILLA, in this or another case");
    let text = NewUser { name: "gonzo".to_owned(), full_name: "a\nb".to_owned(), ..camilla() };
    let error = add_user(&store, text, Random, by()).await.unwrap_err().to_string();
    assert_eq!(error, "the full name holds a control character");
    let orphan = NewUser { name: "gonzo".to_owned(), idp: Some("none".to_owned()), ..camilla() };
    let error = add_user(&store, orphan, Random, by()).await.unwrap_err();
    assert!(matches!(error, PeopleError::Idp(_)), "{error}");
    let error = add_groups(&store, &["fresh", "STAFF"], Random, by()).await.unwrap_err();
    assert!(matches!(&error, PeopleError::Taken { name, .. } if name == "STAFF"), "{error}");
    assert!(store.group("fresh").await.unwrap().is_none(), "all or none");
    let error = add_groups(&store, &[" "], Random, by()).await.unwrap_err();
    assert!(matches!(error, PeopleError::Name { .. }), "{error}");
    let error = add_group(&store, "birds", Some("staff"), Random, by()).await.unwrap_err();
    let circle = "staff holds birds already: groups must not contain each other";
    assert_eq!(error.to_string(), circle);
    let error = put_into(&store, ("nobody", "staff"), by()).await.unwrap_err().to_string();
    assert_eq!(error, "there is no user nobody");
    let error = remove_group(&store, "none", by()).await.unwrap_err().to_string();
    assert_eq!(error, "there is no group none");

    assert_eq!(history(&store).await, before);
}

#[tokio::test]
async fn a_batch_that_is_dropped_leaves_nothing() {
    let (store, _folder) = store().await;
    let mut batch = Batch::begin(&store, by(), "imported").await.unwrap();
    batch.add_group("staff", Random).await.unwrap();
    drop(batch);
    assert!(store.group("staff").await.unwrap().is_none());
    assert_eq!(history(&store).await, [""; 0]);
}

#[tokio::test]
async fn names_that_could_fool_somebody_are_refused_and_those_from_before_can_be_managed() {
    let (store, _folder) = store().await;
    for (name, said) in [
        ("ro\u{200b}bin", "holds U+200B"),
        ("robin\u{a0}", "holds U+00A0"),
        ("\u{212a}im", "holds U+212A"),
    ] {
        let new = NewUser { name: name.to_owned(), ..camilla() };
        let error = add_user(&store, new, Random, by()).await.unwrap_err().to_string();
        assert!(error.contains(said), "{error}");
        let error = add_groups(&store, &[name], Random, by()).await.unwrap_err().to_string();
        assert!(error.contains(said), "{error}");
        let error = add_group(&store, name, None, Random, by()).await.unwrap_err().to_string();
        assert!(error.contains(said), "{error}");
    }
    // As an older version let them in.
    let (user, group) = ("ro\u{200b}bin", "jira\u{a0}users");
    let mut odd = add_user(&store, camilla(), Random, by()).await.unwrap();
    add_groups(&store, &["staff"], Random, by()).await.unwrap();
    let mut old = find_group(&store, "staff").await.unwrap();
    let mut tx = store.begin().await.unwrap();
    odd.name = user.to_owned();
    tx.update_user(&odd).await.unwrap();
    tx.remove_group(&old.id).await.unwrap();
    old.name = group.to_owned();
    tx.create_group(&old).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(find(&store, user).await.unwrap().name, user);
    assert!(put_into(&store, (user, group), by()).await.unwrap());
    add_groups(&store, &["inner"], Random, by()).await.unwrap();
    add_group(&store, group, Some("inner"), Random, by()).await.unwrap();
    switch(&store, user, false, by()).await.unwrap();
    let change = UserChange { rename: Some("robin".to_owned()), ..UserChange::default() };
    assert_eq!(change_user(&store, user, &change, by()).await.unwrap().name, "robin");
    remove_group(&store, group, by()).await.unwrap();
}
