//! What accepting a response costs, as a ratio to the floor of the same run: one RSA-2048
//! verification and SHA-256 of the canonical signed bytes, both with the crypto library alone.
//!
//! `cargo bench -p saml --bench accept`

use std::hint::black_box;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{
    KeyPair as _, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256,
};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use saml::dsig::{SigningKey, sign_enveloped};
use saml::{Expected, RawResponse, ServiceProvider, TrustedIdp, TrustedKey, accept};

const ACS: &str = "https://jira.example.org/plugins/servlet/saml/auth";
const SP: ServiceProvider<'_> =
    ServiceProvider { entity_id: "https://jira.example.org/", acs_url: ACS, decryption_keys: &[] };
const ROUNDS: usize = 15;

fn main() {
    let pair = KeyPair::generate(KeySize::Rsa2048).expect("a key");
    let pkcs8 = AsDer::<Pkcs8V1Der<'_>>::as_der(&pair).expect("PKCS#8");
    let spki = AsDer::<PublicKeyX509Der<'_>>::as_der(pair.public_key()).expect("SPKI");
    let key = SigningKey::from_pkcs8_der(pkcs8.as_ref()).expect("a signing key");
    let trusted = TrustedKey::from_spki_der(spki.as_ref()).expect("a trusted key");
    let idp = TrustedIdp {
        entity_id: "https://idp.example.org/".to_owned(),
        keys: vec![trusted],
        allow_sha1: false,
    };
    for (name, groups) in [("40 groups", 40), ("2,000 groups", 2000), ("8,000 groups", 8000)] {
        let xml = sign_enveloped(&response(groups), "_a", &key, b"certificate").expect("it signs");
        let posted = STANDARD.encode(&xml);
        let signed_bytes = vec![b'x'; xml.len() * 3 / 4];
        let mut signature = vec![0; pair.public_modulus_len()];
        let random = aws_lc_rs::rand::SystemRandom::new();
        pair.sign(&RSA_PKCS1_SHA256, &random, &signed_bytes, &mut signature).expect("it signs");
        let public =
            ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, spki.as_ref()).expect("the key");
        let forged = STANDARD.encode(xml.replace("group-7<", "group-9<"));

        let (mut floor, mut ours, mut refusing) = (Vec::new(), Vec::new(), Vec::new());
        let times = (20_000 / groups).clamp(5, 200);
        for _ in 0..ROUNDS {
            floor.push(each(times, || {
                public.verify_sig(black_box(&signed_bytes), &signature).expect("its signature");
            }));
            ours.push(each(times, || {
                let raw = RawResponse::from_post_value(black_box(&posted)).expect("base64");
                let accepted = take(&raw, &idp).expect("it is accepted");
                black_box(
                    accepted.attributes().flat_map(|a| a.values()).map(str::len).sum::<usize>(),
                );
            }));
            refusing.push(each(times, || {
                let raw = RawResponse::from_post_value(black_box(&forged)).expect("base64");
                take(&raw, &idp).expect_err("it is refused");
            }));
        }
        let (floor, ours, refusing) = (median(floor), median(ours), median(refusing));
        let ratio = |time: Duration| time.as_secs_f64() / floor.as_secs_f64();
        println!(
            "{name} ({} bytes): floor {floor:?}, accept {ours:?} = {:.2} floors, refuse {refusing:?} = \
             {:.2} floors",
            xml.len(),
            ratio(ours),
            ratio(refusing)
        );
    }
}

fn take(raw: &RawResponse, idp: &TrustedIdp) -> Result<saml::VerifiedAssertion, saml::Rejection> {
    let now = UNIX_EPOCH + Duration::from_secs(1_800_000_000);
    accept(raw, idp, &SP, Expected::Request("_r"), now, Duration::from_secs(180))
}

fn each(times: usize, mut work: impl FnMut()) -> Duration {
    let begun = Instant::now();
    (0..times).for_each(|_| work());
    begun.elapsed() / times as u32
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn response(groups: usize) -> String {
    let now = date(1_800_000_000);
    let end = date(1_800_000_300);
    let groups: String = (0..groups)
        .map(|n| format!("<saml:AttributeValue>group-{n}</saml:AttributeValue>"))
        .collect();
    let others: String = (0..11)
        .map(|n| {
            format!(
                "<saml:Attribute Name=\"http://schemas.example.org/identity/claims/number-{n}\" \
                 NameFormat=\"urn:oasis:names:tc:SAML:2.0:attrname-format:uri\"><saml:AttributeValue>\
                 a value of usual length, number {n}</saml:AttributeValue></saml:Attribute>"
            )
        })
        .collect();
    format!(
        "<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" \
         xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"_b\" Version=\"2.0\" \
         IssueInstant=\"{now}\" Destination=\"{ACS}\" InResponseTo=\"_r\"><saml:Issuer>\
         https://idp.example.org/</saml:Issuer><samlp:Status><samlp:StatusCode \
         Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\"/></samlp:Status><saml:Assertion \
         ID=\"_a\" Version=\"2.0\" IssueInstant=\"{now}\"><saml:Issuer>https://idp.example.org/\
         </saml:Issuer><saml:Subject><saml:NameID>camilla</saml:NameID><saml:SubjectConfirmation \
         Method=\"urn:oasis:names:tc:SAML:2.0:cm:bearer\"><saml:SubjectConfirmationData \
         InResponseTo=\"_r\" NotOnOrAfter=\"{end}\" Recipient=\"{ACS}\"/></saml:SubjectConfirmation>\
         </saml:Subject><saml:Conditions NotBefore=\"{now}\" NotOnOrAfter=\"{end}\">\
         <saml:AudienceRestriction><saml:Audience>https://jira.example.org/</saml:Audience>\
         </saml:AudienceRestriction></saml:Conditions><saml:AuthnStatement AuthnInstant=\"{now}\" \
         SessionIndex=\"_s\"><saml:AuthnContext><saml:AuthnContextClassRef>\
         urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef>\
         </saml:AuthnContext></saml:AuthnStatement><saml:AttributeStatement>{others}<saml:Attribute \
         Name=\"groups\">{groups}</saml:Attribute></saml:AttributeStatement></saml:Assertion>\
         </samlp:Response>"
    )
}

fn date(seconds: u64) -> String {
    let moment: SystemTime = UNIX_EPOCH + Duration::from_secs(seconds);
    let moment = time::OffsetDateTime::from(moment);
    moment.format(&time::format_description::well_known::Rfc3339).expect("a date")
}
