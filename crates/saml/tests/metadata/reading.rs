//! What real IdPs publish.

use std::time::{Duration, UNIX_EPOCH};

use saml::{IdpMetadata, MetadataDocument, OfferedAttribute};
use testkit::Key;

use crate::documents::{IDP, SAML, certificate, endpoint, entity, id, role, root};

#[test]
fn query_strings_bindings_and_response_locations_are_kept() {
    let role = format!(
        "<IDPSSODescriptor protocolSupportEnumeration=\"{SAML}\" WantAuthnRequestsSigned=\"1\">\
         {}{}{}{}{}<NameIDFormat> urn:x </NameIDFormat></IDPSSODescriptor>",
        certificate("signing", Key::Rsa2048),
        endpoint("SingleLogoutService", "SOAP", "https://idp.example.org/soap", ""),
        endpoint(
            "SingleLogoutService",
            "HTTP-Redirect",
            "https://idp.example.org/slo?a=1&amp;b=2",
            "ResponseLocation=\"https://idp.example.org/slo/return\"",
        ),
        endpoint("SingleSignOnService", "HTTP-POST", "https://idp.example.org/post", ""),
        endpoint("SingleSignOnService", "HTTP-Redirect", "https://idp.example.org/sso?appid=7", ""),
    );
    let idp = IdpMetadata::parse(root("EntityDescriptor", &id(IDP), &role).as_bytes(), None);
    let idp = idp.unwrap();
    let locations: Vec<_> = idp.single_sign_on.iter().map(|one| one.location.as_str()).collect();
    assert_eq!(
        locations,
        ["https://idp.example.org/sso?appid=7", "https://idp.example.org/post"],
        "redirects first"
    );
    let [logout] = idp.single_logout.as_slice() else { panic!("SOAP is for no browser") };
    assert_eq!(logout.location, "https://idp.example.org/slo?a=1&b=2");
    assert_eq!(logout.response_location.as_deref(), Some("https://idp.example.org/slo/return"));
    assert!(idp.want_authn_requests_signed);
    assert_eq!(idp.name_id_formats, ["urn:x"]);
}

#[test]
fn other_roles_stand_beside_and_are_passed_over() {
    // Entra ID and AD FS list WS-Federation first; LemonLDAP::NG is an SP in the same document.
    let federation = "<RoleDescriptor xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" \
        xmlns:fed=\"http://docs.oasis-open.org/wsfed/federation/200706\" \
        xmlns:auth=\"http://docs.oasis-open.org/wsfed/authorization/200706\" \
        xsi:type=\"fed:SecurityTokenServiceType\" \
        protocolSupportEnumeration=\"http://docs.oasis-open.org/wsfed/federation/200706\">\
        <fed:ClaimTypesOffered><auth:ClaimType Uri=\"http://claims/name\"><auth:DisplayName>Name\
        </auth:DisplayName></auth:ClaimType><auth:ClaimType Uri=\"mail\"/></fed:ClaimTypesOffered>\
        </RoleDescriptor>";
    let old = format!(
        "<IDPSSODescriptor protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:1.1:protocol\">{}\
         </IDPSSODescriptor>",
        endpoint("SingleSignOnService", "HTTP-POST", "https://idp.example.org/old", "")
    );
    let attribute = "<saml:Attribute Name=\"mail\" FriendlyName=\"E-Mail Address\"/>";
    let ours = role(&certificate("", Key::Rsa2048))
        .replace("</IDPSSODescriptor>", &format!("{attribute}</IDPSSODescriptor>"));
    let sp = format!(
        "<SPSSODescriptor protocolSupportEnumeration=\"{SAML}\">{}</SPSSODescriptor>",
        certificate("signing", Key::Attacker)
    );
    let content = format!("<Extensions><x/></Extensions>{federation}{old}{ours}{sp}");
    let xml = root("EntityDescriptor", &id(IDP), &content);
    let idp = IdpMetadata::parse(xml.as_bytes(), None).unwrap();
    assert_eq!(idp.signing_keys.len(), 1, "the SP's key is not the IdP's");
    assert_eq!(idp.single_sign_on[0].location, "https://idp.example.org/sso");
    let offered = |name: &str, friendly: &str| OfferedAttribute {
        name: name.to_owned(),
        friendly_name: Some(friendly.to_owned()),
    };
    let expected = [offered("mail", "E-Mail Address"), offered("http://claims/name", "Name")];
    assert_eq!(idp.attributes, expected, "each name once, with the role's own words first");
}

#[test]
fn an_aggregate_is_searched_by_entity_id_in_nested_groups_too() {
    let inner = format!(
        "<EntitiesDescriptor validUntil=\"2026-06-01T00:00:00Z\">{}</EntitiesDescriptor>",
        entity("https://b.example.org/")
    );
    let content = format!("{}{inner}", entity("https://a.example.org/"));
    let attributes = "validUntil=\"2026-12-01T00:00:00Z\" cacheDuration=\"PT6H\"";
    let xml = root("EntitiesDescriptor", attributes, &content);
    let document = MetadataDocument::parse(xml.as_bytes()).unwrap();
    let found: Vec<_> = document.idps().into_iter().map(|idp| idp.entity_id).collect();
    assert_eq!(found, ["https://a.example.org/", "https://b.example.org/"]);

    let error = document.idp(None).unwrap_err().to_string();
    assert!(error.contains("2 IdPs") && error.contains("https://b.example.org/"), "{error}");
    let error = document.idp(Some("https://c.example.org/")).unwrap_err().to_string();
    assert!(error.contains("it describes: https://a.example.org/"), "{error}");

    let b = document.idp(Some("https://b.example.org/")).unwrap();
    let june = UNIX_EPOCH + Duration::from_secs(1_780_272_000);
    assert_eq!(b.valid_until, Some(june), "the shorter one, of the group around it");
    assert_eq!(b.cache_duration, Some(Duration::from_secs(6 * 3600)));
    assert!(b.check_time(june - Duration::from_secs(1)).is_ok());
    let error = b.check_time(june).unwrap_err().to_string();
    assert!(error.contains("was valid until 2026-06-01T00:00:00Z"), "{error}");
}

#[test]
fn a_name_for_people_is_found_in_english_first() {
    let info = "<Extensions><mdui:UIInfo xmlns:mdui=\"urn:oasis:names:tc:SAML:metadata:ui\">\
        <mdui:DisplayName xml:lang=\"de\">Hochschule</mdui:DisplayName>\
        <mdui:DisplayName xml:lang=\"en\">University</mdui:DisplayName></mdui:UIInfo></Extensions>";
    let role = role(&format!("{info}{}", certificate("signing", Key::Rsa2048)));
    let xml = root("EntityDescriptor", &id(IDP), &role);
    let document = MetadataDocument::parse(xml.as_bytes()).unwrap();
    assert_eq!(document.idps()[0].display_name.as_deref(), Some("University"));
}

#[test]
fn an_entity_that_somebody_put_elsewhere_is_none() {
    let hidden = entity("https://evil.example.org/");
    let within = |around: &str| format!("<{around}>{hidden}</{around}>");
    let group = |content: &str| format!("<EntitiesDescriptor>{content}</EntitiesDescriptor>");
    for around in ["Extensions", "x:y", "AdditionalMetadataLocation", "AffiliationDescriptor"] {
        let extension = format!("<Extensions xmlns:x=\"urn:x\">{}</Extensions>", within(around));
        let role = role(&certificate("signing", Key::Rsa2048));
        let holder =
            |extra: &str| format!("<EntityDescriptor {}>{extra}{role}</EntityDescriptor>", id(IDP));
        for xml in [
            root("EntityDescriptor", &id(IDP), &format!("{extension}{role}")),
            root("EntitiesDescriptor", "", &format!("{extension}{}", holder(""))),
            root("EntitiesDescriptor", "", &holder(&extension)),
            root("EntitiesDescriptor", "", &group(&holder(&format!("{hidden}{extension}")))),
            root("EntitiesDescriptor", "", &format!("{extension}{}", group(&holder("")))),
        ] {
            let document = MetadataDocument::parse(xml.as_bytes()).unwrap();
            let names: Vec<_> = document.idps().into_iter().map(|idp| idp.entity_id).collect();
            assert_eq!(names, [IDP], "{around}: {xml}");
            assert!(document.idp(Some("https://evil.example.org/")).is_err());
        }
    }
    let nested = group(&format!("{}{}", entity("https://a.example.org/"), group(&entity(IDP))));
    let xml =
        root("EntitiesDescriptor", "", &format!("{nested}{}", entity("https://z.example.org/")));
    let document = MetadataDocument::parse(xml.as_bytes()).unwrap();
    let names: Vec<_> = document.idps().into_iter().map(|idp| idp.entity_id).collect();
    assert_eq!(names, ["https://a.example.org/", IDP, "https://z.example.org/"], "in their order");
}

#[test]
fn an_aggregate_of_twenty_thousand_idps_is_read_in_one_pass() {
    let entities: String =
        (0..20_000).map(|n| entity(&format!("https://idp{n}.example.org/"))).collect();
    let xml = root("EntitiesDescriptor", "", &entities);
    assert!(xml.len() > 20 << 20, "{} bytes", xml.len());
    let document = MetadataDocument::parse(xml.as_bytes()).unwrap();
    let last = document.idp(Some("https://idp19999.example.org/")).unwrap();
    assert_eq!(last.signing_keys.len(), 1);
    assert_eq!(document.idps().len(), 20_000);
}
