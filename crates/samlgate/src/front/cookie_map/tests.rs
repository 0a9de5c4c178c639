use std::path::Path;
use std::time::UNIX_EPOCH;

use directory::User;
use http::header::COOKIE;
use installation::Installation;
use installation::config::Config;
use installation::runtime::{Clock, token_hash};
use installation::settings::{self, AppSettings, By, Expect};
use store::{AttemptRow, LetIn, Session, SessionTimes};

use super::*;
use crate::front::Front;

struct Scene {
    front: Front,
    clock: Clock,
    _folder: tempfile::TempDir,
}

async fn scene() -> Scene {
    let folder = tempfile::tempdir().unwrap();
    let clock = Clock::fixed(UNIX_EPOCH + Duration::from_secs(1_800_000_000));
    let front = node(folder.path(), &clock).await;
    let now = clock.now();
    let app = serde_json::json!({ "kind": "jira", "public_url": "https://jira.example.com",
                                  "upstream": "http://127.0.0.1:1" });
    let app: AppSettings = serde_json::from_value(app).unwrap();
    let Installation { store, settings, secrets, .. } = &*front.installation;
    settings::put(store, "jira", &app, Expect::Free, By::command_line(now)).await.unwrap();
    settings.refresh(store, secrets).await.unwrap();
    let mut tx = front.installation.store.begin().await.unwrap();
    tx.create_user(&User {
        id: "1".to_owned(),
        name: "camilla".to_owned(),
        full_name: String::new(),
        email: String::new(),
        active: true,
        idp: None,
        created_at: now,
        updated_at: now,
    })
    .await
    .unwrap();
    let session = Session {
        token_hash: token_hash("token"),
        user_id: "1".to_owned(),
        idp: "company".to_owned(),
        name_id: None,
        name_id_format: None,
        name_qualifier: None,
        sp_name_qualifier: None,
        session_index: None,
        app: "jira".to_owned(),
        entity_id: None,
        attempt_id: "a".to_owned(),
        times: SessionTimes::opened(now),
        expires_at: now + Duration::from_secs(3600),
    };
    let record = &AttemptRow {
        id: "a".to_owned(),
        started_at: now,
        updated_at: now,
        app: "jira".to_owned(),
        idp: None,
        user_name: None,
        outcome: "signed_in".to_owned(),
        code: String::new(),
        rule: String::new(),
        hint: String::new(),
        detail: String::new(),
        address: "127.0.0.1".to_owned(),
        timeline: "[]".to_owned(),
        told: String::new(),
        follows: None,
    };
    let all = LetIn { session, replaces: None, record, messages: None };
    tx.let_in(all).await.unwrap();
    Scene { front, clock, _folder: folder }
}

async fn node(folder: &Path, clock: &Clock) -> Front {
    Front::new(Installation::open(&Config::defaults_in(folder), clock.clone()).await.unwrap())
}

async fn judge(front: &Front, cookie: &str) -> Judgement {
    let headers = HeaderMap::from_iter([(COOKIE, HeaderValue::from_str(cookie).unwrap())]);
    judged(front, &headers).await.unwrap()
}

async fn judged(front: &Front, headers: &HeaderMap) -> Result<Judgement, Unjudged> {
    let settings = front.installation.settings.current();
    front.cookie_map.judge(&place(front, &settings), headers, &Uri::from_static("/")).await
}

fn place<'a>(front: &'a Front, settings: &'a Snapshot) -> Place<'a> {
    let Front { installation, uses, .. } = front;
    let (store, now) = (&installation.store, installation.clock.now());
    Place { store, settings, app: &settings.apps["jira"], uses, now }
}

fn gives(line: &'static str) -> HeaderMap {
    HeaderMap::from_iter([(SET_COOKIE, HeaderValue::from_static(line))])
}

impl Scene {
    async fn learn(&self, line: &'static str) {
        self.answered("token", &mut gives(line)).await;
    }

    async fn answered(&self, token: &str, answer: &mut HeaderMap) {
        self.answered_to(&[token_hash(token).into()], answer).await;
    }

    async fn answered_to(&self, sessions: &[Arc<str>], answer: &mut HeaderMap) {
        let settings = self.front.installation.settings.current();
        self.front.cookie_map.learn(&place(&self.front, &settings), sessions, answer).await;
    }

    async fn write_down(&self) {
        let installation = &self.front.installation;
        self.front.uses.write_down(installation, &installation.settings.current()).await.unwrap();
    }
}

#[tokio::test]
async fn a_cookie_ends_with_its_session_at_once_here_and_within_a_second_elsewhere() {
    let scene = scene().await;
    let other = node(scene._folder.path(), &scene.clock).await;
    scene.learn("JSESSIONID=A; Path=/jira; HttpOnly").await;
    for node in [&scene.front, &other] {
        assert_eq!(judge(node, "JSESSIONID=A").await.user(), Some("camilla"));
    }
    scene.front.installation.store.end_session(&token_hash("token")).await.unwrap();
    scene.front.cookie_map.session_ended(scene.clock.now());
    assert!(judge(&scene.front, "x=y; JSESSIONID=A").await.is_ended());
    assert!(!judge(&other, "JSESSIONID=A").await.is_ended(), "remembered for a second");
    scene.clock.advance(Duration::from_secs(1));
    assert!(judge(&other, "JSESSIONID=A").await.is_ended());

    let mut response = Response::new(gateway::empty());
    judge(&other, "JSESSIONID=A").await.expire(&mut response);
    let taken = response.headers()[SET_COOKIE].to_str().unwrap();
    assert!(
        taken.starts_with("JSESSIONID=; Max-Age=0; ") && taken.ends_with("; Path=/jira; HttpOnly")
    );
    let mut response = Response::new(gateway::empty());
    response.headers_mut().extend(gives("JSESSIONID=NEW; Path=/jira"));
    judge(&other, "JSESSIONID=A").await.expire(&mut response);
    assert_eq!(response.headers().get_all(SET_COOKIE).iter().count(), 1, "the app gives a new one");
}

#[tokio::test]
async fn deactivation_and_time_end_a_cookie_too_and_others_cookies_pass() {
    let scene = scene().await;
    scene.learn("JSESSIONID=A; Path=/").await;
    assert!(
        !judge(&scene.front, "JSESSIONID=B; ROUTEID=.1").await.is_ended(),
        "an administrator's"
    );
    let mut user = scene.front.installation.store.user("camilla").await.unwrap().unwrap();
    user.active = false;
    let mut tx = scene.front.installation.store.begin().await.unwrap();
    tx.update_user(&user).await.unwrap();
    tx.commit().await.unwrap();
    assert!(judge(&scene.front, "JSESSIONID=A").await.is_ended());

    user.active = true;
    let mut tx = scene.front.installation.store.begin().await.unwrap();
    tx.update_user(&user).await.unwrap();
    tx.commit().await.unwrap();
    scene.clock.advance(Duration::from_secs(8 * 3600));
    assert!(judge(&scene.front, "JSESSIONID=A").await.is_ended());
    let longest = scene.front.installation.settings.current().longest_session();
    scene.front.installation.store.sweep(scene.clock.now(), longest).await.unwrap();
    scene.clock.advance(Duration::from_secs(13 * 24 * 3600));
    assert!(
        judge(&scene.front, "JSESSIONID=A").await.is_ended(),
        "known although its session is gone"
    );
}

#[tokio::test]
async fn a_cookie_is_kept_for_a_living_session_only() {
    let scene = scene().await;
    let mut answer = gives("JSESSIONID=A; Path=/");
    scene.answered("no such token", &mut answer).await;
    assert_eq!(answer.len(), 1, "the cookie is the app's own affair");
    assert!(judge(&scene.front, "JSESSIONID=A").await.user().is_none());
}

#[tokio::test]
async fn a_cookie_that_is_renewed_for_a_known_one_ends_with_its_session() {
    let scene = scene().await;
    scene.learn("seraph.rememberme.cookie=A; Path=/").await;
    // The browser was closed meanwhile, and with it Samlgate's own cookie went.
    let judged = judge(&scene.front, "seraph.rememberme.cookie=A").await;
    let sessions: Vec<_> = judged.sessions().cloned().collect();
    assert_eq!(sessions.len(), 1);
    let store = &scene.front.installation.store;
    let stale: Vec<_> = [token_hash("stale").into()].into_iter().chain(sessions).collect();
    for (line, sessions) in
        [("JSESSIONID=B; Path=/", &stale[1..]), ("JSESSIONID=C; Path=/", &stale)]
    {
        let mut answer = gives(line);
        scene.answered_to(sessions, &mut answer).await;
        assert_eq!(answer.len(), 1);
    }
    store.end_session(&token_hash("token")).await.unwrap();
    scene.front.cookie_map.session_ended(scene.clock.now());
    for cookie in ["JSESSIONID=B", "JSESSIONID=C"] {
        assert!(judge(&scene.front, cookie).await.is_ended(), "{cookie}");
    }
}

#[tokio::test]
async fn a_cookie_lives_while_it_is_used_and_never_past_the_longest_time() {
    let scene = scene().await;
    scene.learn("JSESSIONID=A; Path=/").await;
    let other = node(scene._folder.path(), &scene.clock).await;
    for hours in [7, 14, 21] {
        scene.clock.advance(Duration::from_secs(7 * 3600));
        let judged = judge(&scene.front, "JSESSIONID=A").await;
        assert_eq!(judged.user(), Some("camilla"), "after {hours} hours");
        scene.write_down().await;
        assert_eq!(judge(&other, "JSESSIONID=A").await.user(), Some("camilla"), "elsewhere, too");
    }
    scene.clock.advance(Duration::from_secs(3 * 3600 - 1));
    assert!(!judge(&scene.front, "JSESSIONID=A").await.is_ended());
    scene.write_down().await;
    scene.clock.advance(Duration::from_secs(1));
    for node in [&scene.front, &other] {
        assert!(judge(node, "JSESSIONID=A").await.is_ended(), "it is a day old");
    }
}

#[tokio::test]
async fn a_session_that_is_over_takes_no_cookie_of_the_app() {
    let scene = scene().await;
    scene.learn("JSESSIONID=A; Path=/").await;
    scene.clock.advance(Duration::from_secs(8 * 3600));
    // The browser still has Samlgate's cookie, and logs in at the app itself.
    scene.learn("JSESSIONID=LOCAL; Path=/").await;
    let judged = judge(&scene.front, "JSESSIONID=LOCAL").await;
    assert!(!judged.is_ended() && judged.user().is_none(), "it is the app's own affair");
    scene.write_down().await;
    assert!(judge(&scene.front, "JSESSIONID=A").await.is_ended(), "and nothing comes back");
}

#[tokio::test]
async fn many_session_cookies_are_refused_and_the_memory_is_bounded() {
    let scene = scene().await;
    let many: Vec<String> = (0..17).map(|n| format!("JSESSIONID={n}")).collect();
    let headers = HeaderMap::from_iter([(COOKIE, HeaderValue::from_str(&many.join(";")).unwrap())]);
    assert!(matches!(judged(&scene.front, &headers).await, Err(Unjudged::TooMany)));

    let mut verdicts = Verdicts::default();
    for n in 0..3 * MOST_VERDICTS {
        let key = installation::runtime::sha256(&n.to_ne_bytes());
        verdicts.put(key, Verdict::Foreign, scene.clock.now());
    }
    assert!(verdicts.young.len() + verdicts.old.len() <= 2 * MOST_VERDICTS);
}

#[test]
fn while_the_database_is_away_the_last_verdict_counts_for_five_minutes() {
    let (mut verdicts, now) =
        (Verdicts::default(), UNIX_EPOCH + Duration::from_secs(1_800_000_000));
    verdicts.put([1; 32], Verdict::Foreign, now);
    let later = now + Duration::from_secs(60);
    assert!(verdicts.without_asking(&[1; 32], later).is_none(), "the database is asked");
    verdicts.failed_at = Some(later);
    assert!(verdicts.without_asking(&[1; 32], later).is_some(), "it has just failed");
    assert!(verdicts.last(&[2; 32], later).is_none(), "never seen");
    assert!(verdicts.last(&[1; 32], now + Duration::from_secs(301)).is_none());
}
