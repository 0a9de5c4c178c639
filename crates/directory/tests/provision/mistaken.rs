//! Users who would be made by mistake: from a NameID that is another one at each sign-in, and beside
//! somebody who has the same e-mail address.

use directory::User;
use directory::provision::{
    FindBy, Mark, NameId, Plan, Reading, Refusal, Rules, Source, ValueRule,
};

use crate::directory_model::Model;
use crate::plan::{creating, from, name_id};

const TRANSIENT: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient";

fn reading() -> Reading {
    Reading { email: from(&["mail"]), idp_id: from(&["oid"]), ..name_id() }
}

/// What a sign-in with this NameID plans, applied.
fn signs_in(
    model: &mut Model,
    (name, format): (&str, Option<&str>),
    attributes: &[(&str, Vec<&str>)],
    reading: &Reading,
    rules: &Rules,
) -> Plan {
    let name = NameId { value: name, format };
    model.sign_in(&reading.claims(Some(name), attributes).unwrap(), rules)
}

fn code(plan: &Plan) -> Option<&'static str> {
    plan.refusal().map(Refusal::code)
}

#[test]
fn nobody_is_created_from_a_transient_name_id() {
    let mail = [("mail", vec!["robin@example.com"])];
    for format in [
        TRANSIENT,
        " urn:oasis:names:tc:SAML:2.0:nameid-format:transient\n",
        "urn:oasis:names:tc:SAML:1.1:nameid-format:transient",
        "urn:oasis:names:tc:SAML:2.0:nameid-format:Transient",
    ] {
        for creates in [true, false] {
            let mut model = Model::default();
            let rules = Rules { create_or_update: creates, ..creating() };
            let plan = signs_in(&mut model, ("_5b0c", Some(format)), &mail, &reading(), &rules);
            assert_eq!(code(&plan), Some("transient_user_id"), "{format}: {plan}");
            assert!(model.users.is_empty());
            let hint = plan.refusal().unwrap().hint();
            assert!(hint.contains("choose an attribute (`--user-id`) or another NameID format"));
        }
    }
    for format in [None, Some("urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"), Some("")] {
        let mut model = Model::default();
        let plan = signs_in(&mut model, ("_5b0c", format), &mail, &reading(), &creating());
        assert_eq!(code(&plan), None, "{format:?}: {plan}");
    }
}

#[test]
fn a_user_id_from_an_attribute_is_not_the_name_ids_concern() {
    let by_attribute = Reading { user_id: from(&["uid"]), ..reading() };
    let said = [("uid", vec!["robin"]), ("mail", vec!["robin@example.com"])];
    let mut model = Model::default();
    let transient = ("_5b0c", Some(TRANSIENT));
    assert_eq!(code(&signs_in(&mut model, transient, &said, &by_attribute, &creating())), None);
    // The NameID is the first place, and has a value.
    let user_id = ValueRule {
        sources: vec![Source::NameId, Source::Attribute("uid".to_owned())],
        steps: Vec::new(),
    };
    let either = Reading { user_id, ..reading() };
    let plan = signs_in(&mut Model::default(), transient, &said, &either, &creating());
    assert_eq!(code(&plan), Some("transient_user_id"));
}

#[test]
fn who_is_there_already_is_let_in_and_never_renamed_after_a_transient_name_id() {
    // Some products write a stable name and call it transient.
    let mut model = Model::default();
    model.add_user("robin", Some("company"));
    let transient = ("robin", Some(TRANSIENT));
    assert_eq!(code(&signs_in(&mut model, transient, &[], &reading(), &creating())), None);

    let rules = Rules { find_by: FindBy::IdpId, ..creating() };
    let said = [("oid", vec!["object-1"])];
    assert_eq!(code(&signs_in(&mut model, ("robin", None), &said, &reading(), &rules)), None);
    let plan = signs_in(&mut model, ("_5b0c", Some(TRANSIENT)), &said, &reading(), &rules);
    assert_eq!(code(&plan), Some("transient_user_id"), "{plan}");
    assert_eq!(model.users[0].user.name, "robin");
}

#[test]
fn a_transient_name_id_is_no_id_that_never_changes() {
    let by_name = ValueRule { sources: vec![Source::NameId], steps: Vec::new() };
    let stable = Reading { user_id: from(&["uid"]), idp_id: by_name, ..reading() };
    let said = [("uid", vec!["robin"]), ("mail", vec!["robin@example.com"])];
    let rules = Rules { find_by: FindBy::IdpId, ..creating() };
    let transient = ("_5b0c", Some(TRANSIENT));
    let plan = signs_in(&mut Model::default(), transient, &said, &stable, &rules);
    assert_eq!(code(&plan), Some("transient_user_id"));
    assert!(plan.to_string().contains("IdP id"), "{plan}");
    // Users are found by their names: it is not looked at.
    let plan = signs_in(&mut Model::default(), transient, &said, &stable, &creating());
    assert_eq!(code(&plan), None, "{plan}");
}

/// The lines that warn, as text.
fn warnings(plan: &Plan) -> Vec<String> {
    let warnings = plan.lines.iter().filter(|line| line.mark == Mark::Warning);
    warnings.map(ToString::to_string).collect()
}

fn kim() -> Model {
    let mut model = Model::default();
    model.add_user("kim@example.com", Some("company"));
    model.users[0].user.email = "Kim@Example.com".to_owned();
    model
}

#[test]
fn a_new_user_with_the_address_of_another_is_created_with_a_warning() {
    let said = [("mail", vec!["kim@example.com"])];
    let mut model = kim();
    let plan = signs_in(&mut model, ("r.marsh", None), &said, &reading(), &creating());
    let [warning] = &warnings(&plan)[..] else { panic!("{plan}") };
    assert!(warning.contains("kim@example.com has "), "{warning}");
    assert!(warning.contains("provisioning.find_by"), "{warning}");
    assert_eq!(model.users.len(), 2, "created, and never merged");
    let plan = signs_in(&mut model, ("r.marsh", None), &said, &reading(), &creating());
    assert_eq!(warnings(&plan), [""; 0], "once");
}

#[test]
fn a_known_user_who_takes_the_address_of_another_is_warned_about_too() {
    let mut model = kim();
    model.add_user("robin", Some("company"));
    let said = [("mail", vec!["KIM@example.com"])];
    let plan = signs_in(&mut model, ("robin", None), &said, &reading(), &creating());
    assert_eq!(warnings(&plan).len(), 1, "{plan}");
    let own = signs_in(&mut kim(), ("kim@example.com", None), &said, &reading(), &creating());
    assert_eq!(warnings(&own), [""; 0], "an own address in another spelling: {own}");
}

#[test]
fn of_several_users_with_the_address_the_first_is_named() {
    let mut model = kim();
    model.add_user("older", None);
    let User { email, created_at, .. } = &mut model.users[0].user;
    *created_at += std::time::Duration::from_secs(60);
    let email = email.clone();
    model.users[1].user.email = email;
    let said = [("mail", vec!["kim@example.com"])];
    let plan = signs_in(&mut model, ("r.marsh", None), &said, &reading(), &creating());
    assert!(warnings(&plan)[0].contains("older has"), "{plan}");
}

#[test]
fn an_id_that_cannot_be_stored_is_refused() {
    for id in ["object\u{0}1", &"x".repeat(513)] {
        let said = [("oid", vec![id])];
        let name = NameId { value: "robin", format: None };
        let refused = reading().claims(Some(name), &said).unwrap_err();
        assert_eq!(refused.code(), "idp_id_invalid", "{refused}");
        assert!(refused.to_string().len() < 1_000);
    }
}

#[test]
fn who_is_renamed_takes_nobody_elses_name() {
    let mut model = Model::default();
    for name in ["robin", "kim"] {
        model.add_user(name, Some("company"));
    }
    model.users[0].idp_id = Some("object-1".to_owned());
    let rules = Rules { find_by: FindBy::IdpId, ..creating() };
    let said = [("oid", vec!["object-1"])];
    let plan = signs_in(&mut model, ("Kim", None), &said, &reading(), &rules);
    assert_eq!(code(&plan), Some("name_taken"), "{plan}");
}

#[test]
fn who_has_no_user_id_or_address_is_told_which_attributes_came() {
    let said = [("uid", vec!["robin"]), ("Mail", vec!["robin@example.com"])];
    let refused = reading().claims(None, &said).unwrap_err();
    let text = "no user id at NameID; the IdP sent the attributes uid, Mail";
    assert_eq!(refused.to_string(), text);
    let plan = signs_in(&mut Model::default(), ("robin", None), &said, &reading(), &creating());
    assert_eq!(code(&plan), Some("email_missing"));
    let text =
        "no e-mail address for \"robin\" at attribute mail; the IdP sent the attributes uid, Mail";
    assert_eq!(plan.refusal().unwrap().to_string(), text);
    let many: Vec<_> = (0..40).map(|n| format!("attribute-{n}")).collect();
    let many: Vec<_> = many.iter().map(|name| (name.as_str(), vec![])).collect();
    let refused = reading().claims(None, &many).unwrap_err().to_string();
    assert!(refused.ends_with("attribute-14 and 25 more"), "{refused}");
    assert!(reading().claims(None, &[]).unwrap_err().to_string().contains("sent no attributes"));
}
