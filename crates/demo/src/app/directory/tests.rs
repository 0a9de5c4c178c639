use super::super::crowd_client::RemoteUser;
use super::super::profile::Copying;
use super::*;

fn directory() -> Directory {
    let mut directory = Directory {
        id: 1,
        name: "Copy".to_owned(),
        source: Source::Internal,
        users: BTreeMap::new(),
        groups: BTreeMap::new(),
        trouble: None,
        in_step: false,
    };
    directory.group("known");
    directory
}

fn remote(name: &str, key: &str) -> RemoteUser {
    RemoteUser {
        name: name.to_owned(),
        display_name: format!("{name} in full"),
        email: format!("{name}@example.test"),
        active: true,
        key: Some(key.to_owned()),
    }
}

fn names(list: &[&str]) -> Vec<String> {
    list.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn the_old_rule_joins_known_groups_only() {
    let mut copy = directory();
    let gonzo = remote("gonzo", "k1");
    assert!(copy.wants_groups(&gonzo, Copying::Old, GroupsOnLogIn::Always));
    copy.copy(&gonzo, Some(&names(&["known", "unknown"])), Copying::Old);
    assert_eq!(copy.groups_of("gonzo"), ["known"]);
    assert!(!copy.groups.contains_key("unknown"));
}

#[test]
fn the_old_rule_leaves_a_known_user_alone() {
    let mut copy = directory();
    copy.copy(&remote("gonzo", "k1"), Some(&[]), Copying::Old);
    let mut changed = remote("gonzo", "k1");
    changed.email = "new@example.test".to_owned();
    assert!(!copy.wants_groups(&changed, Copying::Old, GroupsOnLogIn::Always));
    copy.copy(&changed, None, Copying::Old);
    assert_eq!(copy.users["gonzo"].email, "gonzo@example.test");
}

#[test]
fn the_new_rule_refreshes_the_user_and_makes_groups() {
    let mut copy = directory();
    copy.copy(&remote("gonzo", "k1"), Some(&names(&["known"])), Copying::New);
    let mut changed = remote("gonzo", "k1");
    changed.email = "new@example.test".to_owned();
    copy.copy(&changed, Some(&names(&["unknown"])), Copying::New);
    assert_eq!(copy.users["gonzo"].email, "new@example.test");
    assert_eq!(copy.groups_of("gonzo"), ["unknown"], "a group no longer reported is taken away");
}

#[test]
fn no_group_at_all_takes_nothing_away() {
    let mut copy = directory();
    copy.copy(&remote("gonzo", "k1"), Some(&names(&["known"])), Copying::New);
    copy.copy(&remote("gonzo", "k1"), Some(&[]), Copying::New);
    assert_eq!(copy.groups_of("gonzo"), ["known"]);
}

#[test]
fn the_setting_says_when_groups_are_asked_for() {
    let mut copy = directory();
    let gonzo = remote("gonzo", "k1");
    let wants = |copy: &Directory, setting| copy.wants_groups(&gonzo, Copying::New, setting);
    assert!(wants(&copy, GroupsOnLogIn::NewUsers));
    copy.copy(&gonzo, None, Copying::New);
    assert!(wants(&copy, GroupsOnLogIn::Always));
    assert!(!wants(&copy, GroupsOnLogIn::NewUsers));
    assert!(!wants(&copy, GroupsOnLogIn::Never));
}

#[test]
fn the_new_rule_follows_a_rename_by_the_key() {
    let mut copy = directory();
    copy.copy(&remote("gonzo", "k1"), Some(&names(&["known"])), Copying::New);
    copy.copy(&remote("Gonzales", "k1"), None, Copying::New);
    assert!(!copy.users.contains_key("gonzo"));
    assert_eq!(copy.groups_of("gonzales"), ["known"]);
}

#[test]
fn the_first_directory_that_holds_the_name_decides() {
    let mut directories = Directories::default();
    let first = directories.add("One", Source::Internal, None);
    let second = directories.add("Two", Source::Internal, None);
    for (id, group) in [(first, "ones"), (second, "twos")] {
        let user = User { name: "Gonzo".to_owned(), active: true, ..User::default() };
        directories.get_mut(id).unwrap().put(user, &names(&[group]));
    }
    assert_eq!(directories.user("GONZO").unwrap().groups, ["ones"]);
    directories.reorder(&[second]);
    assert_eq!(directories.user("gonzo").unwrap().groups, ["twos"]);
}
