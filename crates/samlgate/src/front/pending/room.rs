//! How much a browser holds of a kind: so many, so long each, so long together. Proxies and servers
//! before us take Cookie headers of 8 kB, and the app's own cookies are in them, too.
//!
//! What is too late goes first. Then the longest return addresses go: their sign-ins end at the start
//! page. Then the oldest go.

use std::time::SystemTime;

use super::browser::Browser;
use super::{LOOKED_AT, Pending, clearing_cookie, line, name, open, seal, sent};
use crate::front::visit::Visit;

/// A browser holds at most this many of a kind: as many tabs can be restored at once.
const AT_MOST: usize = 20;

/// Bytes of one, name and value; a browser takes 4,096 (RFC 6265 §6.1), attributes among them.
const ONE: usize = 3_800;

/// Bytes of all, with those that name the browser.
const TOGETHER: usize = 7_000;

/// One that the browser holds, or is to hold.
struct Kept<P> {
    reference: String,
    pending: P,
    sealed: String,
    /// The browser has it already.
    is_there: bool,
}

/// The lines that give the browser the new one, shorten others and clear the rest.
pub(super) fn lines<P: Pending>(
    visit: &Visit,
    path: &str,
    browser: &Browser,
    (reference, pending): (&str, P),
) -> Vec<String> {
    let (mut kept, strange) = held::<P>(visit);
    // What cannot be opened, or is too old. Somebody may have planted it so that it cannot be cleared:
    // it takes no room from what is ours.
    let mut lines: Vec<_> = strange.iter().map(|own| clearing_cookie::<P>(path, own)).collect();
    kept.push(Kept {
        sealed: seal(visit, browser, reference, &pending),
        reference: reference.to_owned(),
        pending,
        is_there: false,
    });
    let too_many = kept.len().saturating_sub(AT_MOST);
    let mut gone: Vec<_> = kept.drain(..too_many).collect();
    let names: usize = Browser::sent(visit).map(|browser| browser.bytes()).sum();
    let names = names.max(browser.bytes());
    while let Some(longest) = beyond(&kept, names) {
        if super::expired(visit, &kept[0].pending) {
            gone.push(kept.remove(0));
            continue;
        }
        let it = &mut kept[longest];
        if it.pending.spare() > 0 {
            it.pending.leave_out(&visit.app);
            it.sealed = seal(visit, browser, &it.reference, &it.pending);
            it.is_there = false;
        } else if kept.len() > 1 {
            gone.push(kept.remove(0));
        } else {
            break;
        }
    }
    lines.extend(gone.iter().map(|it| clearing_cookie::<P>(path, &it.reference)));
    lines.extend(kept.iter().filter(|it| !it.is_there).map(|it| {
        let left = ends(&it.pending).duration_since(visit.now).unwrap_or_default();
        line::<P>(path, &it.reference, &it.sealed, left)
    }));
    lines
}

/// When the browser forgets it.
fn ends<P: Pending>(pending: &P) -> SystemTime {
    super::began(pending) + pending.kept()
}

/// What the browser sent: what is ours, first what is too late and then the oldest, and the references of
/// the rest.
fn held<P: Pending>(visit: &Visit) -> (Vec<Kept<P>>, Vec<&str>) {
    let (mut kept, mut strange) = (Vec::new(), Vec::new());
    for (reference, sealed) in sent::<P>(visit).take(LOOKED_AT) {
        match open::<P>(visit, reference, sealed) {
            Some(pending) if ends(&pending) >= visit.now => kept.push(Kept {
                reference: reference.to_owned(),
                pending,
                sealed: sealed.to_owned(),
                is_there: true,
            }),
            _ if strange.len() < AT_MOST => strange.push(reference),
            _ => {}
        }
    }
    kept.sort_by_key(|it| (!super::expired(visit, &it.pending), super::began(&it.pending)));
    (kept, strange)
}

/// The one with most to leave out, if there is too much.
fn beyond<P: Pending>(kept: &[Kept<P>], names: usize) -> Option<usize> {
    let bytes = |it: &Kept<P>| name::<P>(&it.reference).len() + it.sealed.len() + 3;
    let fits = kept.iter().map(bytes).sum::<usize>() + names <= TOGETHER
        && kept.iter().all(|it| bytes(it) <= ONE);
    let longest = kept.iter().enumerate().max_by_key(|(_, it)| it.pending.spare());
    longest.filter(|_| !fits).map(|(at, _)| at)
}
