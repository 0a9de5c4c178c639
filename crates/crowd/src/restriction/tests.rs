use super::*;

fn xml(body: &str) -> Result<Restriction, BodyError> {
    Restriction::parse(body.as_bytes(), Some(Format::Xml))
}

fn json(body: &str) -> Result<Restriction, BodyError> {
    Restriction::parse(body.as_bytes(), Some(Format::Json))
}

fn email_is_bob() -> Restriction {
    Restriction::Property(PropertyRestriction {
        property: "email".into(),
        kind: PropertyKind::Text,
        mode: MatchMode::ExactlyMatches,
        value: "bob@example.test".into(),
    })
}

#[test]
fn reads_nothing_at_all_as_everything() {
    assert_eq!(Restriction::parse(b"", None), Ok(Restriction::Everything));
    assert_eq!(xml("<null-search-restriction/>"), Ok(Restriction::Everything));
    assert_eq!(json("{}"), Ok(Restriction::Everything));
    assert_eq!(
        json(r#"{"restriction-type":"null-search-restriction"}"#),
        Ok(Restriction::Everything)
    );
}

#[test]
fn reads_a_property_alike_from_both_formats() {
    let from_xml = xml("<property-search-restriction><property><name>email</name>\
        <type>STRING</type></property>\n<match-mode>EXACTLY_MATCHES</match-mode>\
        <value>bob@example.test</value></property-search-restriction>");
    let from_json = json(
        r#"{"restriction-type":"property-search-restriction",
            "property":{"name":"email","type":"STRING"},
            "match-mode":"EXACTLY_MATCHES","value":"bob@example.test"}"#,
    );
    assert_eq!(from_xml, Ok(email_is_bob()));
    assert_eq!(from_json, from_xml);
}

#[test]
fn reads_nested_parts_alike_from_both_formats() {
    let from_xml = xml("<boolean-search-restriction boolean-logic=\"or\"><restrictions>\
        <property-search-restriction><property><name>active</name><type>BOOLEAN</type></property>\
        <match-mode>EXACTLY_MATCHES</match-mode><value>true</value></property-search-restriction>\
        <boolean-search-restriction boolean-logic=\"and\"><restrictions>\
        <null-search-restriction/></restrictions></boolean-search-restriction>\
        </restrictions></boolean-search-restriction>");
    let from_json = json(
        r#"{"restriction-type":"boolean-search-restriction","boolean-logic":"or","restrictions":[
            {"property":{"name":"active","type":"BOOLEAN"},"match-mode":"EXACTLY_MATCHES","value":true},
            {"boolean-logic":"and","restrictions":[{"restriction-type":"null-search-restriction"}]}]}"#,
    );
    assert_eq!(from_json, from_xml);
    let Ok(Restriction::Boolean { logic: Logic::Or, restrictions }) = from_xml else {
        unreachable!("not joined by or")
    };
    assert_eq!(
        restrictions[1],
        Restriction::Boolean { logic: Logic::And, restrictions: vec![Restriction::Everything] }
    );
}

#[test]
fn takes_the_null_mode_without_a_value_and_no_other() {
    let body = |mode: &str| {
        format!(
            "<property-search-restriction><property><name>name</name><type>STRING</type></property>\
             <match-mode>{mode}</match-mode></property-search-restriction>"
        )
    };
    assert!(matches!(
        xml(&body("NULL")),
        Ok(Restriction::Property(PropertyRestriction { mode: MatchMode::Null, .. }))
    ));
    assert_eq!(xml(&body("CONTAINS")), Err(BodyError::Missing("value")));
    assert_eq!(xml(&body("SOUNDS_LIKE")), Err(BodyError::Unknown("match-mode")));
}

#[test]
fn refuses_what_is_no_restriction() {
    assert_eq!(xml("<user/>"), Err(BodyError::Unexpected("search restriction")));
    assert_eq!(json("[]"), Err(BodyError::Unexpected("search restriction")));
    assert_eq!(json(r#"{"colour":"red"}"#), Err(BodyError::Missing("restriction-type")));
    assert!(matches!(json("{"), Err(BodyError::Json { .. })));
    let deep = "[".repeat(1000);
    assert!(matches!(json(&deep), Err(BodyError::Json { .. })));
}
