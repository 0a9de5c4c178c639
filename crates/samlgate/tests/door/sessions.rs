//! People who are signed in, without the way of a sign-in.

use std::time::Duration;

use directory::User;
use http::header::SET_COOKIE;
use http::{HeaderMap, HeaderValue};
use installation::runtime::token_hash;
use samlgate::front::Front;
use store::{AttemptRow, LetIn, Session};

/// Opens a session with this token for `name`, who is made, too.
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
        created_at: now,
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
    let store = &front.installation.store;
    front.cookie_map.learn(store, &sessions, &mut answer, front.installation.clock.now()).await;
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
