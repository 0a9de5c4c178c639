//! What can stand in the history: each event with the name that is stored and the words for people.
//!
//! Names are stored for good, so none is ever changed or given to another event.

/// What somebody did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A settings document is new.
    SettingAdded,
    /// A settings document is another one now.
    SettingChanged,
    /// A settings document is gone.
    SettingRemoved,
    /// Somebody has a session at the console now.
    ConsoleEntered,
    /// Somebody gave a wrong password at the console.
    ConsoleRefused,
    /// The administrator's password is another one now.
    ConsolePasswordSet,
    /// An administrator saw the personal values of an attempt.
    AttemptRevealed,
    /// An administrator took the file of an attempt that is made for others' eyes.
    AttemptDownloaded,
    /// An administrator made a link for a test sign-in, or one that records a sign-in.
    AttemptLinked,
    /// A user is new.
    UserAdded,
    /// Values of a user are others now.
    UserChanged,
    /// A user is active again.
    UserActivated,
    /// A user is inactive now.
    UserDeactivated,
    /// The tag of a user is another one now.
    UserTagged,
    /// A sign-in bound a user to its IdP.
    UserBound,
    /// An administrator bound a user to an IdP.
    UserLinked,
    /// An administrator took a user's binding away.
    UserUnlinked,
    /// An import put a user into groups.
    UserGroupsAdded,
    /// The users of an IdP stay its users, although it is another entity now.
    IdpUsersKept,
    /// A group is new.
    GroupAdded,
    /// A group is gone.
    GroupRemoved,
    /// An administrator put a user into a group.
    GroupUserAdded,
    /// An administrator took a user out of a group.
    GroupUserRemoved,
    /// A group is within another now.
    GroupChildAdded,
    /// The end of a membership that waited has come.
    RemovalApproved,
    /// The end of a membership that waited does not come.
    RemovalDiscarded,
    /// A key of this SP is new: the first, which signs, or one that is published beside it.
    SpKeyMade,
    /// A key of this SP signs now.
    SpKeyActivated,
    /// A key of this SP is gone.
    SpKeyRetired,
}

impl Event {
    /// Every event.
    pub const ALL: [Event; 29] = [
        Event::SettingAdded,
        Event::SettingChanged,
        Event::SettingRemoved,
        Event::ConsoleEntered,
        Event::ConsoleRefused,
        Event::ConsolePasswordSet,
        Event::AttemptRevealed,
        Event::AttemptDownloaded,
        Event::AttemptLinked,
        Event::UserAdded,
        Event::UserChanged,
        Event::UserActivated,
        Event::UserDeactivated,
        Event::UserTagged,
        Event::UserBound,
        Event::UserLinked,
        Event::UserUnlinked,
        Event::UserGroupsAdded,
        Event::IdpUsersKept,
        Event::GroupAdded,
        Event::GroupRemoved,
        Event::GroupUserAdded,
        Event::GroupUserRemoved,
        Event::GroupChildAdded,
        Event::RemovalApproved,
        Event::RemovalDiscarded,
        Event::SpKeyMade,
        Event::SpKeyActivated,
        Event::SpKeyRetired,
    ];

    /// The name that is stored: what it happens to, a dot, and what happens.
    pub const fn name(self) -> &'static str {
        match self {
            Event::SettingAdded => "setting.added",
            Event::SettingChanged => "setting.changed",
            Event::SettingRemoved => "setting.removed",
            Event::ConsoleEntered => "console.entered",
            Event::ConsoleRefused => "console.refused",
            Event::ConsolePasswordSet => "console.password_set",
            Event::AttemptRevealed => "attempt.revealed",
            Event::AttemptDownloaded => "attempt.downloaded",
            Event::AttemptLinked => "attempt.link",
            Event::UserAdded => "user.added",
            Event::UserChanged => "user.changed",
            Event::UserActivated => "user.activated",
            Event::UserDeactivated => "user.deactivated",
            Event::UserTagged => "user.tagged",
            Event::UserBound => "user.bound",
            Event::UserLinked => "user.linked",
            Event::UserUnlinked => "user.unlinked",
            Event::UserGroupsAdded => "user.groups_added",
            Event::IdpUsersKept => "idp.users_kept",
            Event::GroupAdded => "group.added",
            Event::GroupRemoved => "group.removed",
            Event::GroupUserAdded => "group.user_added",
            Event::GroupUserRemoved => "group.user_removed",
            Event::GroupChildAdded => "group.child_added",
            Event::RemovalApproved => "removal.approved",
            Event::RemovalDiscarded => "removal.discarded",
            Event::SpKeyMade => "sp_key.made",
            Event::SpKeyActivated => "sp_key.activated",
            Event::SpKeyRetired => "sp_key.retired",
        }
    }

    /// The event of a stored name; `None` for one that only a newer version knows.
    pub fn named(name: &str) -> Option<Event> {
        // The console of an older version noted a new group so.
        if name == "group.created" {
            return Some(Event::GroupAdded);
        }
        Event::ALL.into_iter().find(|event| event.name() == name)
    }

    /// What was done, as the beginning of a sentence that ends with the subject: "Put somebody into
    /// group staff".
    pub const fn words(self) -> &'static str {
        match self {
            Event::SettingAdded | Event::UserAdded | Event::GroupAdded => "Added",
            Event::SettingChanged | Event::UserChanged => "Changed",
            Event::SettingRemoved | Event::GroupRemoved => "Removed",
            Event::ConsoleEntered => "Entered the console",
            Event::ConsoleRefused => "Was refused at the console",
            Event::ConsolePasswordSet => "Set the password",
            Event::AttemptRevealed => "Saw personal values of a sign-in",
            Event::AttemptDownloaded => "Downloaded the file for support",
            Event::AttemptLinked => "Made a link for a sign-in",
            Event::UserActivated => "Switched on",
            Event::UserDeactivated => "Switched off",
            Event::UserTagged => "Set the tag of",
            Event::UserBound => "Linked at the first sign-in",
            Event::UserLinked => "Linked",
            Event::UserUnlinked => "Unlinked",
            Event::UserGroupsAdded => "Put into groups",
            Event::IdpUsersKept => "Kept the users of",
            Event::GroupUserAdded => "Put somebody into",
            Event::GroupUserRemoved => "Took somebody out of",
            Event::GroupChildAdded => "Put a group into",
            Event::RemovalApproved => "Approved the removal of",
            Event::RemovalDiscarded => "Discarded the removal of",
            Event::SpKeyMade => "Made",
            Event::SpKeyActivated => "Signs from now on with",
            Event::SpKeyRetired => "Retired",
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_event_has_words_and_a_name_of_its_own_by_which_it_is_found_again() {
        let mut names = BTreeSet::new();
        for event in Event::ALL {
            assert!(names.insert(event.name()), "{} is the name of two events", event.name());
            assert_eq!(Event::named(event.name()), Some(event));
            let (of, what) = event.name().split_once('.').unwrap();
            assert!(!of.is_empty() && !what.is_empty(), "{}", event.name());
            assert!(event.words().starts_with(char::is_uppercase), "{event:?}");
            assert!(!event.words().contains(['.', '_']), "{event:?} shows an identifier");
        }
    }

    #[test]
    fn all_holds_every_event_in_the_order_of_their_declaration() {
        for (place, event) in Event::ALL.into_iter().enumerate() {
            assert_eq!(event as usize, place, "{event:?}");
        }
        // The last one that is declared: whoever adds another must add it to the list too.
        assert_eq!(Event::ALL.len() - 1, Event::SpKeyRetired as usize);
    }

    #[test]
    fn a_name_of_an_older_version_is_read_and_one_of_a_newer_version_is_not() {
        assert_eq!(Event::named("group.created"), Some(Event::GroupAdded));
        assert_eq!(Event::named("group.melted"), None);
    }
}
