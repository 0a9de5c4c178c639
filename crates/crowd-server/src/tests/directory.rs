//! Reads of users, groups and memberships.

use super::*;

#[tokio::test]
async fn reads_a_user_by_name_in_any_case_and_by_key() {
    let api = Api::new().await;
    let by_name = api.get("user?username=cAmIlLa&expand=attributes", Format::Json).await.json();
    assert_eq!(by_name["name"], "Camilla");
    assert_eq!(by_name["first-name"], "Camilla");
    assert_eq!(by_name["last-name"], "the Chicken");
    assert_eq!(by_name["attributes"]["attributes"], Value::Array(Vec::new()));
    assert_eq!(by_name["created-date"], 1_800_000_000_000_u64);
    let by_key = api.get("user?key=u-1", Format::Json).await.json();
    assert_eq!(by_key, by_name);
    let inactive = api.get("user?username=gonzo", Format::Xml).await.xml();
    assert_eq!(inactive.child_text("active"), Some("false"));
    for unknown in ["user?username=nobody", "user?key=u-9", "user/attribute?username=nobody"] {
        let answer = api.get(unknown, Format::Xml).await;
        answer.refused(StatusCode::NOT_FOUND, Reason::UserNotFound);
    }
}

#[tokio::test]
async fn reads_a_group_whose_name_has_blanks_in_either_spelling() {
    let api = Api::new().await;
    for spelling in ["devs+%26+co", "devs%20%26%20co"] {
        let group = api.get(&format!("group?groupname={spelling}"), Format::Xml).await.xml();
        assert_eq!(group.attribute("name"), Some("devs & co"));
        assert_eq!(group.child_text("type"), Some("GROUP"));
        assert_eq!(group.child_text("active"), Some("true"));
    }
    let unknown = api.get("group?groupname=nothing", Format::Json).await;
    unknown.refused(StatusCode::NOT_FOUND, Reason::GroupNotFound);
}

#[tokio::test]
async fn lists_the_groups_of_a_user_directly_and_through_groups() {
    let api = Api::new().await;
    let direct = api.get("user/group/direct?username=zo%C3%AB", Format::Json).await;
    assert_eq!(direct.names("groups"), ["devs & co"]);
    let nested = api.get("user/group/nested?username=zo%C3%AB&max-results=-1", Format::Json).await;
    assert_eq!(nested.names("groups"), ["devs & co", "jira-users"]);
    let unknown = api.get("user/group/direct?username=nobody", Format::Json).await;
    unknown.refused(StatusCode::NOT_FOUND, Reason::UserNotFound);
    let sideways = api.get("user/group/sideways?username=camilla", Format::Json).await;
    assert_eq!(sideways.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn expands_the_members_of_a_list_only_when_asked() {
    let api = Api::new().await;
    let named = api.get("user/group/direct?username=camilla", Format::Xml).await.xml();
    assert_eq!((named.name.as_str(), named.attribute("expand")), ("groups", Some("group")));
    let group = named.child("group").unwrap();
    assert!(group.child("link").is_some(), "a group must never be without a child");
    assert!(group.child("active").is_none());
    let full = api.get("user/group/direct?username=camilla&expand=none,group", Format::Xml).await;
    assert_eq!(full.xml().child("group").unwrap().child_text("active"), Some("true"));
}

#[tokio::test]
async fn lists_the_users_of_a_group_by_pages() {
    let api = Api::new().await;
    let users = async |query: &str| {
        let resource = format!("group/user/{query}");
        api.get(&resource, Format::Json).await.names("users")
    };
    assert_eq!(users("direct?groupname=jira-users").await, ["Camilla", "gonzo"]);
    assert_eq!(users("nested?groupname=jira-users").await, ["Camilla", "gonzo", "zoë"]);
    assert_eq!(users("nested?groupname=jira-users&start-index=1&max-results=1").await, ["gonzo"]);
    assert!(users("nested?groupname=jira-users&max-results=0").await.is_empty());
    for broken in ["max-results=many", "start-index=-1"] {
        let resource = format!("group/user/direct?groupname=jira-users&{broken}");
        api.get(&resource, Format::Xml)
            .await
            .refused(StatusCode::BAD_REQUEST, Reason::IllegalArgument);
    }
}

#[tokio::test]
async fn answers_a_membership_question_with_the_one_asked_for_or_404() {
    let api = Api::new().await;
    let yes = [
        ("user/group/direct?username=camilla&groupname=JIRA-users", "jira-users"),
        ("user/group/nested?username=zo%C3%AB&groupname=jira-users", "jira-users"),
        ("group/user/direct?groupname=jira-users&username=camilla", "Camilla"),
        ("group/user/nested?groupname=jira-users&username=zo%C3%AB", "zoë"),
        ("group/child-group/direct?groupname=jira-users&child-groupname=Devs+%26+co", "devs & co"),
        (
            "group/parent-group/nested?groupname=devs+%26+co&parent-groupname=jira-users",
            "jira-users",
        ),
    ];
    for (resource, name) in yes {
        assert_eq!(api.get(resource, Format::Json).await.json()["name"], name, "{resource}");
    }
    let no = [
        "user/group/direct?username=zo%C3%AB&groupname=jira-users",
        "group/user/direct?groupname=jira-users&username=zo%C3%AB",
        "group/user/direct?groupname=jira-users&username=nobody",
        "group/child-group/direct?groupname=devs+%26+co&child-groupname=jira-users",
        "group/parent-group/direct?groupname=jira-users&parent-groupname=nothing",
    ];
    for resource in no {
        let answer = api.get(resource, Format::Json).await;
        answer.refused(StatusCode::NOT_FOUND, Reason::MembershipNotFound);
    }
}

#[tokio::test]
async fn lists_the_groups_around_a_group() {
    let api = Api::new().await;
    let groups = async |resource: &str| api.get(resource, Format::Json).await.names("groups");
    assert_eq!(groups("group/child-group/direct?groupname=jira-users").await, ["devs & co"]);
    assert_eq!(groups("group/parent-group/nested?groupname=devs+%26+co").await, ["jira-users"]);
    assert!(groups("group/child-group/nested?groupname=devs+%26+co").await.is_empty());
}
