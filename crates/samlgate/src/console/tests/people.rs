//! Users and groups: search, reasons, switching off; all or none of several groups.

use super::*;
use directory::User;

async fn add(harness: &Harness, names: &[&str]) {
    let mut tx = harness.server.store.begin().await.unwrap();
    for name in names {
        let user = User {
            id: format!("id {name}"),
            name: (*name).to_owned(),
            full_name: format!("{name} <in full>"),
            email: format!("{name}@muppets.com"),
            active: true,
            idp: Some("entra".to_owned()),
            created_at: noon(),
            updated_at: noon(),
        };
        tx.create_user(&user).await.unwrap();
    }
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn users_are_found_by_the_beginning_of_their_name_without_case() {
    let harness = Harness::new(false).await;
    let cookie = harness.enter().await;
    add(&harness, &["camilla", "Cam/ron", "gonzo"]).await;
    let page = harness.get("/users?q=CAM", &cookie).await.text;
    assert!(page.contains(">camilla</a>") && page.contains(">Cam/ron</a>"), "{page}");
    assert!(!page.contains("gonzo") && page.contains("&lt;in full&gt;"));
    let odd = harness.get("/users/Cam%2Fron", &cookie).await;
    assert_eq!(odd.status, StatusCode::OK, "a name with a slash has its page");
    assert_eq!(harness.get("/users/kermit", &cookie).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_user_is_switched_off_and_on_and_both_stand_in_the_history() {
    let harness = Harness::new(false).await;
    let cookie = harness.enter().await;
    add(&harness, &["camilla"]).await;
    for (value, active) in [("", false), ("true", true)] {
        let done = harness.post("/users/camilla/active", &cookie, &[("active", value)]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER);
        let user = harness.server.store.user("camilla").await.unwrap().unwrap();
        assert_eq!(user.active, active);
    }
    let page = harness.get("/history?event=user.", &cookie).await.text;
    assert!(page.contains("user.deactivated") && page.contains("user.activated"), "{page}");
}

#[tokio::test]
async fn several_groups_are_added_all_or_none() {
    let harness = Harness::new(false).await;
    let cookie = harness.enter().await;
    let added = harness.post("/groups", &cookie, &[("name", "staff, jira-users")]).await;
    assert_eq!(added.status, StatusCode::SEE_OTHER);
    let taken = harness.post("/groups", &cookie, &[("name", "new, STAFF")]).await;
    assert_eq!(taken.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        taken.text.contains("id=\"name-error\"") && taken.text.contains("value=\"new, STAFF\"")
    );
    assert!(harness.server.store.group("new").await.unwrap().is_none(), "none of them");
    assert!(harness.get("/groups?q=ST", &cookie).await.text.contains(">staff</a>"));
}

const MEASURED: [&str; 6] =
    ["/", "/attempts", "/users", "/users?q=user0500", "/users/user050000", "/groups"];

/// The median time of each page.
async fn times(harness: &Harness, cookie: &str) -> Vec<Duration> {
    let mut medians = Vec::new();
    for path in MEASURED {
        let mut times = Vec::new();
        for _ in 0..9 {
            let start = std::time::Instant::now();
            assert_eq!(harness.get(path, cookie).await.status, StatusCode::OK, "{path}");
            times.push(start.elapsed());
        }
        times.sort_unstable();
        medians.push(times[4]);
    }
    medians
}

#[tokio::test]
async fn pages_take_no_longer_with_a_hundred_thousand_users() {
    let harness = Harness::new(false).await;
    let cookie = harness.enter().await;
    add(&harness, &["user050000", "user0500"]).await;
    let few = times(&harness, &cookie).await;
    let names: Vec<String> = (0..100_000).map(|n| format!("user{n:06}")).collect();
    let names: Vec<&str> =
        names.iter().map(String::as_str).filter(|name| *name != "user050000").collect();
    add(&harness, &names).await;
    let mut tx = harness.server.store.begin().await.unwrap();
    for n in 0..20_000 {
        let mut record = attempt(&format!("{n:06}"), "opened");
        record.user_name = Some(format!("user{n:06}"));
        record.code = String::new();
        tx.record_attempt(&record).await.unwrap();
    }
    tx.commit().await.unwrap();
    let many = times(&harness, &cookie).await;
    for ((path, few), many) in MEASURED.iter().zip(few).zip(many) {
        println!("{path}: {few:?} with two users, {many:?} with 100,000 (unoptimised)");
        assert!(many < 12 * few + Duration::from_millis(30), "{path}: {few:?}, then {many:?}");
    }
}
