//! What an attempt's messages said: the request that was sent and the response that came.
//!
//! They are kept sealed for the attempt they belong to, some days only, so that an administrator
//! can see and explain them. What is read back here was never believed because it is here: to
//! learn what it means, it is verified again.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::HeaderMap;
use http::header::{AUTHORIZATION, COOKIE, PROXY_AUTHORIZATION};
use saml::{Check, Expected, RawResponse, ServiceProvider};
use serde::{Deserialize, Serialize};
use store::{SealedMessages, Store, StoreError};

use crate::runtime::Random;
use crate::secrets::Secrets;
use crate::settings::{Asked, Idp};
use crate::sp_keys::SpKeys;

/// The messages of one attempt, and what verification needs beside them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Messages {
    /// The AuthnRequest as it was sent; none when the response came unasked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
    /// Its ID.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// What it asked of the authentication.
    #[serde(default, skip_serializing_if = "Asked::is_nothing")]
    pub asked: Asked,
    /// The response as it came, decoded. It is stored behind the rest, as it is.
    #[serde(skip)]
    pub response: Option<String>,
    /// The assertion consumer service it came to.
    pub acs_url: String,
    /// This SP's entity ID for the app at that time.
    pub entity_id: String,
    /// When it came, in Unix milliseconds.
    pub received_at: u64,
    /// The browser's headers, when the attempt was recorded in detail; never cookies.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<(String, String)>,
}

/// For which attempt messages are kept, and how long.
#[derive(Clone, Copy, Debug)]
pub struct Keep<'a> {
    /// The attempt.
    pub attempt_id: &'a str,
    /// Whether the person was let in.
    pub let_in: bool,
    /// Until then.
    pub until: SystemTime,
}

impl Messages {
    /// A response of more bytes is not kept; those of real IdPs have 4 to 40 kB.
    pub const LARGEST: usize = 256 * 1024;

    /// The messages of an attempt, while they are kept.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn of(
        store: &Store,
        secrets: &Secrets,
        attempt_id: &str,
    ) -> Result<Option<Self>, StoreError> {
        let sealed = store.messages(attempt_id).await?;
        let text = sealed.and_then(|sealed| secrets.unseal(&purpose(attempt_id), &sealed));
        Ok(text.and_then(|text| Self::read(&text)))
    }

    /// When the response came.
    pub fn received_at(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_millis(self.received_at)
    }

    /// Every check of the response against `idp` as it is set now, at the moment it came. Nothing
    /// when there is no response.
    pub fn checks(&self, idp: &Idp, keys: &SpKeys) -> Vec<Check> {
        let Some(raw) = self.raw() else { return Vec::new() };
        let (expected, asked) = (self.expected(), self.asked.required());
        let (sp, skew) = (self.sp(keys), idp.settings.times.clock_skew());
        saml::explain(&raw, &idp.trust, &sp, expected, asked, self.received_at(), skew)
    }

    /// The verified assertion, by `idp` as it is set now, at the moment it came: what it says of the
    /// person, also when the person was authenticated otherwise than was asked.
    ///
    /// # Errors
    /// The first rule it breaks.
    pub fn verify(
        &self,
        idp: &Idp,
        keys: &SpKeys,
    ) -> Result<saml::VerifiedAssertion, saml::Rejection> {
        let raw = self.raw().ok_or(saml::Rejection::NotBase64)?;
        let (sp, skew) = (self.sp(keys), idp.settings.times.clock_skew());
        saml::accept(&raw, &idp.trust, &sp, self.expected(), self.received_at(), skew)
    }

    fn raw(&self) -> Option<RawResponse> {
        RawResponse::from_xml(self.response.clone()?.into_bytes()).ok()
    }

    fn sp<'a>(&'a self, keys: &'a SpKeys) -> ServiceProvider<'a> {
        ServiceProvider {
            entity_id: &self.entity_id,
            acs_url: &self.acs_url,
            decryption_keys: &keys.decryption,
        }
    }

    fn expected(&self) -> Expected<'_> {
        self.request_id.as_deref().map_or(Expected::Unsolicited, Expected::Request)
    }

    /// Seals them for their attempt; nothing when there is nothing to keep.
    pub fn seal(
        &self,
        keep: Keep<'_>,
        secrets: &Secrets,
        random: Random,
    ) -> Option<SealedMessages> {
        let text = self.written()?;
        let Keep { attempt_id, let_in, until } = keep;
        let sealed = secrets.seal(&purpose(attempt_id), &text, random);
        let attempt_id = attempt_id.to_owned();
        Some(SealedMessages { attempt_id, sealed, let_in, kept_until: until })
    }

    /// One line of JSON, and behind it the response as it is, by far the longest of all.
    fn written(&self) -> Option<Vec<u8>> {
        let response = self.response.as_ref()?;
        let mut text = Vec::with_capacity(response.len() + 2048);
        serde_json::to_writer(&mut text, self).ok()?;
        text.push(b'\n');
        text.extend_from_slice(response.as_bytes());
        Some(text)
    }

    fn read(text: &[u8]) -> Option<Self> {
        let (first, response) = std::str::from_utf8(text).ok()?.split_once('\n')?;
        let messages = serde_json::from_str(first).ok()?;
        Some(Messages { response: Some(response.to_owned()), ..messages })
    }

    /// Keeps the headers of a request, without anything that lets somebody in.
    pub fn keep_headers(&mut self, headers: &HeaderMap) {
        let secret = [AUTHORIZATION, COOKIE, PROXY_AUTHORIZATION];
        let kept = headers.iter().filter(|(name, _)| !secret.contains(name)).take(64);
        self.headers = kept
            .map(|(name, value)| {
                let value = String::from_utf8_lossy(value.as_bytes());
                (name.to_string(), value.chars().take(500).collect())
            })
            .collect();
    }
}

fn purpose(attempt_id: &str) -> String {
    format!("attempt messages {attempt_id}")
}
