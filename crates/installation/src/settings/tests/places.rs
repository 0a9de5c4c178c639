//! No two apps are at one place, however it is written and whoever sets it.

use super::*;
use crate::secrets::Secrets;
use crate::sp_keys::SpKeys;

fn app(public_url: &str) -> AppSettings {
    let settings = serde_json::json!({ "kind": "jira", "public_url": public_url,
                                       "upstream": "http://127.0.0.1:8080" });
    serde_json::from_value(settings).unwrap()
}

async fn add(store: &Store, name: &str, public_url: &str) -> Result<(), EditError> {
    put(store, name, &app(public_url), Expect::Free, By::command_line(now())).await
}

async fn move_to(store: &Store, name: &str, public_url: &str) -> Result<(), EditError> {
    change(store, name, By::command_line(now()), None, |app: &mut AppSettings| {
        app.public_url = public_url.to_owned();
        Ok(())
    })
    .await
}

fn names_jira(outcome: Result<(), EditError>, url: &str) {
    let Err(EditError::Invalid(fault)) = outcome else { panic!("{url}: {outcome:?}") };
    assert_eq!(fault.field, "public_url", "{url}");
    assert!(fault.text.starts_with("the app jira has this public URL already"), "{}", fault.text);
}

#[tokio::test]
async fn a_second_app_at_a_place_is_refused_in_every_spelling() {
    let (_folder, store) = store().await;
    add(&store, "jira", "https://jira.example.com/wiki").await.unwrap();
    add(&store, "other", "https://other.example.com").await.unwrap();
    for url in [
        "https://jira.example.com/wiki",
        "https://JIRA.example.com:443/wiki/",
        "HTTPS://jira.example.com./wiki",
        "https://jira.example.com/%77iki",
        "https://jira.example.com/x/../wiki",
    ] {
        names_jira(add(&store, "second", url).await, url);
        names_jira(move_to(&store, "other", url).await, url);
    }
    for (name, url) in [
        ("root", "https://jira.example.com/"),
        ("beside", "https://jira.example.com/Wiki"),
        ("port", "https://jira.example.com:8443/wiki"),
        ("host", "https://wiki.example.com/wiki"),
    ] {
        add(&store, name, url).await.unwrap();
    }
    move_to(&store, "jira", "https://JIRA.example.com/wiki/").await.unwrap();
}

#[tokio::test]
async fn a_return_to_a_place_that_was_taken_since_is_refused() {
    let (_folder, store) = store().await;
    add(&store, "other", "https://jira.example.com").await.unwrap();
    move_to(&store, "other", "https://other.example.com").await.unwrap();
    add(&store, "jira", "https://jira.example.com").await.unwrap();
    let newest = store::EntryFilter { limit: 9, ..Default::default() };
    let history = store.history(&newest).await.unwrap();
    let moved = history.iter().find(|entry| entry.before.is_some()).unwrap();
    let back = give_back(&store, moved, By::command_line(now())).await;
    names_jira(back, "give back");
}

#[tokio::test]
async fn a_document_with_two_apps_at_a_place_is_refused_and_an_old_pair_is_reported() {
    let pair = "[app.jira]\nkind = \"jira\"\npublic_url = \"https://jira.example.com\"\n\
                upstream = \"http://127.0.0.1:1\"\n[app.twin]\nkind = \"jira\"\n\
                public_url = \"https://jira.example.com:443/\"\nupstream = \"http://127.0.0.1:2\"\n";
    let said = refusal(pair).await;
    assert!(said.starts_with("line 5: app twin: the app jira has this public URL"), "{said}");

    // As an older version let it in.
    let (_folder, store) = store().await;
    add(&store, "jira", "https://jira.example.com").await.unwrap();
    let twin = serde_json::to_string(&app("https://jira.example.com/")).unwrap();
    let mut tx = store.begin().await.unwrap();
    tx.put_setting("app", "twin", &twin, now()).await.unwrap();
    tx.commit().await.unwrap();
    let (revision, documents) = store.settings().await.unwrap();
    let keys = SpKeys::unsaved(&Secrets::from_key(&[1; 32]), now(), Random).unwrap();
    let snapshot = Snapshot::compile(revision, &documents, keys, None);
    let [problem] = &snapshot.problems[..] else { panic!("{:?}", snapshot.problems) };
    assert!(problem.starts_with("app twin: the app jira has this public URL already"), "{problem}");
    let reached = snapshot.app_at("jira.example.com", "/").unwrap();
    assert_eq!(reached.name, "jira");
    // Something else of it can be set, and it can be moved.
    let by = By::command_line(now());
    change(&store, "twin", by, None, |app: &mut AppSettings| {
        app.hsts_seconds = Some(60);
        Ok::<_, EditError>(())
    })
    .await
    .unwrap();
    move_to(&store, "twin", "https://twin.example.com").await.unwrap();
}
