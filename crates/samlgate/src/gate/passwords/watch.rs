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
use store::{Store, StoreError};

use super::fields::{ANYWHERE, readings};
use super::{Found, managed};
use crate::form::decoded;

/// Tells what was found in a form that has passed, or has not.
pub(in crate::gate) struct Watch(Found);

impl Watch {
    /// Watches over a body.
    pub(super) fn over(body: Body, store: Store) -> (Self, Body) {
        let found: Found = Arc::new(OnceLock::new());
        let (scan, found_here) = (Scan::default(), found.clone());
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

    /// The managed name for which the form brought a password, or why nobody could tell.
    pub(in crate::gate) fn found(&self) -> Option<&Result<String, StoreError>> {
        self.0.get()
    }
}

struct Passing {
    body: Body,
    store: Store,
    scan: Scan,
    found: Found,
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
            let names = self.scan.push(&data);
            check(&self.store, &self.found, names).await?;
            if self.scan.too_long {
                // An app may cut or trim it to somebody's name.
                let _ = self.found.set(Ok("longer than any name".to_owned()));
                return Err("a name longer than any".into());
            }
            if held.is_empty() && !self.scan.in_name() {
                return Ok(Some(Frame::data(data)));
            }
            held.extend_from_slice(&data);
            if !self.scan.in_name() {
                return Ok(Some(Frame::data(held.freeze())));
            }
        }
        let names = self.scan.end();
        check(&self.store, &self.found, names).await?;
        if held.is_empty() { Ok(self.last.take()) } else { Ok(Some(Frame::data(held.freeze()))) }
    }
}

async fn check(store: &Store, found: &Found, names: Vec<String>) -> Result<(), BoxError> {
    let what = match managed(store, &names).await {
        Ok(None) => return Ok(()),
        Ok(Some(name)) => Ok(name),
        Err(error) => Err(error),
    };
    let _ = found.set(what);
    Err("a password for a managed name".into())
}

/// Finds the values of one field in a form that comes in pieces.
#[derive(Default)]
struct Scan {
    state: State,
    part: Vec<u8>,
    /// The value of the field was longer than any name.
    too_long: bool,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum State {
    #[default]
    Name,
    Value,
    Other,
}

impl Scan {
    fn push(&mut self, data: &[u8]) -> Vec<String> {
        let mut names = Vec::new();
        for byte in data {
            match (self.state, *byte) {
                (State::Other, b'&') => self.enter(State::Name),
                (State::Other, _) => {}
                (State::Name, b'=') if *decoded(&self.part) == *ANYWHERE.as_bytes() => {
                    self.enter(State::Value);
                }
                (State::Name, b'=') => self.enter(State::Other),
                (State::Name, b'&') => self.enter(State::Name),
                (State::Value, b'&') => {
                    names.extend(readings(&decoded(&self.part)));
                    self.enter(State::Name);
                }
                (_, byte) if self.part.len() < LONGEST_PART => self.part.push(byte),
                (state, _) => {
                    self.too_long |= state == State::Value;
                    self.enter(State::Other);
                }
            }
        }
        names
    }

    fn end(&mut self) -> Vec<String> {
        self.push(b"&")
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_however_the_form_is_cut() {
        let form = b"summary=os_username%3Dx&o%73_username=cam%69lla+x&os_password=g&os_username=b";
        for size in 1..form.len() {
            let mut scan = Scan::default();
            let mut names: Vec<String> =
                form.chunks(size).flat_map(|piece| scan.push(piece)).collect();
            assert!(scan.in_name());
            names.extend(scan.end());
            assert_eq!(names, ["camilla x", "b"], "pieces of {size}");
        }
    }

    #[test]
    fn a_long_field_is_passed_over_and_a_name_longer_than_any_is_noticed() {
        let mut scan = Scan::default();
        let long = [&b"description="[..], &[b'x'; 100_000], b"&os_username=a&b=c"].concat();
        assert_eq!(scan.push(&long), ["a"]);
        let long = [&b"&os_username="[..], &[b'x'; 100_000]].concat();
        assert!(!scan.too_long && scan.push(&long).is_empty() && !scan.in_name());
        assert!(scan.too_long, "padded, it could still be somebody's");
    }
}
