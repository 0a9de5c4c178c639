//! Is this the person's password?

use installation::runtime::token_hash;
use store::OneTimePassword;

use super::*;

const RIGHT: &str = r#"{"value":"0nce-only"}"#;

async fn mint(api: &Api, applications: &[&str], checks_left: u32) {
    let password = OneTimePassword {
        hash: token_hash("0nce-only"),
        user_id: "u-1".into(),
        attempt_id: "a-1".into(),
        applications: applications.iter().map(|&name| name.to_owned()).collect(),
        expires_at: now() + Duration::from_secs(30),
        checks_left,
    };
    api.installation.store.mint_one_time_password(&password).await.unwrap();
}

async fn check(api: &Api, name: &str, body: &str) -> Answer {
    api.post(&format!("authentication?username={name}"), Format::Json, body).await
}

#[tokio::test]
async fn takes_a_one_time_password_as_often_as_it_is_good_for_and_answers_the_full_user() {
    let api = Api::new().await;
    mint(&api, &["jira"], 2).await;
    let user = check(&api, "CAMILLA", RIGHT).await.json();
    assert_eq!((&user["name"], &user["key"]), (&"Camilla".into(), &"u-1".into()));
    assert_eq!(user["active"], true);
    assert_eq!(user["display-name"], "Camilla the Chicken");
    assert_eq!(user["link"]["href"], format!("{BASE}/user?username=Camilla"));
    assert_eq!(check(&api, "camilla", RIGHT).await.status, StatusCode::OK);
    let third = check(&api, "camilla", RIGHT).await;
    third.refused(StatusCode::BAD_REQUEST, Reason::InvalidUserAuthentication);
}

#[tokio::test]
async fn refuses_a_one_time_password_of_another_user_application_or_time() {
    let api = Api::new().await;
    mint(&api, &["confluence"], 2).await;
    let refused = |answer: Answer| {
        answer.refused(StatusCode::BAD_REQUEST, Reason::InvalidUserAuthentication);
    };
    refused(check(&api, "camilla", RIGHT).await);
    api.installation.store.revoke_one_time_password(&token_hash("0nce-only")).await.unwrap();
    mint(&api, &[], 2).await;
    refused(check(&api, "zo%C3%AB", RIGHT).await);
    api.clock.advance(Duration::from_secs(31));
    refused(check(&api, "camilla", RIGHT).await);
}

#[tokio::test]
async fn takes_the_persons_own_password_in_both_formats() {
    let api = Api::new().await;
    let mut tx = api.installation.store.begin().await.unwrap();
    tx.set_password_hash("u-3", Some(&phc("<öwn> & only")), now()).await.unwrap();
    tx.commit().await.unwrap();
    let xml = "<?xml version=\"1.0\"?><password><value>&lt;öwn&gt; &amp; only</value></password>";
    let user = api.post("authentication?username=zo%C3%AB", Format::Xml, xml).await.xml();
    assert_eq!((user.attribute("name"), user.child_text("active")), (Some("zoë"), Some("true")));
    let json = r#"{"value":"<öwn> & only"}"#;
    assert_eq!(check(&api, "zo%C3%AB", json).await.status, StatusCode::OK);
    let wrong = api.post("authentication?username=zo%C3%AB", Format::Xml, "<password/>").await;
    wrong.refused(StatusCode::BAD_REQUEST, Reason::InvalidUserAuthentication);
}

#[tokio::test]
async fn a_person_is_never_refused_with_401_or_403() {
    let api = Api::new().await;
    let unknown = check(&api, "nobody", RIGHT).await;
    unknown.refused(StatusCode::BAD_REQUEST, Reason::UserNotFound);
    check(&api, "gonzo", RIGHT).await.refused(StatusCode::BAD_REQUEST, Reason::InactiveAccount);
    for body in ["", "{}", "\"\"", r#"{"value":""}"#] {
        let none = check(&api, "camilla", body).await;
        none.refused(StatusCode::BAD_REQUEST, Reason::InvalidUserAuthentication);
    }
}

#[tokio::test]
async fn refuses_a_body_that_cannot_be_read_and_shows_nothing_of_it() {
    let api = Api::new().await;
    for body in [r#"{"value":"s3cret""#, r#"["s3cret"]"#, r#"{"value":["s3cret"]}"#] {
        let answer = check(&api, "camilla", body).await;
        answer.refused(StatusCode::BAD_REQUEST, Reason::IllegalArgument);
        assert!(!answer.body.contains("s3cret"), "{}", answer.body);
    }
    let dtd = "<!DOCTYPE password [<!ENTITY e 's3cret'>]><password><value>&e;</value></password>";
    let answer = api.post("authentication?username=camilla", Format::Xml, dtd).await;
    answer.refused(StatusCode::BAD_REQUEST, Reason::IllegalArgument);
    let nameless = api.post("authentication", Format::Xml, "<password/>").await;
    nameless.refused(StatusCode::BAD_REQUEST, Reason::IllegalArgument);
}

#[tokio::test]
async fn answers_the_fresh_user_to_an_application_that_accepted_a_session() {
    let api = Api::new().await;
    let user = api.post("authentication/notify?username=camilla", Format::Xml, "").await.xml();
    assert_eq!(user.child_text("key"), Some("u-1"));
    let unknown = api.post("authentication/notify?username=nobody", Format::Xml, "").await;
    unknown.refused(StatusCode::NOT_FOUND, Reason::UserNotFound);
    let inactive = api.post("authentication/notify?username=gonzo", Format::Xml, "").await;
    inactive.refused(StatusCode::BAD_REQUEST, Reason::InactiveAccount);
}
