//! Of two who change one document neither overwrites the other.

use super::*;

async fn installed() -> (tempfile::TempDir, Store) {
    let (folder, store) = store().await;
    draft(&store, DOCUMENT).await.unwrap().apply(&store, By::command_line(now())).await.unwrap();
    (folder, store)
}

async fn set(
    store: &Store,
    seen: Option<&str>,
    edit: impl FnOnce(&mut ApplicationSettings),
) -> Result<(), EditError> {
    change(store, "jira", By::command_line(now()), seen, |application| {
        edit(application);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_two_administrators_set_at_once_is_both_kept() {
    let (_folder, store) = installed().await;
    let hash = "$argon2id$other";
    for _ in 0..20 {
        let before: ApplicationSettings = show(&store, "jira").await.unwrap();
        let mut allow = before.allow.clone();
        allow.push("10.9.9.9".to_owned());
        let (one, other) = tokio::join!(
            set(&store, None, |application| application.allow.push("10.9.9.9".to_owned())),
            set(&store, None, |application| application.password_hash = hash.to_owned()),
        );
        one.and(other).unwrap();
        let after: ApplicationSettings = show(&store, "jira").await.unwrap();
        assert_eq!((after.password_hash.as_str(), after.allow), (hash, allow));
        let back = |application: &mut ApplicationSettings| application.clone_from(&before);
        set(&store, None, back).await.unwrap();
    }
}

#[tokio::test]
async fn a_form_that_was_opened_before_another_change_is_told_of_the_conflict() {
    let (_folder, store) = installed().await;
    let (_, seen) = open::<ApplicationSettings>(&store, "jira").await.unwrap().unwrap();
    let allow = |address: &str| vec![address.to_owned()];
    set(&store, None, |application| application.allow = allow("10.1.1.1")).await.unwrap();
    let told = set(&store, Some(&seen), |application| application.allow = allow("10.2.2.2")).await;
    assert!(matches!(told, Err(EditError::Conflict { .. })), "{told:?}");
    let stored: ApplicationSettings = show(&store, "jira").await.unwrap();
    assert_eq!(stored.allow, ["10.1.1.1"], "the first one's change stands");
    let (_, seen) = open::<ApplicationSettings>(&store, "jira").await.unwrap().unwrap();
    set(&store, Some(&seen), |application| application.allow = allow("10.2.2.2")).await.unwrap();
}

#[tokio::test]
async fn a_document_that_was_read_before_another_change_is_told_of_the_conflict() {
    let (_folder, store) = installed().await;
    let text = DOCUMENT.replace("https://jira.example.com", "https://issues.example.com");
    let shown = draft(&store, &text).await.unwrap();
    assert_eq!(shown.changes().len(), 1);
    set(&store, None, |application| application.allow = vec!["10.1.1.1".to_owned()]).await.unwrap();
    let before = store.settings().await.unwrap();
    let told = shown.apply(&store, By::command_line(now())).await;
    assert!(matches!(told, Err(DocumentError::Conflict)), "{told:?}");
    assert_eq!(store.settings().await.unwrap(), before, "nothing of it is applied");
    let again = draft(&store, &text).await.unwrap();
    assert!(again.revision() > shown.revision());
    again.apply(&store, By::command_line(now())).await.unwrap();
}

#[tokio::test]
async fn a_change_that_would_not_work_changes_nothing() {
    let (_folder, store) = installed().await;
    let revision = store.revision().await.unwrap();
    let wrong = set(&store, None, |application| application.password_hash.clear()).await;
    assert!(matches!(wrong, Err(EditError::Invalid(Fault { field: "password_hash", .. }))));
    let by = By::command_line(now());
    let missing = change(&store, "wiki", by, None, |_: &mut AppSettings| Ok(())).await;
    let missing: Result<(), EditError> = missing;
    assert_eq!(missing.unwrap_err().to_string(), "there is no app named wiki");
    set(&store, None, |_| {}).await.unwrap();
    assert_eq!(store.revision().await.unwrap(), revision, "what stays the same is no change");
}
