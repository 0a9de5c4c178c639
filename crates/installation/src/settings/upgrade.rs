//! What an older version left unsaid in the settings, said once: a new default is for new settings,
//! and those that are there go on doing what they did.
//!
//! Documents are changed as JSON, key by key, so that what this version cannot read stays as it is.

use std::time::SystemTime;

use serde_json::{Map, Value, json};
use store::{Author, Setting, Store, StoreError};

use super::{AppSettings, ApplicationSettings, Document as _, IdpSettings};

/// Says in stored documents what their defaults meant, once for each database, and remembers which
/// entity the users of each IdP belong to. Two nodes may do so at once. An older node that still runs
/// writes whole documents, in which nothing is left unsaid.
///
/// # Errors
/// When the database is away; nothing has changed then.
pub async fn upgrade(store: &Store, now: SystemTime) -> Result<(), StoreError> {
    let (_, documents) = store.settings().await?;
    if store.property(DEFAULTS).await?.as_deref() != Some(CURRENT) {
        let mut tx = store.begin().await?;
        tx.author(Author { name: "upgrade".to_owned(), address: String::new() });
        for old in &documents {
            // Locks the settings, and sees what another node has done meanwhile.
            let stored = tx.setting(&old.kind, &old.name).await?;
            let Some(document) = stored else { continue };
            let stored = Setting { document, ..old.clone() };
            if let Some(new) = said(&stored, &documents) {
                tx.put_setting(&new.kind, &new.name, &new.document, now).await?;
            }
        }
        tx.put_property(DEFAULTS, CURRENT).await?;
        tx.commit().await?;
    }
    for (name, entity_id) in documents.iter().filter_map(entity_of) {
        if store.lacks_entity(&name).await? {
            let mut tx = store.begin().await?;
            tx.remember_entity(&name, &entity_id).await?;
            tx.commit().await?;
        }
    }
    Ok(())
}

/// The documents as [`upgrade`] will leave them, for who may write nothing.
///
/// # Errors
/// When the database is away.
pub(super) async fn as_upgraded(
    store: &Store,
    documents: Vec<Setting>,
) -> Result<Vec<Setting>, StoreError> {
    if store.property(DEFAULTS).await?.as_deref() == Some(CURRENT) {
        return Ok(documents);
    }
    let upgraded = documents.iter().map(|old| said(old, &documents).unwrap_or_else(|| old.clone()));
    Ok(upgraded.collect())
}

/// A document out of the history with what it meant: one of an IdP that leaves a default unsaid was
/// written by an older version. Which Crowd applications there were is not known any more, so an app
/// that named none names none.
pub(super) fn as_it_was(kind: &str, document: &str) -> Option<String> {
    let old = Setting { kind: kind.to_owned(), name: String::new(), document: document.to_owned() };
    said(&old, &[]).map(|new| new.document)
}

/// A document with what it meant; `None` when it says all of it.
fn said(old: &Setting, all: &[Setting]) -> Option<Setting> {
    let mut document: Value = serde_json::from_str(&old.document).ok()?;
    let changed = match old.kind.as_str() {
        IdpSettings::KIND => idp(&mut document),
        AppSettings::KIND => app(&mut document, all),
        _ => None,
    };
    changed?.then(|| Setting { document: document.to_string(), ..old.clone() })
}

/// One value with a comma in it named several groups, and sign-ins added to protected groups.
fn idp(document: &mut Value) -> Option<bool> {
    let provisioning = table(document.as_object_mut()?, "provisioning")?;
    let groups = table(provisioning, "groups")?;
    let mut changed = false;
    for (key, meant) in [("separator", json!("auto")), ("protect_additions", json!(false))] {
        if !groups.contains_key(key) {
            groups.insert(key.to_owned(), meant);
            changed = true;
        }
    }
    Some(changed)
}

/// An app that named no Crowd application was answered by any.
fn app(document: &mut Value, all: &[Setting]) -> Option<bool> {
    let names: Vec<&str> = all
        .iter()
        .filter(|one| one.kind == ApplicationSettings::KIND)
        .map(|one| one.name.as_str())
        .collect();
    let app = document.as_object_mut()?;
    let named = app.get("applications").and_then(Value::as_array);
    if names.len() < 2 || named.is_some_and(|named| !named.is_empty()) {
        return Some(false);
    }
    app.insert("applications".to_owned(), json!(names));
    Some(true)
}

fn table<'a>(of: &'a mut Map<String, Value>, key: &str) -> Option<&'a mut Map<String, Value>> {
    of.entry(key).or_insert_with(|| json!({})).as_object_mut()
}

fn entity_of(document: &Setting) -> Option<(String, String)> {
    if document.kind != IdpSettings::KIND {
        return None;
    }
    let value: Value = serde_json::from_str(&document.document).ok()?;
    Some((document.name.clone(), value.get("entity_id")?.as_str()?.to_owned()))
}

/// The property that tells which defaults the documents were written under.
const DEFAULTS: &str = "settings.defaults";
const CURRENT: &str = "2";
