mod changes;
mod faults;
mod places;

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;
use store::Store;

use super::reference::REFERENCE;
use super::*;
use crate::moment::parse;
use crate::runtime::Random;

const DOCUMENT: &str = include_str!("tests/settings.toml");

fn now() -> std::time::SystemTime {
    parse("2026-11-24T12:00:00Z").unwrap()
}

async fn store() -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("test.db");
    let store = Store::open(&format!("sqlite:{}", file.display())).await.unwrap();
    (folder, store)
}

async fn draft(store: &Store, text: &str) -> Result<Draft, DocumentError> {
    Draft::read(store, text, Path::new(""), Random).await
}

async fn refusal(text: &str) -> String {
    let (_folder, store) = store().await;
    draft(&store, text).await.err().unwrap().to_string()
}

#[tokio::test]
async fn a_document_that_was_applied_changes_nothing_the_second_time() {
    let (_folder, store) = store().await;
    let first = draft(&store, DOCUMENT).await.unwrap();
    assert_eq!(first.changes().len(), 4);
    first.apply(&store, By::command_line(now())).await.unwrap();
    assert!(draft(&store, DOCUMENT).await.unwrap().changes().is_empty());
    let exported = export(&store).await.unwrap();
    assert!(draft(&store, &exported).await.unwrap().changes().is_empty(), "{exported}");
}

#[tokio::test]
async fn what_is_exported_applies_elsewhere() {
    let (_here, here) = store().await;
    draft(&here, DOCUMENT).await.unwrap().apply(&here, By::command_line(now())).await.unwrap();
    let exported = export(&here).await.unwrap();
    let (_there, there) = store().await;
    draft(&there, &exported).await.unwrap().apply(&there, By::command_line(now())).await.unwrap();
    assert_eq!(here.settings().await.unwrap().1, there.settings().await.unwrap().1);
}

#[tokio::test]
async fn the_changes_name_each_key_and_hide_hashes() {
    let (_folder, store) = store().await;
    draft(&store, DOCUMENT).await.unwrap().apply(&store, By::command_line(now())).await.unwrap();
    let other = DOCUMENT.replace("create_users = true", "create_users = false");
    let changes = draft(&store, &other).await.unwrap().changes();
    let lines = ["- provisioning.create_users = true", "+ provisioning.create_users = false"];
    assert_eq!(
        changes,
        [Change { subject: "idp entra".to_owned(), lines: lines.map(str::to_owned).to_vec() }]
    );
    let (start, _) = DOCUMENT.split_once("[application").unwrap();
    let changes = draft(&store, start).await.unwrap().changes();
    assert_eq!(changes[0].subject, "application jira");
    assert!(changes[0].lines.iter().all(|line| !line.contains("argon2id")), "{changes:?}");
}

#[tokio::test]
async fn a_password_in_a_file_is_hashed_once() {
    let (folder, store) = store().await;
    std::fs::write(folder.path().join("password"), "secret\n").unwrap();
    let text = "[application.jira]\npassword_file = \"password\"\n";
    let read = async || Draft::read(&store, text, folder.path(), Random).await;
    let first = read().await.unwrap();
    assert_eq!(first.changes().len(), 1);
    first.apply(&store, By::command_line(now())).await.unwrap();
    assert!(read().await.unwrap().changes().is_empty());
    std::fs::write(folder.path().join("password"), "other\n").unwrap();
    assert_eq!(read().await.unwrap().changes().len(), 1);
    std::fs::remove_file(folder.path().join("password")).unwrap();
    assert!(read().await.err().unwrap().to_string().contains("password_file"));
}

#[tokio::test]
async fn what_is_wrong_is_named_with_line_and_key_and_nothing_changes() {
    let said =
        refusal("[app.jira]\nkind = \"jira\"\npublic_url = \"https://j\"\nupstrem = \"x\"\n").await;
    assert!(said.starts_with("line 4: ") && said.contains("upstrem"), "{said}");
    let said = refusal("\n[app.jira]\nkind = \"jirra\"\n").await;
    assert!(said.starts_with("line 3: ") && said.contains("confluence"), "{said}");
    let said = refusal(
        "[app.jira]\nkind = \"jira\"\npublic_url = \"http://jira.example.com\"\n\
         upstream = \"http://10.0.0.5\"\n",
    )
    .await;
    assert!(said.starts_with("line 1: app jira: ") && said.contains("https"), "{said}");
    let said = refusal("[application.x]\nallow = []\n").await;
    assert!(said.contains("password_hash or password_file"), "{said}");
    let said = refusal("[applications.x]\n").await;
    assert!(said.contains("applications") && said.contains("line 1"), "{said}");
    let said = refusal("[app\n").await;
    assert!(said.starts_with("line 1"), "{said}");
}

#[tokio::test]
async fn a_document_of_an_older_version_that_is_returned_to_does_what_it_did() {
    let (_folder, store) = store().await;
    let complete = draft(&store, DOCUMENT).await.unwrap();
    complete.apply(&store, By::command_line(now())).await.unwrap();
    let written = |documents: &[store::Setting]| -> Value {
        let idp = documents.iter().find(|one| one.kind == "idp" && one.name == "entra").unwrap();
        serde_json::from_str(&idp.document).unwrap()
    };
    let mut old = written(&store.settings().await.unwrap().1);
    old["provisioning"]["groups"].as_object_mut().unwrap().remove("separator");
    let entry = store::Entry {
        number: 1,
        at: now(),
        author: store::Author { name: "console".to_owned(), address: String::new() },
        event: "setting.changed".to_owned(),
        subject: "idp entra".to_owned(),
        detail: String::new(),
        before: Some(old.to_string()),
        after: None,
    };
    give_back(&store, &entry, By::command_line(now())).await.unwrap();
    let now = written(&store.settings().await.unwrap().1);
    assert_eq!(now["provisioning"]["groups"]["separator"], "auto");
}

#[tokio::test]
async fn an_empty_document_is_no_order_to_remove_everything() {
    let (_folder, store) = store().await;
    draft(&store, DOCUMENT).await.unwrap().apply(&store, By::command_line(now())).await.unwrap();
    assert!(matches!(draft(&store, "# nothing\n").await, Err(DocumentError::Empty)));
}

#[tokio::test]
async fn the_reference_names_every_key_of_the_settings() {
    let (_folder, store) = store().await;
    draft(&store, DOCUMENT).await.unwrap().apply(&store, By::command_line(now())).await.unwrap();
    let (_, settings) = store.settings().await.unwrap();
    for (kind, keys) in REFERENCE {
        let setting = settings.iter().find(|setting| setting.kind == *kind).unwrap();
        let Value::Object(object) = serde_json::from_str(&setting.document).unwrap() else {
            panic!("{kind} is no table");
        };
        let mut held = BTreeSet::new();
        paths(&object, "", keys, &mut held);
        let named: BTreeSet<String> = keys.iter().map(|key| key.path.to_owned()).collect();
        assert_eq!(held, named, "{kind}: the test's document sets every key");
    }
}

/// The path of every value; a table that is a key's own value is not looked into.
fn paths(
    object: &serde_json::Map<String, Value>,
    inside: &str,
    keys: &[crate::setting_key::Key],
    held: &mut BTreeSet<String>,
) {
    for (key, value) in object {
        let path = format!("{inside}{key}");
        match value {
            Value::Object(inner) if !keys.iter().any(|key| key.path == path) => {
                paths(inner, &format!("{path}."), keys, held);
            }
            _ => drop(held.insert(path)),
        }
    }
}
