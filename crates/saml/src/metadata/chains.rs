//! Of several certificates the one of the IdP's own key, and its authorities, whose keys sign nothing.

use crate::key::{Certificate, KeyError};

/// The certificate of the key that an X509Data means: the first usable one; or the end of the chain
/// that begins there, when that one issued another (xmldsig-core §4.5.4: all certificates contain the
/// key or belong to a chain that ends with it). So no authority's key signs, in whatever order they
/// stand, nor when the end of its chain cannot be used.
///
/// # Errors
/// Why the first of them cannot be used, when none can.
pub(super) fn the_one<'a>(
    data: &'a [Result<Certificate, KeyError>],
    together: &[&'a Certificate],
) -> Result<&'a Certificate, KeyError> {
    let usable = data.iter().flatten().find(|certificate| certificate.key().is_ok());
    let mut end = match (usable, data.first()) {
        (Some(usable), _) => usable,
        (None, Some(Ok(first))) => return first.key().map(|_| first),
        (None, Some(Err(reason))) => return Err(reason.clone()),
        (None, None) => return Err(KeyError::Empty),
    };
    // Authorities can vouch for each other: no chain is longer than its certificates are many.
    for _ in together {
        match together.iter().find(|other| other.is_issued_by(end)) {
            Some(issued) => end = issued,
            None => break,
        }
    }
    Ok(end)
}

/// Of certificates that somebody gave for any number of keys those that issued no other there, and the
/// authorities. Where all vouch for each other the first is the one.
pub(super) fn ends(all: &[Certificate]) -> (Vec<&Certificate>, Vec<&Certificate>) {
    let issued_another = |one: &&Certificate| all.iter().any(|other| other.is_issued_by(one));
    let (authorities, ends): (Vec<_>, Vec<_>) = all.iter().partition(issued_another);
    match authorities.split_first() {
        Some((first, others)) if ends.is_empty() => (vec![*first], others.to_vec()),
        _ => (ends, authorities),
    }
}
