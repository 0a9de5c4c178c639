//! Bad input in each form: what was entered stays, the error stands at its field and in the summary,
//! nothing is saved halfway; and of two who save at once the second sees it.

use installation::settings::{self, AppSettings};

use super::*;

const APP: [(&str, &str); 4] = [
    ("name", ""),
    ("kind", "jira"),
    ("public_url", "https://jira.example.com"),
    ("upstream", "http://10.0.0.5:8080"),
];

fn changed<'a>(
    fields: &[(&'a str, &'a str)],
    name: &'a str,
    value: &'a str,
) -> Vec<(&'a str, &'a str)> {
    let kept = fields.iter().filter(|(key, _)| *key != name).copied();
    kept.chain([(name, value)]).collect()
}

/// The value of a hidden or text field of a page.
fn value_of(page: &str, name: &str) -> String {
    let at = page.find(&format!("name=\"{name}\"")).unwrap();
    let rest = &page[at..];
    let start = rest.find("value=\"").unwrap() + 7;
    rest[start..].split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn an_app_is_added_and_its_name_is_its_kind_when_none_is_given() {
    let harness = Harness::new(false).await;
    let cookie = harness.enter().await;
    let answer = harness.post("/apps/new", &cookie, &APP).await;
    assert_eq!((answer.status, answer.location.as_str()), (StatusCode::SEE_OTHER, "/apps/jira"));
    let page = harness.get("/apps/jira", &cookie).await.text;
    for address in
        ["https://jira.example.com/", "https://jira.example.com/plugins/servlet/saml/auth"]
    {
        assert!(page.contains(&format!(">{address}</code>")), "{address}");
    }
    assert!(!page.contains("name=\"opener\""), "what has one choice has no field");
    for label in ["Identifier", "Reply URL", "Sign On URL"] {
        assert!(page.contains(&format!("<dt>{label}</dt>")), "{label}");
    }
}

#[tokio::test]
async fn bad_input_of_an_app_stays_and_the_error_stands_at_its_field() {
    let harness = Harness::new(false).await;
    let cookie = harness.enter().await;
    for (field, value) in [
        ("public_url", "http://jira.example.com"),
        ("public_url", "jira"),
        ("upstream", "http://10.0.0.5/path"),
        ("name", "a/b"),
    ] {
        let answer = harness.post("/apps/new", &cookie, &changed(&APP, field, value)).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{field} {value}");
        assert!(answer.text.contains(&format!("id=\"{field}-error\"")), "{field} {value}");
        assert!(answer.text.contains(&format!("href=\"#{field}\"")), "the summary leads there");
        assert!(answer.text.contains("aria-invalid=\"true\""));
        assert_eq!(value_of(&answer.text, field), value, "what was entered stays");
    }
    let apps = settings::list::<AppSettings>(&harness.installation.store).await.unwrap();
    assert!(apps.is_empty(), "nothing is saved halfway");
}

#[tokio::test]
async fn a_taken_name_is_said_at_the_name() {
    let harness = Harness::new(false).await;
    let cookie = harness.enter().await;
    harness.post("/apps/new", &cookie, &APP).await;
    let answer = harness.post("/apps/new", &cookie, &APP).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("already an app named jira"), "{}", answer.text);
}

#[tokio::test]
async fn of_two_who_save_at_once_the_second_sees_the_conflict_and_keeps_the_text() {
    let harness = Harness::new(false).await;
    let cookie = harness.enter().await;
    harness.post("/apps/new", &cookie, &APP).await;
    let page = harness.get("/apps/jira", &cookie).await.text;
    let base = value_of(&page, "base");
    let save = async |upstream: &str| {
        let fields = changed(&changed(&APP, "upstream", upstream), "base", &base);
        harness.post("/apps/jira", &cookie, &fields).await
    };
    assert_eq!(save("http://10.0.0.6:8080").await.status, StatusCode::SEE_OTHER);
    let second = save("http://10.0.0.7:8080").await;
    assert_eq!(second.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(second.text.contains("Somebody else saved a change"), "{}", second.text);
    assert_eq!(value_of(&second.text, "upstream"), "http://10.0.0.7:8080");
    let app: AppSettings = settings::show(&harness.installation.store, "jira").await.unwrap();
    assert_eq!(app.upstream, "http://10.0.0.6:8080", "the first one's change stands");
}

#[tokio::test]
async fn an_applications_password_is_made_here_and_shown_once() {
    let harness = Harness::new(false).await;
    let cookie = harness.enter().await;
    let made = harness.post("/applications", &cookie, &[("name", "jira"), ("allow", "")]).await;
    assert_eq!(made.status, StatusCode::OK);
    let at = made.text.find("id=\"application-password\"").unwrap();
    let password = made.text[at..].split('>').nth(1).unwrap().split('<').next().unwrap();
    assert_eq!(password.len(), 64);
    let stored: settings::ApplicationSettings =
        settings::show(&harness.installation.store, "jira").await.unwrap();
    assert!(installation::password::fits(password, &stored.password_hash));
    assert!(!harness.get("/applications", &cookie).await.text.contains(password));
    let wrong =
        harness.post("/applications", &cookie, &[("name", "x"), ("allow", "nowhere")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("id=\"allow-error\""), "{}", wrong.text);
}

#[tokio::test]
async fn every_field_at_which_a_fault_is_said_stands_on_its_page() {
    let harness = Harness::new(false).await;
    let cookie = harness.enter().await;
    super::idps::store_idp(&harness, "company").await;
    for (path, form) in [
        ("/apps/new", places::APP),
        ("/idps/company", places::IDP),
        ("/idps/company/provisioning", places::PROVISIONING),
        ("/applications", places::APPLICATION),
        ("/settings", places::CONSOLE),
    ] {
        let page = harness.get(path, &cookie).await.text;
        for field in form.fields() {
            assert!(page.contains(&format!("id=\"{field}\"")), "{path}: {field}");
        }
    }
}

#[tokio::test]
async fn what_is_set_at_the_command_line_while_a_form_is_open_is_not_overwritten() {
    let harness = Harness::new(false).await;
    let cookie = harness.enter().await;
    harness.post("/apps/new", &cookie, &APP).await;
    let page = harness.get("/apps/jira", &cookie).await.text;
    let base = value_of(&page, "base");
    let by = settings::By::command_line(noon());
    let store = &harness.installation.store;
    let set: Result<(), settings::EditError> =
        settings::change(store, "jira", by, None, |app: &mut AppSettings| {
            app.display_name = Some("Jira of Example Ltd".to_owned());
            Ok(())
        })
        .await;
    set.unwrap();
    let fields = changed(&changed(&APP, "upstream", "http://10.0.0.7:8080"), "base", &base);
    let saved = harness.post("/apps/jira", &cookie, &fields).await;
    assert_eq!(saved.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(saved.text.contains("Somebody else saved a change"), "{}", saved.text);
    let app: AppSettings = settings::show(store, "jira").await.unwrap();
    assert_eq!(app.display_name.as_deref(), Some("Jira of Example Ltd"));
    assert_eq!(app.upstream, "http://10.0.0.5:8080", "nothing was saved halfway");
}
