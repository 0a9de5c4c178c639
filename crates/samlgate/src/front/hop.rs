//! From an app into the console, which is at another origin, for somebody who is signed in and
//! belongs to the group of administrators.

use std::time::Duration;

use gateway::Body;
use http::{Response, StatusCode};
use installation::ticket;
use store::{LivingSession, StoreError};

use crate::front::answer;
use crate::front::page;
use crate::front::session;
use crate::front::visit::Visit;

/// Answers GET `<prefix>/console`: leads a signed-in member of the administrators' group into the
/// console, which is at another origin. Nobody else learns more than that there is nothing here.
pub async fn answer(visit: &Visit) -> Response<Body> {
    let settings = &visit.settings.console.settings;
    let (Some(group), Some(origin)) = (&settings.administrators_group, &settings.public_url) else {
        return nothing();
    };
    let found = match session::current(visit).await {
        Ok(Some(LivingSession { user, .. })) => {
            member(visit, group, &user).await.map(|is| is.then_some(user))
        }
        Ok(None) => {
            let back = format!("{}/console", visit.app.prefix);
            return answer::see_other(&page::start_url(&visit.app, None, Some(&back)));
        }
        Err(error) => Err(error),
    };
    let token = match found {
        Ok(Some(user)) => ticket::mint(visit.installation(), &user.name, HOP).await,
        Ok(None) => return nothing(),
        Err(error) => Err(error),
    };
    match token {
        Ok(token) => {
            let origin = origin.trim_end_matches('/');
            answer::see_other(&format!("{origin}/enter?token={token}"))
        }
        Err(error) => {
            tracing::error!(%error, "nobody was led into the console");
            page::database_away(visit)
        }
    }
}

async fn member(visit: &Visit, group: &str, user: &directory::User) -> Result<bool, StoreError> {
    let store = &visit.installation().store;
    match store.group(group).await? {
        Some(group) => store.is_direct_member(&user.id, &group.id).await,
        None => Ok(false),
    }
}

fn nothing() -> Response<Body> {
    answer::text(StatusCode::NOT_FOUND, "There is no such page.")
}

/// A browser follows a redirect at once.
const HOP: Duration = Duration::from_secs(60);

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::extract::Request;
    use console::Entrance;
    use directory::{Group, MembershipSource, User};
    use http::header::{COOKIE, HOST, LOCATION, SET_COOKIE};
    use http_body_util::BodyExt as _;
    use installation::runtime::token_hash;
    use serde_json::json;
    use store::{LetIn, Session, SessionTimes};
    use tower::ServiceExt as _;

    use super::*;
    use crate::front::tracker::Attempt;
    use crate::front::visit::tests::visit;

    /// Camilla is signed in to the app with this token.
    async fn sign_in(visit: &Visit, token: &str) {
        let (id, now) = ("id camilla".to_owned(), visit.now);
        let mut tx = visit.installation().store.begin().await.unwrap();
        tx.create_user(&User {
            id: id.clone(),
            name: "camilla".to_owned(),
            full_name: String::new(),
            email: String::new(),
            active: true,
            idp: Some("company".to_owned()),
            created_at: now,
            updated_at: now,
        })
        .await
        .unwrap();
        let session = Session {
            token_hash: token_hash(token),
            user_id: id,
            idp: "company".to_owned(),
            name_id: None,
            name_id_format: None,
            name_qualifier: None,
            sp_name_qualifier: None,
            session_index: None,
            app: "jira".to_owned(),
            entity_id: None,
            attempt_id: "a1".to_owned(),
            times: SessionTimes::opened(now),
            expires_at: now + Duration::from_secs(3600),
        };
        let record = &Attempt::begin(visit).signed_in(now);
        tx.let_in(LetIn { session, replaces: None, record, messages: None }).await.unwrap();
    }

    /// A new group, which has no members.
    async fn add_group(visit: &Visit, name: &str) -> Group {
        let group = Group {
            id: name.to_owned(),
            name: name.to_owned(),
            description: String::new(),
            active: true,
            created_at: visit.now,
            updated_at: visit.now,
        };
        let mut tx = visit.installation().store.begin().await.unwrap();
        tx.create_group(&group).await.unwrap();
        tx.commit().await.unwrap();
        group
    }

    /// What the console answers to a browser with this cookie.
    async fn at_console(visit: &Visit, path: &str, cookie: &str) -> Response<Body> {
        let router = console::router(visit.front.installation.clone(), Entrance::default());
        let request = Request::get(path)
            .header(HOST, "localhost")
            .header(COOKIE, cookie)
            .body(Body::empty())
            .unwrap();
        router.oneshot(request).await.unwrap()
    }

    #[tokio::test]
    async fn a_member_of_the_group_is_led_in_from_an_app_and_nobody_else() {
        let by_group = json!({ "administrators_group": "admins",
                               "public_url": "https://console.example.com" });
        let (visit, _folder) = visit(by_group, "__Host-samlgate_session=t0").await;
        let stranger = answer(&visit).await;
        let to = stranger.headers()[LOCATION].to_str().unwrap();
        assert!(to.contains("/auth?os_destination="), "who is not signed in signs in first: {to}");

        sign_in(&visit, "t0").await;
        assert_eq!(answer(&visit).await.status(), StatusCode::NOT_FOUND, "no such group");
        let group = add_group(&visit, "admins").await;
        assert_eq!(answer(&visit).await.status(), StatusCode::NOT_FOUND, "no member");
        let mut tx = visit.installation().store.begin().await.unwrap();
        let source = MembershipSource::Manual;
        tx.add_membership("id camilla", &group.id, source, visit.now).await.unwrap();
        tx.commit().await.unwrap();

        let led = answer(&visit).await;
        let to = led.headers()[LOCATION].to_str().unwrap();
        let path = to.strip_prefix("https://console.example.com").unwrap();
        let entered = at_console(&visit, path, "").await;
        assert_eq!(entered.status(), StatusCode::SEE_OTHER, "{to}");
        let cookie = entered.headers()[SET_COOKIE].to_str().unwrap().split(';').next().unwrap();
        let page = at_console(&visit, "/", cookie).await.into_body().collect().await.unwrap();
        let page = String::from_utf8(page.to_bytes().to_vec()).unwrap();
        assert!(page.contains(">camilla</span>"), "the history will say who it was");
        let again = at_console(&visit, path, "").await;
        assert_eq!(again.status(), StatusCode::UNAUTHORIZED, "once");
    }
}
