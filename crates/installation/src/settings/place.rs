//! Where people find an app: host, port and context path of its public URL, in whatever spelling. No two
//! apps are at the same place, since only one of them would be reached.

use percent_encoding::percent_decode_str;
use store::Tx;

use super::edit::EditError;
use super::{AppSettings, Document, Fault};

/// Of a public URL; its scheme does not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    authority: String,
    context_path: Vec<u8>,
}

impl Place {
    fn new(authority: &str, context_path: &str) -> Self {
        // A name with the root's dot behind it is the same host (RFC 3986 §3.2.2).
        let authority = match authority.split_once(':') {
            Some((host, port)) => format!("{}:{port}", host.trim_end_matches('.')),
            None => authority.trim_end_matches('.').to_owned(),
        };
        Place { authority, context_path: percent_decode_str(context_path).collect() }
    }

    /// The place of an app's document, if it is one that works.
    pub(super) fn of(document: &str) -> Option<Self> {
        let settings: AppSettings = serde_json::from_str(document).ok()?;
        let app = settings.compile("").ok()?;
        Some(Self::new(&app.authority, &app.context_path))
    }
}

/// Whether an app of this document would be at a place of its own beside `others`, names and documents.
///
/// # Errors
/// Names the app that is there.
pub(super) fn check<'a>(
    name: &str,
    document: &str,
    mut others: impl Iterator<Item = (&'a str, &'a str)>,
) -> Result<(), Fault> {
    let own = Place::of(document);
    let there = others
        .find(|(other, document)| *other != name && own.is_some() && Place::of(document) == own);
    match there {
        Some((other, _)) => Err(Fault::at(
            "public_url",
            format!(
                "the app {other} has this public URL already, and only one of them would be reached: \
                 give this one another host, port or context path, or remove {other}"
            ),
        )),
        None => Ok(()),
    }
}

/// The same for a document that is about to be stored in place of `before`, beside those that are stored.
/// Who changes something else of an app that was let in by an older version is not held up.
///
/// # Errors
/// Names the app that is there; the database's.
pub(super) async fn check_stored(
    tx: &mut Tx,
    kind: &str,
    name: &str,
    before: Option<&str>,
    document: &str,
) -> Result<(), EditError> {
    if kind != AppSettings::KIND
        || before.is_some_and(|before| Place::of(before) == Place::of(document))
    {
        return Ok(());
    }
    let all = tx.settings_of(kind).await?;
    let others = all.iter().map(|one| (one.name.as_str(), one.document.as_str()));
    Ok(check(name, document, others)?)
}
