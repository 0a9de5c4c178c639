//! Which changes ask for the password again: each address to which something is posted is in one of
//! two lists.

use super::ways_in::PASSWORD;
use super::*;
use crate::confirm::{Asks, POSTED};

/// Each can decide who gets in.
const ASKS: [&str; 22] = [
    "/apps/new",
    "/apps/{name}",
    "/apps/{name}/remove",
    "/idps/new",
    "/idps/{name}",
    "/idps/{name}/remove",
    "/idps/{name}/keys",
    "/idps/{name}/users",
    "/idps/{name}/provisioning",
    "/guide",
    "/users/{name}/active",
    "/users/{name}/tag",
    "/users/{name}/link",
    "/removals",
    "/groups",
    "/applications",
    "/applications/{name}/password",
    "/applications/{name}/remove",
    "/history/{number}/return",
    "/settings",
    "/settings/apply",
    "/password",
];

/// These decide about nobody.
const DOES_NOT_ASK: [&str; 6] =
    ["/welcome", "/test", "/record", "/attempts/{id}/reveal", "/settings/logging", "/leave"];

/// An address of the router as somebody types it.
fn typed(path: &str) -> String {
    path.replace("{name}", "company").replace("{number}", "1").replace("{id}", "a1")
}

/// Somebody at a screen that was left open eleven minutes ago.
async fn open_screen() -> (Harness, String) {
    let (harness, cookie) = Harness::with_password().await;
    super::idps::store_idp(&harness, "company").await;
    harness.installation.store.record_attempt(&attempt("a1", "refused")).await.unwrap();
    harness.clock.advance(Duration::from_secs(11 * 60));
    (harness, cookie)
}

/// Everything that decides who gets in.
async fn everything(harness: &Harness) -> String {
    let store = &harness.installation.store;
    let password = store.property("console.password_hash").await.unwrap();
    let users = store.users_from("", 99).await.unwrap();
    let groups = store.groups_from("", 99).await.unwrap();
    let settings = store.settings().await.unwrap();
    format!("{password:?} {users:?} {groups:?} {settings:?}")
}

/// What a form may send, whatever it is.
const FIELDS: [(&str, &str); 9] = [
    ("name", "company"),
    ("kind", "jira"),
    ("public_url", "https://jira.example.com"),
    ("upstream", "http://10.0.0.5:8080"),
    ("password", "quite another sentence"),
    ("keep_attempts_days", "9"),
    ("keep_messages_days", "9"),
    ("apply", "true"),
    ("document", "[console]\nkeep_attempts_days = 9\n"),
];

#[tokio::test]
async fn every_address_that_takes_a_post_is_in_one_of_the_two_lists() {
    let inside = include_str!("../lib.rs").split_once("let inside").unwrap().1;
    let inside = inside.split_once(".route_layer(").unwrap().0;
    let routes = inside.split(".route(").skip(1);
    let posted: Vec<_> = routes
        .filter(|route| !route.contains(", get(") || route.contains(".post("))
        .map(|route| route.split('"').nth(1).unwrap())
        .collect();
    for path in &posted {
        let (is_in, is_out) = (ASKS.contains(path), DOES_NOT_ASK.contains(path));
        assert!(is_in != is_out, "{path}: can a change there decide who gets in?");
        let listed = POSTED.iter().find(|(listed, _)| listed == path);
        let (_, asks) = listed.unwrap_or_else(|| panic!("{path} is not in the console's list"));
        assert_eq!(matches!(asks, Asks::Never), is_out, "{path}");
    }
    assert_eq!(posted.len(), POSTED.len(), "no other is listed");
    assert_eq!(posted.len(), ASKS.len() + DOES_NOT_ASK.len());
}

#[tokio::test]
async fn a_screen_left_open_changes_nothing_about_who_gets_in() {
    let (harness, cookie) = open_screen().await;
    let before = everything(&harness).await;
    for path in ASKS.map(typed) {
        for more in [vec![], vec![("confirmation", "")], vec![("confirmation", " ")]] {
            let answer = harness.post(&path, &cookie, &[&FIELDS, more.as_slice()].concat()).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
            assert!(answer.text.contains("id=\"confirmation\""), "{path}: {}", answer.text);
        }
    }
    // Without a body, and in the other encoding.
    let mut bare = request(Method::POST, "/history/1/return", &cookie);
    bare.headers_mut().insert("sec-fetch-site", "same-origin".parse().unwrap());
    assert!(harness.send(bare).await.text.contains("id=\"confirmation\""));
    let mut parts = request(Method::POST, "/applications", &cookie);
    let headers = parts.headers_mut();
    headers.insert("sec-fetch-site", "same-origin".parse().unwrap());
    headers.insert("content-type", "multipart/form-data; boundary=x".parse().unwrap());
    let form = "--x\r\ncontent-disposition: form-data; name=\"name\"\r\n\r\njira\r\n--x--\r\n";
    *parts.body_mut() = Body::from(form);
    assert!(harness.send(parts).await.text.contains("id=\"confirmation\""));
    assert_eq!(everything(&harness).await, before);
}

#[tokio::test]
async fn what_only_shows_something_or_decides_about_nobody_does_not_ask() {
    let (harness, cookie) = open_screen().await;
    for (path, button) in [
        ("/idps/new", "resolve"),
        ("/idps/company", "resolve"),
        ("/idps/company/provisioning", "try"),
        ("/idps/company/provisioning", "steps_try"),
    ] {
        let fields = [&FIELDS, [(button, "true")].as_slice()].concat();
        let answer = harness.post(path, &cookie, &fields).await;
        assert!(!answer.text.contains("id=\"confirmation"), "{path}");
    }
    let shown = harness.post("/settings/apply", &cookie, &FIELDS[8..]).await;
    assert!(shown.text.contains("would change"), "{}", shown.text);
    for path in DOES_NOT_ASK.map(typed) {
        let answer = harness.post(&path, &cookie, &FIELDS).await;
        assert!(!answer.text.contains("id=\"confirmation"), "{path}");
    }
}

#[tokio::test]
async fn a_field_that_looks_like_a_dry_run_saves_nothing() {
    let (harness, cookie) = open_screen().await;
    let before = everything(&harness).await;
    // Each is a button of another form, or an empty one.
    for (path, field) in [
        ("/idps/company/provisioning", ("use_separator", "")),
        ("/idps/company/provisioning", ("resolve", "true")),
        ("/idps/company", ("try", "true")),
        ("/idps/company", ("resolve", "")),
        ("/apps/new", ("resolve", "true")),
        ("/settings/apply", ("try", "true")),
    ] {
        harness.post(path, &cookie, &[&FIELDS, [field].as_slice()].concat()).await;
        assert_eq!(everything(&harness).await, before, "{path} {field:?}");
    }
}

#[tokio::test]
async fn what_was_entered_waits_for_the_password_and_goes_on_by_it() {
    let (harness, cookie) = open_screen().await;
    let name = [("name", "<b>staff</b>, birds")];
    let asked = harness.post("/groups", &cookie, &name).await;
    assert!(asked.text.contains("name=\"name\" value=\"&lt;b&gt;staff&lt;/b&gt;, birds\""));
    assert!(asked.text.contains("action=\"/groups\""), "{}", asked.text);
    assert!(!asked.text.contains("Nothing was saved"), "nobody has done anything wrong yet");
    let wrong = harness.post("/groups", &cookie, &[name[0], ("confirmation", "no")]).await;
    assert!(wrong.text.contains("not the administrator's password"), "{}", wrong.text);
    assert!(!wrong.text.contains("value=\"no\""), "no password is shown again");
    let done = harness.post("/groups", &cookie, &[name[0], ("confirmation", PASSWORD)]).await;
    assert_eq!(done.location, "/groups", "{}", done.text);
    let again = harness.post("/groups", &cookie, &[("name", "cats")]).await;
    assert_eq!(again.location, "/groups", "it was given just now");
    harness.clock.advance(Duration::from_secs(10 * 60 + 1));
    let late = harness.post("/groups", &cookie, &[("name", "dogs")]).await;
    assert!(late.text.contains("id=\"confirmation\""), "{}", late.text);
}

#[tokio::test]
async fn guesses_at_an_open_screen_count_for_its_session_alone() {
    let (harness, cookie) = open_screen().await;
    let with = async |password| {
        harness.post("/groups", &cookie, &[("name", "staff"), ("confirmation", password)]).await
    };
    for _ in 0..5 {
        assert!(with("wrong").await.text.contains("not the administrator's password"));
    }
    let closed = with(PASSWORD).await;
    assert!(closed.text.contains("Too many wrong passwords"), "{}", closed.text);
    let entered = harness.post("/sign-in", "", &[("password", PASSWORD)]).await;
    assert_eq!(entered.status, StatusCode::SEE_OTHER, "the entrance is open");
}

#[tokio::test]
async fn who_has_just_given_the_password_is_not_asked_for_it_on_the_next_page() {
    let (harness, cookie) = open_screen().await;
    let given = [("password", "short"), ("confirmation", PASSWORD)];
    let again = harness.post("/password", &cookie, &given).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.text.contains("id=\"password-error\""), "{}", again.text);
    assert!(!again.text.contains("id=\"confirmation\""), "{}", again.text);
}
