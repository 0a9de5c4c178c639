//! Sessions, their uses, and the cookies that end with them.

use store::{KnownAppCookie, KnownSession, LivingSession, Owner};

use super::*;

fn hours(hours: u64) -> Duration {
    Duration::from_secs(3600 * hours)
}

/// How a session of Camilla's is known.
fn known(token_hash: &str, times: SessionTimes) -> KnownSession {
    KnownSession { token_hash: token_hash.to_owned(), idp: "company".to_owned(), times }
}

#[tokio::test]
async fn a_session_is_kept_with_its_times_and_goes_with_its_user() {
    for (database, store) in both().await {
        add(&store, &[user("1", "camilla")], &[]).await;
        let said = SessionTimes {
            not_on_or_after: Some(now() + hours(1)),
            remembered: true,
            ..SessionTimes::opened(now())
        };
        let session = Session { times: said, ..session("h") };
        open(&store, session.clone()).await;
        let LivingSession { session: found, user: owner } =
            store.session("h").await.unwrap().unwrap();
        assert_eq!((found, owner.name.as_str()), (session.clone(), "camilla"), "{database}");
        // More than one statement takes.
        let mut hashes = vec!["none"; 450];
        hashes.insert(300, "h");
        let all = async || store.known_sessions(&hashes).await.unwrap();
        assert_eq!(all().await, [known("h", said)], "{database}");
        let mut camilla = store.user("camilla").await.unwrap().unwrap();
        camilla.active = false;
        let mut tx = store.begin().await.unwrap();
        tx.update_user(&camilla).await.unwrap();
        tx.commit().await.unwrap();
        assert!(all().await.is_empty(), "{database}: nobody who is switched off");
        store.end_session("h").await.unwrap();
        assert!(store.session("h").await.unwrap().is_none(), "{database}");
    }
}

#[tokio::test]
async fn uses_are_written_down_for_many_at_once_and_never_taken_back() {
    for (database, store) in both().await {
        add(&store, &[user("1", "camilla")], &[]).await;
        let hashes: Vec<String> = (0..250).map(|n| format!("h{n}")).collect();
        for hash in &hashes {
            open(&store, session(hash)).await;
        }
        open(&store, session("unused")).await;
        let used: Vec<&str> = hashes.iter().map(String::as_str).collect();
        store.note_uses(&used, now() + hours(2)).await.unwrap();
        store.note_uses(&used, now() + hours(1)).await.unwrap();
        let later = SessionTimes { used_at: now() + hours(2), ..SessionTimes::opened(now()) };
        let found = store.known_sessions(&used).await.unwrap();
        assert_eq!(found.len(), 250, "{database}");
        assert!(found.iter().all(|one| one.times == later), "{database}");
        let other = store.session("unused").await.unwrap().unwrap();
        assert_eq!(other.session.times, SessionTimes::opened(now()), "{database}");
    }
}

#[tokio::test]
async fn the_sweep_takes_sessions_that_no_app_lets_go_on() {
    for (database, store) in both().await {
        add(&store, &[user("1", "camilla")], &[]).await;
        let remembered = SessionTimes { remembered: true, ..SessionTimes::opened(now()) };
        open(&store, session("unused")).await;
        open(&store, session("used")).await;
        open(&store, Session { times: remembered, ..session("remembered") }).await;
        store.note_uses(&["used"], now() + hours(7)).await.unwrap();
        let longest = LongestSession { unused: hours(8), open: hours(24) };
        let left = async |at: SystemTime| {
            store.sweep(at, longest).await.unwrap();
            let all = store.known_sessions(&["unused", "used", "remembered"]).await.unwrap();
            let mut all: Vec<String> = all.into_iter().map(|one| one.token_hash).collect();
            all.sort();
            all
        };
        assert_eq!(left(now() + hours(8)).await.len(), 3, "{database}: expires_at says nothing");
        let second = Duration::from_secs(1);
        assert_eq!(left(now() + hours(8) + second).await, ["remembered", "used"], "{database}");
        assert_eq!(left(now() + hours(24)).await, ["remembered"], "{database}");
        assert!(left(now() + hours(24) + second).await.is_empty(), "{database}");
    }
}

#[tokio::test]
async fn a_cookie_outlives_its_session_and_is_kept_while_it_reaches_the_app() {
    for (database, store) in both().await {
        add(&store, &[user("1", "camilla")], &[]).await;
        open(&store, session("h")).await;
        let cookie = AppCookie { hash: "c".to_owned(), scope: "; Path=/".to_owned() };
        assert!(store.keep_app_cookie(&cookie, "h", now()).await.unwrap(), "{database}");
        assert!(!store.keep_app_cookie(&cookie, "none", now()).await.unwrap(), "{database}");
        let is = |lives: bool, must_be_renewed: bool| {
            let session = known("h", SessionTimes::opened(now()));
            let owner = lives.then(|| Owner { session, user: "camilla".to_owned() });
            Some(KnownAppCookie { scope: "; Path=/".to_owned(), owner, must_be_renewed })
        };
        let at = async |after: Duration| store.app_cookie("c", now() + after).await.unwrap();
        assert_eq!(at(Duration::ZERO).await, is(true, false), "{database}");
        assert_eq!(at(hours(25)).await, is(true, true), "{database}: a day later");
        store.renew_app_cookies(&["c".to_owned()], now() + hours(25)).await.unwrap();
        assert_eq!(at(hours(25)).await, is(true, false), "{database}");
        store.end_session("h").await.unwrap();
        assert_eq!(at(hours(25)).await, is(false, false), "{database}");
        let days = |days: u64| hours(25) + hours(24 * days);
        store.sweep(now() + days(14), LONGEST).await.unwrap();
        assert!(at(days(14)).await.is_some(), "{database}: for two weeks after it was used last");
        store.sweep(now() + days(16), LONGEST).await.unwrap();
        assert_eq!(at(days(16)).await, None, "{database}");
    }
}
