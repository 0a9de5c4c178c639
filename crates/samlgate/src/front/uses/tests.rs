use std::time::Duration;

use directory::User;
use installation::runtime::token_hash;
use installation::settings::{self, AppSettings, By, IdpSettings};
use serde_json::json;
use store::{LetIn, Session, SessionTimes};

use super::*;
use crate::front::session;
use crate::front::tracker::Attempt;
use crate::front::visit::Visit;
use crate::front::visit::tests::visit;

const HOUR: Duration = Duration::from_secs(3600);

/// Somebody who is signed in at jira; the IdP said that the session ends `after` the sign-in.
async fn signed_in(after: Option<Duration>) -> (Visit, tempfile::TempDir) {
    let (visit, folder) = visit(json!({}), "__Host-samlgate_session=token").await;
    let now = visit.now;
    let mut tx = visit.installation().store.begin().await.unwrap();
    let user = User {
        id: "1".to_owned(),
        name: "camilla".to_owned(),
        full_name: String::new(),
        email: String::new(),
        active: true,
        idp: Some("company".to_owned()),
        created_at: now,
        updated_at: now,
    };
    tx.create_user(&user).await.unwrap();
    let not_on_or_after = after.map(|after| now + after);
    let session = Session {
        token_hash: token_hash("token"),
        user_id: user.id,
        idp: "company".to_owned(),
        name_id: None,
        name_id_format: None,
        name_qualifier: None,
        sp_name_qualifier: None,
        session_index: None,
        app: "jira".to_owned(),
        entity_id: None,
        attempt_id: "a1".to_owned(),
        times: SessionTimes { not_on_or_after, ..SessionTimes::opened(now) },
        expires_at: now,
    };
    let record = &Attempt::begin(&visit).signed_in(now);
    tx.let_in(LetIn { session, replaces: None, record, messages: None }).await.unwrap();
    (visit, folder)
}

/// Whether the person comes in `after` the sign-in; what was used until then is written down.
async fn comes(visit: &mut Visit, start: SystemTime, after: Duration) -> bool {
    visit.now = start + after;
    let lives = session::current(visit).await.unwrap().is_some();
    visit.front.uses.write_down(visit.installation(), &visit.settings).await.unwrap();
    lives
}

async fn set<D: settings::Document>(visit: &mut Visit, name: &str, edit: impl Fn(&mut D)) {
    let installation = visit.front.installation.clone();
    let (store, by) = (&installation.store, By::command_line(visit.now));
    let edit = |document: &mut D| {
        edit(document);
        Ok::<_, settings::EditError>(())
    };
    settings::change(store, name, by, None, edit).await.unwrap();
    installation.settings.refresh(store, &installation.secrets).await.unwrap();
    visit.settings = installation.settings.current();
    visit.app = visit.settings.apps["jira"].clone();
}

#[tokio::test]
async fn a_session_lives_while_it_is_used_and_is_over_for_good_when_it_was_not() {
    let (mut visit, _folder) = signed_in(None).await;
    let start = visit.now;
    assert!(comes(&mut visit, start, HOUR * 7).await);
    assert!(comes(&mut visit, start, HOUR * 14).await);
    // A request with its cookie alone, such as for a picture.
    let hash: Arc<str> = token_hash("token").into();
    visit.front.uses.session(&visit.app, &hash, start + HOUR * 15);
    visit.front.uses.write_down(visit.installation(), &visit.settings).await.unwrap();
    assert!(comes(&mut visit, start, HOUR * 22).await);
    assert!(!comes(&mut visit, start, HOUR * 24).await, "a day old");

    let (mut visit, _folder) = signed_in(None).await;
    assert!(!comes(&mut visit, start, HOUR * 8).await, "eight hours idle");
    visit.front.uses.session(&visit.app, &hash, start + HOUR * 8);
    assert!(!comes(&mut visit, start, HOUR * 8).await, "the token alone brings nothing back");
    assert!(!comes(&mut visit, start, HOUR * 8).await);
}

#[tokio::test]
async fn changed_settings_of_app_and_idp_reach_a_session_that_is_open() {
    let (mut visit, _folder) = signed_in(Some(HOUR)).await;
    let (start, minute) = (visit.now, Duration::from_secs(60));
    assert!(comes(&mut visit, start, HOUR + minute * 2).await, "the clocks may differ");
    assert!(!comes(&mut visit, start, HOUR + minute * 3).await);
    set::<IdpSettings>(&mut visit, "company", |idp| idp.times.clock_skew_minutes = 10).await;
    assert!(comes(&mut visit, start, HOUR + minute * 9).await);
    assert!(!comes(&mut visit, start, HOUR + minute * 10).await);
    set::<IdpSettings>(&mut visit, "company", |idp| idp.times.obey_session_end = false).await;
    assert!(comes(&mut visit, start, HOUR * 5).await);
    let later = HOUR * 5 + minute * 30;
    set::<AppSettings>(&mut visit, "jira", |app| app.session.idle_minutes = 30).await;
    assert!(!comes(&mut visit, start, later).await);
    set::<AppSettings>(&mut visit, "jira", |app| app.session.idle_minutes = 60).await;
    assert!(comes(&mut visit, start, later).await);
    set::<AppSettings>(&mut visit, "jira", |app| app.session.absolute_minutes = 300).await;
    assert!(!comes(&mut visit, start, later).await);
}

#[tokio::test]
async fn a_busy_session_is_written_down_once_in_five_minutes() {
    let (visit, _folder) = signed_in(None).await;
    let (start, uses, settings) = (visit.now, &visit.front.uses, &visit.settings);
    let hash: Arc<str> = token_hash("token").into();
    let mut written = Vec::new();
    for second in (0..900).step_by(20) {
        uses.session(&visit.app, &hash, start + Duration::from_secs(second));
        uses.write_down(visit.installation(), settings).await.unwrap();
        let known = visit.installation().store.known_sessions(&[&hash]).await.unwrap();
        written.push(known[0].times.used_at.duration_since(start).unwrap().as_secs());
    }
    written.dedup();
    assert_eq!(written, [0, 300, 600]);
}

#[tokio::test]
async fn memory_is_bounded_whatever_tokens_come() {
    let (visit, _folder) = visit(json!({}), "").await;
    let uses = &visit.front.uses;
    for n in 0..3 * MOST {
        uses.session(&visit.app, &n.to_string().into(), visit.now);
        uses.cookie(n.to_string());
    }
    let mut noted = uses.lock();
    assert_eq!((noted.sessions.len(), noted.cookies.len()), (MOST, MOST));
    noted.are_written((0..3 * MOST).map(|n| n.to_string().into()), visit.now);
    assert!(noted.young.len() + noted.old.len() <= 2 * MOST);
}

#[tokio::test]
async fn the_cookie_outlives_the_browser_only_where_people_are_remembered() {
    let (mut visit, _folder) = signed_in(None).await;
    assert!(!session::cookie(&visit.app, "token").contains("Max-Age"));
    set::<AppSettings>(&mut visit, "jira", |app| app.session.remember_days = Some(14)).await;
    assert!(session::cookie(&visit.app, "token").ends_with("; Max-Age=1209600"));
}
