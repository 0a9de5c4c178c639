//! The keys of a file that an administrator gave, or of a pasted text.

use std::collections::HashSet;

use super::keys::IdpKey;
use super::{chains, spki};
use crate::key::{Certificate, KeyError, Piece, pieces};

/// See the module.
#[derive(Clone, Debug)]
pub struct GivenKeys {
    /// Those that may sign, each once, in their order.
    pub keys: Vec<IdpKey>,
    /// Certificates of authorities that issued one of the others: their keys sign nothing.
    pub beside: Vec<Certificate>,
}

impl GivenKeys {
    /// Reads certificates and public keys: any number in PEM, whatever stands around them; or one in
    /// DER, or in the base64 of DER that consoles show. Nothing is left out silently.
    ///
    /// # Errors
    /// What is there instead, or why one of them cannot be used.
    pub fn read(bytes: &[u8]) -> Result<Self, KeyError> {
        let pieces = pieces(bytes)?;
        let certificates: Vec<_> = pieces.iter().filter_map(certificate).collect();
        let (_, beside) = chains::ends(&certificates);
        let beside = each_once(beside.into_iter().cloned());
        let is_several = pieces.len() > 1;
        let mut keys = Vec::new();
        for (index, piece) in pieces.into_iter().enumerate() {
            if certificate(&piece)
                .is_some_and(|one| beside.iter().any(|two| two.der() == one.der()))
            {
                continue;
            }
            keys.push(key(piece).map_err(|reason| match is_several {
                true => KeyError::Number { number: index + 1, reason: Box::new(reason) },
                false => reason,
            })?);
        }
        Ok(GivenKeys { keys: named_once(keys), beside })
    }

    /// What several files say together: an authority may stand in another file.
    pub fn together(all: Vec<GivenKeys>) -> Self {
        let (keys, beside): (Vec<_>, Vec<_>) =
            all.into_iter().map(|one| (one.keys, one.beside)).unzip();
        let (keys, beside) = (named_once(keys.concat()), beside.concat());
        let of_keys = keys.iter().filter_map(IdpKey::certificate);
        let certificates: Vec<_> = of_keys.chain(&beside).cloned().collect();
        let (_, beside) = chains::ends(&certificates);
        let is_beside = |key: &IdpKey| {
            let own = key.certificate().map(Certificate::der);
            own.is_some_and(|own| beside.iter().any(|other| other.der() == own))
        };
        let keys = keys.into_iter().filter(|key| !is_beside(key)).collect();
        GivenKeys { keys, beside: each_once(beside.into_iter().cloned()) }
    }

    /// Reads the same, where one key is asked for.
    ///
    /// # Errors
    /// The same, or that there are several.
    pub fn read_one(bytes: &[u8]) -> Result<IdpKey, KeyError> {
        let mut keys = Self::read(bytes)?.keys;
        match (keys.pop(), keys.len()) {
            (Some(key), 0) => Ok(key),
            (Some(_), others) => Err(KeyError::Several(others + 1)),
            (None, _) => Err(KeyError::Empty),
        }
    }
}

fn each_once(certificates: impl Iterator<Item = Certificate>) -> Vec<Certificate> {
    let mut seen = HashSet::new();
    certificates.filter(|one| seen.insert(one.sha256_fingerprint())).collect()
}

/// Two certificates of one key are one key, the first.
fn named_once(mut keys: Vec<IdpKey>) -> Vec<IdpKey> {
    let mut seen = HashSet::new();
    keys.retain(|key| key.key().is_ok_and(|key| seen.insert(key.sha256().to_owned())));
    keys
}

fn certificate(piece: &Piece) -> Option<Certificate> {
    match piece {
        Piece::Certificate(certificate) => Some((**certificate).clone()),
        Piece::PublicKey(_) | Piece::RsaPublicKey(_) => None,
    }
}

fn key(piece: Piece) -> Result<IdpKey, KeyError> {
    match piece {
        Piece::Certificate(certificate) => IdpKey::of_certificate(*certificate),
        Piece::PublicKey(der) => IdpKey::of_public_key(der),
        Piece::RsaPublicKey(der) => IdpKey::of_public_key(spki::of_rsa(&der)),
    }
}
