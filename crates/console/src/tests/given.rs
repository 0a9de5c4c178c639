//! Metadata and certificates as people have them: what the command line reads the console reads, and a
//! private key comes no further than its door.

use installation::settings::{self, IdpSettings};
use testkit::Key;

use super::idps::{hidden, metadata, store_idp, upload};
use super::*;

const RESOLVE: [(&str, &str); 2] = [("name", "company"), ("resolve", "true")];

#[tokio::test]
async fn a_file_is_read_as_the_bytes_that_it_has() {
    let harness = Harness::new(false).await;
    let cookie = harness.enter().await;
    let text =
        format!("\u{feff}\r\n<?xml version='1.0'?>{}", metadata("https://file.example.com/"));
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let resolved = upload(&harness, &cookie, &RESOLVE, &utf16).await;
    assert_eq!(resolved.status, StatusCode::OK, "{}", resolved.text);
    assert_eq!(hidden(&resolved.text, "entity_id"), "https://file.example.com/");
    for (file, said) in [
        (&b"\x1f\x8b\x08\0\xff"[..], "gzip; unpack it first"),
        (b"PK\x03\x04\xff", "a ZIP archive"),
        (b"<?xml version='1.0' encoding='ISO-8859-1'?><a>\xe4</a>", "this is ISO-8859-1; save"),
    ] {
        let answer = upload(&harness, &cookie, &RESOLVE, file).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{said}");
        assert!(
            answer.text.to_lowercase().contains(&said.to_lowercase()),
            "{said}: {}",
            answer.text
        );
        assert!(answer.text.contains("id=\"metadata_file-error\""), "{said}");
    }
}

#[tokio::test]
async fn a_pasted_text_is_read_whatever_its_declaration_says() {
    let harness = Harness::new(false).await;
    let cookie = harness.enter().await;
    let text =
        metadata("https://idp.example.com/").replace("<IDPSSO", "<!-- M\u{fc}nchen --><IDPSSO");
    let text = format!("\n<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n{text}");
    let fields = [RESOLVE.as_slice(), &[("metadata_text", text.as_str())]].concat();
    let resolved = harness.post("/idps/new", &cookie, &fields).await;
    assert_eq!(resolved.status, StatusCode::OK, "{}", resolved.text);
}

#[tokio::test]
async fn each_pasted_certificate_becomes_a_key() {
    let harness = Harness::new(false).await;
    let cookie = harness.enter().await;
    let written_out = Key::P384.certificate_pem().replace('\n', "\\n");
    let text = format!("subject=x\n{}\n{written_out}", Key::P256.certificate_pem());
    let fields = [
        ("name", "company"),
        ("entity_id", "https://idp.example.com/"),
        ("login_url", "https://idp.example.com/sso"),
        ("certificates", text.as_str()),
    ];
    let saved = harness.post("/idps/new", &cookie, &fields).await;
    assert_eq!(saved.location, "/idps/company", "{}", saved.text);
    let idp: IdpSettings = settings::show(&harness.installation.store, "company").await.unwrap();
    let keys = [Key::P256, Key::P384].map(|key| key.certificate_base64());
    assert_eq!(idp.certificates, keys);
    let page = harness.get("/idps/company", &cookie).await.text;
    assert!(page.contains("2 keys"), "{page}");
}

#[tokio::test]
async fn metadata_from_a_file_that_ends_is_a_concern_with_its_cure() {
    let harness = Harness::new(false).await;
    let cookie = harness.enter().await;
    let idp = IdpSettings {
        entity_id: "https://idp.example.com/".to_owned(),
        login_url: "https://idp.example.com/sso".to_owned(),
        certificates: vec![Key::Rsa2048.certificate_base64()],
        metadata: settings::MetadataSettings {
            valid_until: Some(installation::moment::seconds(noon())),
            ..settings::MetadataSettings::default()
        },
        ..IdpSettings::default()
    };
    let (store, by) = (&harness.installation.store, settings::By::command_line(noon()));
    settings::put(store, "company", &idp, settings::Expect::Free, by).await.unwrap();
    harness.installation.settings.refresh(store, &harness.installation.secrets).await.unwrap();
    let page = harness.get("/", &cookie).await.text;
    assert!(page.contains("The metadata of company is over: nobody signs in"), "{page}");
    assert!(page.contains("samlgate idp set company --metadata FILE"), "{page}");
}

#[tokio::test]
async fn a_private_key_is_neither_stored_nor_shown_again() {
    let harness = Harness::new(false).await;
    let cookie = harness.enter().await;
    store_idp(&harness, "company").await;
    let private = std::fs::read_to_string(Key::Rsa2048.private_path()).unwrap();
    let secret: Vec<_> = private.lines().filter(|line| line.len() > 40).collect();
    let joined = secret.concat();
    assert!(secret.len() > 10);
    let both = format!("{}{private}", Key::Rsa2048.certificate_pem());
    for text in [&private, &both, &private.replace('\n', "\\n"), &joined] {
        for field in ["certificates", "metadata_text", "metadata_signing_key"] {
            let fields = [RESOLVE.as_slice(), &[(field, text.as_str())]].concat();
            let answer = harness.post("/idps/new", &cookie, &fields).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
            assert!(answer.text.contains("private key"), "{field}: {}", answer.text);
            assert!(answer.text.contains(&format!("id=\"{field}-error\"")), "{field}");
            assert!(!secret.iter().any(|line| answer.text.contains(line)), "{field}");
        }
        let answer = upload(&harness, &cookie, &RESOLVE, text).await;
        assert!(answer.text.contains("private key"), "{}", answer.text);
        assert!(!secret.iter().any(|line| answer.text.contains(line)));
    }
    // Nor on the page that asks for the password.
    harness.clock.advance(std::time::Duration::from_secs(3600));
    let fields = [("certificates", private.as_str())];
    let asked = harness.post("/idps/company", &cookie, &fields).await;
    assert!(!secret.iter().any(|line| asked.text.contains(line)), "{}", asked.text);
    let idp: IdpSettings = settings::show(&harness.installation.store, "company").await.unwrap();
    assert_eq!(idp.certificates, [Key::Rsa2048.certificate_base64()]);
}
