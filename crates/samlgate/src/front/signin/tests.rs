//! From one start to the next, with a browser's cookies and without: late answers, answers without a
//! cookie, in the address, and endless rounds.

mod refusals;

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::StatusCode;
use http::header::{COOKIE, HeaderValue, LOCATION, SET_COOKIE};
use http_body_util::BodyExt as _;
use installation::runtime::token_hash;
use serde_json::json;
use store::{LetIn, Newest, Session, SessionTimes};
use tempfile::TempDir;

use super::*;
use crate::front::ended;
use crate::front::pending;
use crate::front::visit::tests::visit;

fn query<'a>(address: &'a str, name: &str) -> Option<&'a str> {
    let pairs = address.split_once('?')?.1.split('&');
    pairs.filter_map(|pair| pair.split_once('=')).find(|(key, _)| *key == name).map(|(_, it)| it)
}

fn location(response: &Response<Body>) -> String {
    assert_eq!(response.status(), StatusCode::SEE_OTHER);
    response.headers()[LOCATION].to_str().unwrap().to_owned()
}

/// A browser's next GET.
async fn get(visit: &mut Visit, address: &str) -> Response<Body> {
    visit.uri =
        address.strip_prefix("https://jira.example.com").unwrap_or(address).parse().unwrap();
    start(visit).await
}

/// The browser takes the cookies of an answer.
fn take(visit: &mut Visit, response: &Response<Body>) {
    let lines = response.headers().get_all(SET_COOKIE).iter();
    let own: Vec<_> = lines
        .filter(|line| !line.to_str().unwrap().contains("Max-Age=0;"))
        .map(|line| line.to_str().unwrap().split(';').next().unwrap().to_owned())
        .collect();
    visit.headers.insert(COOKIE, HeaderValue::from_str(&own.join("; ")).unwrap());
}

/// A response that answers the request of this ID, as far as anybody says.
fn response(id: &str) -> String {
    format!(
        r#"<Response xmlns="urn:oasis:names:tc:SAML:2.0:protocol" ID="_r" Version="2.0"
            IssueInstant="2026-11-24T12:00:00Z" InResponseTo="{id}"/>"#
    )
}

async fn post(visit: &Visit, relay_state: &str, id: &str) -> Response<Body> {
    let form = AcsForm {
        saml_response: STANDARD.encode(response(id)),
        relay_state: Some(relay_state.to_owned()),
    };
    consume(visit, &visit.app.acs_url, &form).await
}

async fn begun(page: &str) -> (Visit, TempDir, String) {
    let (mut visit, folder) = visit(json!({}), "").await;
    let there = get(&mut visit, &format!("/plugins/servlet/saml/auth?os_destination={page}")).await;
    take(&mut visit, &there);
    let reference = query(&location(&there), "RelayState").unwrap().to_owned();
    (visit, folder, reference)
}

async fn text(response: Response<Body>) -> String {
    String::from_utf8(response.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap()
}

#[tokio::test]
async fn a_late_answer_begins_the_sign_in_anew_to_the_same_page_and_once() {
    let (mut visit, _folder, first) = begun("/browse/A-1?x=y%23comment-2").await;
    visit.now += pending::LONG + Duration::from_secs(1);
    let anew = post(&visit, &first, "_x").await;
    let second = query(&location(&anew), "RelayState").unwrap().to_owned();
    assert!(location(&anew).starts_with("https://idp.example.com/sso?SAMLRequest="));
    assert_ne!(first, second);
    let cleared = format!("samlgate_request_{first}=;");
    let lines: Vec<_> = anew.headers().get_all(SET_COOKIE).iter().collect();
    assert!(lines.iter().any(|line| line.to_str().unwrap().starts_with(&cleared)), "{lines:?}");
    take(&mut visit, &anew);
    let request = PendingRequest::named(&visit, &second).unwrap();
    assert_eq!(request.return_to, "/browse/A-1?x=y#comment-2");

    visit.now += pending::LONG + Duration::from_secs(1);
    let refused = post(&visit, &second, "_x").await;
    assert_eq!(refused.status(), StatusCode::BAD_REQUEST);
    assert!(refused.headers().get(SET_COOKIE).is_none());
    let newest =
        visit.installation().store.attempts(&Newest { limit: 9, before: None }).await.unwrap();
    assert_eq!(newest[0].code, "request_expired");
    assert!(text(refused).await.contains("os_destination=/browse/A-1"), "the page is kept");
}

#[tokio::test]
async fn a_late_reload_of_what_was_refused_shows_the_same_refusal() {
    let (mut visit, _folder, reference) = begun("/browse/A-1").await;
    let refused = text(post(&visit, &reference, "_x").await).await;
    visit.now += pending::LONG + Duration::from_secs(1);
    assert_eq!(text(post(&visit, &reference, "_x").await).await, refused, "number and cause");
}

#[tokio::test]
async fn another_account_is_asked_for_also_where_the_idp_may_not_ask_else() {
    use std::io::Read as _;
    let (mut visit, _folder) = visit(json!({}), "").await;
    let mut idp = visit.settings.idps["company"].settings.clone();
    idp.request.passive = true;
    let store = &visit.installation().store;
    let by = installation::settings::By::command_line(visit.now);
    let expect = installation::settings::Expect::Anything;
    installation::settings::put(store, "company", &idp, expect, by).await.unwrap();
    let installation = visit.front.installation.clone();
    installation.settings.refresh(&installation.store, &installation.secrets).await.unwrap();
    visit.settings = installation.settings.current();
    for (query, forced, passive) in [("", false, true), ("?another=yes", true, false)] {
        let there = get(&mut visit, &format!("/plugins/servlet/saml/auth{query}")).await;
        let sent = query_value(&location(&there), "SAMLRequest");
        let mut xml = String::new();
        let deflated = STANDARD.decode(sent).unwrap();
        flate2::read::DeflateDecoder::new(&*deflated).read_to_string(&mut xml).unwrap();
        assert_eq!(xml.contains(r#"ForceAuthn="true""#), forced, "{xml}");
        assert_eq!(xml.contains(r#"IsPassive="true""#), passive, "{xml}");
    }
}

fn query_value(address: &str, name: &str) -> String {
    let url = url::Url::parse(address).unwrap();
    url.query_pairs().find(|(key, _)| key == name).unwrap().1.into_owned()
}

#[tokio::test]
async fn whatever_relay_state_says_the_request_that_is_answered_is_found() {
    let (visit, _folder, reference) = begun("/browse/A-1").await;
    let request = PendingRequest::named(&visit, &reference).unwrap();
    let id = request.request_id(&visit);
    for relay_state in ["", "/browse/B-2", "https://idp.example.com/", &"0".repeat(32), &reference]
    {
        let raw = Arc::new(RawResponse::from_xml(response(&id).into_bytes()).unwrap());
        let found = Answered::find(&visit, Some(&raw), Some(relay_state)).await;
        assert!(matches!(found, Ok(Answered::Request(it)) if it == request), "{relay_state}");
    }
    // Another request than the browser's, whatever the RelayState.
    for relay_state in ["", "/browse/B-2"] {
        let refused = post(&visit, relay_state, "_another").await;
        assert_eq!(refused.status(), StatusCode::BAD_REQUEST, "{relay_state}");
        assert!(text(refused).await.contains("no cookie of this sign-in"));
    }
}

#[tokio::test]
async fn a_response_in_the_address_is_no_start() {
    let (mut visit, _folder, reference) = begun("/browse/A-1").await;
    let own = format!("/plugins/servlet/samlsso?SAMLResponse=x&RelayState={reference}");
    for address in
        [&*own, "/plugins/servlet/saml/auth?SAMLResponse=x", "/plugins/servlet/saml/auth?SAMLart=x"]
    {
        let refused = get(&mut visit, address).await;
        assert_eq!(refused.status(), StatusCode::BAD_REQUEST, "{address}");
    }
    let recorded =
        visit.installation().store.attempts(&Newest { limit: 9, before: None }).await.unwrap();
    assert_eq!(recorded.len(), 1, "what answers no request is counted only");
    assert_eq!(recorded[0].code, "response_by_get");
    assert!(recorded[0].hint.contains("HTTP-POST"));
}

/// Somebody is signed in with this token.
async fn sign_in(visit: &Visit, token: &str) {
    let now = visit.now;
    let mut tx = visit.installation().store.begin().await.unwrap();
    tx.create_user(&directory::User {
        id: "id camilla".to_owned(),
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
        user_id: "id camilla".to_owned(),
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

/// The address of a start after so many rounds.
fn after(visit: &Visit, rounds: usize, page: &str) -> String {
    let one_more = |before: Option<Rounds>| Rounds::and_one(before.as_ref(), "a1", visit.now);
    let rounds = (0..rounds).fold(None, |before, _| Some(one_more(before))).unwrap();
    let address = format!("/plugins/servlet/saml/auth?os_destination={page}");
    answer::with(address, ROUND, &rounds.sealed(visit, page))
}

#[tokio::test]
async fn the_third_round_within_a_minute_stops_and_says_why() {
    let (mut visit, _folder) = visit(json!({}), "").await;
    let page = "/browse/A-1";
    let second = after(&visit, 2, page);
    assert!(location(&get(&mut visit, &second).await).starts_with("https://idp.example.com/"));
    let third = after(&visit, 3, page);
    for (cookie, told) in [
        ("", "is not keeping the cookie"),
        ("__Host-samlgate_session=gone", "your session ended at once"),
    ] {
        visit.headers.insert(COOKIE, HeaderValue::from_static(cookie));
        let stopped = location(&get(&mut visit, &third).await);
        visit.uri = stopped.parse().unwrap();
        for _ in 0..2 {
            let page = ended::answer(&visit).await;
            assert_eq!(page.status(), StatusCode::FORBIDDEN);
            let page = text(page).await;
            assert!(page.contains(told) && page.contains("<code>a1</code>"), "{page}");
            assert!(page.contains("another=yes") && page.contains("os_destination=/browse/A-1"));
        }
    }
    let recorded = visit.installation().store.attempts_after("a1", 9).await.unwrap();
    assert_eq!(recorded.len(), 2, "one for each stop, none for a reload");
    assert!(recorded.iter().all(|record| record.code == "going_round"));
    // Another page, a later minute, or what somebody made up: no round.
    let other = third.replace("A-1", "B-2");
    let made_up = format!("{}&round=x", third.split("&round").next().unwrap());
    for address in [other, made_up] {
        assert!(location(&get(&mut visit, &address).await).starts_with("https://idp.example.com/"));
    }
    visit.now += Duration::from_secs(60);
    assert!(location(&get(&mut visit, &third).await).starts_with("https://idp.example.com/"));
}

#[tokio::test]
async fn an_app_that_asks_again_and_again_is_told_from_tabs_and_from_a_new_sign_in() {
    let (mut visit, _folder) = visit(json!({}), "__Host-samlgate_session=t0").await;
    sign_in(&visit, "t0").await;
    let start = |page: &str| format!("/plugins/servlet/saml/auth?os_destination={page}");
    // What the opener does when the app has let the person in.
    async fn opened(visit: &mut Visit, there: &str, page: &str) {
        visit.uri = there.parse().unwrap();
        let living = session::current(visit).await.unwrap().unwrap();
        Rounds::travelled(visit, page).unwrap().keep(visit, &living.session, page);
    }
    // Tabs that were all on their way before the first was through.
    let mut tabs = Vec::new();
    for _ in 0..5 {
        tabs.push(location(&get(&mut visit, &start("/browse/A-1")).await));
    }
    for there in &tabs {
        assert!(there.starts_with("/plugins/servlet/saml/open?"), "{there}");
        opened(&mut visit, there, "/browse/A-1").await;
    }
    for _ in 2..=3 {
        let there = location(&get(&mut visit, &start("/browse/A-1")).await);
        assert!(there.starts_with("/plugins/servlet/saml/open?"), "{there}");
        opened(&mut visit, &there, "/browse/A-1").await;
    }
    let other = location(&get(&mut visit, &start("/browse/B-2")).await);
    assert!(other.starts_with("/plugins/servlet/saml/open?"), "another page: {other}");
    let stopped = location(&get(&mut visit, &start("/browse/A-1")).await);
    visit.uri = stopped.parse().unwrap();
    let page = text(ended::answer(&visit).await).await;
    assert!(
        page.contains("You are signed in as camilla, but jira keeps asking you to sign in"),
        "{page}"
    );
    let again = location(&get(&mut visit, &start("/browse/A-1")).await);
    assert!(again.starts_with("/plugins/servlet/saml/open?"), "Start again begins anew: {again}");
}

#[tokio::test]
async fn whoever_is_signed_in_is_led_to_the_app_by_an_answer_without_a_cookie() {
    let (mut visit, _folder) = visit(json!({}), "__Host-samlgate_session=t0").await;
    let refused = post(&visit, &"0".repeat(32), "_gone").await;
    assert_eq!(refused.status(), StatusCode::BAD_REQUEST);
    let refresh = refused.headers()["refresh"].to_str().unwrap().to_owned();
    visit.uri = refresh.strip_prefix("0; url=").unwrap().parse().unwrap();
    let page = ended::answer(&visit).await;
    assert_eq!(page.status(), StatusCode::BAD_REQUEST, "nobody is signed in");
    assert!(page.headers().get("refresh").is_none());
    sign_in(&visit, "t0").await;
    assert_eq!(location(&ended::answer(&visit).await), "/plugins/servlet/saml/open");
    visit.uri = "/plugins/servlet/saml/ended?this=x".parse().unwrap();
    assert_eq!(ended::answer(&visit).await.status(), StatusCode::NOT_FOUND);
}
