//! What expires soon: the last certificate of an IdP, and its metadata.
//!
//! A certificate's date decides nothing (saml-metadata-iop §2.6.1), but it is the IdP's own plan:
//! near it a new key is to be expected. The end of metadata does decide: then nobody gets in.

use std::time::{Duration, SystemTime};

use store::MetadataLook;

use super::schedule::renews_itself;
use crate::counted;
use crate::moment;
use crate::settings::{Idp, KeyOrigin, MetadataSettings};

/// Something that an administrator should know in time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// `certificate`, `metadata` or `waiting keys`.
    pub subject: &'static str,
    /// 30, 7 or 1: it happens within so many days; 0: it has happened.
    pub within_days: u64,
    /// What happens, when, and the cure.
    pub text: String,
}

/// How an IdP's metadata is renewed by hand.
pub fn renewal(name: &str, metadata: &MetadataSettings) -> String {
    match metadata.url {
        Some(_) => format!("read it again: samlgate idp refresh {name}"),
        None => format!("give a fresh document: samlgate idp set {name} --metadata FILE"),
    }
}

/// The warnings for one IdP, now; `look` is the latest at its metadata.
pub fn warnings(idp: &Idp, look: Option<&MetadataLook>, now: SystemTime) -> Vec<Warning> {
    let trusted = idp.keys.iter().filter(|key| key.origin != KeyOrigin::Waiting);
    let certificates: Vec<_> = trusted.map(|key| key.certificate.as_ref()).collect();
    // A bare key never expires; with one, nothing is known of the IdP's plan.
    let last = match certificates.iter().all(Option::is_some) {
        true => certificates.iter().flatten().map(|one| one.not_after()).max(),
        false => None,
    };
    let mut warnings = Vec::new();
    if let Some((end, days)) = last.and_then(|end| Some((end, threshold(end, now)?))) {
        let cure = match idp.settings.metadata.url {
            Some(_) => {
                "the new one is taken from the metadata when the IdP publishes it".to_owned()
            }
            None => format!(
                "get the new one from the IdP: samlgate idp set {} --certificate FILE",
                idp.name
            ),
        };
        let what = "the last certificate of the IdP";
        warnings.push(Warning {
            subject: "certificate",
            within_days: days,
            text: format!("{what} {} {}; {cure}", idp.name, when(end, days)),
        });
    }
    let metadata = &idp.settings.metadata;
    let end = idp.valid_until.filter(|_| !renews_itself(metadata, look));
    if let Some((end, days)) = end.and_then(|end| Some((end, threshold(end, now)?))) {
        let problem = look.map(|look| look.problem.as_str()).filter(|problem| !problem.is_empty());
        let failed = problem.map(|problem| format!(" (it could not be read again: {problem})"));
        warnings.push(Warning {
            subject: "metadata",
            within_days: days,
            text: format!(
                "the metadata of the IdP {} {}, and nobody signs in with it after that{}; {}",
                idp.name,
                when(end, days),
                failed.unwrap_or_default(),
                renewal(&idp.name, metadata)
            ),
        });
    }
    let waiting = idp.settings.metadata.waiting_keys.len();
    if waiting > 0 {
        warnings.push(Warning {
            subject: "waiting keys",
            within_days: 0,
            text: format!(
                "{} for approval at the IdP {}: samlgate idp keys {1}",
                counted(waiting, "new key waits", "new keys wait"),
                idp.name
            ),
        });
    }
    warnings
}

/// The smallest of 30, 7 and 1 days within which `end` lies; 0 when it is over.
fn threshold(end: SystemTime, now: SystemTime) -> Option<u64> {
    let left = end.duration_since(now).unwrap_or_default();
    if left.is_zero() {
        return Some(0);
    }
    [1, 7, 30].into_iter().find(|days| left <= Duration::from_secs(days * 24 * 3600))
}

fn when(end: SystemTime, days: u64) -> String {
    let verb = if days == 0 { "ended" } else { "ends" };
    format!("{verb} at {}", moment::seconds(end))
}
