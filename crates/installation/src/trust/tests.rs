use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use saml::IdpKey;
use store::MetadataLook;
use tempfile::TempDir;
use testkit::{Key, Signature, metadata, metadata_with};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::*;
use crate::config::Config;
use crate::moment::parse;
use crate::open::Installation;
use crate::runtime::Clock;
use crate::settings::{self, IdpSettings};

const ENTITY_ID: &str = "https://idp.example.org/";

pub(super) fn now() -> SystemTime {
    parse("2026-11-25T12:00:00Z").unwrap()
}

/// An address on loopback that answers with one document, and counts.
pub(super) struct Place {
    pub(super) url: String,
    answer: Arc<Mutex<String>>,
    count: Arc<AtomicUsize>,
}

impl Place {
    /// A place with the metadata of an IdP that has these keys.
    pub(super) async fn open(keys: &[Key]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let answer = Arc::new(Mutex::new(metadata(ENTITY_ID, "", keys)));
        let count = Arc::new(AtomicUsize::new(0));
        let url = format!("http://{}/metadata?appid=7", listener.local_addr().unwrap());
        let place = Place { url, answer: answer.clone(), count: count.clone() };
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut request = [0; 2048];
                let length = stream.read(&mut request).await.unwrap_or(0);
                assert!(
                    request[..length].starts_with(b"GET /metadata?appid=7 "),
                    "the query stays"
                );
                count.fetch_add(1, Ordering::Relaxed);
                let body = answer.lock().unwrap().clone();
                let head = format!(
                    "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: {}\r\n\
                     Connection: close\r\n\r\n",
                    body.len()
                );
                let _ = stream.write_all((head + &body).as_bytes()).await;
            }
        });
        place
    }

    /// From now on the IdP has these keys.
    pub(super) fn publish(&self, keys: &[Key]) {
        self.answer(metadata(ENTITY_ID, "", keys));
    }

    /// From now on the metadata is valid until then.
    pub(super) fn publish_until(&self, end: &str) {
        self.answer(metadata(ENTITY_ID, &format!("validUntil=\"{end}\""), &[Key::Rsa2048]));
    }

    /// From now on this is answered.
    pub(super) fn answer(&self, text: impl Into<String>) {
        *self.answer.lock().unwrap() = text.into();
    }

    /// How often it was asked.
    pub(super) fn asked(&self) -> usize {
        self.count.load(Ordering::Relaxed)
    }

    /// An installation with its clock at [`now`].
    pub(super) async fn installation(&self) -> (Arc<Installation>, Clock, TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::fixed(now());
        (
            Installation::open(&Config::defaults_in(folder.path()), clock.clone()).await.unwrap(),
            clock,
            folder,
        )
    }
}

/// Adds the IdP of the place under the name `company`, after `change`.
pub(super) async fn add(
    installation: &Installation,
    place: &Place,
    change: impl FnOnce(&mut IdpSettings),
) {
    let patience = Duration::from_secs(10);
    let source = Source::fetch(&place.url, None, patience).await.unwrap();
    place.count.store(0, Ordering::Relaxed);
    let mut settled = settle(&IdpSettings::default(), &source, None, now()).unwrap();
    change(&mut settled.settings);
    let (idp, by) = (&settled.settings, settings::By::command_line(now()));
    super::add(&installation.store, "company", idp, Some(&settled.metadata), by).await.unwrap();
    installation.settings.refresh(&installation.store, &installation.secrets).await.unwrap();
}

async fn again(installation: &Installation) -> Result<Refreshed, TrustError> {
    refresh(&installation.store, "company", None, Duration::from_secs(10), installation.clock.now())
        .await
}

async fn stored(installation: &Installation) -> IdpSettings {
    settings::show(&installation.store, "company").await.unwrap()
}

#[tokio::test]
async fn a_refresh_brings_the_keys_of_the_metadata_and_leaves_those_by_hand() {
    let place = Place::open(&[Key::Rsa2048]).await;
    let (installation, clock, _folder) = place.installation().await;
    let by_hand = Key::P521.certificate_base64();
    add(&installation, &place, |idp| idp.certificates = vec![by_hand.clone()]).await;
    assert_eq!(stored(&installation).await.login_url, "https://idp.example.org/sso?x=1");

    place.publish(&[Key::P256, Key::Rsa3072]);
    clock.advance(Duration::from_secs(3600));
    let refreshed = again(&installation).await.unwrap();
    assert_eq!(refreshed.before.metadata.keys, [Key::Rsa2048.certificate_base64()]);
    let idp = stored(&installation).await;
    let expected = [Key::P256.certificate_base64(), Key::Rsa3072.certificate_base64()];
    assert_eq!(idp.metadata.keys, expected);
    assert_eq!(idp.certificates, [by_hand]);

    let offered = attributes_offered(&installation.store, "company").await.unwrap();
    assert_eq!(offered[0].friendly_name.as_deref(), Some("Common name"));
    let uses = installation.store.idp_keys("company").await.unwrap();
    assert_eq!(uses.len(), 4, "all that were ever seen");
    assert_eq!(uses.iter().filter(|one| one.first_seen_at == now()).count(), 2);
}

#[tokio::test]
async fn what_is_wrong_changes_nothing_and_is_noted() {
    let place = Place::open(&[Key::Rsa2048]).await;
    let (installation, _clock, _folder) = place.installation().await;
    add(&installation, &place, |_| {}).await;
    let before = stored(&installation).await;
    for (answer, said) in [
        ("<!doctype html><title>Log in</title>".to_owned(), "a web page titled \"log in\""),
        ("{\"issuer\":\"x\"}".to_owned(), "OpenID Connect"),
        (metadata("https://other.example.org/", "", &[Key::P256]), "https://other.example.org/"),
        (
            metadata(ENTITY_ID, "validUntil=\"2026-11-01T00:00:00Z\"", &[Key::P256]),
            "was valid until",
        ),
        (metadata(ENTITY_ID, "", &[]), "names no key for signing"),
        (metadata(ENTITY_ID, "", &[Key::P256])[..300].to_owned(), "line 1"),
    ] {
        place.answer(answer);
        let error = again(&installation).await.err().unwrap().to_string();
        assert!(error.contains(said), "{error}");
        assert_eq!(stored(&installation).await, before, "{said}");
        let looks = installation.store.metadata_looks().await.unwrap();
        assert!(looks[0].problem.contains(said), "{looks:?}");
        assert_eq!(looks[0].fetched_at, Some(now()), "the last good look is remembered");
    }
    place.publish(&[Key::P256]);
    again(&installation).await.unwrap();
    assert_eq!(installation.store.metadata_looks().await.unwrap()[0].problem, "");
}

#[tokio::test]
async fn with_a_pinned_key_only_metadata_that_it_signed_is_taken() {
    let place = Place::open(&[Key::Rsa2048]).await;
    let (installation, _clock, _folder) = place.installation().await;
    let pin = Key::P384.certificate_base64();
    add(&installation, &place, |idp| idp.metadata.signing_key = Some(pin)).await;
    let error = again(&installation).await.err().unwrap().to_string();
    assert!(error.contains("is not signed"), "{error}");

    let signed = |key: Key| {
        let algorithm = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256";
        let template = Signature::of(algorithm, Signature::SHA256).template("_all");
        let document = metadata_with(ENTITY_ID, "", &template, &[Key::Rsa3072]);
        testkit::sign(&document, testkit::Place::Response, key).unwrap()
    };
    place.answer(signed(Key::P256));
    let error = again(&installation).await.err().unwrap().to_string();
    assert!(error.contains("must be signed by the pinned key"), "{error}");

    let rsa = metadata_with(ENTITY_ID, "", &Signature::default().template("_all"), &[Key::Rsa3072]);
    place.answer(testkit::sign(&rsa, testkit::Place::Response, Key::Rsa2048).unwrap());
    let mut idp = stored(&installation).await;
    idp.metadata.signing_key = Some(Key::Rsa2048.certificate_base64());
    settings::put(
        &installation.store,
        "company",
        &idp,
        settings::Expect::Anything,
        settings::By::command_line(now()),
    )
    .await
    .unwrap();
    again(&installation).await.unwrap();
    assert_eq!(stored(&installation).await.metadata.keys, [Key::Rsa3072.certificate_base64()]);
}

#[tokio::test]
async fn of_two_nodes_one_reads_the_metadata_when_it_is_due() {
    let place = Place::open(&[Key::Rsa2048]).await;
    let (one, clock, folder) = place.installation().await;
    let other =
        Installation::open(&Config::defaults_in(folder.path()), clock.clone()).await.unwrap();
    add(&one, &place, |_| {}).await;
    other.settings.refresh(&other.store, &other.secrets).await.unwrap();

    let watches = [Watch::default(), Watch::default()];
    let both = async || {
        let (a, b) = tokio::join!(
            refresh_when_due(&one, &watches[0]),
            refresh_when_due(&other, &watches[1])
        );
        a.and(b).unwrap();
    };
    both().await;
    assert_eq!(place.asked(), 0, "it has just been read");
    place.publish(&[Key::P256]);
    clock.advance(Duration::from_secs(24 * 3600));
    both().await;
    assert_eq!(place.asked(), 1);
    assert_eq!(stored(&one).await.metadata.keys, [Key::P256.certificate_base64()]);
    place.answer("nothing");
    clock.advance(Duration::from_secs(24 * 3600));
    both().await;
    both().await;
    assert_eq!(place.asked(), 2, "a failure is tried again in an hour");
    clock.advance(Duration::from_secs(3600));
    both().await;
    assert_eq!(place.asked(), 3);
}

#[tokio::test]
async fn an_administrators_change_in_between_is_not_overwritten() {
    let place = Place::open(&[Key::Rsa2048]).await;
    let (installation, _clock, _folder) = place.installation().await;
    add(&installation, &place, |_| {}).await;
    place.publish(&[Key::P256]);
    let patience = Duration::from_secs(10);
    let prepared = prepare(&installation.store, "company", None, patience, now()).await.unwrap();
    let mut idp = stored(&installation).await;
    idp.button_label = Some("Company account".to_owned());
    settings::put(
        &installation.store,
        "company",
        &idp,
        settings::Expect::Anything,
        settings::By::command_line(now()),
    )
    .await
    .unwrap();
    let conflict = save(&installation.store, "company", &prepared, now()).await.err().unwrap();
    assert!(conflict.to_string().contains("changed by somebody else"), "{conflict}");
    assert_eq!(stored(&installation).await, idp);
}

#[tokio::test]
async fn a_pasted_text_is_a_source_and_needs_no_address() {
    let text = metadata(ENTITY_ID, "", &[Key::Rsa2048]);
    let settled = settle(&IdpSettings::default(), &Source::pasted(text), None, now()).unwrap();
    assert_eq!(settled.settings.entity_id, ENTITY_ID);
    assert_eq!(settled.settings.metadata.url, None);
    let error = settle(&IdpSettings::default(), &Source::pasted("{}"), None, now()).err().unwrap();
    assert!(error.to_string().starts_with("the pasted text: this is JSON"), "{error}");
}

#[test]
fn what_expires_is_said_at_thirty_seven_and_one_days() {
    let idp = |end: &str| {
        let mut idp = IdpSettings {
            entity_id: ENTITY_ID.to_owned(),
            login_url: "https://idp.example.org/sso".to_owned(),
            certificates: vec![Key::Rsa2048.certificate_base64()],
            ..IdpSettings::default()
        };
        idp.metadata.valid_until = Some(end.to_owned());
        settings::Document::compile(&idp, "company").unwrap()
    };
    for (end, days) in [
        ("2026-12-26T12:00:00Z", None),
        ("2026-12-25T12:00:00Z", Some(30)),
        ("2026-12-02T12:00:00Z", Some(7)),
        ("2026-11-26T12:00:00Z", Some(1)),
        ("2026-11-25T12:00:00Z", Some(0)),
        ("2026-11-25T11:59:59Z", Some(0)),
    ] {
        let found = warnings(&idp(end), None, now());
        assert_eq!(found.first().map(|one| one.within_days), days, "{end}");
        assert!(
            found.iter().all(|one| one.text.contains("samlgate idp set company --metadata FILE"))
        );
    }
    // With an address it is renewed by itself, and is nobody's care before that fails.
    let look = |problem: &str| MetadataLook {
        idp: "company".to_owned(),
        tried_at: now(),
        fetched_at: Some(now()),
        refresh_by: None,
        problem: problem.to_owned(),
        offered: "[]".to_owned(),
    };
    let with_url = |hours: u32| {
        let mut settings = idp("2026-11-26T12:00:00Z").settings.clone();
        settings.metadata.url = Some("https://idp.example.org/metadata".to_owned());
        settings.metadata.refresh_hours = hours;
        settings::Document::compile(&settings, "company").unwrap()
    };
    for idp in [with_url(24), with_url(1)] {
        assert_eq!(warnings(&idp, Some(&look("")), now()), []);
        assert_eq!(warnings(&idp, None, now()), []);
        let found = warnings(&idp, Some(&look("HTTP 500")), now());
        assert!(found[0].text.contains("could not be read again: HTTP 500"), "{found:?}");
        assert!(found[0].text.ends_with("samlgate idp refresh company"), "{found:?}");
    }
    assert_eq!(warnings(&with_url(0), Some(&look("")), now()).len(), 1, "only by hand");
    // The fixture's certificate lasts a hundred years.
    let late = parse("2126-10-31T12:00:00Z").unwrap();
    let found = warnings(&idp("2126-12-31T12:00:00Z"), None, late);
    assert!(found.iter().any(|one| one.subject == "certificate"), "{found:?}");
}

#[tokio::test]
async fn a_key_that_is_approved_while_the_idp_is_set_otherwise_stays_approved() {
    let place = Place::open(&[Key::Rsa2048]).await;
    let (installation, _, _folder) = place.installation().await;
    add(&installation, &place, |idp| idp.metadata.approve_new_keys = true).await;
    place.publish(&[Key::P256]);
    again(&installation).await.unwrap();
    let by = settings::By::command_line(now());
    // `idp set` begins, and reads the metadata; meanwhile somebody approves the key that waits.
    let patience = Duration::from_secs(10);
    let source = Source::fetch(&place.url, None, patience).await.unwrap();
    let before = stored(&installation).await;
    assert_eq!(before.metadata.waiting_keys.len(), 1);
    let key = IdpKey::from_base64(&before.metadata.waiting_keys[0]).unwrap();
    let start = key.key().unwrap().sha256().to_owned();
    let store = &installation.store;
    decide(store, "company", &start, KeyDecision::Approve, by.clone()).await.unwrap();
    super::change(store, "company", by, None, |idp| {
        let settled = settle(idp, &source, None, now())?;
        idp.clone_from(&settled.settings);
        idp.button_label = Some("Company account".to_owned());
        Ok::<_, TrustError>(Some(settled.metadata))
    })
    .await
    .unwrap();
    let after = stored(&installation).await;
    assert_eq!(after.button_label.as_deref(), Some("Company account"));
    assert_eq!(after.metadata.keys, [key.to_base64()], "approved, and named by the metadata");
    assert!(after.metadata.waiting_keys.is_empty(), "{:?}", after.metadata.waiting_keys);
}

#[tokio::test]
async fn an_idp_that_cannot_be_read_is_in_the_way_of_no_other_but_one_for_unbound_users() {
    let place = Place::open(&[Key::Rsa2048]).await;
    let (installation, _, _folder) = place.installation().await;
    add(&installation, &place, |_| {}).await;
    let mut tx = installation.store.begin().await.unwrap();
    tx.put_setting("idp", "newer", "{\"of\": \"a newer version\"}", now()).await.unwrap();
    tx.commit().await.unwrap();
    let change = async |edit: fn(&mut IdpSettings)| {
        let by = settings::By::command_line(now());
        super::change(&installation.store, "company", by, None, |idp| {
            edit(idp);
            Ok::<_, TrustError>(None)
        })
        .await
    };
    change(|idp| idp.button_label = Some("Company account".to_owned())).await.unwrap();
    let error = change(|idp| idp.for_unbound_users = true).await.err().unwrap().to_string();
    assert!(error.contains("newer"), "{error}");
    assert!(!stored(&installation).await.for_unbound_users);
}

#[test]
fn an_authority_beside_the_idps_own_certificate_is_named_and_not_trusted() {
    let text: &[u8] =
        include_bytes!("../../../saml/tests/vectors/chains/signed-by-the-authority/metadata.xml");
    let settled = settle(&IdpSettings::default(), &Source::pasted(text), None, now()).unwrap();
    assert_eq!(settled.settings.metadata.keys.len(), 1);
    let [line] = &remarks(&settled.metadata)[..] else { panic!("one certificate is left") };
    assert!(line.starts_with("not used: certificate 02a36d7d08cb0e4f"), "{line}");
}

#[tokio::test]
async fn metadata_that_lives_for_hours_is_read_again_in_time() {
    let place = Place::open(&[Key::Rsa2048]).await;
    place.publish_until("2026-11-25T13:00:00Z");
    let (installation, clock, _folder) = place.installation().await;
    let watch = Watch::default();
    add(&installation, &place, |_| {}).await;
    let end = async |installation: &Installation| stored(installation).await.metadata.valid_until;
    assert_eq!(end(&installation).await.as_deref(), Some("2026-11-25T13:00:00Z"));
    place.publish_until("2026-11-25T14:00:00Z");
    let minutes = |minutes: u64| Duration::from_secs(60 * minutes);
    for (pass, asked) in [(minutes(29), 0), (minutes(1), 1), (minutes(44), 1), (minutes(1), 2)] {
        clock.advance(pass);
        installation.settings.refresh(&installation.store, &installation.secrets).await.unwrap();
        refresh_when_due(&installation, &watch).await.unwrap();
        assert_eq!(place.asked(), asked);
    }
    assert_eq!(end(&installation).await.as_deref(), Some("2026-11-25T14:00:00Z"));
}

#[tokio::test]
async fn the_refresh_of_a_file_says_how_to_give_another() {
    let place = Place::open(&[Key::Rsa2048]).await;
    let (installation, _, _folder) = place.installation().await;
    add(&installation, &place, |idp| idp.metadata.url = None).await;
    let error = again(&installation).await.err().unwrap().to_string();
    assert!(error.contains("samlgate idp set company --metadata FILE"), "{error}");
}
