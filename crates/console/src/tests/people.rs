//! Users and groups: search, reasons, switching off; all or none of several groups.

use directory::User;

use super::*;

pub(super) async fn add(harness: &Harness, names: &[&str]) {
    let mut tx = harness.installation.store.begin().await.unwrap();
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
        let user = harness.installation.store.user("camilla").await.unwrap().unwrap();
        assert_eq!(user.active, active);
    }
    let page = harness.get("/history?event=user.", &cookie).await.text;
    assert!(page.contains("Switched off") && page.contains("Switched on"), "{page}");
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
    assert!(harness.installation.store.group("new").await.unwrap().is_none(), "none of them");
    assert!(harness.get("/groups?q=ST", &cookie).await.text.contains(">staff</a>"));
}

#[tokio::test]
async fn a_user_is_adopted_for_an_idp_that_is_there_and_let_go_again() {
    let harness = Harness::new(false).await;
    let cookie = harness.enter().await;
    add(&harness, &["camilla"]).await;
    let gone = harness.post("/users/camilla/tag", &cookie, &[("idp", "nowhere")]).await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
    assert!(gone.text.contains("needs its IdP first"), "{}", gone.text);
    super::idps::store_idp(&harness, "company").await;
    let bound = harness.post("/users/camilla/tag", &cookie, &[("idp", "company")]).await;
    assert!(bound.text.contains("bound to the IdP entra; link the user"), "{}", bound.text);
    for (path, value, tag) in [
        ("/users/camilla/link", ("linked", "company"), Some("company")),
        ("/users/camilla/tag", ("idp", ""), None),
        ("/users/camilla/tag", ("idp", "company"), Some("company")),
        ("/users/camilla/link", ("linked", ""), None),
    ] {
        let done = harness.post(path, &cookie, &[value]).await;
        assert_eq!(done.location, "/users/camilla", "{}", done.text);
        let user = harness.installation.store.user("camilla").await.unwrap().unwrap();
        assert_eq!(user.idp.as_deref(), tag, "{path}: a tag follows the link");
        let bound = harness.installation.store.binding_of(&user.id).await.unwrap();
        let is_linked = path.ends_with("tag") || tag.is_some();
        assert_eq!(bound.map(|to| to.idp).as_deref(), is_linked.then_some("company"), "{path}");
    }
    let page = harness.get("/history?event=user.", &cookie).await.text;
    assert!(page.contains("company, before entra") && page.contains("none, before company"));
}

#[tokio::test]
async fn an_application_s_card_says_when_it_was_here_and_when_it_synchronised() {
    let harness = Harness::new(false).await;
    let cookie = harness.enter().await;
    harness.post("/applications", &cookie, &[("name", "jira")]).await;
    let before = harness.get("/applications", &cookie).await.text;
    assert!(before.contains("has not connected yet") && before.contains("not yet"), "{before}");
    let mut tx = harness.installation.store.begin().await.unwrap();
    for sign in ["seen", "synchronised"] {
        let moment = "1795521600000";
        tx.put_property(&format!("application.{sign}.jira"), moment).await.unwrap();
    }
    tx.commit().await.unwrap();
    let after = harness.get("/applications", &cookie).await.text;
    assert_eq!(after.matches("2026-11-24 12:00:00").count(), 2, "{after}");
}

/// A removal that waits: Camilla would leave a group that the IdP no longer names.
async fn hold(harness: &Harness) {
    use directory::provision::{Plan, PlannedGroup, PlannedMembership, Provenance, UserChange};
    use directory::{Group, MembershipSource};
    add(harness, &["camilla"]).await;
    let store = &harness.installation.store;
    let user = store.user("camilla").await.unwrap().unwrap();
    let group = Group {
        id: "g1".to_owned(),
        name: "staff".to_owned(),
        description: String::new(),
        active: true,
        created_at: noon(),
        updated_at: noon(),
    };
    let source = MembershipSource::GroupAttribute;
    let mut tx = store.begin().await.unwrap();
    tx.create_group(&group).await.unwrap();
    tx.add_membership(&user.id, "g1", source, noon()).await.unwrap();
    let removal = PlannedMembership {
        group: PlannedGroup::Existing("g1".to_owned()),
        name: "staff".to_owned(),
        source,
        provenance: Provenance::NotNamed,
    };
    let plan = Plan {
        found: Some(user),
        user: UserChange::Leave,
        bind: None,
        create_groups: Vec::new(),
        add: Vec::new(),
        remove: Vec::new(),
        await_removal: vec![removal],
        forget_removal: Vec::new(),
        lapse: Vec::new(),
        renew: Vec::new(),
        joined_with: None,
        lines: Vec::new(),
    };
    let random = harness.installation.random;
    tx.apply(&plan, || random.id(noon()), noon()).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_removal_that_waits_is_noted_on_the_overview_and_approved_or_discarded() {
    for (decision, stays) in [("approve", false), ("discard", true)] {
        let harness = Harness::new(false).await;
        let cookie = harness.enter().await;
        hold(&harness).await;
        let overview = harness.get("/", &cookie).await.text;
        assert!(overview.contains("href=\"/removals\""), "{overview}");
        let page = harness.get("/removals", &cookie).await.text;
        assert!(page.contains("Approve: remove camilla from staff"), "{page}");
        let fields = [("user", "camilla"), ("group", "staff"), ("decision", decision)];
        let done = harness.post("/removals", &cookie, &fields).await;
        assert_eq!(done.location, "/removals", "{}", done.text);
        let page = harness.get("/users/camilla", &cookie).await.text;
        assert_eq!(page.contains(">staff</a>"), stays, "{page}");
        assert!(harness.get("/removals", &cookie).await.text.contains("Nothing waits."));
        assert!(!harness.get("/", &cookie).await.text.contains("href=\"/removals\""));
        let history = harness.get("/history?event=removal.", &cookie).await.text;
        assert!(history.contains("user camilla") && history.contains("group staff"), "{history}");
        let again = harness.post("/removals", &cookie, &fields).await;
        assert_eq!(again.location, "/removals", "somebody else has decided already");
    }
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
    let mut tx = harness.installation.store.begin().await.unwrap();
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
