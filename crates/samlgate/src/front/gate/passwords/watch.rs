//! A long form, read while it passes to the app: constant memory, whatever its length.
//!
//! The app looks for a name when it has the whole form. So it is enough that the end of a managed
//! name never reaches it: then the body breaks off, and the app sees no form at all.

use std::sync::{Arc, OnceLock};

use bytes::{Bytes, BytesMut};
use futures_util::stream;
use gateway::{Body, BoxError};
use http_body::Frame;
use http_body_util::{BodyExt as _, StreamBody};
use store::Store;

use super::fields::{ANYWHERE, add_fields, decoded, is_one_of};
use super::names::Names;
use super::{Doubt, Found};

/// Tells what was found in a form that has passed, or has not.
pub(in crate::front::gate) struct Watch(Arc<OnceLock<Found>>);

impl Watch {
    /// Watches over the body of a request whose head brings these names: they count, too.
    pub(super) fn over(body: Body, names: Names, store: Store) -> (Self, Body) {
        let found = Arc::new(OnceLock::new());
        let (scan, found_here) = (Scan { names, ..Scan::default() }, found.clone());
        let passing = Passing { body, store, scan, found: found_here, last: None };
        let frames = stream::unfold(Some(passing), |passing| async {
            let mut passing = passing?;
            match passing.next().await {
                Ok(Some(frame)) => Some((Ok(frame), Some(passing))),
                Ok(None) => None,
                Err(error) => Some((Err(error), None)),
            }
        });
        (Watch(found), StreamBody::new(frames).boxed_unsync())
    }

    /// Why the form broke off.
    pub(in crate::front::gate) fn found(&self) -> Option<&Found> {
        self.0.get()
    }
}

struct Passing {
    body: Body,
    store: Store,
    scan: Scan,
    found: Arc<OnceLock<Found>>,
    /// The trailers, when all else has been sent.
    last: Option<Frame<Bytes>>,
}

impl Passing {
    /// The next piece that may go on. What ends within a name waits for the rest of the name.
    async fn next(&mut self) -> Result<Option<Frame<Bytes>>, BoxError> {
        let mut held = BytesMut::new();
        if let Some(trailers) = self.last.take() {
            return Ok(Some(trailers));
        }
        while let Some(frame) = self.body.frame().await.transpose()? {
            let data = match frame.into_data() {
                Ok(data) => data,
                Err(trailers) => {
                    self.last = Some(trailers);
                    break;
                }
            };
            let known = self.scan.names.as_slice().len();
            let scanned = self.scan.push(&data);
            check(&self.store, &self.found, self.scan.names_after(known), scanned).await?;
            if held.is_empty() && !self.scan.in_name() {
                return Ok(Some(Frame::data(data)));
            }
            held.extend_from_slice(&data);
            if !self.scan.in_name() {
                return Ok(Some(Frame::data(held.freeze())));
            }
        }
        let known = self.scan.names.as_slice().len();
        let scanned = self.scan.end();
        check(&self.store, &self.found, self.scan.names_after(known), scanned).await?;
        if held.is_empty() { Ok(self.last.take()) } else { Ok(Some(Frame::data(held.freeze()))) }
    }
}

/// Asks for the names that were found last.
async fn check(
    store: &Store,
    found: &OnceLock<Found>,
    names: Vec<String>,
    scanned: Result<(), Doubt>,
) -> Result<(), BoxError> {
    let what = match (store.managed_among(&names).await, scanned) {
        (Ok(Some(name)), _) => Found::Managed(name),
        (Err(error), _) => Found::Away(error),
        (Ok(None), Err(doubt)) => Found::Doubt(doubt),
        (Ok(None), Ok(())) => return Ok(()),
    };
    let _ = found.set(what);
    Err("a form that must not arrive".into())
}

/// Finds the values of one field in a form that comes in pieces, with `&` and with `;` between the
/// fields.
#[derive(Default)]
struct Scan {
    state: State,
    part: Vec<u8>,
    names: Names,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum State {
    #[default]
    Name,
    Value,
    Other,
}

impl Scan {
    fn push(&mut self, data: &[u8]) -> Result<(), Doubt> {
        for byte in data {
            match (self.state, *byte) {
                // Where fields end at `;`, too, the value holds the next field.
                (State::Value, b'&') => {
                    let field = [ANYWHERE[0].as_bytes(), b"=", &self.part].concat();
                    self.enter(State::Name);
                    add_fields(&field, &ANYWHERE, &mut self.names)?;
                }
                (State::Name | State::Other, b'&' | b';') => self.enter(State::Name),
                (State::Other, _) => {}
                (State::Name, b'=') if is_one_of(&decoded(&self.part), &ANYWHERE) => {
                    self.enter(State::Value);
                }
                (State::Name, b'=') => self.enter(State::Other),
                (_, byte) if self.part.len() < LONGEST_PART => self.part.push(byte),
                (State::Value, _) => {
                    // An app may cut or trim it to somebody's name.
                    return Err(Doubt::Request("A user name has at most 255 characters."));
                }
                (State::Name, _) => self.enter(State::Other),
            }
        }
        Ok(())
    }

    fn end(&mut self) -> Result<(), Doubt> {
        self.push(b"&")
    }

    fn names_after(&self, known: usize) -> Vec<String> {
        self.names.as_slice()[known..].to_vec()
    }

    fn in_name(&self) -> bool {
        self.state == State::Value
    }

    fn enter(&mut self, state: State) {
        self.state = state;
        self.part.clear();
    }
}

/// Names of users have at most 255 characters, of four bytes, of three digits each.
const LONGEST_PART: usize = 4096;

/// The names in a form that comes in pieces of this size.
#[cfg(test)]
pub(super) fn names_in_pieces(form: &[u8], size: usize) -> Result<Vec<String>, Doubt> {
    let mut scan = Scan::default();
    form.chunks(size).try_for_each(|piece| scan.push(piece))?;
    scan.end()?;
    Ok(scan.names_after(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_however_the_form_is_cut() {
        let form =
            b"summary=os_username%3Dx&o%73_username=cam%69lla+x;os_username=a;b&os_password=\
                     g&text=x;os_username=b";
        for size in 1..form.len() {
            let mut scan = Scan::default();
            form.chunks(size).for_each(|piece| scan.push(piece).unwrap());
            assert!(scan.in_name());
            scan.end().unwrap();
            let names = ["camilla x;os_username=a;b", "camilla x", "a", "b"];
            assert_eq!(scan.names.as_slice(), names, "pieces of {size}");
        }
    }

    #[test]
    fn a_long_field_is_passed_over_and_a_name_longer_than_any_is_noticed() {
        let mut scan = Scan::default();
        let long = [&b"description="[..], &[b'x'; 100_000], b"&os_username=a&b=c"].concat();
        assert_eq!(scan.push(&long), Ok(()));
        assert_eq!(scan.names.as_slice(), ["a"]);
        let long = [&b"&os_username="[..], &[b'+'; 100_000]].concat();
        let doubt = Doubt::Request("A user name has at most 255 characters.");
        assert_eq!(scan.push(&long), Err(doubt), "padded, it could still be somebody's");
        let mut scan = Scan::default();
        let many = "os_username=a&".repeat(100) + "os_username=b&";
        assert_eq!(scan.push(many.as_bytes()), Ok(()), "a hundred times the same");
        let nine: String = (0..9).map(|n| format!("os_username={n}&")).collect();
        let doubt = Doubt::Request("A request may name at most eight users.");
        assert_eq!(Scan::default().push(nine.as_bytes()), Err(doubt));
        let mut names = Names::default();
        (0..8).for_each(|n| names.add(format!("in the query {n}").as_bytes()).unwrap());
        let mut scan = Scan { names, ..Scan::default() };
        assert_eq!(scan.push(b"os_username=in+the+query+1&os_username=a&"), Err(doubt));
    }
}
