//! The page of provisioning: every field is kept, lists are TOML with their errors at the field, and
//! what is entered can be tried before it is saved.

use installation::settings::{self, IdpSettings, ProvisioningSettings};

use super::idps::{hidden, store_idp};
use super::*;

const PAGE: &str = "/idps/company/provisioning";

async fn opened() -> (Harness, String, String) {
    let harness = Harness::new(false).await;
    let cookie = harness.enter().await;
    store_idp(&harness, "company").await;
    let base = hidden(&harness.get(PAGE, &cookie).await.text, "base");
    (harness, cookie, base)
}

async fn stored(harness: &Harness) -> ProvisioningSettings {
    let idp: IdpSettings = settings::show(&harness.installation.store, "company").await.unwrap();
    idp.provisioning
}

/// Each field of the page, filled.
const EVERY_FIELD: &[(&str, &str)] = &[
    ("create_users", "true"),
    ("update_existing", "true"),
    ("adopt_existing", "true"),
    ("reactivate", "true"),
    ("shadow", "true"),
    ("find_by", "idp_id"),
    ("missing_email", "placeholder"),
    ("userid", "nameid"),
    ("userid_more", "uid\r\n{a}, {b}"),
    ("idp_id", "objectid"),
    ("full_name", "{surname}, {givenname}"),
    ("email", "mail"),
    ("groups", "memberOf"),
    ("groups_more", "role"),
    ("user_groups", "jira-users, \"Sales, EMEA\""),
    ("user_groups_for_new_users_only", "true"),
    ("customer_groups", "customers"),
    ("customers_get_user_groups", "true"),
    ("absent", "none"),
    ("separator", ";"),
    ("only_names", "true"),
    ("create_missing", "true"),
    ("most_created", "7"),
    ("managed", "jira-*"),
    ("keep", "jira-core"),
    ("manual_too", "true"),
    ("most_removed", "3"),
    ("protected", "*-admins"),
    ("add_to_protected", "jira-admins"),
    ("inactive_days", "90"),
    ("except_groups", "vips"),
    ("except_users", "svc-*"),
    (
        "steps",
        "[[email]]\nstep = \"lower_case\"\n[[user_id]]\nstep = \"strip_domain\"\nno_match = \"refuse\"",
    ),
    ("access", "[[access]]\neffect = \"refuse\"\ngroups = [\"guests\"]"),
    ("names", "\"7c0f\" = \"jira-users\""),
];

/// What these fields mean.
const AS_SETTINGS: &str = r#"
    create_users = true
    update_existing = true
    adopt_existing = true
    reactivate = true
    shadow = true
    find_by = "idp_id"
    missing_email = "placeholder"
    user_groups = ["jira-users", "Sales, EMEA"]
    user_groups_for_new_users_only = true
    customer_groups = ["customers"]
    customers_get_user_groups = true
    access = [{ effect = "refuse", groups = ["guests"] }]
    inactivity = { days = 90, except_groups = ["vips"], except_users = ["svc-*"] }
    [attributes]
    user_id = ["nameid", "uid", "{a}, {b}"]
    idp_id = "objectid"
    full_name = "{surname}, {givenname}"
    email = "mail"
    groups = ["memberOf", "role"]
    [steps]
    email = [{ step = "lower_case" }]
    user_id = [{ step = "strip_domain", no_match = "refuse" }]
    [groups]
    absent = "none"
    separator = ";"
    names = { 7c0f = "jira-users" }
    only_names = true
    create_missing = true
    most_created = 7
    managed = ["jira-*"]
    keep = ["jira-core"]
    manual_too = true
    most_removed = 3
    protected = ["*-admins"]
    protect_additions = false
    add_to_protected = ["jira-admins"]
"#;

#[tokio::test]
async fn every_field_of_provisioning_is_stored_as_the_settings_have_it() {
    let (harness, cookie, base) = opened().await;
    let fields = [&[("base", base.as_str())], EVERY_FIELD].concat();
    let saved = harness.post(PAGE, &cookie, &fields).await;
    assert_eq!(saved.location, PAGE, "{}", saved.text);
    let expected: ProvisioningSettings = toml::from_str(AS_SETTINGS).unwrap();
    assert_eq!(stored(&harness).await, expected);
    let again = harness.get(PAGE, &cookie).await.text;
    assert_eq!(hidden(&again, "full_name"), "{surname}, {givenname}", "a template keeps its comma");
    let groups = "jira-users, \"Sales, EMEA\"";
    assert_eq!(hidden(&again, "user_groups"), groups, "and so does a group");
    assert!(again.contains("step = &quot;strip_domain&quot;"), "{again}");
    assert!(again.contains("effect = &quot;refuse&quot;"));
}

#[tokio::test]
async fn what_is_wrong_in_provisioning_stands_at_its_field_and_stays_as_typed() {
    let (harness, cookie, base) = opened().await;
    for (field, value, said) in [
        ("userid", "", "Say where the user ID stands"),
        ("full_name", "{open", "{open"),
        ("find_by", "idp_id", "set attributes.idp_id too"),
        ("steps", "[[email]]\nstep = \"prefix\"", "need text"),
        ("steps", "[[email]]\nstep = \"shout\"", "Line 2"),
        ("steps", "[[nose]]\nstep = \"trim\"", "unknown field"),
        (
            "steps",
            "[[email]]\nstep = \"replace\"\npattern = \"(\"\nwith = \"\"",
            "regular expression",
        ),
        ("access", "[[access]]\neffect = \"require\"", "about nobody"),
        ("access", "effect = ", "Line 1"),
        ("names", "a = 1", "Line 1"),
        ("most_removed", "many", "no whole number"),
        ("inactive_days", "-1", "no whole number"),
        ("user_groups", "\u{7}x", "holds U+0007"),
    ] {
        let mut fields = vec![("base", base.as_str()), ("userid", "nameid")];
        fields.retain(|(name, _)| *name != field);
        fields.push((field, value));
        let answer = harness.post(PAGE, &cookie, &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{field} {value}");
        let page = answer.text.replace("&quot;", "\"");
        assert!(page.contains(&format!("id=\"{field}-error\"")), "{field} {value}: {page}");
        assert!(page.contains(said), "{field} {value}: {page}");
        if !matches!(field, "find_by" | "most_removed" | "inactive_days" | "user_groups") {
            assert!(page.contains(value), "{field} {value} stays");
        }
    }
    assert_eq!(stored(&harness).await, ProvisioningSettings::default());
}

#[tokio::test]
async fn a_value_is_taken_through_the_steps_that_are_entered_and_not_saved() {
    let (harness, cookie, base) = opened().await;
    let steps = "[[user_id]]\nstep = \"strip_windows_domain\"\n[[user_id]]\nstep = \"lower_case\"\n\
                 [[user_id]]\nstep = \"strip_domain\"\nno_match = \"refuse\"\n\
                 [[user_id]]\nstep = \"trim\"";
    let fields = [
        ("base", base.as_str()),
        ("userid", "nameid"),
        ("steps", steps),
        ("steps_of", "user_id"),
        ("steps_value", "MUPPETS\\Camilla"),
        ("steps_try", "true"),
    ];
    let tried = harness.post(PAGE, &cookie, &fields).await;
    assert_eq!(tried.status, StatusCode::OK, "{}", tried.text);
    for line in [
        "strip the domain before \\: <code>Camilla</code>",
        "lower case: <code>camilla</code>",
        "strip the domain after @: <code>does not fit: the person is not let in</code>",
    ] {
        assert!(tried.text.contains(line), "{line}: {}", tried.text);
    }
    assert!(!tried.text.contains("trim: <code>"), "nothing comes after the step that ends it");
    assert_eq!(stored(&harness).await, ProvisioningSettings::default(), "nothing is saved");
}
