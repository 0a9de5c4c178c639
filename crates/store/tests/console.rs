//! What the console keeps: history, sessions, ways in, wrong passwords, sealed messages, numbers by
//! hour. Every test here runs on SQLite and on PostgreSQL.

#[path = "databases/both.rs"]
mod both;
mod databases;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use both::both;
use store::{
    AttemptFilter, AttemptRow, Author, ConsoleSession, Entry, EntryFilter, Event, LongestSession,
    Newest, SealedMessages, Store,
};

/// As apps are by default.
const LONGEST: LongestSession =
    LongestSession { unused: Duration::from_secs(8 * 3600), open: Duration::from_secs(24 * 3600) };

fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_millis(1_800_000_000_123)
}

fn all() -> EntryFilter {
    EntryFilter { limit: 100, ..EntryFilter::default() }
}

fn attempt(id: &str, outcome: &str, user: &str) -> AttemptRow {
    AttemptRow {
        id: id.to_owned(),
        started_at: now(),
        updated_at: now(),
        app: "jira".to_owned(),
        idp: Some("entra".to_owned()),
        user_name: Some(user.to_owned()),
        outcome: outcome.to_owned(),
        code: if outcome == "refused" { "audience" } else { "" }.to_owned(),
        rule: String::new(),
        hint: String::new(),
        detail: String::new(),
        address: String::new(),
        timeline: String::new(),
        told: String::new(),
        follows: None,
    }
}

#[tokio::test]
async fn every_change_of_a_setting_stands_in_the_history_with_author_and_both_documents() {
    for (database, store) in both().await {
        let author = Author { name: "kermit".to_owned(), address: "192.0.2.1".to_owned() };
        let mut tx = store.begin().await.unwrap();
        tx.author(author.clone());
        tx.put_setting("app", "jira", "{}", now()).await.unwrap();
        tx.put_setting("app", "jira", "{\"a\":1}", now()).await.unwrap();
        assert!(tx.remove_setting("app", "jira", now()).await.unwrap());
        assert!(!tx.remove_setting("app", "jira", now()).await.unwrap(), "nothing to note");
        tx.commit().await.unwrap();
        let entries = store.history(&all()).await.unwrap();
        let shown: Vec<_> = entries
            .iter()
            .map(|e| (e.number, e.event.as_str(), e.before.as_deref(), e.after.as_deref()))
            .collect();
        let expected = [
            (3, "setting.removed", Some("{\"a\":1}"), None),
            (2, "setting.changed", Some("{}"), Some("{\"a\":1}")),
            (1, "setting.added", None, Some("{}")),
        ];
        assert_eq!(shown, expected, "{database}");
        assert!(entries.iter().all(|e| e.author == author && e.subject == "app jira"));
        let one = store.history_entry(2).await.unwrap().unwrap();
        assert_eq!((one.number, one.at), (2, now()), "{database}");
        assert_eq!(store.history_entry(9).await.unwrap(), None, "{database}");
    }
}

#[tokio::test]
async fn the_history_is_filtered_and_a_transaction_that_fails_leaves_no_entry() {
    for (database, store) in both().await {
        let kermit = Author { name: "kermit".to_owned(), address: String::new() };
        store.note(&kermit, Event::ConsoleEntered, "", "", now()).await.unwrap();
        store.note(&Author::default(), Event::AttemptRevealed, "a1", "", now()).await.unwrap();
        let mut tx = store.begin().await.unwrap();
        tx.put_setting("app", "jira", "{}", now()).await.unwrap();
        drop(tx);
        let events = async |filter: EntryFilter| -> Vec<String> {
            let found = store.history(&filter).await.unwrap();
            found.into_iter().map(|entry| entry.event).collect()
        };
        assert_eq!(events(all()).await, ["attempt.revealed", "console.entered"], "{database}");
        let filter = EntryFilter { author: "kermit".to_owned(), ..all() };
        assert_eq!(events(filter).await, ["console.entered"], "{database}");
        let filter = EntryFilter { event: "attempt.".to_owned(), ..all() };
        assert_eq!(events(filter).await, ["attempt.revealed"], "{database}");
        let filter = EntryFilter { subject: "a1".to_owned(), before: Some(2), ..all() };
        assert!(events(filter).await.is_empty(), "{database}");
    }
}

#[tokio::test]
async fn an_entry_shows_words_also_what_an_older_version_wrote_and_a_name_that_is_not_known_yet() {
    for (database, store) in both().await {
        store.note(&Author::default(), Event::AttemptLinked, "a1", "", now()).await.unwrap();
        let linked = store.history(&all()).await.unwrap().remove(0);
        assert_eq!((&*linked.event, linked.words()), ("attempt.link", "Made a link for a sign-in"));
        let older = Entry { event: "group.created".to_owned(), ..linked.clone() };
        assert_eq!(older.words(), Event::GroupAdded.words(), "{database}");
        let newer = Entry { event: "group.melted".to_owned(), ..linked };
        assert_eq!(newer.words(), "group.melted", "{database}");
    }
}

#[tokio::test]
async fn two_who_change_settings_at_once_do_not_lose_a_change() {
    for (database, store) in both().await {
        let change = async |store: Store, name: String| {
            let mut tx = store.begin().await.unwrap();
            let found = tx.setting("app", "count").await.unwrap();
            let count: u32 = found.map_or(0, |text| text.parse().unwrap());
            tx.put_setting("app", "count", &(count + 1).to_string(), now()).await.unwrap();
            tx.put_setting("app", &name, "1", now()).await.unwrap();
            tx.commit().await.unwrap();
        };
        let tasks: Vec<_> =
            (0..8).map(|n| tokio::spawn(change(store.clone(), format!("n{n}")))).collect();
        for task in tasks {
            task.await.unwrap();
        }
        let mut tx = store.begin().await.unwrap();
        assert_eq!(tx.setting("app", "count").await.unwrap().as_deref(), Some("8"), "{database}");
    }
}

#[tokio::test]
async fn a_session_of_the_console_is_kept_touched_and_ended() {
    for (database, store) in both().await {
        let session = |hash: &str| ConsoleSession {
            token_hash: hash.to_owned(),
            author: "administrator".to_owned(),
            begun_at: now(),
            seen_at: now(),
            confirmed_at: UNIX_EPOCH,
        };
        for hash in ["h1", "h2", "h3"] {
            store.open_console_session(&session(hash), UNIX_EPOCH).await.unwrap();
        }
        let later = now() + Duration::from_secs(60);
        let touched = ConsoleSession { seen_at: later, confirmed_at: later, ..session("h1") };
        store.touch_console_session(&touched).await.unwrap();
        assert_eq!(store.console_session("h1").await.unwrap(), Some(touched), "{database}");
        store.end_console_sessions(Some("h2")).await.unwrap();
        assert_eq!(store.console_session("h2").await.unwrap(), None, "{database}");
        store.open_console_session(&session("h4"), later).await.unwrap();
        assert_eq!(store.console_session("h3").await.unwrap(), None, "idle, {database}");
        store.end_console_sessions(None).await.unwrap();
        assert_eq!(store.console_session("h1").await.unwrap(), None, "{database}");
    }
}

#[tokio::test]
async fn a_way_in_works_once_and_in_time() {
    for (database, store) in both().await {
        let end = now() + Duration::from_secs(60);
        store.mint_console_ticket("t1", "kermit", end).await.unwrap();
        assert_eq!(store.take_console_ticket("t2", now()).await.unwrap(), None, "{database}");
        let taken = store.take_console_ticket("t1", now()).await.unwrap();
        assert_eq!(taken.as_deref(), Some("kermit"), "{database}");
        assert_eq!(store.take_console_ticket("t1", now()).await.unwrap(), None, "{database}");
        store.mint_console_ticket("t3", "kermit", end).await.unwrap();
        assert_eq!(store.take_console_ticket("t3", end).await.unwrap(), None, "{database}");
    }
}

#[tokio::test]
async fn guesses_are_counted_by_source_within_a_window_and_given_back() {
    for (database, store) in both().await {
        let window = Duration::from_secs(600);
        let guess = async |at| store.count_guess("192.0.2.1", 3, window, at).await.unwrap();
        let count = async |source, at| store.guesses(source, window, at).await.unwrap();
        for _ in 0..3 {
            assert!(guess(now()).await, "{database}");
        }
        assert!(!guess(now()).await, "the fourth, {database}");
        assert_eq!(count("192.0.2.1", now()).await, 3, "{database}");
        assert_eq!(count("192.0.2.2", now()).await, 0, "{database}");
        store.give_back_guess("192.0.2.1").await.unwrap();
        assert!(guess(now()).await, "one was right, {database}");
        assert_eq!(count("192.0.2.1", now() + window).await, 0, "{database}");
        assert!(guess(now() + window).await, "{database}");
        assert_eq!(count("192.0.2.1", now() + window).await, 1, "a new window, {database}");
    }
}

#[tokio::test]
async fn of_guesses_at_once_no_more_are_counted_than_may_be_looked_at() {
    for (database, store) in both().await {
        let guess = |_| {
            let store = store.clone();
            let window = Duration::from_secs(600);
            tokio::spawn(async move { store.count_guess("a", 5, window, now()).await.unwrap() })
        };
        let mut counted = 0;
        for one in (0..60).map(guess).collect::<Vec<_>>() {
            counted += usize::from(one.await.unwrap());
        }
        assert_eq!(counted, 5, "{database}");
    }
}

#[tokio::test]
async fn sources_of_guesses_are_bounded_in_number() {
    for (database, store) in both().await {
        let window = Duration::from_secs(600);
        for n in 0..1010_u64 {
            let at = now() + Duration::from_millis(n);
            store.count_guess(&format!("source {n}"), 5, window, at).await.unwrap();
        }
        let count =
            async |n: u64| store.guesses(&format!("source {n}"), window, now()).await.unwrap();
        assert_eq!((count(9).await, count(10).await, count(1009).await), (0, 1, 1), "{database}");
    }
}

#[tokio::test]
async fn sealed_messages_go_in_time_and_those_of_an_attempt_stay_as_they_are() {
    for (database, store) in both().await {
        let messages = |sealed: &str| SealedMessages {
            attempt_id: "0".to_owned(),
            sealed: sealed.to_owned(),
            let_in: true,
            kept_until: now() + Duration::from_secs(60),
        };
        store.keep_messages(&messages("first")).await.unwrap();
        store.keep_messages(&messages("second")).await.unwrap();
        store.sweep(now(), LONGEST).await.unwrap();
        assert_eq!(store.messages("0").await.unwrap().as_deref(), Some("first"), "{database}");
        store.sweep(now() + Duration::from_secs(61), LONGEST).await.unwrap();
        assert_eq!(store.messages("0").await.unwrap(), None, "{database}");
    }
}

#[tokio::test]
async fn attempts_are_filtered_counted_by_hour_and_swept_by_age() {
    for (database, store) in both().await {
        for record in [
            attempt("a1", "opened", "camilla"),
            attempt("a2", "refused", "gonzo"),
            attempt("a3", "refused", "camilla"),
        ] {
            store.record_attempt(&record).await.unwrap();
        }
        let newest = Newest { limit: 10, before: None };
        let ids = async |filter: AttemptFilter| -> Vec<String> {
            let found = store.attempts_like(&filter, &newest).await.unwrap();
            found.into_iter().map(|attempt| attempt.id).collect()
        };
        let any = AttemptFilter::default;
        assert_eq!(ids(any()).await, ["a3", "a2", "a1"], "{database}");
        let filter = AttemptFilter { user_name: "camilla".to_owned(), ..any() };
        assert_eq!(ids(filter).await, ["a3", "a1"], "{database}");
        let filter = AttemptFilter { outcome: "refused".to_owned(), ..any() };
        assert_eq!(ids(filter).await, ["a3", "a2"], "{database}");
        let filter = AttemptFilter { code: "audience".to_owned(), app: "wiki".to_owned(), ..any() };
        assert!(ids(filter).await.is_empty(), "{database}");
        let tallies = store.tally_attempts(now() - Duration::from_secs(3600)).await.unwrap();
        let counts: Vec<_> = tallies.iter().map(|t| (&*t.outcome, &*t.code, t.count)).collect();
        assert_eq!(counts, [("opened", "", 1), ("refused", "audience", 2)], "{database}");
        assert_eq!(tallies[0].hour, 500_000, "{database}");
        assert_eq!(store.sweep_attempts(now()).await.unwrap(), 0, "{database}");
        assert_eq!(store.sweep_attempts(now() + Duration::from_millis(1)).await.unwrap(), 3);
    }
}
