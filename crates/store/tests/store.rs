//! Every test here runs on SQLite and on PostgreSQL.

#[path = "databases/both.rs"]
mod both;
#[path = "store/bound.rs"]
mod bound;
mod databases;
#[path = "store/provisioning.rs"]
mod provisioning;
#[path = "store/sessions.rs"]
mod sessions;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use both::both;
use directory::provision::{self, Claims, GroupClaim, Lookup, Origin, Rules};
use directory::{Group, MembershipSource, User};
use store::{
    AppCookie, AttemptRow, Claim, LetIn, LongestSession, OneTimePassword, Page, SealedMessages,
    Session, SessionTimes, Store, StoreError,
};

/// As apps are by default.
const LONGEST: LongestSession =
    LongestSession { unused: Duration::from_secs(8 * 3600), open: Duration::from_secs(24 * 3600) };

fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_millis(1_800_000_000_123)
}

fn user(id: &str, name: &str) -> User {
    User {
        id: id.to_owned(),
        name: name.to_owned(),
        full_name: format!("{name} in full"),
        email: format!("{name}@Muppets.com"),
        active: true,
        idp: None,
        created_at: now(),
        updated_at: now(),
    }
}

fn group(id: &str, name: &str) -> Group {
    Group {
        id: id.to_owned(),
        name: name.to_owned(),
        description: String::new(),
        active: true,
        created_at: now(),
        updated_at: now(),
    }
}

fn attempt(id: &str, outcome: &str, millis: u64) -> AttemptRow {
    AttemptRow {
        id: id.to_owned(),
        started_at: now(),
        updated_at: now() + Duration::from_millis(millis),
        app: "jira".to_owned(),
        idp: None,
        user_name: Some("camilla".to_owned()),
        outcome: outcome.to_owned(),
        code: String::new(),
        rule: String::new(),
        hint: String::new(),
        detail: String::new(),
        address: "192.0.2.1".to_owned(),
        timeline: "[]".to_owned(),
        told: String::new(),
        follows: None,
    }
}

fn session(token_hash: &str) -> Session {
    Session {
        token_hash: token_hash.to_owned(),
        user_id: "1".to_owned(),
        idp: "company".to_owned(),
        name_id: Some("camilla".to_owned()),
        name_id_format: Some("f".to_owned()),
        name_qualifier: Some("n".to_owned()),
        sp_name_qualifier: Some("s".to_owned()),
        session_index: Some("_s".to_owned()),
        app: "jira".to_owned(),
        entity_id: None,
        attempt_id: "t".to_owned(),
        times: SessionTimes::opened(now()),
        expires_at: now() + Duration::from_secs(60),
    }
}

async fn open(store: &Store, session: Session) {
    let record = &attempt(&session.token_hash, "signed_in", 0);
    let all = LetIn { session, replaces: None, record, messages: None };
    store.begin().await.unwrap().let_in(all).await.unwrap();
}

async fn add(store: &Store, users: &[User], groups: &[Group]) {
    let mut tx = store.begin().await.unwrap();
    for user in users {
        tx.create_user(user).await.unwrap();
    }
    for group in groups {
        tx.create_group(group).await.unwrap();
    }
    tx.commit().await.unwrap();
}

fn names<T>(things: &[T], name: impl Fn(&T) -> &str) -> Vec<String> {
    things.iter().map(|thing| name(thing).to_owned()).collect()
}

#[tokio::test]
async fn users_are_found_without_case_and_taken_names_are_a_conflict() {
    for (database, store) in both().await {
        add(&store, &[user("1", "Søren"), user("2", "abel")], &[]).await;
        let found = store.user("SØREN").await.unwrap();
        assert_eq!(found, Some(user("1", "Søren")), "{database}");
        assert_eq!(store.user_by_id("2").await.unwrap().unwrap().name, "abel");
        assert_eq!(store.user("nobody").await.unwrap(), None);
        let all = store.users(Page::ALL).await.unwrap();
        assert_eq!(names(&all, |user| &user.name), ["abel", "Søren"], "{database}");
        let second = store.users(Page { start: 1, max: Some(1) }).await.unwrap();
        assert_eq!(names(&second, |user| &user.name), ["Søren"], "{database}");
        let by_email = store.users_by_email("søren@muppets.COM", Page::ALL).await.unwrap();
        assert_eq!(names(&by_email, |user| &user.name), ["Søren"], "{database}");

        let mut tx = store.begin().await.unwrap();
        let taken = tx.create_user(&user("3", "ABEL")).await;
        assert!(matches!(taken, Err(StoreError::Conflict(_))), "{database}: {taken:?}");
    }
}

#[tokio::test]
async fn a_managed_name_is_found_among_others_as_java_trims_and_compares_it() {
    for (database, store) in both().await {
        add(&store, &[user("1", "Søren"), user("2", "abel"), user("3", "owner")], &[]).await;
        let mut tx = store.begin().await.unwrap();
        tx.set_password_hash("3", Some("$argon2id$"), now()).await.unwrap();
        tx.commit().await.unwrap();
        let among = async |names: &[&str]| {
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            store.managed_among(&names).await.unwrap()
        };
        for spelling in ["SØREN", " søren", "søren\u{1f}\0", "\u{a0}søren\u{3000}"] {
            let found = among(&["nobody", "x\0y", "", spelling]).await;
            assert_eq!(found.as_deref(), Some("Søren"), "{database}: {spelling:?}");
        }
        assert_eq!(among(&["owner"]).await, None, "{database}: it has a password of its own");
        assert_eq!(among(&["nobody", "a\0bel", "so\u{308}ren"]).await, None, "{database}");
        assert_eq!(among(&[]).await, None, "{database}");
        let mut many: Vec<String> = (0..20).map(|n| format!("nobody {n}")).collect();
        many.push("ABEL".to_owned());
        let found = store.managed_among(&many).await.unwrap();
        assert_eq!(found.as_deref(), Some("abel"), "{database}: none is passed over");
    }
}

#[tokio::test]
async fn nothing_of_a_transaction_stays_without_its_commit() {
    for (database, store) in both().await {
        let mut tx = store.begin().await.unwrap();
        tx.create_user(&user("1", "camilla")).await.unwrap();
        tx.put_setting("app", "jira", "{}", now()).await.unwrap();
        drop(tx);
        assert_eq!(store.user("camilla").await.unwrap(), None, "{database}");
        assert!(store.settings().await.unwrap().1.is_empty(), "{database}");
    }
}

#[tokio::test]
async fn every_change_of_settings_moves_the_revision() {
    for (database, store) in both().await {
        let before = store.revision().await.unwrap();
        let mut tx = store.begin().await.unwrap();
        tx.put_setting("app", "jira", "{}", now()).await.unwrap();
        let later = now() + std::time::Duration::from_secs(1);
        tx.put_setting("app", "jira", "{\"a\":1}", later).await.unwrap();
        tx.commit().await.unwrap();
        let changed = store.setting_changed_at("app", "jira").await.unwrap();
        assert_eq!(changed, Some(later), "{database}");
        assert_eq!(store.setting_changed_at("idp", "jira").await.unwrap(), None, "{database}");
        let (revision, settings) = store.settings().await.unwrap();
        assert!(revision > before, "{database}");
        assert_eq!(names(&settings, |setting| &setting.document), ["{\"a\":1}"], "{database}");
        let mut tx = store.begin().await.unwrap();
        assert!(tx.remove_setting("app", "jira", now()).await.unwrap());
        assert!(!tx.remove_setting("app", "jira", now()).await.unwrap());
        tx.commit().await.unwrap();
        assert!(store.revision().await.unwrap() > revision, "{database}");
    }
}

fn claim_of(id: &str) -> Claim<'_> {
    Claim { idp: "company", id, request_id: None, until: now() + Duration::from_secs(60) }
}

/// Claims and commits, or neither.
async fn claim(
    store: &Store,
    idp: &str,
    assertion: &str,
    request: Option<&str>,
    until: SystemTime,
) -> bool {
    let mut tx = store.begin().await.unwrap();
    let claim = Claim { idp, id: assertion, request_id: request, until };
    let claimed = tx.claim(&claim).await.unwrap();
    if claimed {
        tx.commit().await.unwrap();
    }
    claimed
}

#[tokio::test]
async fn an_id_is_claimed_once_whichever_of_the_two_it_is() {
    for (database, store) in both().await {
        let until = now() + Duration::from_secs(60);
        assert!(claim(&store, "idp", "_a", Some("_r"), until).await, "{database}");
        assert!(!claim(&store, "idp", "_a", Some("_r2"), until).await, "{database}");
        assert!(!claim(&store, "idp", "_b", Some("_r"), until).await, "{database}");
        assert!(!claim(&store, "idp", "_a", None, until).await, "{database}");
        assert!(claim(&store, "idp", "_r", None, until).await, "a request is no assertion");
        assert!(claim(&store, "other", "_a", None, until).await, "{database}");
        store.sweep(now(), LONGEST).await.unwrap();
        assert!(!claim(&store, "idp", "_a", None, until).await, "{database}: kept");
        store.sweep(until + Duration::from_secs(1), LONGEST).await.unwrap();
        assert!(claim(&store, "idp", "_a", None, until).await, "{database}: swept");
    }
}

#[tokio::test]
async fn of_many_claims_at_once_one_wins() {
    for (database, store) in both().await {
        let until = now() + Duration::from_secs(60);
        let tries = (0..20).map(|_| {
            let store = store.clone();
            tokio::spawn(async move { claim(&store, "idp", "_a", Some("_r"), until).await })
        });
        let tries: Vec<_> = tries.collect();
        let mut won = 0;
        for one in tries {
            won += u32::from(one.await.unwrap());
        }
        assert_eq!(won, 1, "{database}");
    }
}

#[tokio::test]
async fn a_one_time_password_is_right_twice_for_its_user_application_and_time() {
    for (database, store) in both().await {
        add(&store, &[user("1", "camilla"), user("2", "gonzo")], &[]).await;
        let password = OneTimePassword {
            hash: "h".to_owned(),
            user_id: "1".to_owned(),
            attempt_id: "t".to_owned(),
            applications: vec!["jira".to_owned()],
            expires_at: now() + Duration::from_secs(30),
            checks_left: 2,
        };
        store.mint_one_time_password(&password).await.unwrap();
        let check = async |user: &str, application: &str, at: SystemTime| {
            store.check_one_time_password("h", user, application, at).await.unwrap()
        };
        assert!(!check("2", "jira", now()).await, "{database}: another user");
        assert!(!check("1", "confluence", now()).await, "{database}: another application");
        let late = now() + Duration::from_secs(30);
        assert!(!check("1", "jira", late).await, "{database}: too late");
        assert!(check("1", "jira", now()).await && check("1", "jira", now()).await, "{database}");
        assert!(!check("1", "jira", now()).await, "{database}: a third time");
        assert_eq!(store.revoke_one_time_password("h").await.unwrap(), 2, "{database}");
        assert_eq!(store.revoke_one_time_password("h").await.unwrap(), 0, "{database}");
    }
}

#[tokio::test]
async fn a_sign_in_leaves_everything_behind_or_nothing() {
    for (database, store) in both().await {
        add(&store, &[user("1", "camilla")], &[]).await;
        let messages = |id: &str| SealedMessages {
            attempt_id: id.to_owned(),
            sealed: format!("sealed {id}"),
            let_in: true,
            kept_until: now() + Duration::from_secs(60),
        };
        let let_in = async |session: Session, replaces: Option<&str>, record: &AttemptRow| {
            let messages = Some(messages(&record.id));
            let replaces = replaces.map(str::to_owned);
            let mut tx = store.begin().await.unwrap();
            assert!(tx.claim(&claim_of(&record.id)).await.unwrap(), "{database}");
            tx.let_in(LetIn { session, replaces, record, messages }).await
        };
        let (first, second) = (attempt("01", "signed_in", 0), attempt("02", "signed_in", 0));
        let_in(session("old"), None, &first).await.unwrap();
        let_in(session("new"), Some("old"), &second).await.unwrap();
        assert!(store.session("old").await.unwrap().is_none(), "{database}: replaced");
        assert!(store.session("new").await.unwrap().is_some(), "{database}");
        assert_eq!(store.attempt("02").await.unwrap(), Some(second), "{database}");
        assert_eq!(store.messages("02").await.unwrap().as_deref(), Some("sealed 02"), "{database}");

        let stranger = Session { user_id: "gone".to_owned(), ..session("stranger") };
        let refused = let_in(stranger, Some("new"), &attempt("03", "signed_in", 0)).await;
        assert!(matches!(refused, Err(StoreError::Conflict(_))), "{database}: {refused:?}");
        assert!(store.session("new").await.unwrap().is_some(), "{database}: undone");
        assert_eq!(store.attempt("03").await.unwrap(), None, "{database}");
        assert_eq!(store.messages("03").await.unwrap(), None, "{database}");
        let mut tx = store.begin().await.unwrap();
        assert!(tx.claim(&claim_of("03")).await.unwrap(), "{database}: the claim went with it");
    }
}

#[tokio::test]
async fn sessions_are_found_by_idp_and_name_without_any_token() {
    for (database, store) in both().await {
        add(&store, &[user("1", "camilla")], &[]).await;
        for (hash, idp, name_id) in [
            ("a", "company", Some("x7")),
            ("b", "company", Some("x7")),
            ("c", "partner", Some("x7")),
            ("d", "company", Some("X7")),
            ("e", "company", None),
        ] {
            let named = Session {
                idp: idp.to_owned(),
                name_id: name_id.map(str::to_owned),
                ..session(hash)
            };
            open(&store, named).await;
        }
        let mut tx = store.begin().await.unwrap();
        let mut found = tx.sessions_named("company", "x7").await.unwrap();
        found.sort_by(|a, b| a.token_hash.cmp(&b.token_hash));
        let hashes: Vec<_> = found.iter().map(|session| session.token_hash.as_str()).collect();
        assert_eq!(hashes, ["a", "b"], "{database}: names are exact");
        assert_eq!(found[0].sp_name_qualifier.as_deref(), Some("s"), "{database}");
        tx.commit().await.unwrap();
    }
}

#[tokio::test]
async fn nested_groups_are_walked_and_cycles_refused() {
    for (database, store) in both().await {
        let (a, b, c) = (group("a", "A"), group("b", "b"), group("c", "C"));
        add(&store, &[user("1", "camilla")], &[a.clone(), b.clone(), c.clone()]).await;
        let mut tx = store.begin().await.unwrap();
        tx.add_child_group(&a, &b).await.unwrap();
        tx.add_child_group(&b, &c).await.unwrap();
        let cycle = tx.add_child_group(&c, &a).await;
        assert!(matches!(cycle, Err(StoreError::Conflict(_))), "{database}");
        assert!(tx.add_membership("1", "c", MembershipSource::Manual, now()).await.unwrap());
        assert!(!tx.add_membership("1", "c", MembershipSource::Manual, now()).await.unwrap());
        tx.add_membership("1", "c", MembershipSource::UserGroups, now()).await.unwrap();
        tx.commit().await.unwrap();
        let direct = store.direct_groups_of_user("1", Page::ALL).await.unwrap();
        assert_eq!(names(&direct, |group| &group.name), ["C"], "{database}");
        let nested = store.nested_groups_of_user("1", Page::ALL).await.unwrap();
        assert_eq!(names(&nested, |group| &group.name), ["A", "b", "C"], "{database}");
        let people = store.nested_users_of_group("a", Page::ALL).await.unwrap();
        assert_eq!(names(&people, |user| &user.name), ["camilla"], "{database}");
        let below = store.nested_child_groups("a", Page::ALL).await.unwrap();
        assert_eq!(names(&below, |group| &group.name), ["b", "C"], "{database}");
        let sources = store.memberships_of("1").await.unwrap();
        assert_eq!(sources.len(), 2, "{database}: each source by itself");
        let all = store.memberships(None, 10).await.unwrap();
        assert_eq!(all.len(), 3, "{database}: empty groups too");
        assert_eq!(all[1].groups, ["C"], "{database}");
        assert_eq!(all[2].users, ["camilla"], "{database}: once, whatever the sources");
        assert_eq!(store.memberships(Some("b"), 10).await.unwrap().len(), 1, "{database}");
    }
}

#[tokio::test]
async fn a_plan_applied_twice_changes_nothing_the_second_time() {
    for (database, store) in both().await {
        add(&store, &[], &[group("a", "jira-testgroup1"), group("b", "everyone")]).await;
        let claims = Claims {
            user_id: "camilla".to_owned(),
            full_name: Some("Camilla the Chicken".to_owned()),
            email: Some("camilla@muppets.com".to_owned()),
            groups: GroupClaim::named("role", ["JIRA-testgroup1", "unknown"]),
            ..Claims::default()
        };
        let rules = Rules {
            idp: "company".to_owned(),
            create_or_update: true,
            user_groups: vec!["everyone".to_owned()],
            ..Rules::default()
        };
        let lookup = Lookup::of(&claims, Origin::App, &rules);
        let mut tx = store.begin().await.unwrap();
        let existing = tx.existing(&lookup).await.unwrap();
        let plan = provision::plan(&claims, Origin::App, &rules, &existing);
        let created = tx.apply(&plan, || "1".to_owned(), now()).await.unwrap();
        assert_eq!(created.idp.as_deref(), Some("company"), "{database}");
        let lookup = Lookup { user_name: "CAMILLA".to_owned(), ..lookup };
        let existing = tx.existing(&lookup).await.unwrap();
        let claim = Claim { request_id: Some("_r"), ..claim_of("_a") };
        let claimed = tx.claim_and_look_up(&claim, &lookup).await.unwrap();
        assert_eq!(claimed.as_ref(), Some(&existing), "{database}: the same in one round trip");
        let again = provision::plan(&claims, Origin::App, &rules, &existing);
        assert!(again.changes_nothing(), "{database}: {again}");
        tx.commit().await.unwrap();
        let groups = store.direct_groups_of_user("1", Page::ALL).await.unwrap();
        assert_eq!(names(&groups, |g| &g.name), ["everyone", "jira-testgroup1"], "{database}");

        for used in [claim, Claim { id: "_other", ..claim }, Claim { request_id: None, ..claim }] {
            let mut tx = store.begin_sign_in().await.unwrap();
            let refused = tx.claim_and_look_up(&used, &lookup).await.unwrap();
            assert_eq!(refused, None, "{database}: {used:?}");
        }
    }
}

#[tokio::test]
async fn a_database_that_cannot_be_opened_names_the_place_and_the_cure() {
    let error = Store::open("sqlite:/nowhere/at/all/samlgate.db").await.unwrap_err().to_string();
    assert!(error.contains("/nowhere/at/all/samlgate.db") && error.contains("folder"), "{error}");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("letter.txt");
    std::fs::write(&file, "Dear Sir, this is no database. ".repeat(200)).unwrap();
    let address = format!("sqlite:{}", file.display());
    let error = Store::open(&address).await.unwrap_err().to_string();
    assert!(error.contains("no SQLite database") && error.contains("backup"), "{error}");
    let error = Store::open("postgres://127.0.0.1:1/x").await.unwrap_err().to_string();
    assert!(error.contains("refused"), "{error}");
    let error = Store::open("mysql://x").await.unwrap_err().to_string();
    assert!(error.contains("sqlite:") && error.contains("postgres://"), "{error}");
}

#[tokio::test]
async fn a_new_database_file_and_what_lies_beside_it_are_read_by_one_system_user_only() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let address = format!("sqlite:{}", folder.path().join("samlgate.db").display());
    let _store = Store::open(&address).await.unwrap();
    let files: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(Result::unwrap).collect();
    assert!(files.len() >= 2, "the write-ahead log lies beside the database");
    for file in files {
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{file:?}");
    }
}

#[tokio::test]
async fn the_first_key_is_one_and_exactly_one_key_is_active() {
    let key = |id: &str, active| store::SpKey {
        id: id.to_owned(),
        active,
        certificate: format!("certificate {id}"),
        sealed_key: format!("sealed {id}"),
        created_at: now(),
    };
    for (database, store) in both().await {
        let first = async |id: &str| {
            let mut tx = store.begin().await.unwrap();
            let added = tx.add_first_sp_key(&key(id, true)).await.unwrap();
            tx.commit().await.unwrap();
            added
        };
        let (one, other) = tokio::join!(first("1"), first("2"));
        assert!(one != other, "{database}: one of two nodes wins");
        let winner = if one { "1" } else { "2" };
        let revision = store.revision().await.unwrap();
        let mut tx = store.begin().await.unwrap();
        tx.add_sp_key(&key("3", false)).await.unwrap();
        assert!(!tx.remove_sp_key(winner).await.unwrap(), "{database}: it is active");
        assert!(!tx.activate_sp_key("4").await.unwrap(), "{database}: there is none");
        assert!(tx.activate_sp_key("3").await.unwrap(), "{database}");
        tx.commit().await.unwrap();
        assert!(store.revision().await.unwrap() > revision, "{database}: nodes must notice");
        assert_eq!(store.sp_keys().await.unwrap(), [key("3", true), key(winner, false)]);
        let mut tx = store.begin().await.unwrap();
        assert!(tx.remove_sp_key(winner).await.unwrap(), "{database}");
        tx.commit().await.unwrap();
        assert_eq!(store.sp_keys().await.unwrap(), [key("3", true)], "{database}");
    }
}

#[tokio::test]
async fn one_of_several_nodes_takes_the_next_look_at_metadata() {
    for (database, store) in both().await {
        let claim = async |last, at| store.claim_metadata_look("entra", last, at).await.unwrap();
        let (one, other) = tokio::join!(claim(None, now()), claim(None, now()));
        assert!(one != other, "{database}: the first look");
        let later = now() + Duration::from_secs(60);
        let (one, other) = tokio::join!(claim(Some(now()), later), claim(Some(now()), later));
        assert!(one != other, "{database}: the next look");

        let read = store::MetadataLook {
            idp: "entra".to_owned(),
            tried_at: later,
            fetched_at: Some(later),
            refresh_by: None,
            problem: String::new(),
            offered: "[1]".to_owned(),
        };
        let mut tx = store.begin().await.unwrap();
        tx.metadata_read(&read).await.unwrap();
        tx.key_seen("entra", "a", now()).await.unwrap();
        tx.key_seen("entra", "a", later).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(
            store.metadata_looks().await.unwrap(),
            std::slice::from_ref(&read),
            "{database}"
        );
        store.key_used("entra", "a", later).await.unwrap();
        store.key_used("entra", "b", later).await.unwrap();
        let keys = store.idp_keys("entra").await.unwrap();
        let times: Vec<_> = keys.iter().map(|k| (k.first_seen_at, k.last_used_at)).collect();
        assert_eq!(times, [(now(), Some(later)), (later, Some(later))], "{database}");

        let again = later + Duration::from_secs(60);
        store.metadata_failed("entra", "HTTP 500", again).await.unwrap();
        let failed =
            store::MetadataLook { tried_at: again, problem: "HTTP 500".to_owned(), ..read };
        assert_eq!(store.metadata_looks().await.unwrap(), [failed], "{database}: the rest stays");
    }
}
