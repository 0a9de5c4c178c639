//! People who are signed in, without the way of a sign-in.

use std::time::Duration;

use directory::User;
use http::header::SET_COOKIE;
use http::{HeaderMap, HeaderValue};
use installation::Installation;
use installation::runtime::token_hash;
use installation::settings::{self, AppSettings, SessionSettings};
use samlgate::front::Front;
use samlgate::front::cookie_map::Place;
use store::{AttemptRow, LetIn, Session, SessionTimes};

/// Opens a session with this token for `name`, who is made, too. It ends after `lifetime`, since it
/// was not used for long.
pub(crate) async fn open(front: &Front, name: &str, token: &str, lifetime: Duration) {
    let now = front.installation.clock.now();
    let mut tx = front.installation.store.begin().await.unwrap();
    let user = User {
        id: name.to_owned(),
        name: name.to_owned(),
        full_name: String::new(),
        email: String::new(),
        active: true,
        idp: None,
        created_at: now,
        updated_at: now,
    };
    tx.create_user(&user).await.unwrap();
    let session = Session {
        token_hash: token_hash(token),
        user_id: user.id,
        idp: "company".to_owned(),
        name_id: None,
        name_id_format: None,
        name_qualifier: None,
        sp_name_qualifier: None,
        session_index: None,
        app: "wiki".to_owned(),
        entity_id: None,
        attempt_id: name.to_owned(),
        times: SessionTimes::opened(now + lifetime - SessionSettings::default().idle()),
        expires_at: now + lifetime,
    };
    let record = &AttemptRow {
        id: name.to_owned(),
        started_at: now,
        updated_at: now,
        app: "wiki".to_owned(),
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
    tx.let_in(LetIn { session, replaces: None, record, messages: None }).await.unwrap();
}

/// The app has given this cookie to the browser with the session of `token`.
pub(crate) async fn give(front: &Front, token: &str, cookie: &str) {
    let line = HeaderValue::from_str(&format!("{cookie}; Path=/")).unwrap();
    let mut answer = HeaderMap::from_iter([(SET_COOKIE, line)]);
    let sessions = [token_hash(token).into()];
    let settings = front.installation.settings.current();
    let place = Place {
        store: &front.installation.store,
        settings: &settings,
        app: &settings.apps["wiki"],
        uses: &front.uses,
        now: front.installation.clock.now(),
    };
    front.cookie_map.learn(&place, &sessions, &mut answer).await;
}

/// Lets sessions at the app end after so many minutes without a request.
pub(crate) async fn end_when_idle(front: &Front, minutes: u32) {
    let Installation { store, settings, secrets, clock, .. } = &*front.installation;
    let by = settings::By::command_line(clock.now());
    settings::change(store, "wiki", by, None, |app: &mut AppSettings| {
        app.session.idle_minutes = minutes;
        Ok::<_, settings::EditError>(())
    })
    .await
    .unwrap();
    settings.refresh(store, secrets).await.unwrap();
}

/// Switches somebody off.
pub(crate) async fn deactivate(front: &Front, name: &str) {
    let store = &front.installation.store;
    let mut user = store.user(name).await.unwrap().unwrap();
    user.active = false;
    let mut tx = store.begin().await.unwrap();
    tx.update_user(&user).await.unwrap();
    tx.commit().await.unwrap();
}
