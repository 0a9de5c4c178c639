//! What of a sign-in is hidden until somebody asks, on the page and in the file for support.

use super::*;

#[tokio::test]
async fn names_and_groups_are_hidden_in_the_timeline_until_they_are_revealed() {
    let harness = Harness::new(false).await;
    let cookie = harness.enter().await;
    let mut one = attempt("a1", "refused");
    one.user_name = Some("camilla".to_owned());
    one.detail = "User ID not found: \"camilla@muppets.com\"".to_owned();
    one.timeline = r#"[{"step":"plan","text":"add to group hr-secret: the group attribute names it: groups = hr-secret"},
        {"step":"shadow","text":"create user gonzo: x"},
        {"step":"opener","text":"POST /rest as Camilla: 200"}]"#
        .to_owned();
    harness.installation.store.record_attempt(&one).await.unwrap();
    let page = harness.get("/attempts/a1", &cookie).await.text;
    let file = harness.get("/attempts/a1/support", &cookie).await.text;
    for name in ["amilla", "muppets.com", "hr-secret", "gonzo"] {
        assert!(!page.contains(name), "{name} on the page: {page}");
        assert!(!file.contains(name), "{name} in the file: {file}");
    }
    assert!(page.contains("User ID not found: •••") && page.contains("••• at jira"), "{page}");
    assert!(file.contains("add to group •••: the group attribute names it"), "{file}");
    let revealed = harness.post("/attempts/a1/reveal", &cookie, &[]).await.text;
    for name in ["camilla@muppets.com", "hr-secret", "gonzo", "Camilla: 200"] {
        assert!(revealed.contains(name), "{name}: {revealed}");
    }
}
