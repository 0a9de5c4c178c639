//! An IdP that answers as fast as the bench asks: 7 kB, 40 groups, the assertion signed.

use std::io::Read as _;
use std::time::{Duration, Instant, SystemTime};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use saml::dsig::{SigningKey, sign_enveloped};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::client::Answer;

/// Its entity ID.
pub(crate) const ENTITY_ID: &str = "http://idp.localhost/metadata";
/// How many groups each person has.
pub(crate) const GROUPS: usize = 40;

/// The IdP with its key.
pub(crate) struct Idp {
    authority: &'static str,
    key: SigningKey,
    certificate: rcgen::Certificate,
    pkcs8: Vec<u8>,
}

/// What the browser would post, with the cookie it would send.
pub(crate) struct Post {
    /// The cookies of the request.
    pub(crate) cookie: String,
    /// The form.
    pub(crate) form: String,
}

impl Idp {
    /// An IdP for the app at `authority`.
    pub(crate) fn new(authority: &'static str) -> Self {
        let rsa =
            rcgen::KeyPair::generate_rsa_for(&rcgen::PKCS_RSA_SHA256, rcgen::RsaKeySize::_2048);
        let rsa = rsa.expect("an RSA key");
        let parameters = rcgen::CertificateParams::new(Vec::new()).expect("no names");
        let certificate = parameters.self_signed(&rsa).expect("a certificate");
        let pkcs8 = rsa.serialize_der();
        let key = SigningKey::from_pkcs8_der(&pkcs8).expect("the key reads back");
        Idp { authority, key, certificate, pkcs8 }
    }

    /// Its certificate.
    pub(crate) fn certificate_pem(&self) -> String {
        self.certificate.pem()
    }

    /// The response to the request that `start` redirects to.
    pub(crate) fn answer(&self, start: &Answer) -> Post {
        let to = url::Url::parse(start.header("location").expect("a redirect")).expect("a URL");
        let parameter = |name: &str| {
            to.query_pairs().find(|(key, _)| key == name).expect("a parameter").1.into_owned()
        };
        let deflated = STANDARD.decode(parameter("SAMLRequest")).expect("base64");
        let mut request = String::new();
        flate2::read::DeflateDecoder::new(&*deflated)
            .read_to_string(&mut request)
            .expect("deflate");
        let id = request.split(" ID=\"").nth(1).and_then(|rest| rest.split('"').next());
        let response = self.response(id.expect("an ID"));
        let pairs = start.all("set-cookie").filter_map(|line| line.split(';').next());
        let cookie = pairs.collect::<Vec<_>>().join("; ");
        let form = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("SAMLResponse", &STANDARD.encode(response))
            .append_pair("RelayState", &parameter("RelayState"))
            .finish();
        Post { cookie, form }
    }

    /// The floor: one verification with the key parsed once, and SHA-256 of 5,640 bytes.
    pub(crate) fn floor(&self) -> Duration {
        let pair = aws_lc_rs::signature::RsaKeyPair::from_pkcs8(&self.pkcs8).expect("the key");
        let message = vec![b'x'; 5640];
        let mut signature = vec![0; pair.public_modulus_len()];
        pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), &message, &mut signature)
            .expect("it signs");
        let public = aws_lc_rs::signature::ParsedPublicKey::new(
            &RSA_PKCS1_2048_8192_SHA256,
            pair.public_key().as_ref(),
        )
        .expect("the public key");
        const TIMES: u32 = 3000;
        let begun = Instant::now();
        for _ in 0..TIMES {
            public.verify_sig(&message, &signature).expect("its own signature");
        }
        begun.elapsed() / TIMES
    }

    fn response(&self, request_id: &str) -> String {
        let id = format!("_{}", &request_id[10..42]);
        let acs = format!("http://{}/plugins/servlet/saml/auth", self.authority);
        let audience = format!("http://{}/", self.authority);
        let now = OffsetDateTime::from(clock());
        let later = now + time::Duration::minutes(5);
        let (now, later) = (text(now), text(later));
        let groups: String =
            (0..GROUPS).map(|n| format!("<AttributeValue>group-{n}</AttributeValue>")).collect();
        let other: String = (0..8)
            .map(|n| {
                format!(
                    "<Attribute Name=\"http://schemas.example.org/claims/attribute-number-{n}\">\
                     <AttributeValue>a value of usual length for number {n}</AttributeValue></Attribute>"
                )
            })
            .collect();
        let xml = format!(
            "<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" ID=\"{id}r\" \
             Version=\"2.0\" IssueInstant=\"{now}\" Destination=\"{acs}\" \
             InResponseTo=\"{request_id}\"><Issuer xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\">\
             {ENTITY_ID}</Issuer><samlp:Status><samlp:StatusCode \
             Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\"/></samlp:Status><Assertion \
             xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"{id}\" Version=\"2.0\" \
             IssueInstant=\"{now}\"><Issuer>{ENTITY_ID}</Issuer><Subject><SubjectConfirmation \
             Method=\"urn:oasis:names:tc:SAML:2.0:cm:bearer\"><SubjectConfirmationData \
             InResponseTo=\"{request_id}\" NotOnOrAfter=\"{later}\" Recipient=\"{acs}\"/>\
             </SubjectConfirmation></Subject><Conditions NotBefore=\"{now}\" \
             NotOnOrAfter=\"{later}\"><AudienceRestriction><Audience>{audience}</Audience>\
             </AudienceRestriction></Conditions><AttributeStatement><Attribute Name=\"uid\">\
             <AttributeValue>camilla</AttributeValue></Attribute><Attribute Name=\"cn\">\
             <AttributeValue>Camilla the Chicken</AttributeValue></Attribute><Attribute \
             Name=\"mail\"><AttributeValue>camilla@muppets.com</AttributeValue></Attribute>\
             <Attribute Name=\"groups\">{groups}</Attribute>{other}</AttributeStatement>\
             <AuthnStatement AuthnInstant=\"{now}\"><AuthnContext><AuthnContextClassRef>\
             urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified</AuthnContextClassRef>\
             </AuthnContext></AuthnStatement></Assertion></samlp:Response>"
        );
        sign_enveloped(&xml, &id, &self.key, self.certificate.der()).expect("it signs")
    }
}

#[expect(clippy::disallowed_methods, reason = "the bench's own clock")]
fn clock() -> SystemTime {
    SystemTime::now()
}

fn text(moment: OffsetDateTime) -> String {
    let whole = moment.replace_nanosecond(0).expect("zero fits");
    whole.format(&Rfc3339).expect("a date")
}
