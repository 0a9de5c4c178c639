//! The SP's own keys: made at the first start, the same on all nodes, sealed in the database.
//!
//! One key signs. All of them decrypt, and all are published, so that an IdP knows a new key
//! before it is used and an old one until the IdP has forgotten it. Settings documents never hold
//! them; a backup of the database does, and opens with the key file only.

use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rcgen::{CertificateParams, DistinguishedName, DnType, KeyPair, RsaKeySize};
use saml::dsig::SigningKey;
use saml::{Certificate, DecryptionKey, KeyError};
use store::{Event, SpKey, Store, StoreError, Tx};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::by::By;
use crate::choice::Choice;
use crate::runtime::Random;
use crate::secrets::Secrets;

/// Why the keys cannot be used, or are not changed; nothing has changed then.
#[derive(Debug, Error)]
pub enum SpKeyError {
    /// The database refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No start has made one.
    #[error("there is no key of this service provider yet")]
    ThereIsNone,
    /// This node's key file is not the one that sealed it.
    #[error(
        "the SP's key {0}: it was sealed with another key file; restore the one of the first start"
    )]
    Sealed(String),
    /// What is stored is no key.
    #[error("the SP's key {id}: {reason}")]
    Unusable {
        /// The key's ID.
        id: String,
        /// What is wrong with it.
        #[source]
        reason: KeyError,
    },
    /// A new one could not be made.
    #[error(transparent)]
    NotMade(#[from] rcgen::Error),
    /// What was made cannot be read back.
    #[error(transparent)]
    Made(KeyError),
    /// Another administrator was faster.
    #[error("the key {0} has just been removed")]
    Gone(String),
    /// The key that signs is not removed.
    #[error("the key {0} signs; activate another one first: samlgate sp-key activate ID")]
    Signs(String),
    /// None begins so.
    #[error("no key begins with {0:?}; see samlgate sp-key list")]
    Unknown(String),
    /// More than one begins so.
    #[error("several keys begin with {0:?}; write more of the ID")]
    Several(String),
}

/// The keys of this SP, ready for use: at least one.
pub struct SpKeys {
    /// Signs requests and logout messages.
    pub signing: SigningKey,
    /// All of them, the active one first: what IdPs encrypt to any of them is read.
    pub decryption: Vec<DecryptionKey>,
    active: OwnKey,
    others: Vec<OwnKey>,
}

/// One key of this SP.
pub struct OwnKey {
    /// SHA-256 of the certificate, in hexadecimal.
    pub id: String,
    /// Its self-signed certificate, for publication.
    pub certificate: Certificate,
    /// When it was made.
    pub created_at: SystemTime,
}

/// The size of an RSA key. Larger ones only cost time: each signature and each decryption.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Bits {
    /// 2048 bits.
    #[default]
    Rsa2048,
    /// 3072 bits.
    Rsa3072,
}

impl Choice for Bits {
    const ALL: &'static [(Self, &'static str, &'static str)] =
        &[(Bits::Rsa2048, "2048", "2048 bits"), (Bits::Rsa3072, "3072", "3072 bits")];
}

impl SpKeys {
    /// The keys in the database; the first is made when there is none.
    ///
    /// # Errors
    /// When the database is away, or a key was sealed with another key file.
    pub async fn open(
        store: &Store,
        secrets: &Secrets,
        now: SystemTime,
        random: Random,
    ) -> Result<Self, SpKeyError> {
        if store.sp_keys().await?.is_empty() {
            let first = make(Bits::default(), true, secrets, now, random)?;
            let mut tx = store.begin().await?;
            // When another node was faster, nothing is kept of ours.
            if tx.add_first_sp_key(&first).await? {
                note(&mut tx, Event::SpKeyMade, &first.id, "the first: it signs", now).await?;
                tx.commit().await?;
                tracing::info!(key.id = first.id, "made this service provider's key");
            }
        }
        Self::load(store, secrets).await
    }

    /// The keys in the database.
    ///
    /// # Errors
    /// When the database is away, there is no key yet, or one was sealed with another key file.
    pub async fn load(store: &Store, secrets: &Secrets) -> Result<Self, SpKeyError> {
        Self::of(store.sp_keys().await?, secrets)
    }

    /// A key that is kept nowhere, for a look at settings before the first start.
    ///
    /// # Errors
    /// When the crypto library fails.
    pub fn unsaved(secrets: &Secrets, now: SystemTime, random: Random) -> Result<Self, SpKeyError> {
        Self::of(vec![make(Bits::default(), true, secrets, now, random)?], secrets)
    }

    /// The key that signs.
    pub fn active(&self) -> &OwnKey {
        &self.active
    }

    /// All keys, the active one first: they decrypt, and they are published.
    pub fn all(&self) -> impl Iterator<Item = &OwnKey> {
        std::iter::once(&self.active).chain(&self.others)
    }

    fn of(stored: Vec<SpKey>, secrets: &Secrets) -> Result<Self, SpKeyError> {
        let mut keys = stored.into_iter().map(|key| unseal(key, secrets));
        let (active, pkcs8) = keys.next().ok_or(SpKeyError::ThereIsNone)??;
        let signing = SigningKey::from_pkcs8_der(&pkcs8).map_err(unusable(&active.id))?;
        let decrypting = |key: &OwnKey, pkcs8: &[u8]| {
            DecryptionKey::from_pkcs8_der(pkcs8).map_err(unusable(&key.id))
        };
        let mut decryption = vec![decrypting(&active, &pkcs8)?];
        let mut others = Vec::new();
        for key in keys {
            let (other, pkcs8) = key?;
            decryption.push(decrypting(&other, &pkcs8)?);
            others.push(other);
        }
        Ok(SpKeys { signing, decryption, active, others })
    }
}

/// Makes a new key beside the others: published and ready to decrypt, not signing yet.
///
/// # Errors
/// When the database is away.
pub async fn rotate(
    store: &Store,
    secrets: &Secrets,
    bits: Bits,
    By { author, now }: By,
    random: Random,
) -> Result<String, SpKeyError> {
    let key = make(bits, false, secrets, now, random)?;
    let mut tx = store.begin().await?;
    tx.author(author);
    tx.add_sp_key(&key).await?;
    note(&mut tx, Event::SpKeyMade, &key.id, "published beside the one that signs", now).await?;
    tx.commit().await?;
    Ok(key.id)
}

/// From now on the key whose ID begins with `start` signs; the one before stays published.
///
/// # Errors
/// When no key, or more than one, begins so; or the database is away.
pub async fn activate(store: &Store, start: &str, by: By) -> Result<String, SpKeyError> {
    let id = named(store, start).await?.id;
    let mut tx = store.begin().await?;
    tx.author(by.author);
    if !tx.activate_sp_key(&id).await? {
        return Err(SpKeyError::Gone(id));
    }
    note(&mut tx, Event::SpKeyActivated, &id, "", by.now).await?;
    tx.commit().await?;
    Ok(id)
}

/// Removes the key whose ID begins with `start`, for good: what was encrypted for it stays closed.
///
/// # Errors
/// As [`activate`]; also for the key that signs.
pub async fn retire(store: &Store, start: &str, by: By) -> Result<String, SpKeyError> {
    let key = named(store, start).await?;
    if key.active {
        return Err(SpKeyError::Signs(key.id));
    }
    let mut tx = store.begin().await?;
    tx.author(by.author);
    if !tx.remove_sp_key(&key.id).await? {
        return Err(SpKeyError::Signs(key.id));
    }
    note(&mut tx, Event::SpKeyRetired, &key.id, "", by.now).await?;
    tx.commit().await?;
    Ok(key.id)
}

/// Notes in the history what becomes of a key, in the transaction that does it.
async fn note(
    tx: &mut Tx,
    event: Event,
    id: &str,
    detail: &str,
    now: SystemTime,
) -> Result<(), StoreError> {
    // The console and `sp-key` name a key by the start of its ID.
    let shown = id.get(..12).unwrap_or(id);
    tx.note(event, &format!("SP key {shown}"), detail, now).await
}

async fn named(store: &Store, start: &str) -> Result<SpKey, SpKeyError> {
    let mut fitting = store.sp_keys().await?;
    fitting.retain(|key| key.id.starts_with(&start.to_ascii_lowercase()));
    match (fitting.pop(), fitting.is_empty()) {
        (Some(key), true) if !start.is_empty() => Ok(key),
        (None, _) => Err(SpKeyError::Unknown(start.to_owned())),
        _ => Err(SpKeyError::Several(start.to_owned())),
    }
}

fn make(
    bits: Bits,
    active: bool,
    secrets: &Secrets,
    now: SystemTime,
    random: Random,
) -> Result<SpKey, SpKeyError> {
    let size = match bits {
        Bits::Rsa2048 => RsaKeySize::_2048,
        Bits::Rsa3072 => RsaKeySize::_3072,
    };
    let pair = KeyPair::generate_rsa_for(&rcgen::PKCS_RSA_SHA256, size)?;
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, "Samlgate service provider");
    params.not_before = (now - Duration::from_secs(3600)).into();
    params.not_after = (now + LIFETIME).into();
    let certificate = params.self_signed(&pair)?;
    let read = Certificate::from_pem_or_der(certificate.der()).map_err(SpKeyError::Made)?;
    let id = read.sha256_fingerprint();
    let pkcs8 = Zeroizing::new(pair.serialize_der());
    Ok(SpKey {
        sealed_key: secrets.seal(&purpose(&id), &pkcs8, random),
        certificate: STANDARD.encode(certificate.der()),
        id,
        active,
        created_at: now,
    })
}

/// The key and its private part: PKCS#8 in DER, wiped when dropped.
fn unseal(key: SpKey, secrets: &Secrets) -> Result<(OwnKey, Zeroizing<Vec<u8>>), SpKeyError> {
    let pkcs8 = secrets
        .unseal(&purpose(&key.id), &key.sealed_key)
        .ok_or_else(|| SpKeyError::Sealed(key.id.clone()))?;
    let certificate = Certificate::from_base64(&key.certificate).map_err(unusable(&key.id))?;
    let key = OwnKey { id: key.id, certificate, created_at: key.created_at };
    Ok((key, Zeroizing::new(pkcs8)))
}

fn unusable(id: &str) -> impl Fn(KeyError) -> SpKeyError {
    move |reason| SpKeyError::Unusable { id: id.to_owned(), reason }
}

/// A sealed key opens in its own row only.
fn purpose(id: &str) -> String {
    format!("sp_keys {id}")
}

/// IdPs hold the certificate as a carrier of the key; some complain when its date is over.
const LIFETIME: Duration = Duration::from_secs(10 * 365 * 24 * 3600);

#[cfg(test)]
mod tests {
    use store::EntryFilter;

    use super::*;
    use crate::moment::parse;

    fn now() -> SystemTime {
        parse("2026-11-25T12:00:00Z").unwrap()
    }

    fn by() -> By {
        By::command_line(now())
    }

    async fn store() -> (tempfile::TempDir, Store) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("test.db");
        let store = Store::open(&format!("sqlite:{}", file.display())).await.unwrap();
        (folder, store)
    }

    fn secrets() -> Secrets {
        Secrets::from_key(&[1; 32])
    }

    #[tokio::test]
    async fn two_nodes_that_start_at_once_have_the_same_key() {
        let (_folder, store) = store().await;
        let secrets = secrets();
        let open = || SpKeys::open(&store, &secrets, now(), Random);
        let (one, other) = tokio::join!(open(), open());
        let (one, other) = (one.unwrap(), other.unwrap());
        assert_eq!(one.active().id, other.active().id);
        assert_eq!(store.sp_keys().await.unwrap().len(), 1);
        let lasting = one.active().certificate.not_after().duration_since(now()).unwrap();
        assert_eq!(lasting, LIFETIME);
    }

    #[tokio::test]
    async fn a_new_key_is_published_signs_when_activated_and_the_old_one_goes_when_retired() {
        let (_folder, store) = store().await;
        let secrets = secrets();
        let old = SpKeys::open(&store, &secrets, now(), Random).await.unwrap().active().id.clone();
        let new = rotate(&store, &secrets, Bits::Rsa3072, by(), Random).await.unwrap();
        let keys = SpKeys::load(&store, &secrets).await.unwrap();
        assert_eq!((keys.active().id.as_str(), keys.all().count()), (&*old, 2));

        assert!(retire(&store, &old, by()).await.unwrap_err().to_string().contains("signs"));
        assert_eq!(activate(&store, &new[..10], by()).await.unwrap(), new);
        let keys = SpKeys::load(&store, &secrets).await.unwrap();
        assert_eq!((keys.active().id.as_str(), keys.all().count()), (&*new, 2));

        assert_eq!(retire(&store, &old, by()).await.unwrap(), old);
        let keys = SpKeys::load(&store, &secrets).await.unwrap();
        assert_eq!((keys.active().id.as_str(), keys.all().count()), (&*new, 1));
        let unknown = activate(&store, &old, by()).await.unwrap_err().to_string();
        assert!(unknown.contains("no key begins with"), "{unknown}");

        // Each step stands in the history, with who took it; what was refused does not.
        let filter = EntryFilter { event: "sp_key.".to_owned(), limit: 9, ..Default::default() };
        let entries = store.history(&filter).await.unwrap();
        let shown: Vec<_> =
            entries.iter().map(|e| (e.event.as_str(), &*e.subject, &*e.author.name)).collect();
        let (old, new) = (format!("SP key {}", &old[..12]), format!("SP key {}", &new[..12]));
        let expected = [
            ("sp_key.retired", &*old, "command line"),
            ("sp_key.activated", &*new, "command line"),
            ("sp_key.made", &*new, "command line"),
            ("sp_key.made", &*old, "samlgate"),
        ];
        assert_eq!(shown, expected);
    }

    #[tokio::test]
    async fn a_sealed_key_opens_neither_in_another_row_nor_with_another_key_file() {
        let (_folder, store) = store().await;
        SpKeys::open(&store, &secrets(), now(), Random).await.unwrap();
        let other = Secrets::from_key(&[2; 32]);
        let refused = SpKeys::load(&store, &other).await.err().unwrap();
        assert!(format!("{refused:#}").contains("another key file"), "{refused:#}");
        let key = store.sp_keys().await.unwrap().remove(0);
        let moved = SpKey { id: "0".repeat(64), ..key };
        assert!(unseal(moved, &secrets()).is_err());
    }
}
