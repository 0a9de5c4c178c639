//! Room for bodies that Samlgate itself reads whole, while they come.
//!
//! Each has a limit of its own, but ten thousand of them half sent would be gigabytes. All together
//! have a limit too, and when it is reached the one that has been coming for the longest goes: an
//! honest one is there within a moment, and whoever wants to hold up the others is slow.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};

use crate::body::boxed;
use crate::{Body, BoxError};

/// What this process gives to all of them: thirty of the largest forms, or thousands of usual ones.
pub(crate) static ROOM: Room = Room::of(64 << 20);

/// Room that bodies share.
pub(crate) struct Room {
    bytes: usize,
    shelf: Mutex<Shelf>,
}

struct Shelf {
    bytes: usize,
    next: u64,
    /// Those that are coming, the oldest first.
    bodies: BTreeMap<u64, Held>,
}

#[derive(Default)]
struct Held {
    bytes: usize,
    waker: Option<Waker>,
}

/// A body had to go to make room for others.
#[derive(Debug, thiserror::Error)]
#[error("too much is being sent here at once")]
pub(crate) struct SentAway;

impl Room {
    /// Room for so many bytes.
    pub(crate) const fn of(bytes: usize) -> Self {
        let shelf = Shelf { bytes: 0, next: 0, bodies: BTreeMap::new() };
        Room { bytes, shelf: Mutex::new(shelf) }
    }

    /// The same body; while it comes, its bytes take room.
    pub(crate) fn counting(&'static self, body: Body) -> Body {
        if body.is_end_stream() {
            return body;
        }
        let mut shelf = self.shelf();
        let key = shelf.next;
        shelf.next += 1;
        shelf.bodies.insert(key, Held::default());
        drop(shelf);
        boxed(Coming { body, room: self, key })
    }

    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shelf {
    /// Counts what has come of a body; whoever has been coming for the longest makes room for it,
    /// and that may be itself.
    fn grow(&mut self, key: u64, by: usize, most: usize) -> Result<(), SentAway> {
        let held = self.bodies.get_mut(&key).ok_or(SentAway)?;
        held.bytes += by;
        self.bytes += by;
        while self.bytes > most {
            let Some((_, oldest)) = self.bodies.pop_first() else { break };
            self.bytes -= oldest.bytes;
            oldest.waker.into_iter().for_each(Waker::wake);
        }
        if self.bodies.contains_key(&key) { Ok(()) } else { Err(SentAway) }
    }

    fn remove(&mut self, key: u64) {
        if let Some(held) = self.bodies.remove(&key) {
            self.bytes -= held.bytes;
        }
    }

    /// Whom to wake when a body is sent away while it waits.
    fn wait(&mut self, key: u64, waker: &Waker) -> Result<(), SentAway> {
        self.bodies.get_mut(&key).ok_or(SentAway)?.waker = Some(waker.clone());
        Ok(())
    }
}

/// A body whose bytes take room until it has come whole, or is given up.
struct Coming {
    body: Body,
    room: &'static Room,
    key: u64,
}

impl HttpBody for Coming {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let next = Pin::new(&mut self.body).poll_frame(context);
        let (room, key) = (self.room, self.key);
        let mut shelf = room.shelf();
        let kept = match &next {
            Poll::Pending => shelf.wait(key, context.waker()),
            Poll::Ready(Some(Ok(frame))) => {
                shelf.grow(key, frame.data_ref().map_or(0, Bytes::len), room.bytes)
            }
            Poll::Ready(_) => {
                shelf.remove(key);
                Ok(())
            }
        };
        match kept {
            Ok(()) => next,
            Err(sent_away) => Poll::Ready(Some(Err(sent_away.into()))),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Coming {
    fn drop(&mut self) {
        self.room.shelf().remove(self.key);
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use futures_util::FutureExt as _;
    use http_body_util::{BodyExt as _, StreamBody};
    use tokio::sync::mpsc::{Sender, channel};

    use super::*;

    fn room(bytes: usize) -> &'static Room {
        Box::leak(Box::new(Room::of(bytes)))
    }

    /// A body that takes room, and the other end of it.
    fn coming(room: &'static Room) -> (Sender<&'static [u8]>, Body) {
        let (sender, mut receiver) = channel(10);
        let pieces = futures_util::stream::poll_fn(move |context| receiver.poll_recv(context));
        let frames = futures_util::StreamExt::map(pieces, |piece| {
            Ok::<_, BoxError>(Frame::data(Bytes::from_static(piece)))
        });
        (sender, room.counting(StreamBody::new(frames).boxed_unsync()))
    }

    /// What is there of a body now: nothing yet, a piece, or that it was sent away.
    fn now(body: &mut Body) -> Option<Result<usize, bool>> {
        let frame = body.frame().now_or_never()??;
        let data = frame.map(|frame| frame.into_data().map_or(0, |data| data.len()));
        Some(data.map_err(|error| error.is::<SentAway>()))
    }

    #[tokio::test]
    async fn the_oldest_of_many_half_sent_bodies_makes_room_for_an_honest_one() {
        let room = room(100);
        let mut half_sent: Vec<_> = (0..10).map(|_| coming(room)).collect();
        for (sender, body) in &mut half_sent {
            sender.send(&[0; 10]).await.unwrap();
            assert_eq!(now(body), Some(Ok(10)));
            assert_eq!(now(body), None);
        }
        let (sender, mut honest) = coming(room);
        let oldest = tokio::spawn({
            let (held, mut body) = half_sent.remove(0);
            async move {
                let ended = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await;
                drop(held);
                ended.unwrap().is_err_and(|error| error.is::<SentAway>())
            }
        });
        tokio::task::yield_now().await;
        for _ in 0..2 {
            sender.send(&[1; 10]).await.unwrap();
            assert_eq!(now(&mut honest), Some(Ok(10)));
        }
        assert!(oldest.await.unwrap(), "it hears of it although nothing comes");
        assert_eq!(now(&mut half_sent[0].1), Some(Err(true)), "the next one");
        assert_eq!(now(&mut half_sent[1].1), None, "the others stay");
        assert_eq!(room.shelf().bytes, 100);
    }

    #[tokio::test]
    async fn room_is_given_back_by_who_is_whole_and_by_who_gives_up() {
        let room = room(100);
        for ends in [true, false] {
            let (sender, mut body) = coming(room);
            sender.send(&[0; 60]).await.unwrap();
            assert_eq!(now(&mut body), Some(Ok(60)));
            assert_eq!(room.shelf().bytes, 60);
            drop(sender);
            if ends {
                assert!(body.frame().await.is_none());
            } else {
                drop(body);
            }
            let shelf = room.shelf();
            assert_eq!((shelf.bytes, shelf.bodies.len()), (0, 0));
        }
    }

    #[tokio::test]
    async fn one_that_is_larger_than_all_the_room_goes_itself() {
        let room = room(15);
        let (sender, mut body) = coming(room);
        sender.send(&[0; 10]).await.unwrap();
        sender.send(&[0; 10]).await.unwrap();
        assert_eq!(now(&mut body), Some(Ok(10)));
        assert_eq!(now(&mut body), Some(Err(true)));
        assert_eq!(room.shelf().bytes, 0);
    }
}
