//! Connection test and full synchronisation, as stock applications ask for them, and searches.

use super::*;

fn property(name: &str, mode: &str, value: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><property-search-restriction><property>\
         <name>{name}</name><type>STRING</type></property><match-mode>{mode}</match-mode>\
         <value>{value}</value></property-search-restriction>"
    )
}

#[tokio::test]
async fn passes_both_connection_tests() {
    let api = Api::new().await;
    let resource = "search?entity-type=user&start-index=0&max-results=1&expand=user";
    let old = api.post(resource, Format::Xml, "<null-search-restriction/>").await.xml();
    assert_eq!(old.children.len(), 1);
    let new = api.post(resource, Format::Xml, &property("name", "NULL", "")).await;
    assert_eq!(new.body, "<?xml version=\"1.0\" encoding=\"UTF-8\"?><users expand=\"user\"/>");
}

#[tokio::test]
async fn gives_everyone_with_all_that_a_copy_needs() {
    let api = Api::new().await;
    let all = "start-index=0&max-results=-1";
    let resource = format!("search?entity-type=user&{all}&expand=user,attributes");
    let users = api.post(&resource, Format::Xml, "<null-search-restriction/>").await.xml();
    let active: Vec<_> = users.children.iter().map(|user| user.child_text("active")).collect();
    assert_eq!(active, [Some("true"), Some("false"), Some("true")]);
    assert!(users.children.iter().all(|user| user.child_text("key").is_some()));
    let resource = format!("search?entity-type=group&{all}&expand=group");
    let groups = api.post(&resource, Format::Xml, "<null-search-restriction/>").await.xml();
    assert!(groups.children.iter().all(|group| group.child_text("type") == Some("GROUP")));
    assert_eq!(groups.children.len(), 2);
    assert_eq!(api.get("event", Format::Xml).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn gives_direct_memberships_of_every_group_as_xml_whatever_is_accepted() {
    let api = Api::new().await;
    let mut tx = api.installation.store.begin().await.unwrap();
    for number in 0..250 {
        let name = format!("zz{number:03}");
        tx.create_group(&group(&name, &name)).await.unwrap();
    }
    tx.commit().await.unwrap();
    let all = api.get("group/membership", Format::Json).await.xml();
    assert_eq!(all.children.len(), 252);
    let names = |membership: &Element, list: &str| -> Vec<String> {
        let members = &membership.child(list).unwrap().children;
        members.iter().map(|member| member.attribute("name").unwrap().to_owned()).collect()
    };
    let of = |group: &str| {
        all.children.iter().find(|one| one.attribute("group") == Some(group)).unwrap()
    };
    assert_eq!(names(of("jira-users"), "users"), ["Camilla", "gonzo"]);
    assert_eq!(names(of("jira-users"), "groups"), ["devs & co"]);
    assert_eq!(names(of("devs & co"), "users"), ["zoë"]);
    assert!(names(of("zz249"), "users").is_empty() && names(of("zz249"), "groups").is_empty());
}

#[tokio::test]
async fn streams_a_long_list_whole_in_both_formats() {
    let api = Api::new().await;
    let mut tx = api.installation.store.begin().await.unwrap();
    for number in 0..1300 {
        let name = format!("user{number:04}");
        tx.create_user(&user(&name, &name, "One of many")).await.unwrap();
    }
    tx.commit().await.unwrap();
    let resource = "search?entity-type=user&max-results=-1&expand=user";
    let json = api.post(resource, Format::Json, "{}").await;
    let names = json.names("users");
    assert_eq!(names.len(), 1303);
    assert!(names.windows(2).all(|pair| pair[0].to_lowercase() < pair[1].to_lowercase()));
    assert_eq!(api.post(resource, Format::Xml, "").await.xml().children.len(), 1303);
    let default = api.post("search?entity-type=user", Format::Json, "{}").await;
    assert_eq!(default.names("users").len(), 1000);
    let last = "search?entity-type=user&start-index=1200";
    let found = api.post(last, Format::Xml, &property("displayName", "CONTAINS", "MANY")).await;
    assert_eq!(found.xml().children.len(), 100);
}

#[tokio::test]
async fn finds_by_name_and_address_and_whatever_else() {
    let api = Api::new().await;
    let found = async |kind: &str, body: String| {
        // One client posts XML and asks for JSON back.
        let request = ask(Method::POST, &format!("search?entity-type={kind}"), Format::Json);
        let request = request.header(CONTENT_TYPE, "application/xml").body(Body::from(body));
        api.send(request.unwrap()).await.names(if kind == "user" { "users" } else { "groups" })
    };
    assert_eq!(found("user", property("name", "EXACTLY_MATCHES", "CAMILLA")).await, ["Camilla"]);
    let email = property("email", "EXACTLY_MATCHES", "Gonzo@example.test");
    assert_eq!(found("user", email).await, ["gonzo"]);
    assert_eq!(found("user", property("email", "CONTAINS", "o@EXAMPLE")).await, ["gonzo"]);
    assert_eq!(found("user", property("lastName", "ENDS_WITH", "chicken")).await, ["Camilla"]);
    assert!(found("user", property("shoeSize", "CONTAINS", "4")).await.is_empty());
    assert_eq!(
        found("group", property("name", "EXACTLY_MATCHES", "JIRA-users")).await,
        ["jira-users"]
    );
    assert_eq!(found("group", property("name", "CONTAINS", "dev")).await, ["devs & co"]);
}

#[tokio::test]
async fn refuses_a_search_that_it_does_not_understand() {
    let api = Api::new().await;
    let refused = |answer: Answer| answer.refused(StatusCode::BAD_REQUEST, Reason::IllegalArgument);
    refused(api.post("search", Format::Xml, "<null-search-restriction/>").await);
    refused(api.post("search?entity-type=robot", Format::Xml, "<null-search-restriction/>").await);
    let mode = property("name", "SOUNDS_LIKE", "camilla");
    refused(api.post("search?entity-type=user", Format::Xml, &mode).await);
    refused(api.get("search?entity-type=user&restriction=name%21%3Dcamilla", Format::Json).await);
    refused(api.get("search?entity-type=user&restriction=createdDate%3Enever", Format::Json).await);
    let both = "search?entity-type=user&restriction=name%3Dcamilla";
    refused(api.post(both, Format::Xml, "<null-search-restriction/>").await);
    // What could hold for nobody is no empty list.
    for (entity, restriction) in [
        ("user", property("createdDate", "CONTAINS", "2026")),
        ("user", property("active", "STARTS_WITH", "t")),
        ("group", property("local", "EXACTLY_MATCHES", "perhaps")),
        ("group", property("updatedDate", "EXACTLY_MATCHES", "2026-01-01")),
    ] {
        let resource = format!("search?entity-type={entity}");
        refused(api.post(&resource, Format::Xml, &restriction).await);
    }
}

#[tokio::test]
async fn finds_by_the_query_language() {
    let api = Api::new().await;
    let found = async |kind: &str, query: &str| {
        let query: String = url::form_urlencoded::byte_serialize(query.as_bytes()).collect();
        let resource = format!("search?entity-type={kind}&restriction={query}");
        api.get(&resource, Format::Json).await.names(if kind == "user" {
            "users"
        } else {
            "groups"
        })
    };
    assert_eq!(found("user", "name=camilla").await, ["Camilla"]);
    assert_eq!(found("user", "name = \"CAM*\" and active=true").await, ["Camilla"]);
    assert_eq!(found("user", "active=false").await, ["gonzo"]);
    assert_eq!(found("user", "email=*@example.test and (name=gonzo or name=x)").await, ["gonzo"]);
    assert!(found("user", "createdDate<2026-01-01T00:00:00+0000").await.is_empty());
    assert_eq!(found("group", "name=*dev*").await, ["devs & co"]);
    assert_eq!(found("group", "").await.len(), 2);
}
